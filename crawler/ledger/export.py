"""The ledger as Parquet in the store: what became of each announcement, for those who have no state database.

A file holds all announcements of each page that changed since the file before; of several rows with the
same source and URL the one in the last file counts.
"""

import hashlib
import re
import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain, count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Row, bindparam, select, tuple_, update

from crawler.ledger.ledger import Ledger
from crawler.ledger.rows import moment
from crawler.ledger.schema import announced, pages, sites, sources
from pipelines.errors import Conflict, SpoolFull
from pipelines.storage import ObjectStore
from pipelines.urls import timestamp

ROWS = 10_000
"""Rows of a row group, about; so many are held in memory while writing."""

_PAGES = 500
_LEVEL = 9


def _column(name: str, kind: pa.DataType, told: str, *, nullable: bool = False) -> "pa.Field[Any]":
    return pa.field(name, kind, nullable=nullable, metadata={"description": told})


_WORDS = pa.list_(pa.field("element", pa.string(), nullable=False))
_TIME = pa.timestamp("us", tz="UTC")

LEDGER_SCHEMA = pa.schema(
    [
        _column("site", pa.string(), "name of the site"),
        _column("source", pa.string(), "URL of the feed, sitemap or page that announced"),
        _column("url", pa.string(), "the URL as it was announced"),
        _column("page", pa.string(), "URL by which the page was announced first, by any source"),
        _column("identity", pa.string(), "the same for all URLs of one page; never fetched"),
        _column("kind", pa.string(), "feed, sitemap, news-sitemap, section, link…"),
        _column("title", pa.string(), "as the source says it; empty: unknown"),
        _column("published", _TIME, "as the source says it; null: unknown", nullable=True),
        _column("updated", _TIME, "as the source says it; null: unknown", nullable=True),
        _column("guid", pa.string(), "as the source says it; empty: none"),
        _column("language", pa.string(), "as the source says it; empty: unknown"),
        _column("categories", _WORDS, "as the source says them"),
        _column("first_seen", _TIME, "when the source was first seen to announce it"),
        _column("last_seen", _TIME, "when it was seen there last before this file was made, to the hour"),
        _column("state", pa.string(), "captured, pending or refused"),
        _column(
            "reason", pa.string(), "reason code: why refused, or why the last visit failed", nullable=True
        ),
        _column("detail", pa.string(), "more of the reason, for a person; empty: nothing"),
        _column("status", pa.int16(), "HTTP status of the last answer but 304; null: none", nullable=True),
        _column("capture_url", pa.string(), "URL that was fetched; null: there is no capture", nullable=True),
        _column("capture_timestamp", pa.string(), "when it was captured: 14 digits, UTC", nullable=True),
        _column("capture_segment", pa.string(), "segment that holds its record", nullable=True),
        _column("capture_offset", pa.int64(), "byte at which the record begins", nullable=True),
        _column("capture_digest", pa.string(), "sha1:<base32> of the payload", nullable=True),
        _column("gone_since", _TIME, "since when a captured page is gone or moved", nullable=True),
        _column("redirect", pa.string(), "identity of the page it redirects to; empty: it does not"),
        _column("job", pa.string(), "job in which the source first announced it"),
    ]
)
"""The columns; each field's metadata hold its description, in the files too."""

_PLAIN = (
    "source", "page", "identity", "kind", "title", "guid", "language", "state", "reason", "detail", "status",
    "capture_url", "capture_timestamp", "capture_segment", "capture_offset", "capture_digest", "redirect",
    "job",
)  # fmt: skip
_TIMES = ("published", "updated", "first_seen", "last_seen", "gone_since")

_ROWS = (
    select(
        announced,
        sources.c.url.label("source_url"),
        *(column for column in pages.c if column.name not in announced.c),
        pages.c.url.label("page_url"),
    )
    .join(sources, announced.c.source == sources.c.id)
    .join(pages, announced.c.page == pages.c.id)
    .where(announced.c.page.in_(bindparam("ids", expanding=True)))
    .order_by(announced.c.page, announced.c.first_seen, announced.c.source, announced.c.url)
)


def export(ledger: Ledger, store: ObjectStore, *, job: str, of: Iterable[int], folder: Path) -> str | None:
    """Bring what changed in the sites *of* (ids) since their last export into *store*.

    Return the key, ``<collection>/ledger/YYYY/MM/DD/<job>.parquet``, or None where nothing changed. A job
    that exports again gets ``<job>-2.parquet``. The file is made in *folder*. What an export that fails did
    not bring, the next one does: raises ``StorageError`` where the store does not take it, ``SpoolFull``
    where there is no room for the file.
    """
    ledger.flush()
    spans = _spans(ledger, of)
    rows = chain.from_iterable(_changes(ledger, site, *span) for site, span in spans.items())
    first = next(rows, None)
    key = None
    if first is not None:
        try:
            with tempfile.TemporaryDirectory(prefix="ledger-", dir=folder) as made:
                path = Path(made) / "ledger.parquet"
                _write(chain([first], rows), path)
                key = _put(store, path, _names(ledger, job))
        except OSError as err:
            raise SpoolFull(f"ledger: cannot write the export to {folder} ({err}); make room there") from err
    with ledger.database.transaction() as connection:
        for site, (_, last) in spans.items():
            moved = update(sites).where(sites.c.id == site, sites.c.exported < last)
            connection.execute(moved.values(exported=last))
    return key


def _spans(ledger: Ledger, of: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Return for each site up to which revision it is exported, and the last one there is."""
    query = select(sites.c.id, sites.c.exported, sites.c.revision).where(sites.c.id.in_(list(of)))
    with ledger.database.transaction() as connection:
        rows = connection.execute(query.order_by(sites.c.id))
        return {row.id: (row.exported, row.revision) for row in rows}


def _changes(ledger: Ledger, site: int, after: int, last: int) -> Iterator[dict[str, Any]]:
    """Yield the announcements of the pages that changed after one revision and not after another.

    A page that changes meanwhile is left to the next export, as a whole.
    """
    place = (after, 1 << 62)
    query = select(pages.c.id, pages.c.revision).where(pages.c.site == site, pages.c.revision <= last)
    name_of = select(sites.c.name).where(sites.c.id == site)
    while True:
        part = query.where(tuple_(pages.c.revision, pages.c.id) > place)
        with ledger.database.transaction() as connection:
            name = connection.execute(name_of).scalar_one()
            found = connection.execute(part.order_by(pages.c.revision, pages.c.id).limit(_PAGES)).all()
            ids = [row.id for row in found]
            rows = connection.execute(_ROWS, {"ids": ids}).all() if ids else []
        if not found:
            return
        yield from (_values(row, name) for row in rows)
        place = (found[-1].revision, found[-1].id)


def _values(row: Row[Any], site: str) -> dict[str, Any]:
    told: Any = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    return {
        **{name: told[name] for name in _PLAIN if name not in {"source", "page"}},
        **{name: _microseconds(told[name]) for name in _TIMES},
        "site": site,
        "source": row.source_url,
        "url": row.whole_url or row.url,
        "page": row.page_url,
        "categories": list(filter(None, row.categories.split("\n"))),
    }


def _microseconds(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1_000_000)


def _write(rows: Iterator[dict[str, Any]], path: Path) -> None:
    with pq.ParquetWriter(path, LEDGER_SCHEMA, compression="zstd", compression_level=_LEVEL) as writer:
        group: list[dict[str, Any]] = []
        for row in rows:
            group.append(row)
            if len(group) >= ROWS:
                writer.write_table(pa.Table.from_pylist(group, schema=LEDGER_SCHEMA))
                group = []
        if group:
            writer.write_table(pa.Table.from_pylist(group, schema=LEDGER_SCHEMA))


def _names(ledger: Ledger, job: str) -> Iterator[str]:
    """Yield the keys that the file may have: the job's, and further ones for its further exports."""
    day = timestamp(moment(ledger.database.now()))
    name = re.sub(r"[^A-Za-z0-9._-]", "_", job)
    start = f"{ledger.collection}/ledger/{day[:4]}/{day[4:6]}/{day[6:8]}/{name}"
    yield f"{start}.parquet"
    yield from (f"{start}-{number}.parquet" for number in count(2))


def _put(store: ObjectStore, path: Path, keys: Iterator[str]) -> str:
    """Put the file at *path* under the first of *keys* that is free, or holds it already, and return it."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    for key in keys:
        try:
            store.put_file(key, path, sha256=digest)
        except Conflict:
            # As after an upload whose end was not seen: the same rows give the same bytes.
            if _digest(store, key) != digest:
                continue
        return key
    raise AssertionError("keys have no end")


def _digest(store: ObjectStore, key: str) -> str:
    found = hashlib.sha256()
    with store.open(key) as reader:
        while piece := reader.read(1 << 20):
            found.update(piece)
    return found.hexdigest()
