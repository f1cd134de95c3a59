"""Archives to damage."""

from dataclasses import dataclass, replace

import pytest

from pipelines.model import Provenance
from pipelines.segments.manifest import FileEntry, Link, Manifest, manifest_digest, parse_manifest
from pipelines.segments.names import SegmentName
from pipelines.segments.open_segment import SegmentOptions
from pipelines.storage import MemoryStore
from pipelines.storage.contract import ObjectStore
from segments.making import exchange, failure, hex_sha256, open_archive, page, record_all, response

KEYS = ("warc_key", "index_key", "articles_key", "manifest_key")


@dataclass
class Damaged:
    """An archive of three segments of one writer, and a way to damage its objects."""

    store: ObjectStore
    segments: list[Manifest]

    def name(self, number) -> SegmentName:
        return self.segments[number].name

    def key(self, number, what) -> str:
        return getattr(self.name(number), what)

    def content(self, number, what) -> bytes:
        return self.store.get(self.key(number, what))

    def put(self, number, what, content) -> None:
        """Put other content under the key; None takes the object away."""
        self.store.delete(self.key(number, what))
        if content is not None:
            self.store.put(self.key(number, what), content)

    def rewrite(self, number, what, content) -> None:
        """Put other content, and have the manifest and all that follow say that it is right."""

        self.put(number, what, content)
        field = {"warc_key": "warc", "index_key": "index", "articles_key": "articles"}[what]
        entry = FileEntry(self.key(number, what), len(content), hex_sha256(content))
        changed = self.segments[number]
        self.segments[number] = replace(changed, files=replace(changed.files, **{field: entry}))
        self.relink(number)

    def relink(self, number) -> None:

        for place in range(number, len(self.segments)):
            if place > number:
                before = self.segments[place - 1]
                link = Link(before.segment, manifest_digest(before.to_json()))
                self.segments[place] = replace(self.segments[place], previous=link)
            self.put(place, "manifest_key", self.segments[place].to_json())


@pytest.fixture(scope="session")
def pristine(tmp_path_factory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("pristine")
    archive = open_archive(folder, "trial", store=MemoryStore())
    same = response(page(5))
    for start in (0, 10, 20):
        record_all(
            archive,
            [
                exchange(start, article=True, provenance=_announced(start)),
                exchange(start + 1, response(page(start + 1), sizes=[7, 300]), article=True),
                exchange(start + 2, same, article=True),
                exchange(start + 3, response(b""), interim=b"HTTP/1.1 103 Early Hints\r\n\r\n", article=True),
                exchange(start + 4, response(page(start + 4))[:-20], truncated="disconnect", article=True),
            ],
            failures=[failure(start)],
            options=SegmentOptions(fsync=False),
        )
    archive.close()
    return {found.key: archive.store.get(found.key) for found in archive.store.list()}


def _announced(start):

    return Provenance("job-1", announced={"title": f"Ship {start} comes in", "source": "feed"})


@pytest.fixture
def damaged(pristine) -> Damaged:

    store = MemoryStore()
    for key, content in pristine.items():
        store.put(key, content)
    found = [
        parse_manifest(content) for key, content in pristine.items() if key.startswith("trial/segments/")
    ]
    return Damaged(store, sorted(found, key=lambda manifest: manifest.name.serial))
