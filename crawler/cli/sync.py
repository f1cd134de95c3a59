"""``newswarc sync``: bring the catalog up to what is published."""

import json
from typing import Annotated

import typer

from crawler.cli.opening import archive_of, configuration
from crawler.cli.options import CollectionOption, ConfigOption, JsonOption, StoreArgument, StoreOption


def sync(
    store: StoreArgument = None,
    *,
    full: Annotated[
        bool, typer.Option("--full", help="Look at every day of the collection, not only at the last ones.")
    ] = False,
    as_json: JsonOption = False,
    named_store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """Bring the local catalog up to what is published: new segments, late ones, newer readings.

    Commands that read do so by themselves. Once a day every day of the collection is looked at.
    """
    from crawler.cli.segment_bar import segment_bar
    from crawler.cli.words import counted
    from pipelines.catalog import follow

    settings = configuration(named_store or store, collection, config)
    with archive_of(settings) as archive, segment_bar("reading segments") as progress:
        found = follow(archive.catalog, archive.store, full=full, progress=progress)
    if as_json:
        told = {
            "segments": found.segments,
            "replaced": found.replaced,
            "readings": found.readings,
            "ledger_files": found.ledger_files,
            "listed_all": found.listed_all,
        }
        print(json.dumps(told))
        return
    looked = "every day" if found.listed_all else "the last days"
    print(
        f"{counted(found.segments, 'new segment')}, {counted(found.readings, 'newer reading')}, "
        f"{counted(found.replaced, 'replaced segment')}; {looked} of the collection looked at"
    )
