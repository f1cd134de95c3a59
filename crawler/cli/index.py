"""``newswarc index``: one sorted index of a whole collection, in its store."""

import json

import typer

from crawler.cli.opening import archive_of, configuration
from crawler.cli.options import CollectionOption, ConfigOption, JsonOption, StoreArgument, StoreOption

index = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Keep one sorted index of the whole collection in the store.",
)


@index.callback()
def about() -> None:
    """Keep one sorted index of the whole collection in the store."""


@index.command(short_help="Merge the segments' indexes into one.")
def merge(
    store: StoreArgument = None,
    *,
    as_json: JsonOption = False,
    named_store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """Merge the indexes of all segments into a ZipNum cluster in the store, as pywb and others read it.

    It is not needed to find anything here. Segments that come later are not in it: merge again.
    """
    from crawler.cli.segment_bar import segment_bar
    from crawler.cli.words import counted, size
    from pipelines.catalog.clusters import clusters_prefix, merge_indexes

    settings = configuration(named_store or store, collection, config)
    with archive_of(settings) as archive, segment_bar("reading indexes") as progress:
        made = merge_indexes(archive.store, archive.collection, progress=progress)
        place = f"{clusters_prefix(archive.collection)}{made.made}/"
    if as_json:
        told = {"key": place, "lines": made.lines, "blocks": made.blocks, "segments": len(made.segments)}
        print(json.dumps({**told, "bytes": sum(file.size for file in made.files)}))
        return
    print(
        f"{counted(made.lines, 'line')} of {counted(len(made.segments), 'segment')} in "
        f"{counted(made.blocks, 'block')}, {size(sum(file.size for file in made.files))}: {place}"
    )
