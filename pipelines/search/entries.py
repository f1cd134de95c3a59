"""An article row as the index takes it, made where there is a processor free for it."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

import orjson

from pipelines.extract import Article, ArticleRow, read_articles
from pipelines.extract.identities import identity_key
from pipelines.model import Capture
from pipelines.search.folding import fold
from pipelines.search.tokens import indexed
from pipelines.segments.names import SegmentName
from pipelines.urls import host, moment, urlkey

_SECOND_BITS, _ARTICLE_BITS, _VERSION_BITS = 35, 18, 10
"""Of what orders by time (until the year 3058), articles of one second, and versions of an article: the same
wherever an index is made, and a positive number. Some are equal; the number of the version is not."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a list of results shows of an article without reading it, and where its row lies."""

    segment: str
    key: str
    """Of the Parquet file in the store."""
    row: int
    """Of that file, from 0."""
    offset: int
    """Of the capture's record in the segment's WARC."""
    url: str
    title: str
    site: str
    """The host, without ``www.``."""
    published: str
    """ISO 8601: a time in UTC or a day; empty where unknown."""
    captured: str
    """14 digits, UTC."""
    languages: tuple[str, ...]
    quality: str

    @classmethod
    def from_json(cls, content: str) -> "Shown":
        """Return what was stored in the index."""
        values = orjson.loads(content)
        return cls(**{**values, "languages": tuple(values["languages"])})


def entries(content: bytes, key: str) -> list[str]:
    """Return the entry of each row of the Parquet file *content*, which lies at *key*, as JSON.

    A function of its arguments alone, for worker processes. Raises ``ExtractionError`` where it is no such
    file.
    """
    return [entry(row, key, place) for place, row in enumerate(read_articles(io.BytesIO(content)))]


def entry(row: ArticleRow, key: str, place: int) -> str:
    """Return *row*, the one at *place* of the file at *key*, as JSON that a writer of the index takes."""
    article, capture = row.article, row.capture
    titles = [title.text for title in article.titles] or [article.title]
    title_words, title_units = indexed([*titles, article.subtitle])
    words, units = indexed(passage.text for passage in article.passages)
    fields: dict[str, Any] = {
        "kind": "article",
        "words": f"{title_words} {words}",
        "units": f"{title_units} {units}",
        "title_words": title_words,
        "title_units": title_units,
        "author_units": indexed(article.authors)[1],
        **_filters(article, capture),
        **_times(row, article_number(row)),
        "shown": orjson.dumps(_shown(row, key, place)).decode(),
    }
    return orjson.dumps(fields).decode()


def article_number(row: ArticleRow) -> int:
    """Return the number that all versions of an article share.

    It follows from what the page calls its own address where that is plausible, as in the catalog: on the
    same registered domain, and not the front page of a page that is none. Else from the capture's URL.
    """
    return _number(identity_key(row.capture.url, row.article.canonical_url)) >> 1


def url_key(url: str) -> str:
    """Return the key by which the entries of *url* are found and removed."""
    return hashed(urlkey(url))


def hashed(key: str) -> str:
    """Return the urlkey *key* as the index has it."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _filters(article: Article, capture: Capture) -> dict[str, Any]:
    name = host(capture.url)
    publication = fold(article.site)
    languages = {part for language in article.languages for part in _language_keys(language)}
    return {
        "site": _bare(name),
        "within": [*_domains(name), *([publication] if publication else [])],
        "section": [article.section] if article.section else [],
        "section_key": [fold(article.section)] if article.section else [],
        "author": list(dict.fromkeys(article.authors)),
        "language": list(article.languages),
        "language_key": sorted(languages),
        "quality": str(article.quality),
        "collection": SegmentName.parse(capture.segment).collection,
        "segment": capture.segment,
        **_targets(urlkey(capture.url)),
    }


def _targets(key: str) -> dict[str, Any]:
    """Return by what take-downs may name the capture with that urlkey, whose host is written backwards."""
    name = key.partition(")")[0]
    bare = name.partition(":")[0]
    labels = bare.split(",")
    above = {",".join(labels[: end + 1]) for end in range(len(labels))}
    return {"url_key": hashed(key), "host_key": sorted({name, bare}), "domain_key": sorted({name, *above})}


def _times(row: ArticleRow, number: int) -> dict[str, Any]:
    capture, stated = row.capture, row.article.published
    captured = moment(capture.timestamp)
    version = _number(f"{capture.url} {capture.segment} {capture.offset}") >> 1
    tie = number >> (63 - _ARTICLE_BITS) << _VERSION_BITS | version >> (63 - _VERSION_BITS)
    found: dict[str, Any] = {
        "article": number,
        "version": version,
        "captured": int(captured.timestamp()),
        "by_captured": _ordered(captured, tie),
        "by_published": tie,
    }
    if stated is not None:
        at = stated.at or datetime.combine(stated.day, time(), UTC)
        day = stated.day.isoformat()
        found |= {"published": int(at.timestamp()), "by_published": _ordered(at, tie)}
        found |= {"day": day, "month": day[:7], "year": day[:4]}
    return found


def _ordered(at: datetime, tie: int) -> int:
    seconds = min(max(0, int(at.timestamp())), (1 << _SECOND_BITS) - 1)
    return seconds << (_ARTICLE_BITS + _VERSION_BITS) | tie


def _shown(row: ArticleRow, key: str, place: int) -> dict[str, Any]:
    article, capture = row.article, row.capture
    stated = article.published
    published = "" if stated is None else _rfc(stated.at) if stated.at else stated.day.isoformat()
    return {
        "segment": capture.segment,
        "key": key,
        "row": place,
        "offset": capture.offset,
        "url": capture.url,
        "title": article.title,
        "site": _bare(host(capture.url)),
        "published": published,
        "captured": capture.timestamp,
        "languages": article.languages,
        "quality": str(article.quality),
    }


def _domains(name: str) -> Iterator[str]:
    """Yield *name* and each domain above it; of an address itself alone."""
    labels = name.split(".")
    if labels[-1].isdecimal() or ":" in name:
        return iter((name,))
    return (".".join(labels[start:]) for start in range(len(labels)))


def _language_keys(language: str) -> Iterator[str]:
    """Yield ``zh`` and ``zh-hant`` for ``zh-Hant``."""
    parts = language.lower().split("-")
    return ("-".join(parts[: end + 1]) for end in range(len(parts)))


def _bare(name: str) -> str:
    return name.removeprefix("www.")


def _rfc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest())
