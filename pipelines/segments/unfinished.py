"""What a repair, a purge or a compaction left that was cut off before its manifest."""

from collections.abc import Iterator

from pipelines.segments.names import SegmentName, segment_of_key
from pipelines.storage.contract import ObjectStore

_FOLDERS = ("archive", "indexes", "articles")


def unfinished_copies(store: ObjectStore, collection: str, *, day: str = "") -> Iterator[str]:
    """Yield the keys of objects that belong to a segment of copied records without a manifest.

    All that they hold is in other segments too, so they may be deleted: by who has the claim of purges and
    compactions, since else somebody may be about to put the manifest. *day* (``2026/11/23``) is the first
    that is looked at. Raises ``StorageError``.
    """

    def keys(folder: str) -> Iterator[str]:
        prefix = f"{collection}/{folder}/"
        return (info.key for info in store.list(prefix, after=prefix + day if day else ""))

    committed = {segment_of_key(key) for key in keys("segments")}
    for folder in _FOLDERS:
        for key in keys(folder):
            segment = segment_of_key(key)
            if segment and segment not in committed and SegmentName.parse(segment).is_copied:
                yield key
