"""Segments enter a catalog and leave it, each in one transaction: readers see it whole or not at all."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Table, delete, func, insert, select, update

from pipelines.catalog.article_files import ArticleEntry, ArticleFile
from pipelines.catalog.coding import (
    FIRST_URL,
    TRUNCATIONS,
    band_hashes,
    digest_bytes,
    stored_address,
    stored_key,
    stored_term,
    url_form,
)
from pipelines.catalog.leftovers import delete_unused, texts_of
from pipelines.catalog.schema import (
    PAYLOAD_MARK,
    RESPONSE,
    REVISIT,
    articles,
    bands,
    captures,
    payloads,
    segments,
    terms,
    urlkeys,
    urls,
)
from pipelines.model import Capture
from pipelines.segments.manifest import Manifest
from pipelines.segments.names import SegmentName

_T = TypeVar("_T")
_K = TypeVar("_K", bound=Hashable)
_BATCH = 5000
_ASKED = 400
_MARK_BYTES = 8


class Entering:
    """One transaction that takes segments in and drops others. The connection's owner holds the lock."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def enter(self, manifest: Manifest, lines: Iterable[Capture], texts: ArticleFile | None) -> bool:
        """Take in the segment of *manifest*, and return whether it is new; a known one is left as it is.

        The captures and articles of the segments that it replaces go; those count as known from then on.
        """
        replaced = manifest.stands_for
        if replaced:
            self.drop(replaced)
        if self._segment_id(manifest.segment) is not None:
            return False
        number = self._next(segments)
        self._connection.execute(insert(segments), [self._segment_row(manifest, number, texts)])
        for batch in _batches(lines, _BATCH):
            self._enter_captures(batch, number)
        if texts is not None:
            self._enter_articles(texts.entries, number)
        return True

    def drop(self, names: Sequence[str]) -> None:
        """Make the segments *names* known ones of which nothing is held."""
        found = self._ids_of_segments(names)
        missing = [name for name in names if name not in found]
        start = self._next(segments)
        rows = [
            {"id": number, "name": name, "manifest_key": SegmentName.parse(name).manifest_key, "held": 0}
            for number, name in enumerate(missing, start)
        ]
        if rows:
            self._connection.execute(insert(segments), rows)
        # A sync drops once more what the segments that it entered have dropped already.
        ids = [number for number, held in found.values() if held]
        if not ids:
            return
        texts = texts_of(self._connection, ids)
        # One pass over the captures for all of them: an index by segment would be a fifth of the file.
        self._connection.execute(delete(captures).where(captures.c.segment_id.in_(ids)))
        for number in ids:
            self._drop_articles(number)
        gone = update(segments).where(segments.c.id.in_(ids))
        self._connection.execute(gone.values(held=0, **_file_columns(None)))
        delete_unused(self._connection, texts)

    def read_again(self, segment: str, texts: ArticleFile, *, was: int | None) -> bool:
        """Put *texts* in the place of the articles of *segment*, those of the reading *was*, if it has these.

        Return whether it did.
        """
        held = select(segments.c.id, segments.c.reading).where(segments.c.held == 1)
        found = self._connection.execute(held.where(segments.c.name == segment)).first()
        if found is None or found.reading != was:
            return False
        number = found.id
        self._drop_articles(number)
        self._enter_articles(texts.entries, number)
        self._connection.execute(
            update(segments)
            .where(segments.c.id == number)
            .values(revision=self._revision(), **_file_columns(texts))
        )
        return True

    def _segment_row(self, manifest: Manifest, number: int, texts: ArticleFile | None) -> dict[str, object]:
        words = self._terms([manifest.job, manifest.software])
        warc = manifest.files.warc
        return {
            "id": number,
            "name": manifest.segment,
            "manifest_key": manifest.name.manifest_key,
            "held": 1,
            "filename": manifest.name.warc_filename,
            "warc_size": warc.size,
            "index_key": manifest.files.index.key,
            **_file_columns(texts),
            "revision": self._revision(),
            "job_id": words[manifest.job],
            "software_id": words[manifest.software],
            "opened": int(manifest.opened),
            "sealed": int(manifest.sealed),
            "first": int(manifest.first) if manifest.first else None,
            "last": int(manifest.last) if manifest.last else None,
            "captures": manifest.counts.captures,
            "revisits": manifest.counts.revisits,
            "failures": manifest.counts.failures,
            "articles": manifest.counts.articles,
        }

    def _enter_captures(self, batch: list[Capture], segment_id: int) -> None:
        keys = self._urlkeys({capture.urlkey for capture in batch})
        words = self._terms({capture.mime for capture in batch})
        marks = {(capture.sha256, capture.digest): _payload_key(capture) for capture in batch}
        contents = self._payloads(set(marks.values()))
        forms = self._forms(batch, keys)
        rows: list[dict[str, Any]] = [
            {
                "urlkey_id": keys[capture.urlkey],
                "timestamp": int(capture.timestamp),
                "segment_id": segment_id,
                "offset": capture.offset,
                "url_id": forms[capture.urlkey, capture.url],
                "length": capture.length,
                "kind": REVISIT if capture.kind == "revisit" else RESPONSE,
                "status": capture.status,
                "mime_id": words[capture.mime],
                "payload_id": contents[marks[capture.sha256, capture.digest]],
                "truncated": TRUNCATIONS.index(capture.truncated),
            }
            for capture in batch
        ]
        # In the order of the table's own key, which an index line's is only within an urlkey.
        rows.sort(key=lambda row: (row["urlkey_id"], row["timestamp"]))
        self._connection.execute(insert(captures), rows)

    def _enter_articles(self, entries: Iterable[ArticleEntry], segment_id: int) -> None:
        for batch in _batches(entries, _BATCH):
            keys = self._urlkeys({key for each in batch for key in (each.urlkey, each.identity)})
            words = self._terms({word for each in batch for word in each.words.values()})
            rows = [
                {
                    **each.columns,
                    **{f"{name}_id": words[word] for name, word in each.words.items()},
                    "segment_id": segment_id,
                    "urlkey_id": keys[each.urlkey],
                    "identity_id": keys[each.identity],
                }
                for each in batch
            ]
            self._connection.execute(insert(articles), rows)
            marks: list[dict[str, Any]] = [
                {"hash": mark, "segment_id": segment_id, "row": each.columns["row"]}
                for each in batch
                for mark in each.bands
            ]
            if marks:
                self._connection.execute(insert(bands), sorted(marks, key=lambda row: row["hash"]))

    def _drop_articles(self, segment_id: int) -> None:
        query = select(articles.c.row, articles.c.fingerprint).where(articles.c.segment_id == segment_id)
        places = [
            (mark, segment_id, row)
            for row, content in self._connection.execute(query)
            for mark in band_hashes(content)
        ]
        parts = list(bands.primary_key.columns)
        for some in _batches(places, _ASKED):
            for mark, number, row in some:
                gone = delete(bands).where(parts[0] == mark, parts[1] == number, parts[2] == row)
                self._connection.execute(gone)
        self._connection.execute(delete(articles).where(articles.c.segment_id == segment_id))

    def _forms(self, batch: list[Capture], keys: Mapping[str, int]) -> dict[tuple[str, str], int]:
        """Return what stands in ``captures.url_id`` for each pair of urlkey and address."""
        pairs = {(capture.urlkey, capture.url) for capture in batch}
        found = {pair: url_form(pair[1], pair[0]) for pair in pairs}
        odd = {pair: (keys[pair[0]], stored_address(pair[1])) for pair, form in found.items() if form is None}
        numbers = self._numbered(
            urls,
            odd.values(),
            lambda some: urls.c.urlkey_id.in_({number for number, _ in some}),
            (urls.c.urlkey_id, urls.c.url),
            first=FIRST_URL,
        )
        # Other addresses of the same urlkeys are among the numbers, too.
        return {pair: numbers[odd[pair]] if form is None else form for pair, form in found.items()}

    def _terms(self, words: Iterable[str]) -> dict[str, int]:
        asked = {word: (stored_term(word),) for word in words}
        found = self._numbered(
            terms, asked.values(), lambda some: terms.c.text.in_(_firsts(some)), (terms.c.text,)
        )
        return {word: found[row] for word, row in asked.items()}

    def _urlkeys(self, keys: Iterable[str]) -> dict[str, int]:
        asked = {key: _key_row(key) for key in keys}
        found = self._numbered(
            urlkeys,
            asked.values(),
            lambda some: urlkeys.c.urlkey.in_(_firsts(some)),
            (urlkeys.c.urlkey, urlkeys.c.whole),
        )
        return {key: found[row] for key, row in asked.items()}

    def _payloads(self, keys: set[tuple[bytes, bytes]]) -> dict[tuple[bytes, bytes], int]:
        return self._numbered(
            payloads,
            keys,
            lambda some: PAYLOAD_MARK.in_({sha256[:_MARK_BYTES] for sha256, _ in some}),
            (payloads.c.sha256, payloads.c.digest),
        )

    def _numbered(
        self,
        table: Table,
        asked: Iterable[_K],
        among: Callable[[Sequence[_K]], Any],
        columns: Sequence["Column[Any]"],
        *,
        first: int = 1,
    ) -> dict[_K, int]:
        """Return the number of each row that is *asked* for, by its *columns*; new rows get the next ones."""
        wanted = sorted(set(asked))  # type: ignore[type-var]  # tuples of text, bytes and numbers
        found: dict[_K, int] = {}
        for some in _batches(wanted, _ASKED):
            for number, *values in self._connection.execute(select(table.c.id, *columns).where(among(some))):
                found[tuple(values)] = number  # type: ignore[index]
        missing = [key for key in wanted if key not in found]
        numbers = dict(zip(missing, range(max(first, self._next(table)), 1 << 62), strict=False))
        names = [column.name for column in columns]
        rows = [
            {"id": number, **dict(zip(names, key, strict=True))}  # type: ignore[call-overload]
            for key, number in numbers.items()
        ]
        if rows:
            self._connection.execute(insert(table), rows)
        return {**found, **numbers}

    def _next(self, table: Table) -> int:
        return int(self._connection.execute(select(func.max(table.c.id))).scalar() or 0) + 1

    def _revision(self) -> int:
        return int(self._connection.execute(select(func.max(segments.c.revision))).scalar() or 0) + 1

    def _segment_id(self, name: str) -> int | None:
        query = select(segments.c.id).where(segments.c.name == name)
        found: int | None = self._connection.execute(query).scalar()
        return found

    def _ids_of_segments(self, names: Sequence[str]) -> dict[str, tuple[int, bool]]:
        """Return the number of each that is known, and whether it is held."""
        found: dict[str, tuple[int, bool]] = {}
        for some in _batches(names, _ASKED):
            query = select(segments.c.name, segments.c.id, segments.c.held).where(segments.c.name.in_(some))
            found |= {row.name: (row.id, row.held == 1) for row in self._connection.execute(query)}
        return found


def _file_columns(texts: ArticleFile | None) -> dict[str, object]:
    if texts is None:
        return {"articles_key": None, "articles_sha256": None, "reading": None}
    return {
        "articles_key": texts.key,
        "articles_sha256": bytes.fromhex(texts.sha256),
        "reading": texts.reading,
    }


def _payload_key(capture: Capture) -> tuple[bytes, bytes]:
    return bytes.fromhex(capture.sha256), digest_bytes(capture.digest)


def _key_row(key: str) -> tuple[str, str | None]:
    stored, whole = stored_key(key), stored_address(key)
    return stored, None if stored == whole else whole


def _firsts(rows: Iterable[tuple[Any, ...]]) -> list[Any]:
    return [row[0] for row in rows]


def _batches(found: Iterable[_T], size: int) -> Iterator[list[_T]]:
    rest = iter(found)
    while batch := list(islice(rest, size)):
        yield batch
