"""What the archive has of articles that changed or went: found by the catalog, read from the store.

Only articles of which something differs between captures are read, so memory holds these and no others.
"""

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pipelines import extract as extraction
from pipelines.archive import Archive
from pipelines.catalog import ArticlePlace, Filter, Match, Query
from pipelines.edits import Sighting
from pipelines.edits.sighting import target
from pipelines.extract import Article, ArticleRow, read_articles
from pipelines.hostnames import registered_domain
from pipelines.model import Capture, header
from pipelines.urls import host, urlkey

NEIGHBOURS = 200
"""Articles of a site that are read beside the one that is asked for."""

_REDIRECTS = (301, 302, 303, 307, 308)
_TROUBLES = (*_REDIRECTS, 401, 402, 404, 410, 451)

_Groups = dict[str, list[ArticlePlace]]
"""Places of articles by identity; by address where there are none."""
_At = tuple[str, int]
"""Segment and offset: what a capture and its article share."""


class Changing:
    """The captures of the articles of an archive, its catalog being up to date."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._catalog = archive.catalog

    def of_page(self, url: str) -> list[Sighting]:
        """Return the captures of the article at *url*, whatever they show; where it redirects to, too.

        Captures of other articles of its site are among them, by which is told what comes and goes there.
        """
        places = list(self._catalog.history(url))
        groups = {places[0].identity if places else url: places}
        groups |= self._targets(self._catalog.captures(Query(url, where=Filter(statuses=_REDIRECTS))))
        groups |= self._changing(registered_domain(host(url)), most=NEIGHBOURS)
        return self._read(groups)

    def of_site(self, name: str = "") -> list[Sighting]:
        """Return the captures of each article of the host *name* and those below it that may have a history.

        Without *name*, of all sites.
        """
        return self._read(self._changing(name))

    def _changing(self, name: str, *, most: int | None = None) -> _Groups:
        match = Match.DOMAIN if name else Match.PREFIX
        query = Query(name, match=match, where=Filter(statuses=_TROUBLES))
        # The last one of an address: what came before the text says nothing of its going.
        troubles = {capture.urlkey: capture for capture in self._catalog.captures(query)}
        wanted: _Groups = {}
        redirects: list[Capture] = []
        for identity in self._identities(name):
            places = list(self._catalog.history(identity))
            after = [
                t for place in places if (t := troubles.get(place.urlkey)) and t.timestamp > place.captured
            ]
            if _differ(places) or after:
                wanted[identity] = places
                redirects += after
            if len(wanted) == most:
                break
        return wanted | self._targets(redirects)

    def _targets(self, captures: Iterable[Capture]) -> _Groups:
        """Return the articles that *captures*, as far as they are redirects, lead to."""
        found: _Groups = {}
        for capture in captures:
            address = target(Sighting(capture, None, self._location(capture)))
            places = list(self._catalog.history(address)) if address else []
            if address:
                # One that only repeats what stood elsewhere has no article of its own.
                found[places[0].identity if places else address] = places
        return found

    def again(self, sighting: Sighting) -> Article | None:
        """Return what today's extractor reads of a capture, None where rules of its site had a part in it."""
        if sighting.article is None or sighting.article.rules:
            return None
        stored = self._archive.open(sighting.capture)
        return extraction.extract(stored.payload, sighting.capture.url, headers=stored.headers)

    def _identities(self, name: str) -> Iterator[str]:
        start = urlkey(f"http://{name}/").partition(")")[0] if name else ""
        for identity in sorted({identity for _, identity in self._catalog.identities()}):
            if not start or identity.startswith((f"{start})", f"{start},", f"{start}:")):
                yield identity

    def _read(self, groups: _Groups) -> list[Sighting]:
        rows = {(row.capture.segment, row.capture.offset): row for row in self._rows(groups.values())}
        found: list[Sighting] = []
        addresses = dict.fromkeys((*_addresses(groups), *(row.capture.url for row in rows.values())))
        by_payload = {row.capture.sha256: row.article for row in rows.values()}
        seen: set[_At] = set()
        for address in addresses:
            for capture in self._catalog.find(address):
                at = (capture.segment, capture.offset)
                if at not in seen:
                    seen.add(at)
                    found.append(self._sighting(capture, rows.get(at), by_payload))
        return found

    def _rows(self, groups: Iterable[Sequence[ArticlePlace]]) -> Iterator[ArticleRow]:
        wanted: dict[str, set[int]] = defaultdict(set)
        for places in groups:
            for place in places:
                wanted[place.articles_key].add(place.row)
        for key, numbers in sorted(wanted.items()):
            with self._archive.store.open(key) as reader:
                content = reader.read()
            for number, row in enumerate(read_articles(io.BytesIO(content))):
                if number in numbers:
                    yield row

    def _sighting(self, capture: Capture, row: ArticleRow | None, by_payload: dict[str, Article]) -> Sighting:
        if row is not None:
            return Sighting(capture, row.article)
        if capture.kind == "revisit":
            return Sighting(capture, by_payload.get(capture.sha256))
        return Sighting(capture, None, self._location(capture))

    def _location(self, capture: Capture) -> str:
        if capture.status not in _REDIRECTS:
            return ""
        stored = self._archive.open(capture)
        return (header(stored.head.headers, b"location") or b"").decode("utf-8", "replace").strip()


def _addresses(groups: _Groups) -> Iterator[str]:
    return (key for key, places in groups.items() if not places)


def _differ(places: Sequence[ArticlePlace]) -> bool:
    return len({(place.title, place.authors, place.text_sha256, place.quality) for place in places}) > 1
