"""The versions of one article, from a bounded number of its captures."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Final

from crawler.service.context import Context
from crawler.service.pages.rows import Texts
from pipelines.catalog import ArticlePlace, Filter, Place, Query
from pipelines.catalog.counting import latest_articles, latest_of_site
from pipelines.edits import Furniture, History, Sighting, history, site_furniture
from pipelines.model import Capture

MOST_READINGS: Final = 400
"""Captures of an article that are looked at, the latest."""
MOST_TEXTS: Final = 16
"""Different texts among them that are read and compared."""
FURNITURE_SECONDS: Final = 600.0
"""For so long what was learned of a site counts."""
_NEIGHBOURS: Final = 8
_TEXTS_OF_NEIGHBOUR: Final = 4
_MOST_SITES: Final = 1000
_MOST_OTHERS: Final = 100
_TROUBLES: Final = (401, 402, 404, 410, 451)


@dataclass(frozen=True, slots=True)
class Known:
    """A reading of the article, with the capture that it is of."""

    place: ArticlePlace
    capture: Capture


def capture_at(context: Context, place: ArticlePlace) -> Capture | None:
    """Return the capture that *place* was read from; None where the catalog has lost it meanwhile."""
    return context.archive.catalog.at(Place(place.urlkey, place.captured, place.segment, place.offset))


def known_readings(context: Context, url: str) -> list[ArticlePlace]:
    """Return the latest readings of the article at *url* that may be shown, the latest first."""
    found = latest_articles(context.archive.catalog, url, most=MOST_READINGS)
    register = context.register
    if not register.active and not register.unfinished:
        return found
    kept = []
    for place in found:
        capture = capture_at(context, place)
        if capture is not None and register.shows(capture):
            kept.append(place)
    return kept


class Histories:
    """How articles changed. What comes and goes all over a site is learned once. Safe for several threads."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._texts = Texts(context.archive.store)
        self._furniture: dict[str, tuple[float, Furniture | None]] = {}

    def of(self, url: str, readings: Sequence[ArticlePlace]) -> History:
        """Return how the article at *url* changed over *readings*, the latest first, and when it was gone.

        Of :data:`MOST_TEXTS` different texts at most, the latest.
        """
        runs = _runs(readings)
        sightings = self._sightings(runs)
        if not sightings:
            return History()
        sightings += self._others(url, sightings)
        furniture = self._furniture_of(readings[0]) if len(runs) > 1 else None
        return history(sightings, furniture=furniture)

    def _sightings(self, runs: Sequence[Sequence[ArticlePlace]]) -> list[Sighting]:
        """Return the first and the last capture of each run of the same text."""
        texts = self._texts.of(run[0] for run in runs)
        found = []
        for run in runs:
            article = texts.get((run[0].articles_key, run[0].row))
            for place in {run[0].captured: run[0], run[-1].captured: run[-1]}.values():
                capture = capture_at(self._context, place)
                if capture is not None and article is not None:
                    found.append(Sighting(capture, article))
        return found

    def _others(self, url: str, sightings: Sequence[Sighting]) -> Iterator[Sighting]:
        """Yield the captures that have no reading of their own: errors, and revisits of what was read."""
        by_payload = {each.capture.sha256: each.article for each in sightings}
        earliest = min(each.capture.timestamp for each in sightings)
        for where in (Filter(statuses=_TROUBLES), Filter(kinds=("revisit",))):
            query = Query(url, since=earliest, where=where, reverse=True, limit=_MOST_OTHERS)
            for capture in list(self._context.archive.catalog.captures(query)):
                if self._context.shows(capture):
                    is_revisit = capture.kind == "revisit"
                    yield Sighting(capture, by_payload.get(capture.sha256) if is_revisit else None)

    def _furniture_of(self, place: ArticlePlace) -> Furniture | None:
        """Return what comes and goes on the site of *place*, by the articles of it that changed last."""
        host = place.urlkey.partition(")")[0]
        known = self._furniture.get(host)
        if known is None or time.monotonic() - known[0] > FURNITURE_SECONDS:
            found = site_furniture(self._neighbours(place, host))
            known = (time.monotonic(), next(iter(found.values()), None))
            if len(self._furniture) > _MOST_SITES:
                self._furniture.clear()
            self._furniture[host] = known
        return known[1]

    def _neighbours(self, place: ArticlePlace, host: str) -> Iterator[list[Sighting]]:
        by_identity: dict[str, list[ArticlePlace]] = {}
        for each in latest_of_site(self._context.archive.catalog, place.site, most=MOST_READINGS):
            if each.urlkey.partition(")")[0] == host:
                by_identity.setdefault(each.identity, []).append(each)
        changed = (runs for found in by_identity.values() if len(runs := _runs(found)) > 1)
        for runs in islice(changed, _NEIGHBOURS):
            yield self._sightings(runs[:_TEXTS_OF_NEIGHBOUR])


def _runs(readings: Sequence[ArticlePlace]) -> list[list[ArticlePlace]]:
    """Return the latest :data:`MOST_TEXTS` runs of captures with the same text."""
    return [list(run) for _, run in islice(groupby(readings, key=_wording), MOST_TEXTS)]


def _wording(place: ArticlePlace) -> tuple[str, tuple[str, ...], str, str]:
    return place.title, place.authors, place.text_sha256, place.quality
