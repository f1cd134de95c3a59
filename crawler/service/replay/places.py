"""Where in the archive the references of a page lead: each as near to the page's own time as there is one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import BigInteger, ColumnElement, ScalarSelect, and_, bindparam, func, or_, select

from crawler.service.captures import SHOWABLE, nearest
from crawler.service.context import Context
from crawler.service.timemap import link_target
from pipelines.catalog.coding import stored_key
from pipelines.catalog.schema import captures, urlkeys
from pipelines.urls import moment, urlkey

MOST: Final = 3000
"""References of one page that are looked up; others lead to the nearest by a redirect."""


@dataclass(slots=True)
class Places:
    """Gives references of one page addresses in the archive, and notes which are missing there."""

    prefix: str
    """``https://host/web/``."""
    timestamp: str
    """14 digits: the page's."""
    known: Mapping[str, str | None] = field(default_factory=dict)
    """URL → timestamp of its capture, None where there is none."""
    missing: set[str] = field(default_factory=set)

    def requisite(self, url: str, kind: str) -> str:
        """Return the address of what the page needs to be shown; *kind* is a modifier, as ``im_``."""
        at = self.known.get(url, self.timestamp)
        if at is None:
            self.missing.add(url.partition("#")[0])
        return f"{self.prefix}{at or self.timestamp}{kind}/{link_target(url)}"

    def link(self, url: str, kind: str = "") -> str:
        """Return the address of another page."""
        return f"{self.prefix}{self.timestamp}{kind}/{link_target(url)}"

    def lacks(self, url: str) -> bool:
        """Return whether *url* is known not to be archived."""
        return self.known.get(url, self.timestamp) is None


def look_up(context: Context, urls: Iterable[str], at: str) -> dict[str, str | None]:
    """Return for each of *urls* the timestamp of the capture nearest to *at* that a page can use, if any.

    One question to the catalog, however many captures each has. What is taken down is not there.
    """
    keys = {url: stored_key(urlkey(url)) for url in list(dict.fromkeys(urls))[:MOST]}
    if not keys:
        return {}
    around = _around(context, sorted(set(keys.values())), at)
    register = context.register
    found: dict[str, str | None] = {}
    for url, key in keys.items():
        stamps = sorted(around.get(key, ()), key=lambda each: abs(moment(each) - moment(at)))
        found[url] = next(iter(stamps), None)
        if found[url] is not None and not register.shows_at(url, stamps[0]):
            shown = nearest(context, url, at, where=SHOWABLE).capture
            found[url] = shown.timestamp if shown else None
    return found


def _around(context: Context, keys: list[str], at: str) -> dict[str, list[str]]:
    """Return of each urlkey the last timestamp until *at*, and the first one behind."""
    when = bindparam("at", int(at), type_=BigInteger)
    before = _one(func.max(captures.c.timestamp), captures.c.timestamp <= when)
    behind = _one(func.min(captures.c.timestamp), captures.c.timestamp > when)
    query = select(urlkeys.c.urlkey, before, behind).where(urlkeys.c.urlkey.in_(keys))
    with context.archive.catalog.database.lookup() as connection:
        rows = connection.execute(query).all()
    return {key: [f"{each:014d}" for each in stamps if each is not None] for key, *stamps in rows}


def _one(wanted: ColumnElement[int], limit: ColumnElement[bool]) -> ScalarSelect[int]:
    usable = or_(captures.c.status < 400, captures.c.status.is_(None))
    of_key = captures.c.urlkey_id == urlkeys.c.id
    return select(wanted).where(and_(of_key, limit, usable)).correlate(urlkeys).scalar_subquery()
