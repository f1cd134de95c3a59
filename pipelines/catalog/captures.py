"""Captures by URL, time and payload, in one SQL database of its own."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import local
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    ForeignKey,
    Index,
    Insert,
    Integer,
    MetaData,
    Row,
    Select,
    String,
    Table,
    create_engine,
    delete,
    event,
    insert,
    select,
)
from sqlalchemy.exc import DatabaseError, IntegrityError

from pipelines.errors import StorageError
from pipelines.index import from_line
from pipelines.model import Capture, Original, Truncation
from pipelines.segments.manifest import Manifest, read_manifests
from pipelines.segments.names import SegmentName
from pipelines.storage.contract import ObjectStore
from pipelines.urls import moment, span, urlkey
from pipelines.warc.digests import DigestedResponse

_SCHEMA = MetaData()

segments = Table(
    "segments",
    _SCHEMA,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("manifest_key", String, nullable=False),
)

captures = Table(
    "captures",
    _SCHEMA,
    Column("urlkey", String, primary_key=True),
    Column("timestamp", String(14), primary_key=True),
    Column("segment_id", ForeignKey("segments.id"), primary_key=True),
    Column("offset", Integer, primary_key=True),
    Column("length", Integer, nullable=False),
    Column("url", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("status", Integer),
    Column("mime", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("filename", String, nullable=False),
    Column("truncated", String),
    sqlite_with_rowid=False,
)

Index("captures_by_payload", captures.c.digest, captures.c.kind)

_ORIGINAL = (
    "select c.url, c.timestamp, s.name, c.offset, c.digest, c.sha256 from captures c "
    "join segments s on s.id = c.segment_id "
    "where c.digest = ? and c.kind = 'response' and c.sha256 = ? and c.truncated is null "
)
_ANY = "limit 1"
_OF_URL_FIRST = "order by c.url = ? desc, c.timestamp limit 1"
_NAMED = (
    "select c.kind from captures c join segments s on s.id = c.segment_id "
    "where c.urlkey = ? and c.timestamp = ? and s.name = ? and c.offset = ? "
    "and c.url = ? and c.digest = ? and c.sha256 = ? and c.truncated is null"
)


class Catalog:
    """The captures of one collection. Safe for several threads."""

    def __init__(self, path: Path) -> None:
        """Open the catalog at *path*, or make an empty one. Raises ``StorageError`` where it is damaged."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._engine: Engine = create_engine(f"sqlite:///{path}")
        event.listen(self._engine, "connect", _tune)
        self._local = local()
        try:
            with self._engine.begin() as connection:
                # Two jobs that start at once would both find a table missing, and one fail to make it.
                connection.exec_driver_sql("begin immediate")
                _SCHEMA.create_all(connection)
        except DatabaseError as err:
            raise StorageError(
                f"catalog: {path} cannot be used ({err.orig}); if it is damaged delete it, it is made anew "
                "from the store"
            ) from err

    def add(self, manifest: Manifest, lines: Iterable[bytes]) -> None:
        """Take in the segment of *manifest*, whose CDXJ is *lines*. A known segment is left as it is.

        The captures of a segment that it replaces go; that one counts as known from then on.
        """
        with self._engine.begin() as connection:
            if manifest.replaces:
                _drop(connection, SegmentName.parse(manifest.replaces))
            with suppress(IntegrityError):
                # The name is unique: the error says that this or another process was here before.
                key = connection.execute(_segment(manifest.name)).inserted_primary_key
                rows = [_row(from_line(line), key[0]) for line in lines] if key else []
                if rows:
                    connection.execute(insert(captures), rows)

    def sync(self, store: ObjectStore, collection: str) -> int:
        """Take in the published segments that are not known yet, and return how many they were.

        Raises ``StorageError`` where the store cannot be read, ``ManifestError`` where a manifest cannot.
        """
        with self._engine.connect() as connection:
            known = set(connection.execute(select(segments.c.manifest_key)).scalars())
        found, replaced = read_manifests(store, collection, known=known)
        with self._engine.begin() as connection:
            for name in replaced:
                _drop(connection, SegmentName.parse(name))
        for manifest in found:
            self.add(manifest, store.get(manifest.files.index.key).splitlines(keepends=True))
        return len(found)

    def find_original(self, digested: DigestedResponse) -> Original | None:
        """Return a published, whole ``response`` record with the same payload, or None."""
        asked = (digested.payload_sha1, digested.payload_sha256)
        row = self._lookup().exec_driver_sql(_ORIGINAL + _ANY, asked).first()
        return Original(*row) if row else None

    def original_of(self, named: Original) -> Original | None:
        """Return *named* where it is a published, whole response, so that a revisit may refer to it.

        Where it is a revisit, the response is returned whose payload it stands for, of the same URL if one
        has it. None where the catalog has no such capture, or one with other digests.
        """
        place = (urlkey(named.url), named.timestamp, named.segment, named.offset)
        told = (named.url, named.digest, named.sha256)
        row = self._lookup().exec_driver_sql(_NAMED, (*place, *told)).first()
        if row is None or row.kind == "response":
            return named if row else None
        asked = (named.digest, named.sha256, named.url)
        found = self._lookup().exec_driver_sql(_ORIGINAL + _OF_URL_FIRST, asked).first()
        return Original(*found) if found else None

    def find(self, url: str, *, within: str = "") -> Iterator[Capture]:
        """Yield the captures of *url* in order of time; *within* are the first digits of their timestamp."""
        first, last = span(within)
        query = _select().where(captures.c.urlkey == urlkey(url), captures.c.timestamp.between(first, last))
        yield from self._captures(query.order_by(captures.c.timestamp, segments.c.name, captures.c.offset))

    def closest(self, url: str, timestamp: str) -> Capture | None:
        """Return the capture of *url* nearest in time to *timestamp* (4 to 14 digits), or None."""
        wanted = moment(timestamp)
        at = span(timestamp)[0]
        of_url = _select().where(captures.c.urlkey == urlkey(url))
        before = of_url.where(captures.c.timestamp <= at).order_by(captures.c.timestamp.desc())
        after = of_url.where(captures.c.timestamp > at).order_by(captures.c.timestamp)
        found = [*self._captures(before.limit(1)), *self._captures(after.limit(1))]
        return min(found, key=lambda capture: abs(moment(capture.timestamp) - wanted), default=None)

    def all(self) -> Iterator[Capture]:
        """Yield every capture in order of urlkey and time."""
        yield from self._captures(_select().order_by(captures.c.urlkey, captures.c.timestamp))

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    def _lookup(self) -> Connection:
        """Return this thread's open connection: opening one for each exchange costs more than the answer."""
        found: Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            self._local.connection = found
        return found

    def _captures(self, query: Select[Any]) -> Iterator[Capture]:
        with self._engine.connect() as connection:
            for row in connection.execution_options(yield_per=1000).execute(query):
                yield _capture(row)


def _tune(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
    # The catalog is derived: a power cut may cost its last rows, a sync brings them back.
    for pragma in ("journal_mode = wal", "synchronous = normal", "busy_timeout = 30000"):
        connection.execute(f"pragma {pragma}")


def _select() -> Select[Any]:
    return select(captures, segments.c.name.label("segment")).join(segments)


def _drop(connection: Connection, name: SegmentName) -> None:
    """Make the segment *name* one that is known and has no captures."""
    with suppress(IntegrityError):
        connection.execute(_segment(name))
    of_name = select(segments.c.id).where(segments.c.name == str(name)).scalar_subquery()
    connection.execute(delete(captures).where(captures.c.segment_id == of_name))


def _segment(name: SegmentName) -> Insert:
    return insert(segments).values(name=str(name), manifest_key=name.manifest_key)


def _row(capture: Capture, segment_id: int) -> dict[str, object]:
    return {
        "urlkey": capture.urlkey,
        "timestamp": capture.timestamp,
        "segment_id": segment_id,
        "offset": capture.offset,
        "length": capture.length,
        "url": capture.url,
        "kind": capture.kind,
        "status": capture.status,
        "mime": capture.mime,
        "digest": capture.digest,
        "sha256": capture.sha256,
        "filename": capture.filename,
        "truncated": capture.truncated,
    }


def _capture(row: Row[Any]) -> Capture:
    return Capture(
        urlkey=row.urlkey,
        timestamp=row.timestamp,
        url=row.url,
        kind=row.kind,
        status=row.status,
        mime=row.mime,
        digest=row.digest,
        sha256=row.sha256,
        segment=row.segment,
        filename=row.filename,
        offset=row.offset,
        length=row.length,
        truncated=Truncation(row.truncated) if row.truncated else None,
    )
