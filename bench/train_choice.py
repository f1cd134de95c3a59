"""Learn the trees of pipelines/extract/choice.py, and write them as text.

    pip install lightgbm numpy
    PYTHONPATH=. python bench/train_choice.py --data ../shared/extraction [--half A|B|all] [--score]

reads zh-dev.jsonl, articles-dev.jsonl and other-dev.jsonl (one {"id","path","url","text"} a line), learns
from the pages of one half of the sites (crc32 of the domain, or of the id where there is no URL, even: A)
and writes weights_first.py and weights_second.py; those in use are of half A, so that the gate's half B is
unseen (those of all pages were no better on unseen sites, by six folds). With --score nothing is written;
the trees are learned from each half and scored on the other: what the choice, with the threads of known
boards, is worth on sites it has not seen. The same data and the same LightGBM give the same trees.

A block is of the article where half of its 4-token shingles are in the gold text; of one with fewer
tokens, where it is a line of the gold text and close to such a block. The second round learns from odds
that the first gave to sites it had not seen (three folds).
"""

import argparse
import gzip
import json
import re
from bisect import bisect
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zlib import crc32

import lightgbm
import numpy as np

from pipelines.extract.body import page_blocks
from pipelines.extract.choice import Choice, evened
from pipelines.extract.cut import highest_f1
from pipelines.extract.features import NAMES, SECOND, About, Rows
from pipelines.extract.metadata import metadata
from pipelines.extract.page import parsed
from pipelines.extract.threads import read_thread

SETS = ("zh-dev.jsonl", "articles-dev.jsonl", "other-dev.jsonl")
TOKEN = re.compile(
    r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff]|[^\W\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff]+"
)
SETTINGS = {
    "objective": "binary",
    "learning_rate": 0.065,
    "num_leaves": 12,
    "min_data_in_leaf": 50,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 8,
    "max_bin": 63,
    "verbose": -1,
    "num_threads": 1,
    "deterministic": True,
    "seed": 1,
}
TREES = 110
FOLDS = 3
TARGET = Path(__file__).parents[1] / "pipelines" / "extract"


@dataclass
class Sample:
    """One page: its blocks' numbers, labels and weights."""

    file: str
    id: str
    site: str
    gold: str
    page: Rows
    rows: list[list[float]]
    labels: list[int]
    weights: list[float]
    odds: list[float] = field(default_factory=list)
    thread: str = ""
    """The posts, where a known board made the page."""

    @property
    def half(self) -> str:
        """A or B; a site never falls on both sides."""
        return "AB"[crc32(self.site.encode()) % 2]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--half", choices=("A", "B", "all"), default="A")
    parser.add_argument("--score", action="store_true")
    arguments = parser.parse_args()
    samples = [sample for name in SETS for sample in read(arguments.data / name)]
    if arguments.score:
        scores: dict[str, list[float]] = {}
        for half in "AB":
            models = learn([s for s in samples if s.half != half])
            for s in samples:
                if s.half == half:
                    scores.setdefault(s.file, []).append(f1(s.gold, s.thread or kept(s, models)))
        for name, values in scores.items():
            # A page without any block is none to learn from; its score is 0.
            pages = sum(bool(line["text"]) for line in lines(arguments.data / name))
            print(f"{name}: {sum(values) / pages:.4f} over {pages} pages, each learned from the other half")
        return
    chosen = [s for s in samples if arguments.half in ("all", s.half)]
    first, second = learn(chosen)
    write("first", first, NAMES)
    write("second", second, (*NAMES, *SECOND))


def read(path: Path) -> list[Sample]:
    return [found for line in lines(path) if (found := sample(path, line)) is not None]


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def sample(path: Path, line: dict[str, Any]) -> Sample | None:
    raw = (path.parent / line["path"]).read_bytes()
    html = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8", "replace")
    url = line.get("url") or ""
    tree = parsed(re.sub(r"^\s*<\?xml[^>]*\?>", "", html))
    root, found = page_blocks(tree)
    if not found or not line["text"]:
        return None
    page = Rows(found, root, About.of(metadata(tree, url, found), url))
    tokens = [TOKEN.findall(block.text) for block in found]
    labels = label(tokens, line["text"])
    wanted = max(
        len(TOKEN.findall(line["text"])), sum(len(t) for t, y in zip(tokens, labels, strict=True) if y)
    )
    weights = np.array([(max(len(t), 2) / wanted) ** 0.75 for t in tokens])
    weights /= max(weights.sum() ** 0.5, 1)
    if path.name.startswith("zh"):
        weights *= 2
    thread = read_thread(tree, html)
    return Sample(
        path.name, line["id"], site(line), line["text"], page, page.rows(), labels, list(weights),
        thread="\n".join(block.text for block in thread.blocks) if thread else "",
    )  # fmt: skip


def site(line: dict[str, Any]) -> str:
    """Registrable-ish domain, so that a site never falls on both sides."""
    if not line.get("url"):
        return str(line["id"])
    host = re.sub(r"^\w+://|[/:?#].*$", "", line["url"]).lower().split(".")
    return ".".join(host[-3:] if len(host) > 2 and len(host[-1]) == 2 and len(host[-2]) <= 3 else host[-2:])


def shingles(tokens: list[str]) -> list[tuple[str, ...]]:
    return [tuple(tokens[n : n + 4]) for n in range(max(len(tokens) - 3, 0))]


def label(tokens: list[list[str]], gold: str) -> list[int]:
    known = set(shingles(TOKEN.findall(gold)))
    lines = {tuple(TOKEN.findall(line)) for line in gold.split("\n")}
    shares = [
        sum(s in known for s in shingles(t)) / (len(t) - 3)
        if len(t) > 3
        else float(bool(t) and tuple(t) in lines)
        for t in tokens
    ]
    strong = [n for n, share in enumerate(shares) if share > 0.6 and len(tokens[n]) > 3]
    labels = []
    for n, share in enumerate(shares):
        at = bisect(strong, n)
        near = any(abs(other - n) <= 6 for other in strong[max(at - 1, 0) : at + 1])
        labels.append(int(share >= 0.5 and (len(tokens[n]) > 3 or near)))
    return labels


def fit(samples: list[Sample], rows: Sequence[Sequence[list[float] | None]]) -> lightgbm.Booster:
    numbers = np.array([row for page in rows for row in page if row is not None])
    labels, weights = [], []
    for s, page in zip(samples, rows, strict=True):
        labels += [y for y, row in zip(s.labels, page, strict=True) if row is not None]
        weights += [w for w, row in zip(s.weights, page, strict=True) if row is not None]
    return lightgbm.train(
        SETTINGS, lightgbm.Dataset(numbers, np.array(labels), weight=np.array(weights)), TREES
    )


def learn(samples: list[Sample]) -> tuple[lightgbm.Booster, lightgbm.Booster]:
    sites = sorted({s.site for s in samples})
    fold = {name: n % FOLDS for n, name in enumerate(sites)}
    for n in range(FOLDS):
        seen = [s for s in samples if fold[s.site] != n]
        model = fit(seen, [s.rows for s in seen])
        for s in samples:
            if fold[s.site] == n:
                s.odds = list(model.predict(np.array(s.rows)))
    first = fit(samples, [s.rows for s in samples])
    return first, fit(samples, [s.page.again(s.rows, s.odds) for s in samples])


def kept(s: Sample, models: tuple[lightgbm.Booster, lightgbm.Booster]) -> str:
    """Return the text that the cascade's choice would keep with *models* in place of its trees."""
    again = s.page.again(s.rows, list(models[0].predict(np.array(s.rows))))
    odds = [0.0] * len(again)
    hopeful = [n for n, row in enumerate(again) if row is not None]
    if hopeful:
        for n, odd in zip(hopeful, models[1].predict(np.array([again[n] for n in hopeful])), strict=True):
            odds[n] = float(odd)
    odds = evened(s.page.found, odds)
    choice = Choice(tuple(s.page.found), tuple(odds), *highest_f1(odds, s.page.sizes), s.page.about.is_story)
    return "\n".join(block.text for block in choice.kept)


def f1(gold: str, kept: str) -> float:
    one, other = Counter(shingles(TOKEN.findall(gold))), Counter(shingles(TOKEN.findall(kept)))
    return 2 * (one & other).total() / ((one.total() + other.total()) or 1)


def write(name: str, model: lightgbm.Booster, names: tuple[str, ...]) -> None:
    text = " ".join(written(tree["tree_structure"], names) for tree in model.dump_model()["tree_info"])
    lines, line = [], ""
    for word in text.split():
        if len(line) + len(word) > 105:
            lines.append(line)
            line = ""
        line = f"{line} {word}" if line else word
    body = "\n".join([*lines, line])
    (TARGET / f"weights_{name}.py").write_text(
        f'"""Trees of the {name} round of pipelines.extract.choice; bench/train_choice.py wrote them."""\n\n'
        f'TREES = """\n{body}\n"""\n',
        encoding="utf-8",
    )


def written(node: dict[str, Any], names: tuple[str, ...]) -> str:
    if "leaf_value" in node:
        return f"{node['leaf_value']:.3g}"
    split = f"{names[node['split_feature']]}<={node['threshold']:.4g}"
    return f"{split} {written(node['left_child'], names)} {written(node['right_child'], names)}"


if __name__ == "__main__":
    main()
