"""What take-downs leave of a search, for the command line and for the service."""

from collections.abc import Iterator

from pipelines.archive import Archive
from pipelines.catalog import Place
from pipelines.search import Either, Named, Node, named
from pipelines.search import Shown as Hit
from pipelines.takedown import Action, Kind, Register, Target
from pipelines.urls import span, urlkey


def taken_down(register: Register) -> Node | None:
    """Return what asks an index for all that is taken down, as far as it has it; None where nothing is.

    The index knows no prefixes and no payloads: what is taken down by these :func:`shows_hit` tells.
    """
    found = tuple(
        named(Named(str(target.kind)), target.urlkey, first=target.first, last=target.last)
        for target in hiding(register)
        if str(target.kind) in set(Named)
    )
    return Either(found) if found else None


def uncounted(register: Register) -> list[str]:
    """Return the kinds of take-downs that counts of a search may include, in order."""
    return sorted({str(target.kind) for target in hiding(register)} - set(Named))


def shows_hit(archive: Archive, register: Register, found: Hit) -> bool:
    """Return whether what a search *found* may be shown."""
    if not register.shows_at(found.url, found.captured):
        return False
    if not register.names_content:
        return True
    place = Place(urlkey(found.url), found.captured, found.segment, found.offset)
    capture = archive.catalog.at(place)
    if capture is None:  # newer than the catalog
        archive.sync()
        capture = archive.catalog.at(place)
    return capture is None or register.shows(capture)


def hides_of(register: Register, url: str) -> bool:
    """Return whether a capture of *url* may be taken down: only then each one must be looked at."""
    return any(
        target.kind is Kind.PAYLOAD or target.names_at(url, span(target.first)[0])
        for target in hiding(register)
    )


def hiding(register: Register) -> Iterator[Target]:
    """Yield what is hidden or blocked, or is about to be purged."""
    found = [each for each in register.active if each.action in {Action.HIDE, Action.BLOCK}]
    # What a purge has yet to take is hidden until then.
    return (each.target for each in (*found, *register.unfinished) if each.target)
