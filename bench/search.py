"""What a search costs and finds, beside SQLite FTS5 and the search of replayweb.page.

    PYTHONPATH=. python bench/search.py [--articles 10000] [--folder DIR] [--flexsearch node_modules]

Half of the articles are Chinese (words drawn by the frequencies of jieba's dictionary), half English (Zipf),
with answers known beforehand planted in some. The index is made as ``newswarc search`` makes it, from article
files in a store. FlexSearch is asked as replayweb.page asks it, where a folder of npm with it is named; the
package jieba is needed for its dictionary.
"""

import argparse
import json
import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from importlib.util import find_spec
from itertools import accumulate, islice, pairwise
from pathlib import Path
from typing import Any

from pipelines.extract import Article, ArticleRow, Moment, Passage, Quality, read_articles, write_articles
from pipelines.model import Capture
from pipelines.search import Page, SearchIndex, Sort, ask, facets
from pipelines.segments.manifest import Counts, FileEntry, Files, Manifest
from pipelines.segments.names import SegmentName
from pipelines.storage import LocalStore
from pipelines.urls import timestamp, urlkey

FILE_ARTICLES = 2000
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)

PLANTED = {
    "英偉達": "英伟达宣布了新的计划",
    "英伟达 H20": "由于限制，英伟达H20停止供货",
    "约翰史密斯": "约翰·史密斯没有回应",
    "软件": "軟件業者表示關注",
    "赵括明": "记者采访了赵括明先生",
    "𠮷野家": "𠮷野家开了新店",
    "税改": "这次税改影响很大",
    "export controls": "the new Export Controls took effect",
    "e-mail": "he answered by email yesterday",
    "1000 boats": "they counted 1,000 boats there",
    "O'Brien": "a word from O’Brien followed",
    "30.5": "it weighed 30.5 tons",
}
"""A question, and a text with the answer; each stands in as many articles as ``_COPIES``."""
_COPIES = 5


class Writer:
    """Writes articles of random words; the same seed gives the same articles."""

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)
        self.chinese, chinese = _dictionary()
        self.english, english = _zipf(self._random)
        self._chinese, self._english = list(accumulate(chinese)), list(accumulate(english))

    def article(self, number: int, planted: str = "") -> ArticleRow:
        """Return the article of that *number*, with *planted* among its passages."""
        chinese = number % 2 == 0
        make = self._chinese_passage if chinese else self._english_passage
        passages = [make() for _ in range(self._random.randint(3, 9))]
        if planted:
            passages.insert(1, planted)
        title = passages[0][:20] if chinese else " ".join(passages[0].split()[:9])
        at = BEGIN + timedelta(minutes=5 * number)
        url = f"https://{'rb' if chinese else 'paper'}{number % 40}.example/{at:%Y/%m/%d}/{number}.html"
        language = "zh" if chinese else "en"
        article = Article(
            url=url,
            site=f"Paper {number % 40}",
            section=("trade", "world", "city", "体育")[number % 4],
            title=title,
            authors=(f"Author {number % 300}",),
            published=Moment(date(at.year, at.month, at.day), at, at.isoformat(), "time"),
            languages=(language,),
            passages=tuple(Passage(text, language) for text in passages),
            quality=Quality.FULL,
        )
        digest = "sha1:" + "A" * 32
        place = Capture(
            urlkey(url), timestamp(at), url, "response", 200, "text/html", digest, "0" * 64, "", "", 0, 100
        )
        return ArticleRow(article, place)

    def _chinese_passage(self) -> str:
        words = self._random.choices(self.chinese, cum_weights=self._chinese, k=self._random.randint(60, 180))
        for place in range(8, len(words), 9):
            words[place] += "，" if place % 2 else "。"
        return "".join(words)

    def _english_passage(self) -> str:
        words = self._random.choices(self.english, cum_weights=self._english, k=self._random.randint(60, 160))
        for place in range(8, len(words), 11):
            words[place] += "," if place % 2 else "."
        return " ".join(words).capitalize()


def _dictionary() -> tuple[list[str], list[int]]:
    spec = find_spec("jieba")
    if spec is None or spec.origin is None:
        raise SystemExit("bench: the package jieba is needed for its dictionary")
    lines = (Path(spec.origin).parent / "dict.txt").read_text("utf-8").splitlines()
    pairs = [(line.split()[0], int(line.split()[1])) for line in lines]
    return [word for word, _ in pairs], [count for _, count in pairs]


def _zipf(source: random.Random, count: int = 60_000) -> tuple[list[str], list[float]]:
    syllables = [
        first + vowel
        for first in "bcdfghjklmnprstvw"
        for vowel in ("a", "e", "i", "o", "u", "an", "er", "ing")
    ]
    words = dict.fromkeys("".join(source.choices(syllables, k=1 + number % 4)) for number in range(2 * count))
    chosen = list(islice(words, count))
    return chosen, [1 / (rank + 2.7) for rank in range(len(chosen))]


def fill(store: LocalStore, folder: Path, count: int) -> int:
    """Publish *count* articles and return the bytes of their titles and texts."""
    writer, size = Writer(), 0
    plants = dict(
        zip(range(11, count, max(1, count // (len(PLANTED) * _COPIES + 1))), _copies(), strict=False)
    )
    for serial, first in enumerate(range(0, count, FILE_ARTICLES), 1):
        name = SegmentName("bench", timestamp(BEGIN), serial, "0a1b2c3d")
        rows = []
        for number in range(first, min(first + FILE_ARTICLES, count)):
            row = writer.article(number, plants.get(number, ""))
            size += len(row.article.text.encode()) + len(row.article.title.encode())
            rows.append(ArticleRow(row.article, _placed(row.capture, name, number)))
        _publish(store, name, rows, folder)
    return size


def _copies() -> list[str]:
    return [text for text in PLANTED.values() for _ in range(_COPIES)]


def _placed(capture: Capture, name: SegmentName, number: int) -> Capture:
    told = {each: getattr(capture, each) for each in Capture.__slots__}
    return Capture(**{**told, "segment": str(name), "filename": name.warc_filename, "offset": number})


def _publish(store: LocalStore, name: SegmentName, rows: list[ArticleRow], folder: Path) -> None:
    path = folder / "articles.parquet"
    write_articles(rows, path)
    content = path.read_bytes()
    path.unlink()
    store.put(name.articles_key, content)
    entry = FileEntry(name.articles_key, len(content), sha256(content).hexdigest())
    none = FileEntry(name.warc_key, 0, "0" * 64)
    files, counts = Files(none, none, entry), Counts(len(rows), 0, 0, len(rows), {"200": len(rows)})
    manifest = Manifest(
        str(name), name.opened, name.opened, "bench", "job", files, counts, name.opened, name.opened, None
    )
    store.put(name.manifest_key, manifest.to_json())


def questions(writer: Writer) -> dict[str, list[str]]:
    """Return questions by kind; the commonest words are among them."""
    rank = sorted(zip(writer.chinese, _dictionary()[1], strict=True), key=lambda pair: -pair[1])
    two = [word for word, _ in rank if len(word) == 2]
    four = [word for word, _ in rank if len(word) == 4]
    long = [word for word in writer.english if len(word) > 3]
    return {
        "two characters, common": two[:50],
        "two characters, rare": two[15_000:15_050],
        "four characters": four[:50],
        "two words of two": [f"{a} {b}" for a, b in zip(two[:25], two[25:50], strict=True)],
        "English, common": long[:50],
        "English, rare": long[20_000:20_050],
        "two English words": [f"{a} {b}" for a, b in zip(long[:25], long[25:50], strict=True)],
        "English phrase": [f'"{a} {b}"' for a, b in pairwise(long[:26])],
        "one character": [word for word, _ in rank if len(word) == 1][20:40],
    }


COUNTED = ("one character", "English phrase")
"""Kinds that are shown but are no one- or two-word questions."""


Spent = list[tuple[float, float]]
"""Milliseconds of each question: by the clock, and of CPU."""


def measured(answer: Callable[[str], object], asked: list[str], *, rounds: int = 3) -> Spent:
    """Return what each question costs; the first round only warms up."""
    spent: Spent = []
    for round_ in range(rounds):
        for question in asked:
            start, cpu = time.perf_counter(), time.thread_time()
            answer(question)
            if round_:
                spent.append(((time.perf_counter() - start) * 1000, (time.thread_time() - cpu) * 1000))
    return spent


def told(name: str, spent: Spent) -> str:
    return f"  {name:28}" + "   ".join(
        f"{what} p50 {statistics.median(each):7.2f} p99 {_percentile(each):7.2f} ms"
        for what, each in zip(("clock", "CPU"), zip(*spent, strict=True), strict=True)
    )


def _percentile(values: tuple[float, ...]) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]


def bytes_in(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


# --- others ----------------------------------------------------------------------------------


def stored(store: LocalStore) -> Iterator[ArticleRow]:
    for each in store.list("bench/articles/"):
        with store.open(each.key) as file:
            yield from read_articles(file)


def fts5(store: LocalStore, path: Path) -> sqlite3.Connection:
    """Return a database with the articles in an FTS5 trigram table."""
    database = sqlite3.connect(path)
    database.execute("create virtual table pages using fts5(title, text, tokenize='trigram')")
    pairs = ((row.article.title, row.article.text) for row in stored(store))
    with database:
        database.executemany("insert into pages values (?, ?)", pairs)
    return database


def fts5_found(database: sqlite3.Connection, question: str) -> int:
    words = " ".join('"' + word.replace('"', "") + '"' for word in question.split())
    wanted = "select count(*) from pages where pages match ?"
    return int(database.execute(wanted, (words,)).fetchone()[0])


def fts5_top(database: sqlite3.Connection, question: str) -> object:
    words = " ".join('"' + word.replace('"', "") + '"' for word in question.split())
    ranked = "select rowid from pages where pages match ? order by bm25(pages) limit 10"
    return database.execute(ranked, (words,)).fetchall()


_FLEXSEARCH = """
const {createRequire} = require("module"), readline = require("readline"), fs = require("fs");
const FlexSearch = createRequire(process.argv[2] + "/")("flexsearch");
const index = new FlexSearch.Index();
(async () => {
  let number = 0, start = Date.now();
  for await (const line of readline.createInterface({input: fs.createReadStream(process.argv[3])}))
    index.add(number++, JSON.parse(line));
  const out = {made: Date.now() - start, found: {}, spent: {}, memory: process.memoryUsage().rss};
  for (const question of JSON.parse(fs.readFileSync(0))) {
    const begin = process.hrtime.bigint();
    out.found[question] = index.search(question, 100000).length;
    out.spent[question] = Number(process.hrtime.bigint() - begin) / 1e6;
  }
  console.log(JSON.stringify(out));
})();
"""


def flexsearch(modules: Path, store: LocalStore, folder: Path, asked: list[str]) -> dict[str, Any]:
    """Return what FlexSearch finds, configured as replayweb.page does: URL, title and text of each page."""
    pages, script = folder / "pages.jsonl", folder / "flexsearch.js"
    script.write_text(_FLEXSEARCH)
    with pages.open("w") as file:
        for row in stored(store):
            file.write(json.dumps(f"{row.capture.url} {row.article.title} {row.article.text}") + "\n")
    command = ["node", "--max-old-space-size=6000", str(script), str(modules.resolve()), str(pages)]
    done = subprocess.run(command, input=json.dumps(asked).encode(), capture_output=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


# --- the run ---------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, help="kept, and used again where it is there")
    parser.add_argument("--flexsearch", type=Path, help="folder node_modules with flexsearch")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--no-fts5", action="store_true")
    parser.add_argument("--keep-index", action="store_true", help="only ask the index that is there")
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="newswarc-bench-search-"))
    try:
        folder.mkdir(exist_ok=True)
        run(folder, options)
    finally:
        if options.folder is None:
            shutil.rmtree(folder)


def run(folder: Path, options: argparse.Namespace) -> None:
    store = LocalStore(folder / "store")
    size_file = folder / "size"
    if not size_file.exists():
        size_file.write_text(str(fill(store, folder, options.articles)))
    size = int(size_file.read_text())
    print(f"{options.articles:,} articles, {size / 1e6:.0f} MB of text")
    index = SearchIndex(folder / "index")
    if not options.keep_index:
        _rebuild(index, store, folder, options.processes, size)
    asked = questions(Writer())
    _times(index, asked)
    _finds(index, store, folder, options)


def _rebuild(index: SearchIndex, store: LocalStore, folder: Path, processes: int, size: int) -> None:
    begin, cpu = time.perf_counter(), _cpu_seconds()
    done = index.rebuild(store, ["bench"], processes=processes)
    spent = time.perf_counter() - begin
    on_disk, used = bytes_in(folder / "index"), _cpu_seconds() - cpu
    print(
        f"rebuild: {done.articles / spent:,.0f} articles/s with {processes} processes ({spent:.0f} s), "
        f"{done.articles / used:,.0f} articles and {size / used / 1e6:.2f} MB a CPU second; "
        f"index {on_disk / size:.2f} x text"
    )


def _cpu_seconds() -> float:
    """Return what this process and those of its children that have ended have used."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _times(index: SearchIndex, asked: dict[str, list[str]]) -> None:
    whole: Spent = []
    for kind, each in asked.items():
        spent = measured(lambda question: ask(index, question), each)
        whole += [] if kind in COUNTED else spent
        print(told(kind, spent), f"  {statistics.mean(ask(index, q).total for q in each):,.0f} hits")
    print(told("all one- and two-word", whole))
    common = asked["two characters, common"] + asked["English, common"]
    newest = Page(sort=Sort.DATE)
    print(told("common, by date", measured(lambda question: ask(index, question, newest), common)))
    print(told("common, all facets", measured(lambda question: facets(index, question), common[::5])))
    filtered = measured(lambda question: ask(index, f"{question} after:2026-06 site:rb2.example"), common)
    print(told("common, two filters", filtered))


def _finds(index: SearchIndex, store: LocalStore, folder: Path, options: argparse.Namespace) -> None:
    asked = questions(Writer())
    common = asked["two characters, common"][:5] + asked["English, common"][:5]
    names = [*PLANTED, *common]
    found: dict[str, dict[str, object]] = {name: {"newswarc": ask(index, name).total} for name in names}
    if not options.no_fts5:
        _fts5_finds(store, folder, asked, found)
    if options.flexsearch:
        answer = flexsearch(options.flexsearch, store, folder, names)
        print(f"FlexSearch: made in {answer['made'] / 1000:.1f} s, {answer['memory'] / 1e6:.0f} MB of memory")
        print(told("FlexSearch", [(each, each) for each in answer["spent"].values()]))
        for name in names:
            found[name]["FlexSearch"] = answer["found"][name]
    print(f"what is found (planted: {_COPIES} each)")
    for name, counts in found.items():
        print("  " + name.ljust(20) + "  ".join(f"{engine} {count}" for engine, count in counts.items()))


def _fts5_finds(
    store: LocalStore, folder: Path, asked: dict[str, list[str]], found: dict[str, dict[str, object]]
) -> None:
    path = folder / "fts5.sqlite"
    path.unlink(missing_ok=True)
    begin = time.perf_counter()
    database = fts5(store, path)
    ratio = path.stat().st_size / int((folder / "size").read_text())
    print(f"SQLite FTS5 trigram: made in {time.perf_counter() - begin:.1f} s, {ratio:.2f} x text")
    for name, counts in found.items():
        counts["FTS5 trigram"] = fts5_found(database, name)
    for kind in ("two characters, common", "four characters", "English, common"):
        print(told(f"FTS5 {kind}", measured(lambda q: fts5_top(database, q), asked[kind][:20], rounds=2)))
    database.close()


if __name__ == "__main__":
    main()
