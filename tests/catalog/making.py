"""Segments in a store without their WARCs: index, articles and manifest, as a sealed segment has them."""

import tempfile
from base64 import b32encode
from dataclasses import replace
from hashlib import sha1, sha256
from pathlib import Path

from pipelines.catalog import Catalog
from pipelines.extract import Article, ArticleRow, Passage, Quality, write_articles
from pipelines.extract.fingerprint import fingerprint
from pipelines.index import to_line
from pipelines.model import Capture
from pipelines.segments.manifest import Counts, FileEntry, Files, Link, Manifest, manifest_digest
from pipelines.segments.names import SegmentName
from pipelines.urls import urlkey

ENTRY = FileEntry("trial/archive/none", 1, "0" * 64)


def name_of(serial, *, day="20261120", writer="0a1b2c3d", collection="trial") -> SegmentName:
    return SegmentName(collection, f"{day}{serial % 24:02d}0000", serial, writer)


def capture(name, offset, url, timestamp, *, content=None, kind="response", **more) -> Capture:
    payload = (content if content is not None else f"{url} {timestamp}").encode()
    given = {
        "urlkey": urlkey(url),
        "timestamp": timestamp,
        "url": url,
        "kind": kind,
        "status": 200,
        "mime": "text/html",
        "digest": "sha1:" + b32encode(sha1(payload).digest()).decode(),
        "sha256": sha256(payload).hexdigest(),
        "segment": str(name),
        "filename": name.warc_filename,
        "offset": offset,
        "length": 500 + offset,
    }
    return Capture(**{**given, **more})


def manifest_of(name, captures, *, articles=None, previous=None, replaces=None, job="job-1") -> Manifest:
    times = sorted(each.timestamp for each in captures)
    index = b"".join(sorted(map(to_line, captures)))
    return Manifest(
        segment=str(name),
        opened=name.opened,
        sealed=name.opened,
        software="newswarc/test",
        job=job,
        files=Files(
            replace(ENTRY, key=name.warc_key),
            FileEntry(name.index_key, len(index), sha256(index).hexdigest()),
            articles,
        ),
        counts=Counts(len(captures), sum(each.kind == "revisit" for each in captures), 0, 0, {}),
        first=times[0] if times else None,
        last=times[-1] if times else None,
        previous=Link(previous.segment, manifest_digest(previous.to_json())) if previous else None,
        replaces=replaces,
    )


def publish(store, name, captures, *, rows=(), **more) -> Manifest:
    """Put a segment into the store, the manifest last, and return that."""
    store.put(name.index_key, b"".join(sorted(map(to_line, captures))))
    entry = None
    if rows:
        content = parquet(rows)
        store.put(name.articles_key, content)
        entry = FileEntry(name.articles_key, len(content), sha256(content).hexdigest())
    manifest = manifest_of(name, captures, articles=entry, **more)
    manifest = replace(manifest, counts=replace(manifest.counts, articles=len(rows)))
    store.put(name.manifest_key, manifest.to_json())
    return manifest


def parquet(rows) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        write_articles(rows, path)
        return path.read_bytes()


def article(found, text, **more) -> ArticleRow:
    given = {
        "url": found.url,
        "title": "The harbour",
        "site": "The Paper",
        "authors": ("A. Pilot", "B. Mate"),
        "languages": ("en",),
        "passages": tuple(Passage(part, "en") for part in text.split("\n\n")),
        "quality": Quality.FULL,
        "extractor": "newswarc/1",
        "fingerprint": fingerprint(text),
    }
    return ArticleRow(Article(**{**given, **more}), found)


def dump(catalog: Catalog) -> list:
    """All that a catalog answers, in its order."""
    identities = sorted({identity for _, identity in catalog.identities()})
    return [
        *catalog.all(),
        *(each for identity in identities for each in catalog.history(identity)),
        *catalog.jobs(),
        *catalog.ledger_keys(),
    ]
