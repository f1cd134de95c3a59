"""``newswarc compact``: many small segments become a few large ones."""

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.opening import archive_of, configuration
from crawler.cli.options import CollectionOption, ConfigOption, JsonOption, StoreArgument, StoreOption

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta

    from pipelines.compaction import Compacted, CompactionOptions, Plan
    from pipelines.segments.manifest import Manifest
    from pipelines.storage import ObjectStore

_DAMAGED = 30


def compact(
    store: StoreArgument = None,
    *,
    older: Annotated[
        str, typer.Option("--older", metavar="SPAN", help="Since when segments must be closed.")
    ] = "1d",
    below: Annotated[
        str, typer.Option("--below", metavar="SIZE", help="Of which size on they stay.")
    ] = "64MB",
    target: Annotated[
        str, typer.Option("--target", metavar="SIZE", help="How large a new segment is at most.")
    ] = "1GB",
    keep: Annotated[
        str, typer.Option("--keep", metavar="SPAN", help="How long the files of merged segments stay.")
    ] = "1d",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Take over from a run or purge that is dead on another machine.")
    ] = False,
    as_json: JsonOption = False,
    named_store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """Merge small segments into large ones, their records as they are, while all of them can be read.

    The files of merged segments stay for --keep, for readers elsewhere that have not heard of it; a later run
    deletes them. To be run once a day. May be cut off at any moment and run again. The exit code is 30 where
    damaged segments were left out: 'newswarc repair' sees to them.
    """
    options = _options(older, below, target, keep)
    settings = configuration(named_store or store, collection, config)
    with archive_of(settings) as archive:
        if dry_run:
            _show_plan(_planned(archive.store, archive.collection, options), as_json=as_json)
            return
        from crawler.cli.segment_bar import segment_bar
        from pipelines.compaction import compact as merge

        folder = settings.state_folder / "compact" / archive.collection
        with segment_bar("merging segments") as told:
            done = merge(archive.store, archive.collection, folder, options=options, force=force, told=told)
        _show(done, as_json=as_json)
        archive.sync()
    if done.left_out or done.cleared.damaged:
        raise typer.Exit(_DAMAGED)


def _options(older: str, below: str, target: str, keep: str) -> "CompactionOptions":
    from pipelines.compaction import CompactionOptions

    return CompactionOptions(
        older=_span("--older", older),
        below=_size("--below", below),
        target=_size("--target", target),
        keep=_span("--keep", keep),
    )


def _span(option: str, text: str) -> "timedelta":
    from datetime import timedelta

    from crawler.config.units import LONGEST_SECONDS, read_seconds
    from pipelines.errors import ConfigError

    try:
        seconds = float(str(read_seconds(text)))
    except ValueError as error:
        raise ConfigError(f"{option}: {text!r} {error}") from error
    if not 0 <= seconds <= LONGEST_SECONDS:
        raise ConfigError(f"{option}: {text!r} is no span of time; write one such as 12h or 1d")
    return timedelta(seconds=seconds)


def _size(option: str, text: str) -> int:
    from crawler.config.units import read_bytes
    from pipelines.errors import ConfigError

    try:
        return int(str(read_bytes(text)))
    except ValueError as error:
        raise ConfigError(f"{option}: {text!r} {error}") from error


def _planned(store: "ObjectStore", collection: str, options: "CompactionOptions") -> "Plan":
    from datetime import UTC, datetime

    from pipelines.compaction import plan_compaction

    return plan_compaction(store, collection, options=options, now=datetime.now(UTC))


def _show_plan(plan: "Plan", *, as_json: bool) -> None:
    from crawler.cli.words import counted, size

    if as_json:
        print(json.dumps({"merge": [*map(_group, plan.groups)], "delete": sorted(plan.due)}, indent=1))
        return
    for group in plan.groups:
        told = _group(group)
        print(
            f"would merge {counted(len(group), 'segment')}, {size(told['bytes'])}, "
            f"{counted(told['captures'], 'capture')}, from {group[0].segment} to {group[-1].segment}"
        )
    if plan.due:
        print(f"would delete what is left of {counted(len(plan.due), 'segment')} that were merged earlier")
    if not plan.groups and not plan.due:
        print("nothing to do")


def _group(group: "tuple[Manifest, ...]") -> dict[str, Any]:
    return {
        "segments": [each.segment for each in group],
        "captures": sum(each.counts.captures for each in group),
        "bytes": sum(each.files.warc.size for each in group),
    }


def _show(done: "Compacted", *, as_json: bool) -> None:
    from crawler.cli.words import printable

    if as_json:
        print(json.dumps(_object(done), indent=1))
    else:
        print("\n".join(_told(done)) or "nothing to do")
    for each in done.left_out:
        print(printable(f"left out {each.segment}: {each.why}"), file=sys.stderr)
    for key in done.cleared.damaged:
        print(f"{key} is not whole: what it was merged from stays; run 'newswarc verify'", file=sys.stderr)


def _told(done: "Compacted") -> "Iterator[str]":
    from crawler.cli.words import counted, size

    for made in done.made:
        yield (
            f"{made.segment}: {counted(len(made.compacts), 'segment')} in one, "
            f"{counted(made.counts.captures, 'capture')}, {size(made.files.warc.size)}"
        )
    cleared = done.cleared
    if cleared.objects:
        yield (
            f"{counted(cleared.objects, 'object')} of {counted(cleared.segments, 'segment')} "
            f"that were merged earlier deleted, {size(cleared.bytes)}"
        )
    if cleared.clusters:
        yield "the merged index is gone with them; 'newswarc index merge' makes it anew"


def _object(done: "Compacted") -> dict[str, Any]:
    cleared = done.cleared
    return {
        "made": [
            {
                "segment": made.segment,
                "segments": len(made.compacts),
                "captures": made.counts.captures,
                "articles": made.counts.articles,
                "bytes": made.files.warc.size,
            }
            for made in done.made
        ],
        "left_out": [{"segment": each.segment, "why": each.why} for each in done.left_out],
        "deleted": {
            "segments": cleared.segments,
            "objects": cleared.objects,
            "bytes": cleared.bytes,
            "merged_indexes": cleared.clusters,
        },
        "damaged": list(cleared.damaged),
    }
