"""``newswarc rebuild``: make the catalog anew from the store alone."""

import json

from crawler.cli.opening import configuration, require_store
from crawler.cli.options import CollectionOption, ConfigOption, JsonOption, StoreArgument, StoreOption


def rebuild(
    store: StoreArgument = None,
    *,
    as_json: JsonOption = False,
    named_store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """Make the local catalog anew from the store alone. The old one stays in use until the new one is whole.

    It is never needed, but does no harm: after a damage, or where a catalog is not believed.
    """
    import time

    from crawler.cli.segment_bar import segment_bar
    from crawler.cli.words import counted, duration
    from crawler.recorder.archives import open_store_of
    from pipelines.archive import catalog_url
    from pipelines.catalog.rebuilding import rebuild as make_anew
    from pipelines.errors import NotArchived

    settings = configuration(named_store or store, collection, config)
    require_store(settings)
    name, objects = settings.store.collection, open_store_of(settings)
    if next(objects.list(f"{name}/segments/"), None) is None:
        raise NotArchived(f"rebuild: {settings.store.url} has no collection {name!r} with a segment")
    began = time.monotonic()
    with segment_bar("reading segments") as progress:
        url = settings.state.catalog or catalog_url(settings.state_folder, name)
        found = make_anew(objects, name, url, progress=progress)
    if as_json:
        print(json.dumps({"segments": found.segments, "seconds": round(time.monotonic() - began, 3)}))
    else:
        told = duration(time.monotonic() - began)
        print(f"catalog of {name!r} made from {counted(found.segments, 'segment')} in {told}")
