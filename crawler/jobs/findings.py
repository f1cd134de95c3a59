"""From what a site answered to its first profile. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from crawler.discovery import AnnouncedUrl, Base, Kind, discover
from crawler.discovery.links import base_of_page
from crawler.discovery.text import decoded, unpacked
from crawler.jobs.guesses import Dated, Guess, Tongues, clocks, cron, timezone, tongues
from crawler.jobs.questions import Answer, Survey, Wanted, generator, is_board, meta
from crawler.jobs.ranking import Judged, is_alive, ranked
from crawler.jobs.shapes import article_patterns
from crawler.sites.writing import Draft, Listed, relative
from crawler.visits import Limits
from pipelines.hostnames import is_public_suffix, normal_host, registered_domain
from pipelines.urls import host
from pipelines.version import VERSION

_MOST_HOSTS, _MOST_SECTIONS, _MOST_SOURCES = 12, 20, 20
_SEPARATOR = re.compile(r"\s+[-–—|·•»_]+\s+|\s*[|_]\s*")
_LONGEST_TITLE = 120
_LEAST_TITLE = 5
# The foot of every page of Discuz!.
_BOARD_CLOCK = re.compile(r"GMT([+-]\d{1,2})(?:\.\d)?, (\d{4})-(\d{1,2})-(\d{1,2}) ")
_ORDER = {Kind.NEWS_SITEMAP: 0, Kind.SITEMAP_INDEX: 1, Kind.SITEMAP: 2}
_WORDS = {Kind.NEWS_SITEMAP: "news sitemap", Kind.SITEMAP_INDEX: "index", Kind.SITEMAP: "sitemap"}
# What Discuz! shows again under other addresses, and what WordPress does.
_BOARD_PAGES = (
    "/thread-",
    "/forum-",
    "/forum.php?mod=viewthread&",
    "/forum.php?mod=forumdisplay&",
    "/viewthread.php?",
)
_BOARD_COPIES = ("/*action=", "/*authorid=", "/*ordertype=", "/*mobile=")
_BLOG_COPIES = ("/*?replytocom=", "/wp-admin/", "/wp-login.php")


def draft(known: Survey, *, name: str, now: datetime, limits: Limits) -> Draft:
    """Return the profile *name* for what is *known* of a site, which must have a front page.

    Each guess has a comment that says what it rests on; what was found and is not used stands in comments.
    """
    front = known.front
    assert front is not None
    told = _tongues(known, front)
    zone = _zone(known, told, front, now)
    known = _in_zone(known, ZoneInfo(zone.value))
    feeds = ranked(known, front, now)
    used = [judged.answer for judged in feeds if not judged.fault]
    made = _with_sources(Draft(name, front.url, about=_about(known, front, now)), known, front, feeds, now)
    dated = [*used, *known.of({Kind.NEWS_SITEMAP})] or known.of({Kind.SITEMAP})
    rhythm = cron(
        [Dated(relative(each.url, front.url), each.found) for each in dated],
        name=name,
        now=now,
        limits=limits,
    )
    title, origin = _title(front, used)
    rest_on = {
        "title": f"by {origin}",
        "languages": told.note,
        "timezone": f"of the schedule, and of dates that state none; {zone.note}",
        "cron": rhythm.note,
    }
    return replace(
        made,
        title=title,
        languages=told.tags,
        timezone=zone.value,
        cron=rhythm.value,
        notes={**made.notes, **rest_on},
    )


def _with_sources(made: Draft, known: Survey, front: Answer, feeds: Sequence[Judged], now: datetime) -> Draft:
    """Return *made* with the sources of the site and its scope."""
    sitemaps = _sitemaps(known, front)
    board = is_board(front)
    alive = any(each.used for each in sitemaps) or any(
        not judged.fault and is_alive(judged.answer, now) for judged in feeds
    )
    made = replace(
        made,
        hosts=_hosts(known, front),
        feeds=tuple(_listed_feeds(feeds, known, front)),
        sitemaps=sitemaps,
        sections=tuple(_sections(known, front, used=board or not alive)),
        include=_listed(_BOARD_PAGES) if board else (),
        exclude=_copies(front, board=board),
        article=_articles(known, front, board=board),
    )
    return replace(made, notes=_notes(made, board=board, alive=alive))


def _in_zone(known: Survey, zone: ZoneInfo) -> Survey:
    """Return *known* with its feeds read again: their dates that state no zone are in *zone*."""

    def read(answer: Answer) -> Answer:
        if answer.kind not in {Kind.FEED, Kind.NEWS_SITEMAP}:
            return answer
        found = discover(answer.body, answer.url, content_type=answer.content_type, zone=zone)
        return replace(answer, found=found)

    if zone.key == "UTC":
        return known
    return replace(known, rounds=tuple(tuple(map(read, held)) for held in known.rounds))


def name_of(url: str) -> str:
    """Return a name for the profile of the site at *url*: its host without ``www.`` and public suffix."""
    parts = urlsplit(url)
    name = normal_host(parts.hostname or "").removeprefix("www.")
    domain = registered_domain(name)
    suffix = domain.partition(".")[2]
    if suffix and ("." not in suffix or is_public_suffix(suffix)):
        name = name.removesuffix(f".{suffix}")
    port = f"-{parts.port}" if parts.port else ""
    return re.sub(r"[^a-z0-9-]+", "-", name + port).strip("-")[:80] or "site"


# --- sources ------------------------------------------------------------------------------


def _listed_feeds(judged: Iterable[Judged], known: Survey, front: Answer) -> Iterator[Listed]:
    for each in judged:
        said = f"{each.fault}; {each.said}" if each.fault else each.said
        yield Listed(relative(each.answer.url, front.url), said, used=not each.fault)
    asked = {url for answer in known for url in (answer.question.url, answer.url)}
    declared = [source for source in front.found.more if source.kind is Kind.FEED and source.url not in asked]
    for source in declared[:_MOST_SOURCES]:
        said = f"{source.title}: not looked at" if source.title else "not looked at"
        yield Listed(relative(source.url, front.url), said, used=False)


def _sitemaps(known: Survey, front: Answer) -> tuple[Listed, ...]:
    """Return the sitemaps, those of news first; an index stands for what it names."""
    below = {source.url for answer in known.of({Kind.SITEMAP_INDEX}) for source in answer.found.more}
    own = [answer for answer in known.sitemaps if answer.url not in below]
    found = [_listed_sitemap(each, front) for each in sorted(own, key=lambda each: _ORDER[each.kind])]
    by_url = {answer.question.url: answer for answer in known}
    for question in known.named_sitemaps[:_MOST_SOURCES]:
        answer = by_url.get(question.url)
        if answer is not None and (answer.url in below or answer.kind in _ORDER):
            continue
        said = f"named by {question.origin}, " + (_failure(answer) if answer else "not looked at")
        found.append(Listed(relative(question.url, front.url), said, used=answer is None))
    return tuple(found)


def _listed_sitemap(answer: Answer, front: Answer) -> Listed:
    count, noun = len(answer.found.urls), "page"
    if answer.kind is Kind.SITEMAP_INDEX:
        count, noun = len(answer.found.more), "sitemap"
    said = f"{_WORDS[answer.kind]} of {count} {noun}{'' if count == 1 else 's'}"
    return Listed(relative(answer.url, front.url), said, used=count > 0)


def _sections(known: Survey, front: Answer, *, used: bool) -> Iterator[Listed]:
    """Yield the section fronts; where they are not *used*, as comments."""
    by_url = {answer.question.url: answer for answer in known if answer.question.wanted is Wanted.SECTION}
    named = front.likely.sections[:_MOST_SECTIONS]
    if used and not (named and is_board(front)):
        yield Listed(relative(front.url, front.url), "the front page")
    for source in named:
        answer = by_url.get(source.url)
        fits = answer is None or answer.kind is Kind.SECTION
        said = source.title if fits or answer is None else f"{source.title}: {_failure(answer)}"
        yield Listed(relative(source.url, front.url), said, used=used and fits)


def _failure(answer: Answer) -> str:
    if answer.status not in {None, 200}:
        return f"answered {answer.status}"
    return f"not to be had: {answer.reason}" if answer.status is None else f"is no {answer.question.wanted}"


# --- the rest --------------------------------------------------------------------------------


def _title(front: Answer, feeds: Sequence[Answer]) -> tuple[str, str]:
    """Return the paper's own name, and where it stands."""
    named = meta(front, "og:site_name") or meta(front, "application-name")
    if named:
        return named[:_LONGEST_TITLE], "what the front page says of its site"
    parts = [part.strip() for part in _SEPARATOR.split(front.found.title) if part.strip()]
    by_feed = next((answer.found.title for answer in feeds if answer.found.title), "")
    for part in parts:
        if part in _names_of_root(front) or (by_feed and part in by_feed):
            return part[:_LONGEST_TITLE], "the front page's title"
    if by_feed:
        return by_feed[:_LONGEST_TITLE], "the feed's title"
    return (parts[0] if parts else host(front.url))[:_LONGEST_TITLE], "the front page's title"


def _names_of_root(front: Answer) -> set[str]:
    """Return what the page calls its root, in links to it."""
    base = Base(front.url)
    return {name for name, target in _anchors(front).items() if target in {front.url, base.join("/")}}


def _anchors(front: Answer) -> dict[str, str | None]:
    """Return the targets of the page's links by their text."""
    if front.tree is None:
        return {}
    base = base_of_page(front.tree, front.url)
    named = ((" ".join("".join(map(str, each.itertext())).split()), each) for each in front.tree.iter("a"))
    return {name: base.join(each.get("href") or "") for name, each in named if name and each.get("href")}


def _tongues(known: Survey, front: Answer) -> Tongues:
    stated = [(front.found.language, "the front page")] * 2
    for answer in known:
        wanted = answer.question.wanted
        if wanted is Wanted.ARTICLE and answer.kind is Kind.SECTION:
            stated += [(answer.found.language, "articles")] * 2
        elif answer.kind is Kind.FEED:
            stated.append((answer.found.language, "feeds"))
    titles = [url.title for answer in known for url in answer.found.urls if url.title]
    return tongues(stated, titles or [name for name in _anchors(front) if len(name) >= _LEAST_TITLE])


def _zone(known: Survey, told: Tongues, front: Answer, now: datetime) -> Guess:
    dated = [*known.feeds, *known.of({Kind.NEWS_SITEMAP})]
    texts = [decoded(unpacked(answer.body)[0], answer.content_type) for answer in dated]
    clock = _BOARD_CLOCK.search(decoded(front.body, front.content_type)) if is_board(front) else None
    if clock is not None:
        texts.append(f"{now:%Y-%m-%d}T00:00{int(clock[1]):+03d}:00")
    held = clocks(texts, [answer.found for answer in dated], now=now)
    return timezone(told, held, host=host(front.url), now=now)


def _hosts(known: Survey, front: Answer) -> tuple[Listed, ...]:
    """Return the front page's host, and those of announced pages under the same registered domain."""
    home = _authority(front.url)
    domain = registered_domain(host(front.url))
    counts: Counter[str] = Counter()
    for announced in _announced(known):
        if registered_domain(host(announced.url)) == domain:
            counts[_authority(announced.url)] += 1
    del counts[home]
    others = [Listed(name, f"{count} announced pages") for name, count in counts.most_common()]
    if len(others) > _MOST_HOSTS and not is_public_suffix(domain):
        return Listed(home), Listed(f"*.{domain}", f"{len(others)} hosts with announced pages")
    return Listed(home), *others[:_MOST_HOSTS]


def _authority(url: str) -> str:
    parts = urlsplit(url)
    name = normal_host(parts.hostname or "")
    name = f"[{name}]" if ":" in name else name
    return f"{name}:{parts.port}" if parts.port else name


def _announced(known: Survey) -> Iterator[AnnouncedUrl]:
    """Yield what feeds and sitemaps announce."""
    for answer in (*known.feeds, *known.sitemaps):
        yield from answer.found.urls


def _articles(known: Survey, front: Answer, *, board: bool) -> tuple[Listed, ...]:
    if board:
        return _listed(place for place in _BOARD_PAGES if "thread" in place)
    domain = registered_domain(host(front.url))
    urls = {each.url for each in _announced(known) if registered_domain(host(each.url)) == domain}
    found = article_patterns(sorted(urls))
    said = f"of {len(urls)} announced pages"
    return tuple(Listed(pattern, f"{count} {said}", used=False) for pattern, count in found)


def _copies(front: Answer, *, board: bool) -> tuple[Listed, ...]:
    """Return under which addresses the software of the site shows the same pages again."""
    if board:
        return _listed(_BOARD_COPIES)
    return _listed(_BLOG_COPIES) if generator(front).startswith("wordpress") else ()


def _listed(values: Iterable[str]) -> tuple[Listed, ...]:
    return tuple(map(Listed, values))


def _about(known: Survey, front: Answer, now: datetime) -> tuple[str, ...]:
    lines = [
        f"Written by newswarc {VERSION} on {now:%Y-%m-%d}, by {known.requests} answers of {host(front.url)}.",
        "Each guess says what it rests on: look through them, and delete what you know better.",
    ]
    if known.start != front.url:
        lines.append(f"Asked for was {known.start}")
    return tuple(lines)


def _notes(made: Draft, *, board: bool, alive: bool) -> dict[str, str]:
    """Return comments for the lists."""
    notes = {}
    if not made.feeds:
        notes["feeds"] = "No feed was found."
    elif any(each.used for each in made.feeds):
        notes["feeds"] = "The best first."
    if not made.sitemaps:
        notes["sitemaps"] = "No sitemap was found."
    if board:
        notes["sections"] = "Boards of the Discuz! forum; what they list on further pages is not read."
    elif alive and made.sections:
        notes["sections"] = "Sections that the front page links to; feeds and sitemaps make them superfluous."
    elif made.sections:
        notes["sections"] = "No feed or sitemap that is kept up was found: pages whose links are articles."
    if made.article and not board:
        notes["article"] = "What articles seem to look like."
    return notes
