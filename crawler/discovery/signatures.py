"""What a source announces, as one short text that changes when that does."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

from crawler.discovery.model import Discovery, Kind
from pipelines.hostnames import registered_domain
from pipelines.identity import Identity
from pipelines.urls import host

_IDENTITY = Identity()


def signature(found: Discovery) -> str:
    """Return 64 hexadecimal digits that change with what is announced, and with nothing else.

    Counted are an entry's guid (without one the identity of its URL), its dates and title, and the further
    sources. The order, the channel's own dates, markup, tracking parameters and, on a page, links to other
    sites (advertisements) are not.
    """
    lines = sorted({"\0".join(line) for line in _lines(found)})
    return sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


def _lines(found: Discovery) -> Iterator[tuple[str, ...]]:
    for source in found.more:
        yield "more", _IDENTITY.of(source.url), _moment(source.updated)
    sites: dict[str, bool] = {}
    for url in found.urls:
        if url.kind is Kind.LINK and not _is_own(url.url, url.source, sites):
            continue
        yield (
            "url",
            url.guid or _IDENTITY.of(url.url),
            _moment(url.published),
            _moment(url.updated),
            url.title,
        )


def _is_own(url: str, source: str, known: dict[str, bool]) -> bool:
    name = host(url)
    if name not in known:
        known[name] = registered_domain(name) == registered_domain(host(source))
    return known[name]


def _moment(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
