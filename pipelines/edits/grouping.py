"""Which captures are of one article: addresses that are one page, and pages that are one article.

Where it is not certain that two pages are one article they stay two, as :mod:`pipelines.identity` holds it
with addresses: what a page calls its canonical address, and where it redirects to, is believed only if the
texts are alike. Some sites name one canonical address on all of their pages.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pipelines.edits.sighting import Sighting, State, is_home, judged, page_key, target
from pipelines.edits.wording import plain
from pipelines.extract.article import Article
from pipelines.extract.fingerprint import is_copy, is_revision
from pipelines.hostnames import registered_domain
from pipelines.urls import host


def grouped(sightings: Iterable[Sighting]) -> dict[str, list[Sighting]]:
    """Return the captures of each article in order of time, by the article's key (:func:`article_key`).

    First pages of sites are left out: they are never the same. All *sightings* are held in memory.
    """
    pages: dict[str, list[Sighting]] = defaultdict(list)
    for sighting in sorted(sightings, key=lambda each: each.order):
        if not is_home(sighting.capture.url):
            pages[page_key(sighting.capture.url)].append(sighting)
    union = _Union(pages)
    found: dict[str, list[Sighting]] = defaultdict(list)
    for key in sorted(pages):
        found[union.key(key)] += pages[key]
    return {key: sorted(found[key], key=lambda each: each.order) for key in found}


def article_key(url: str) -> str:
    """Return the key of the article at *url*, as long as no other page is known to be the same article."""
    return page_key(url)


def canonical_key(article: Article) -> str:
    """Return the key of the page that *article* calls its own; empty where it names none of its site's."""
    url = article.canonical_url
    if not url or is_home(url) or registered_domain(host(url)) != registered_domain(host(article.url)):
        return ""
    return page_key(url)


def are_one(one: Article, other: Article) -> bool:
    """Return whether two texts are the same article, changed or not."""
    if one.fingerprint and other.fingerprint:
        return is_copy(one.fingerprint, other.fingerprint) or is_revision(one.fingerprint, other.fingerprint)
    return bool(one.title) and plain(one.title) == plain(other.title)


class _Union:
    """Joins pages into articles."""

    def __init__(self, pages: dict[str, list[Sighting]]) -> None:
        self._texts = {key: text for key in pages if (text := _last_text(pages[key])) is not None}
        self._key: dict[str, str] = {}
        for key in sorted(pages):
            for other in _claims(pages[key]):
                self._join(key, other)

    def key(self, page: str) -> str:
        """Return the key of the article that *page* belongs to."""
        while page in self._key:
            page = self._key[page]
        return page

    def _join(self, page: str, other: str) -> None:
        """Join *page* to *other*, which it names, if their texts are alike."""
        page, other = self.key(page), self.key(other)
        text = self._texts.get(page)
        if page == other or text is None:
            return
        if other not in self._texts:
            # Never captured itself: the first page that names it lends it its text.
            self._texts[other] = text
        if are_one(text, self._texts[other]):
            self._key[page] = other


def _last_text(sightings: Iterable[Sighting]) -> Article | None:
    texts = [each.article for each in sightings if judged(each).state is State.TEXT]
    return texts[-1] if texts else None


def _claims(sightings: Iterable[Sighting]) -> Iterator[str]:
    """Yield the pages that a page's captures name as the same article, each once."""
    found: dict[str, None] = {}
    for each in sightings:
        judgement = judged(each)
        if judgement.state is State.MOVED:
            found[page_key(target(each))] = None
        elif judgement.state is State.TEXT and each.article and (key := canonical_key(each.article)):
            found[key] = None
    yield from found
