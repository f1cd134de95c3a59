"""The hash chains of manifests: each names the one before it, of the same writer, by its bytes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipelines.fixity.report import Damage, Finding
from pipelines.segments.manifest import Manifest
from pipelines.segments.names import SegmentName


@dataclass(frozen=True, slots=True)
class StoredManifest:
    """A manifest as it lies in the store."""

    key: str
    segment: str
    """As its key tells it."""
    sha256: str
    manifest: Manifest | None
    """None where it could not be read."""


def check_chains(found: Iterable[StoredManifest], *, replaced: set[str]) -> Iterator[Finding]:
    """Yield where a chain is broken.

    A link to a segment in *replaced* may lead to no manifest: ``repair`` has moved one that was unreadable.
    """
    by_segment = {each.segment: each for each in found}
    followers: dict[str | None, list[StoredManifest]] = defaultdict(list)
    for each in by_segment.values():
        if each.manifest is None:
            continue
        previous = each.manifest.previous
        start = f"start of {SegmentName.parse(each.segment).writer}"
        followers[previous.segment if previous else start].append(each)
        if previous is None or previous.segment in replaced - by_segment.keys():
            continue
        before = by_segment.get(previous.segment)
        if before is None:
            yield _broken(each, f"the manifest before it, of {previous.segment}, is missing")
        elif before.sha256 != previous.sha256 and not (
            before.manifest is None and before.segment in replaced
        ):
            yield _broken(
                each, f"the manifest of {previous.segment} has sha256 {before.sha256}, not {previous.sha256}"
            )
    for place, following in followers.items():
        for each in following[1:]:
            yield _broken(each, f"{following[0].segment} follows the same one ({place})")


def _broken(each: StoredManifest, words: str) -> Finding:
    return Finding(Damage.CHAIN_BROKEN, each.segment, each.key, None, words)
