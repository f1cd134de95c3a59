"""``newswarc publish``, ``verify`` and ``repair``: what keeps an archive whole."""

from crawler.cli.opening import configuration
from crawler.cli.options import CollectionOption, ConfigOption, StoreArgument, StoreOption


def publish(
    store: StoreArgument = None,
    *,
    named_store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """Bring to the store what earlier crawls recorded and could not publish, also those that crashed."""
    from crawler.cli.words import counted
    from crawler.recorder.recorder import open_archive
    from pipelines.errors import Unavailable

    settings = configuration(named_store or store, collection, config)
    archive = open_archive(settings)
    try:
        published, waiting = archive.publish_left(settings.segments.store_patience)
    finally:
        archive.close()
    print(f"{counted(published, 'segment')} published")
    if waiting:
        raise Unavailable(
            f"publish: {counted(len(waiting), 'segment')} still wait in {archive.spool}; "
            "see to the store and run 'newswarc publish' again"
        )
