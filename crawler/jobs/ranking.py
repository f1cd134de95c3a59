"""Which feeds of a surveyed site are worth reading, the best first. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from crawler.jobs.questions import Answer, Survey, is_of_comments
from crawler.sites.writing import relative
from pipelines.hostnames import registered_domain
from pipelines.identity import Identity
from pipelines.urls import host

STALE = timedelta(days=180)
"""A feed whose newest entry is older is not kept up any more."""


@dataclass(frozen=True)
class Judged:
    """A feed, and what is to be said of it."""

    answer: Answer
    said: str
    fault: str = ""
    """Why it is left out; empty for one to be used."""


def ranked(known: Survey, front: Answer, now: datetime) -> list[Judged]:
    """Return the feeds, the best first, each with its fault if it has one."""
    identity = Identity([host(front.url)])
    domain = registered_domain(host(front.url))
    pages = {identity.of(url.url).rstrip("/") for answer in known.feeds for url in answer.found.urls}
    judged: list[Judged] = []
    covered: list[tuple[Answer, set[str]]] = []
    for answer in sorted(known.feeds, key=_worth, reverse=True):
        listed = [identity.of(url.url) for url in answer.found.urls]
        own = {each for each in listed if registered_domain(host(each)) == domain}
        fault = _fault(answer, listed, own) or (
            "of one article" if _above(answer.url, identity) in pages else ""
        )
        other = next((better for better, held in covered if own <= held), None)
        if not fault and other is not None:
            fault = f"announces nothing that {relative(other.url, front.url)} does not"
        if not fault:
            covered.append((answer, own))
        judged.append(Judged(answer, _said(answer, now), fault))
    return judged


def _worth(answer: Answer) -> tuple[int, int, int]:
    """Return what ranks feeds: how much each lists, and of that how much with an update, with a date."""
    urls = answer.found.urls
    return (
        len(urls),
        sum(url.updated is not None for url in urls),
        sum(url.published is not None for url in urls),
    )


def _fault(answer: Answer, listed: Sequence[str], own: set[str]) -> str:
    if not listed:
        return "lists nothing"
    if is_of_comments(answer.url, answer.found.title) or (len(listed) > 3 and len(set(listed)) == 1):
        return "readers' comments"
    if 2 * sum(each in own for each in listed) < len(listed):
        return "announces mostly pages of other sites"
    return ""


def _above(feed: str, identity: Identity) -> str:
    """Return the identity of the page whose own feed *feed* would be, by its address."""
    above = re.sub(r"/(?:feed|rss|atom)(?:\.xml)?/?$", "/", feed)
    return identity.of(above).rstrip("/") if above != feed and urlsplit(above).path != "/" else ""


def _said(answer: Answer, now: datetime) -> str:
    urls = answer.found.urls
    dates = [url.published or url.updated for url in urls]
    newest = max((date for date in dates if date and date <= now + timedelta(days=1)), default=None)
    title = f"{answer.found.title}: " if answer.found.title else ""
    entries = "1 entry" if len(urls) == 1 else f"{len(urls)} entries"
    return f"{title}{entries}, " + (f"the newest of {newest:%Y-%m-%d}" if newest else "without dates")


def is_alive(answer: Answer, now: datetime) -> bool:
    """Return whether the feed is kept up, as far as its dates tell."""
    dates = [date for url in answer.found.urls if (date := url.updated or url.published)]
    return not dates or max(dates) > now - STALE
