"""From options to the configuration and the archive."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from crawler.config import Config
    from pipelines.archive import Archive

PUBLISH_HINT = "nothing is published there yet; 'newswarc publish' brings there what a crawl has left"


def configuration(store: str | None, collection: str | None, file: Path | None, **flags: object) -> "Config":
    """Return the configuration; *flags* are settings of ``crawl`` by name. Raises ``ConfigError``."""
    from crawler.config import load

    given = {f"crawl.{name}": value for name, value in flags.items()}
    return load({"store.url": store, "store.collection": collection, **given}, file)


@contextmanager
def archive_of(config: "Config", *, sync: bool = False) -> Iterator["Archive"]:
    """Give the archive that exists already; *sync* brings its catalog up to what is published.

    Raises ``NotArchived`` where a folder or collection is not there.
    """
    from pipelines.errors import NotArchived

    with store_of(config) as archive:
        if next(archive.store.list(f"{archive.collection}/segments/"), None) is None:
            raise NotArchived(_no_collection(archive))
        if sync:
            archive.sync()
        yield archive


@contextmanager
def store_of(config: "Config") -> Iterator["Archive"]:
    """Give the archive in a store that is there, though its collection may not be. Raises ``NotArchived``."""
    from crawler.recorder.archives import open_archive

    require_store(config)
    archive = open_archive(config)
    try:
        yield archive
    finally:
        archive.close()


def require_store(config: "Config") -> None:
    """Raise ``NotArchived`` where the store is a folder that is not there."""
    from pipelines.errors import NotArchived

    folder = local_folder(config.store.url)
    if folder is not None and not folder.is_dir():
        raise NotArchived(f"archive: there is no store at {str(folder)!r}; name one with --store")


def local_folder(url: str) -> Path | None:
    """Return the folder that the store *url* is, None where it is none."""
    if url.startswith("file://"):
        return Path(unquote(urlsplit(url).path))
    return None if "://" in url else Path(url)


def looks_like_url(text: str) -> bool:
    """Return whether *text* is a page's address and not a store's."""
    return text.lower().startswith(("http://", "https://"))


def _no_collection(archive: "Archive") -> str:
    from pipelines.fixity.verification import collections_of

    names = list(islice(collections_of(archive.store), 20))
    known = f"it has {', '.join(map(repr, names))}" if names else PUBLISH_HINT
    return f"archive: {archive.store.url} has no collection {archive.collection!r}; {known}"
