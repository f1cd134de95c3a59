"""The door to a catalog: everything that others ask of it or enter in it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

from sqlalchemy import delete, func, select

from pipelines.catalog import lookup
from pipelines.catalog.article_files import ArticleFile
from pipelines.catalog.articles import ArticlePlace, history_of, identities_in, similar_to
from pipelines.catalog.database import CatalogDatabase
from pipelines.catalog.entering import Entering
from pipelines.catalog.leftovers import delete_all_unused
from pipelines.catalog.questions import Filter, Match, Place, Query, beginning
from pipelines.catalog.schema import ledger_files, marks, segments, terms
from pipelines.catalog.scratch import sweep
from pipelines.index import from_line
from pipelines.model import Capture, Original
from pipelines.segments.manifest import Manifest
from pipelines.urls import urlkey
from pipelines.warc.digests import DigestedResponse

_AT_ONCE = 100
"""Captures that are fetched over the thread's own connection; for more, one is opened."""
_EVERY = Filter()


@dataclass(frozen=True, slots=True)
class JobSegments:
    """What one job has brought to the archive."""

    job: str
    segments: int
    opened: str
    """14 digits: when its first segment was opened."""
    sealed: str
    """14 digits: when its last one was closed."""
    captures: int
    revisits: int
    articles: int
    warc_bytes: int


@dataclass(frozen=True, slots=True)
class Part:
    """A segment that is to be entered: its manifest, its captures, and its articles where it has any."""

    manifest: Manifest
    captures: Iterable[Capture]
    articles: ArticleFile | None = None


class Catalog:
    """The captures and articles of one collection. Safe for several threads and processes.

    *url* is SQLAlchemy's, ``sqlite:///folder/file`` or one of PostgreSQL, which may hold the catalogs of many
    collections. An empty one is made where there is none, and where an older version of newswarc made it.
    Raises ``StorageError`` where the database is damaged or a newer version made it, ``ConfigError`` where
    *url* cannot be used.
    """

    def __init__(self, url: str, collection: str) -> None:
        self.database = CatalogDatabase(url, collection)
        self.collection = collection

    @classmethod
    def over(cls, database: CatalogDatabase, collection: str) -> Self:
        """Return a catalog over *database*, which is then closed with it."""
        found = cls.__new__(cls)
        found.database, found.collection = database, collection
        return found

    def add(self, manifest: Manifest, lines: Iterable[bytes], *, articles: ArticleFile | None = None) -> None:
        """Take in the segment of *manifest*, whose CDXJ is *lines*. A known segment is left as it is.

        The captures of segments that it replaces go; those count as known from then on.
        """
        self.enter([Part(manifest, map(from_line, lines), articles)])

    def enter(self, parts: Sequence[Part], *, replaced: Iterable[str] = ()) -> int:
        """Take in segments in one transaction, drop those *replaced*, and return how many were new."""
        with self.database.writing() as connection:
            entering = Entering(connection)
            new = sum(entering.enter(part.manifest, part.captures, part.articles) for part in parts)
            gone = list(replaced)
            if gone:
                entering.drop(gone)
            return new

    def read_again(self, segment: str, articles: ArticleFile, *, was: int | None) -> bool:
        """Put *articles*, another reading of *segment*, in the place of its articles.

        Return whether it did: a segment that is not held stays without, and one whose articles are no longer
        those of the reading *was* (0 those that came with it, None of a damaged file) stays as it is.
        """
        with self.database.writing() as connection:
            return Entering(connection).read_again(segment, articles, was=was)

    def find_original(self, digested: DigestedResponse) -> Original | None:
        """Return a published, whole ``response`` record with the same payload, or None."""
        with self.database.lookup() as connection:
            found = lookup.original(connection, "", digested.payload_sha1, digested.payload_sha256)
        return Original.of(found) if found else None

    def original_of(self, named: Original) -> Original | None:
        """Return *named* where it is a published, whole response, so that a revisit may refer to it.

        Where its segment was compacted since, it is returned with its new place; where it is a revisit, the
        response is returned whose payload it stands for, of the same URL if one has it. None where the
        catalog has no such capture, or one with other digests.
        """
        place = Place(urlkey(named.url), named.timestamp, named.segment, named.offset)
        found = self.at(place) or self._elsewhere(named)
        if found is None or found.truncated:
            return None
        if replace(named, segment=found.segment, offset=found.offset) != Original.of(found):
            return None
        if found.kind == "response":
            return Original.of(found)
        original = self.original(found)
        return Original.of(original) if original else None

    def _elsewhere(self, named: Original) -> Capture | None:
        """Return the capture that *named* is, where another segment stands for its own by now."""
        gone = select(segments.c.id).where(segments.c.name == named.segment, segments.c.held == 0)
        with self.database.lookup() as connection:
            if connection.execute(gone).first() is None:
                return None
        digests = (named.url, named.digest, named.sha256)
        found = self.find(named.url, within=named.timestamp)
        return next((each for each in found if (each.url, each.digest, each.sha256) == digests), None)

    def original(self, capture: Capture) -> Capture | None:
        """Return the earliest whole response with the payload of *capture*, of the same URL where one has it.

        However long a chain of revisits is, this is one look at the index.
        """
        with self.database.lookup() as connection:
            return lookup.original(connection, capture.url, capture.digest, capture.sha256)

    def captures(self, query: Query) -> Iterator[Capture]:
        """Yield the captures that *query* asks for, in its order, a few at a time in memory.

        Raises ``ValueError`` where its times are no digits.
        """
        few = query.limit is not None and query.limit <= _AT_ONCE
        if not beginning(query):
            most = query.limit if few else _AT_ONCE + 1
            with self.database.lookup() as connection:
                found = list(lookup.matching(connection, replace(query, limit=most)))
            if few or len(found) <= _AT_ONCE:
                yield from found
                return
        # All of it by one statement: between two of them a segment may be replaced by another one.
        with self.database.reading() as connection:
            yield from lookup.matching(connection, query)

    def at(self, place: Place) -> Capture | None:
        """Return the capture at *place*, None where there is none."""
        with self.database.lookup() as connection:
            return lookup.at_place(connection, place)

    def find(self, url: str, *, within: str = "") -> Iterator[Capture]:
        """Yield the captures of *url* in order of time; *within* are the first digits of their timestamp."""
        yield from self.captures(Query(url, since=within, until=within))

    def closest(self, url: str, timestamp: str, *, where: Filter = _EVERY) -> Capture | None:
        """Return the capture of *url* nearest in time to *timestamp* (4 to 14 digits), or None.

        *where* leaves captures out. Of two that are as near the earlier one is returned. Addresses that
        differ only in case are taken for *url* where there is no capture of it in its own.
        """
        with self.database.lookup() as connection:
            return lookup.closest(connection, url, timestamp, where)

    def all(self) -> Iterator[Capture]:
        """Yield every capture in order of urlkey and time."""
        yield from self.captures(Query(match=Match.PREFIX))

    def history(self, url: str) -> Iterator[ArticlePlace]:
        """Yield the articles that are readings of the page *url*, from all its captures, in order of time."""
        with self.database.reading() as connection:
            yield from history_of(connection, url)

    def identities(self, *, since: int = 0) -> Iterator[tuple[int, str]]:
        """Yield the identities of articles that came, or were read again, behind mark *since*; and the mark.

        Marks ascend. Who keeps what it derives from :meth:`history` asks with the greatest it has seen; the
        marks are those of this database and mean nothing in another one.
        """
        with self.database.reading() as connection:
            yield from identities_in(connection, since)

    def similar(self, fingerprint: str, *, limit: int = 50) -> list[tuple[float, ArticlePlace]]:
        """Return articles whose text is like that of *fingerprint*, the most alike first, with the likeness.

        Raises ``ExtractionError`` where *fingerprint* is none. See :mod:`pipelines.catalog.articles` for the
        bounds.
        """
        with self.database.lookup() as connection:
            return similar_to(connection, fingerprint, limit)

    def jobs(self) -> Iterator[JobSegments]:
        """Yield what each job has brought, by the time when its first segment was opened."""
        sums = [func.coalesce(func.sum(segments.c[name]), 0) for name in _SUMMED]
        query = (
            select(
                terms.c.text, func.count(), func.min(segments.c.opened), func.max(segments.c.sealed), *sums
            )
            .join(terms, terms.c.id == segments.c.job_id)
            .where(segments.c.held == 1)
            .group_by(terms.c.text)
            .order_by(func.min(segments.c.opened), terms.c.text)
        )
        with self.database.reading() as connection:
            for job, count, opened, sealed, *summed in connection.execute(query):
                yield JobSegments(job, count, f"{opened:014d}", f"{sealed:014d}", *map(int, summed))

    def ledger_keys(self) -> list[str]:
        """Return the keys of the coverage ledger's files that are known, sorted."""
        with self.database.reading() as connection:
            return list(connection.execute(select(ledger_files.c.key).order_by(ledger_files.c.key)).scalars())

    def mark(self, name: str) -> str | None:
        """Return what is noted under *name*."""
        with self.database.reading() as connection:
            found: str | None = connection.execute(select(marks.c.value).where(marks.c.name == name)).scalar()
            return found

    def set_mark(self, name: str, value: str) -> None:
        """Note *value* under *name*."""
        with self.database.writing() as connection:
            connection.execute(delete(marks).where(marks.c.name == name))
            connection.execute(self.database.insert(marks).values(name=name, value=value))

    def drop_mark(self, name: str) -> None:
        """Note nothing under *name* any more."""
        with self.database.writing() as connection:
            connection.execute(delete(marks).where(marks.c.name == name))

    def forget(self) -> bool:
        """Let nothing of what was replaced or read again be readable in the database's files any more.

        For the end of a purge, once the catalog has followed it: takes as long as writing all anew. What
        rebuilds that were killed have left beside an SQLite file goes, too. Return False where somebody is
        reading, so that old pages stay until the next call. Raises ``StorageError``.
        """
        if self.database.path is not None:
            sweep(self.database.path)
        with self.database.writing() as connection:
            delete_all_unused(connection)
        return self.database.compact()

    def close(self) -> None:
        """Close the database."""
        self.database.close()


_SUMMED = ("captures", "revisits", "articles", "warc_size")
