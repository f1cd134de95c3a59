"""Articles by identity and time, and those that say nearly the same.

Similar articles are found by the hashes that their fingerprints share. The time that takes is bounded: of
each of the 16 smallest hashes at most 64 articles are looked at, and at most 200 are compared, those that
share most hashes first. Of a text with hundreds of copies some of them are found, not all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, func, select, tuple_

from pipelines.catalog.coding import (
    band_hashes,
    day_of,
    fingerprint_bytes,
    fingerprint_text,
    stored_key,
)
from pipelines.catalog.schema import articles, bands, segments, terms, urlkeys
from pipelines.extract.fingerprint import likeness, sketch
from pipelines.extract.identities import identity_key

_LIKE = 0.3
_OF_A_HASH = 64
_COMPARED = 200
_ROWS = 1000
_WORDS: Final = ("site", "section", "languages", "quality", "extractor", "rules")


@dataclass(frozen=True, slots=True)
class ArticlePlace:
    """An article as the catalog knows it, and where all of it lies."""

    segment: str
    row: int
    """In the article file, from 0."""
    articles_key: str
    """Key of the file in the store."""
    identity: str
    """What all captures of the article share: :func:`pipelines.extract.identities.identity_key`."""
    urlkey: str
    """Of the capture; with *captured*, *segment* and *offset* it names the capture."""
    captured: str
    """14 digits, UTC."""
    offset: int
    canonical: str
    """What the page calls its own address; empty where that is the capture's, or unknown."""
    title: str
    authors: tuple[str, ...]
    site: str
    section: str
    languages: tuple[str, ...]
    quality: str
    extractor: str
    rules: str
    published_day: date | None
    published_at: str | None
    """14 digits, UTC."""
    modified_day: date | None
    modified_at: str | None
    text_sha256: str
    """64 hexadecimal digits over the clean text as UTF-8."""
    characters: int
    """Of the clean text."""
    fingerprint: str


_OF_IDENTITY = urlkeys.alias("identities")
_ALIASES = {name: terms.alias(f"{name}_terms") for name in _WORDS}
_PLAIN = (
    "row", "captured", "offset", "canonical", "title", "authors", "published_day", "published_at",
    "modified_day", "modified_at", "text_sha256", "characters", "fingerprint",
)  # fmt: skip


def _articles() -> Select[Any]:
    chosen: Select[Any] = (
        select(
            segments.c.name.label("segment"),
            segments.c.articles_key,
            func.coalesce(_OF_IDENTITY.c.whole, _OF_IDENTITY.c.urlkey).label("identity"),
            func.coalesce(urlkeys.c.whole, urlkeys.c.urlkey).label("urlkey"),
            *(articles.c[name] for name in _PLAIN),
            *(alias.c.text.label(name) for name, alias in _ALIASES.items()),
        )
        .select_from(articles)
        .join(segments, segments.c.id == articles.c.segment_id)
        .join(_OF_IDENTITY, _OF_IDENTITY.c.id == articles.c.identity_id)
        .join(urlkeys, urlkeys.c.id == articles.c.urlkey_id)
    )
    for name, alias in _ALIASES.items():
        chosen = chosen.join(alias, alias.c.id == articles.c[f"{name}_id"])
    return chosen


ARTICLES: Final = _articles()
"""Each row is read by :func:`article_of`."""
_TIMES = (articles.c.captured, segments.c.name, articles.c.row)
_HISTORY = ARTICLES.where(_OF_IDENTITY.c.urlkey == bindparam("identity")).order_by(*_TIMES)
_CHANGED = (
    select(
        func.max(segments.c.revision),
        func.coalesce(func.max(_OF_IDENTITY.c.whole), _OF_IDENTITY.c.urlkey),
    )
    .select_from(segments)
    .join(articles, articles.c.segment_id == segments.c.id)
    .join(_OF_IDENTITY, _OF_IDENTITY.c.id == articles.c.identity_id)
    .where(segments.c.revision > bindparam("since"))
    .group_by(_OF_IDENTITY.c.urlkey)
    .order_by(func.max(segments.c.revision), _OF_IDENTITY.c.urlkey)
)
_OF_HASH = (
    select(bands.c.segment_id, bands.c.row)
    .where(bands.c.hash == bindparam("hash"))
    .order_by(bands.c.segment_id, bands.c.row)
    .limit(_OF_A_HASH)
)


def article_of(row: Row[Any]) -> ArticlePlace:
    """Return the article that a row of :data:`ARTICLES` is."""
    found = row._asdict()
    return ArticlePlace(
        **{name: found[name] for name in ("segment", "row", "articles_key", "identity", "urlkey", "offset")},
        **{name: found[name] for name in ("title", "site", "section", "quality", "extractor", "rules")},
        captured=f"{found['captured']:014d}",
        canonical=found["canonical"] or "",
        authors=tuple(filter(None, found["authors"].split("\n"))),
        languages=tuple(found["languages"].split()),
        published_day=day_of(found["published_day"]),
        published_at=_digits(found["published_at"]),
        modified_day=day_of(found["modified_day"]),
        modified_at=_digits(found["modified_at"]),
        text_sha256=found["text_sha256"].hex(),
        characters=found["characters"],
        fingerprint=fingerprint_text(found["fingerprint"]),
    )


def history_of(connection: Connection, url: str) -> Iterator[ArticlePlace]:
    """Yield the articles with the identity of *url*, an address or an identity, in order of time."""
    asked = {"identity": stored_key(identity_key(url) if "://" in url else url)}
    with connection.execution_options(yield_per=_ROWS).execute(_HISTORY, asked) as rows:
        yield from map(article_of, rows)


def identities_in(connection: Connection, since: int) -> Iterator[tuple[int, str]]:
    """Yield the latest revision and the identity of each article in segments changed since *since*."""
    with connection.execution_options(yield_per=_ROWS).execute(_CHANGED, {"since": since}) as rows:
        yield from (tuple(row) for row in rows)


def similar_to(connection: Connection, mark: str, limit: int) -> list[tuple[float, ArticlePlace]]:
    """Return the articles most like the one whose fingerprint is *mark*, with their likeness."""
    if not mark:
        return []
    sketch(mark)
    shared: dict[tuple[int, int], int] = {}
    for each in band_hashes(fingerprint_bytes(mark)):
        for segment, row in connection.execute(_OF_HASH, {"hash": each}):
            shared[segment, row] = shared.get((segment, row), 0) + 1
    chosen = sorted(shared, key=lambda place: (-shared[place], place))[:_COMPARED]
    if not chosen:
        return []
    place = tuple_(articles.c.segment_id, articles.c.row)
    found = [article_of(row) for row in connection.execute(ARTICLES.where(place.in_(chosen)))]
    alike = [(likeness(mark, each.fingerprint), each) for each in found]
    alike = [pair for pair in alike if pair[0] >= _LIKE]
    alike.sort(key=lambda pair: (-pair[0], pair[1].captured, pair[1].segment, pair[1].row))
    return alike[:limit]


def _digits(number: int | None) -> str | None:
    return None if number is None else f"{number:014d}"
