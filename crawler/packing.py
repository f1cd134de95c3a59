"""What belongs to a page when it is taken out of the archive: for the command line and for the service."""

from collections import deque
from collections.abc import Iterable, Iterator

from crawler.discovery import css_requisites, requisites
from pipelines.archive import Archive
from pipelines.catalog import Place
from pipelines.extract.coding import decoded
from pipelines.model import Capture

_LOADING = frozenset({"text/html", "application/xhtml+xml", "text/css"})
_IMPORTS = 3
"""Stylesheets that import stylesheets are followed so far."""


def with_requisites(archive: Archive, captures: Iterable[Capture]) -> Iterator[Capture]:
    """Yield *captures*, and of what their pages and stylesheets load the capture nearest in time, if any."""
    seen: set[Place] = set()
    waiting = deque((capture, 0) for capture in captures)
    while waiting:
        capture, depth = waiting.popleft()
        if Place.of(capture) in seen:
            continue
        seen.add(Place.of(capture))
        yield capture
        for url in _requisites(archive, capture) if depth <= _IMPORTS else ():
            found = archive.catalog.closest(url, capture.timestamp)
            if found is not None:
                waiting.append((found, depth + 1))


def _requisites(archive: Archive, capture: Capture) -> list[str]:
    """Return what *capture* loads, if it is a page or a stylesheet."""
    if capture.mime not in _LOADING:
        return []
    read = archive.open(capture)
    content, _ = decoded(read.payload, read.headers)
    if capture.mime == "text/css":
        return css_requisites(content.decode("utf-8", "replace"), capture.url)
    return requisites(content, capture.url)
