"""Scores of the extractor on pages whose text, title, authors and date are known.

The measure is that of the development data's evaluate.py: 4-token shingles as a multiset, a Chinese character
a token; a page's F1, then the mean. Titles count where their words are equal, dates by the day, authors as
sets.
"""

import gzip
import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import mean
from zlib import crc32

from pipelines.extract import extract
from pipelines.extract.lines import date_line

SETS = ("zh-dev.jsonl", "articles-dev.jsonl", "other-dev.jsonl")
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\uff66-\uff9f"
TOKEN = re.compile(rf"[{HAN}]|[^\W{HAN}]+")
BY = re.compile(r"^(by|von|par|de)\s+", re.IGNORECASE)


def digest(data: Path) -> str:
    """Return what the lists of pages and the pages themselves are, as one SHA-256."""
    total = hashlib.sha256()
    for name in SETS:
        total.update((data / name).read_bytes())
        for row in rows(data / name):
            total.update(hashlib.sha256((data / row["path"]).read_bytes()).digest())
    return total.hexdigest()


def rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def scores(data: Path) -> dict[str, float]:
    """Return the mean of each measure on each set and half: ``zh-dev B f1``."""
    jobs = [(str(data), name, row) for name in SETS for row in rows(data / name)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        found = list(pool.map(scored, jobs, chunksize=8))
    sums: dict[str, list[float]] = {}
    for (_, name, row), result in zip(jobs, found, strict=True):
        for measure, value in result.items():
            sums.setdefault(f"{name.removesuffix('.jsonl')} {half(row)} {measure}", []).append(value)
    return {key: round(mean(values), 4) for key, values in sorted(sums.items())}


def half(row: dict) -> str:
    """A: the pages whose sites the choice was learned from. B: all others."""
    if not row.get("url"):
        return "AB"[crc32(row["id"].encode()) % 2]
    host = re.sub(r"^\w+://|[/:?#].*$", "", row["url"]).lower().split(".")
    site = ".".join(host[-3:] if len(host) > 2 and len(host[-1]) == 2 and len(host[-2]) <= 3 else host[-2:])
    return "AB"[crc32(site.encode()) % 2]


def scored(job: tuple[str, str, dict]) -> dict[str, float]:
    data, _, row = job
    raw = (Path(data) / row["path"]).read_bytes()
    html = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    article = extract(html, row.get("url") or "")
    out = {}
    if row.get("text"):
        out["f1"] = f1(row["text"], article.text)
    if row.get("title"):
        out["title"] = float(words(row["title"]) == words(article.title))
    gold = row.get("author")
    if gold:
        out["author"] = float(names([gold] if isinstance(gold, str) else gold) == names(article.authors))
    if row.get("date"):
        out["date"] = float(str(row["date"])[:10] == (date_line(article) or "")[:10])
    return out


def f1(gold: str, text: str) -> float:
    one, other = shingles(gold), shingles(text)
    shared = sum((one & other).values())
    return 2 * shared / ((sum(one.values()) + sum(other.values())) or 1)


def shingles(text: str) -> Counter:
    tokens = TOKEN.findall(text)
    return Counter(tuple(tokens[n : n + 4]) for n in range(max(1, len(tokens) - 3)) if tokens)


def words(text: str) -> list[str]:
    return TOKEN.findall(unicodedata.normalize("NFKC", text).casefold())


def names(values: Iterable[str]) -> set[str]:
    return {" ".join(words(BY.sub("", value))) for value in values} - {""}
