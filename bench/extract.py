"""What a page costs, and the cascade as an extractor for the shared evaluation.

    evaluate.py --extractor bench.extract:extractor …

    PYTHONPATH=. python bench/extract.py FILE.html[.gz]… [--url URL]

prints the CPU milliseconds a page of our cascade and of trafilatura with metadata, taken in turns.
"""

import argparse
import gzip
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import trafilatura

from pipelines.extract.cascade import extract
from pipelines.extract.lines import date_line


def extractor(html: str, url: str | None) -> dict[str, object]:
    article = extract(html.encode("utf-8", "surrogatepass"), url or "")
    return {
        "text": article.text,
        "title": article.title,
        "author": list(article.authors),
        "date": date_line(article),
    }


def trafilaturas(html: str, url: str | None) -> object:
    return trafilatura.bare_extraction(html, url=url, include_comments=False, with_metadata=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pages", nargs="+", type=Path)
    parser.add_argument("--url", default="https://news.example/2026/11/23/story")
    arguments = parser.parse_args()
    pages = [_read(path) for path in arguments.pages]
    runs: dict[str, Callable[[str, str | None], object]] = {
        "newswarc": extractor,
        "trafilatura": trafilaturas,
    }
    spent: dict[str, list[float]] = {name: [] for name in runs}
    for run in runs.values():
        run(pages[0], arguments.url)
    for page in pages:
        for name, run in runs.items():
            start = time.process_time()
            run(page, arguments.url)
            spent[name].append((time.process_time() - start) * 1000)
    for name, values in spent.items():
        mean, median = statistics.mean(values), statistics.median(values)
        print(f"{name:12} mean {mean:7.2f} ms  median {median:7.2f}  max {max(values):8.2f}")
    print(f"ratio {sum(spent['newswarc']) / sum(spent['trafilatura']):.3f} over {len(pages)} pages")


def _read(path: Path) -> str:
    raw = path.read_bytes()
    return (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8", "replace")


if __name__ == "__main__":
    main()
