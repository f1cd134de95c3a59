"""A host of the net: stories, the sources that announce them, robots.txt, and how each page answers."""

import hashlib
import re
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Literal

from newsite.message import Page, Reply, Request, Script
from newsite.net import formats, pages
from newsite.net.model import Announcer, Entry, Fate, Kind, Language, NetSite, Story
from newsite.net.prose import Prose, prose

DAYS = 10
"""The stories of a host are spread over so many days."""
LONG_AGO = timedelta(days=3 * 365)
ELSEWHERE = "http://elsewhere.example"
PRIVATE = "/private/terms"
KEYS = 100_000
"""Stories of one host at most; their text is a function of host and serial."""


class NetHost:
    """The plain paper: an RSS feed of the latest, a sitemap of all; themes change what they are about."""

    theme: ClassVar[str] = "paper"
    about: ClassVar[str] = "a plain paper: RSS, sitemap, conditional GET"
    language: ClassVar[Language] = "en"
    timezone: ClassVar[str] = "UTC"
    charset: ClassVar[str] = "utf-8"
    least: ClassVar[int] = 8
    share: ClassVar[float] = 1.0
    most: ClassVar[int | None] = None
    validators: ClassVar[Literal["both", "etag", "modified", "none"]] = "both"
    delay: ClassVar[float | None] = None
    discover: ClassVar[bool] = False
    sited: ClassVar[bool] = True
    """Whether it has a profile of its own."""

    def __init__(self, number: int, *, count: int, seed: int, until: datetime) -> None:
        self.number = number
        self.name = self.theme
        self.address = f"127.0.0.{number + 2}"
        self.base = f"http://{self.address}"
        self.peers: dict[str, NetHost] = {}
        self.lock = threading.RLock()
        self.until = until
        self.changed = until
        self.prose: Prose = prose(self.language, seed)
        self._seed = seed
        self._sources: dict[str, Announcer] | None = None
        self._made: dict[str, Page] = {}
        step = timedelta(days=DAYS) / max(1, count)
        self.stories = [self.story(count - nth, until - step * nth) for nth in range(count)]
        """Newest first."""
        self._by_path = {story.path: story for story in self.stories}
        self._serial = count

    # What themes say

    @property
    def title(self) -> str:
        return f"{self.prose.name} ({self.name})"

    def path(self, serial: int, published: datetime, title: str) -> str:
        """Return the path of a story."""
        if self.language == "zh":
            return f"/{published:%Y-%m/%d}/content_{serial}.shtml"
        slug = "-".join(re.findall(r"[a-z0-9]+", title.lower())[:6])
        return f"/{published:%Y/%m/%d}/{slug}-{serial}.html"

    def fate(self, _serial: int) -> Fate:
        """Return how a story's page answers at first."""
        return Fate.FINE

    def refused(self, _serial: int) -> str | None:
        """Return the reason code for which a story is never asked for."""
        return None

    def announcers(self) -> Iterable[Announcer]:
        """Yield the sources of the host."""
        yield self.feed("/feed.xml", lambda: self.entries(self.stories[:50]))
        yield self.sitemap("/sitemap.xml", self.all_entries)

    def rules(self) -> str:
        """Return robots.txt."""
        delay = f"Crawl-delay: {self.delay:g}\n" if self.delay is not None else ""
        return f"User-agent: *\nDisallow: /private/\n{delay}"

    def robots(self, _request: Request) -> Reply:
        """Answer for robots.txt."""
        return Page(self.rules().encode(), type="text/plain; charset=utf-8")

    def trouble(self, _request: Request) -> Reply | None:
        """Answer in place of any page but robots.txt, or None."""
        return None

    def find(self, target: str) -> Story | None:
        """Return the story that a request target (path and query) names, in whatever form."""
        return self._by_path.get(target) or self._by_path.get(target.partition("?")[0])

    def html(self, story: Story, _target: str) -> str:
        """Return a story's page."""
        paragraphs = self.prose.paragraphs(self._key(story.serial), story.title, edition=story.edition)
        return pages.article(self.paper, story, paragraphs, canonical=self.base + story.path)

    def extra(self, _request: Request) -> Reply | None:
        """Answer for what is neither source nor story."""
        return None

    def profile_lines(self) -> list[str]:
        """Return more lines of the profile's head, and its tables."""
        return []

    # What themes use

    @property
    def paper(self) -> pages.Paper:
        return pages.Paper(self.title, self.language, self.charset, self.base)

    def channel(self, path: str, about: str = "") -> formats.Channel:
        return formats.Channel(self.title, self.base, path, self.language, about)

    def entry(self, story: Story, *, form: str | None = None, written: str | None = None) -> Entry:
        """Return the entry of *story*; *form* is another address, *written* how the source writes it."""
        url = self.base + (story.path if form is None else form)
        same = None if form is None else self.base + story.path
        return Entry(url, story.title, story, written, same)

    def entries(self, stories: Iterable[Story]) -> list[Entry]:
        return [self.entry(story) for story in stories]

    def all_entries(self) -> list[Entry]:
        return self.entries(self.stories)

    def link(self, path: str, title: str, *, refused: str | None = None) -> Entry:
        """Return the entry of a page of the host that is no story."""
        return Entry(self.base + path, title, written=path, refused=refused)

    def feed(self, path: str, entries: Callable[[], list[Entry]]) -> Announcer:
        """Return a plain RSS feed."""

        def page(listed: list[Entry]) -> Page:
            text = formats.rss(self.channel(path), map(formats.rss_item, listed))
            return self.source_page(text, type="application/rss+xml; charset=utf-8", gzip=True)

        return Announcer(path, "feed", entries, page)

    def sitemap(
        self, path: str, entries: Callable[[], list[Entry]], *, named: bool = True, optional: bool = False
    ) -> Announcer:
        """Return a plain sitemap."""

        def page(listed: list[Entry]) -> Page:
            return self.source_page(formats.sitemap(map(formats.sitemap_url, listed)), type="application/xml")

        return Announcer(path, "sitemap", entries, page, named=named, optional=optional)

    def source_page(self, body: str | bytes, *, type: str, gzip: bool = False) -> Page:  # noqa: A002 - as in Page
        """Return the page of a source, with the host's validators."""
        content = body.encode(self.charset, "xmlcharrefreplace") if isinstance(body, str) else body
        tagged = self.validators in ("both", "etag")
        return Page(
            content,
            type=type,
            gzip=gzip,
            etag=f'"{hashlib.sha256(content).hexdigest()[:16]}"' if tagged else None,
            modified=self.changed if self.validators in ("both", "modified") else None,
        )

    def story(self, serial: int, published: datetime) -> Story:
        """Return a new story."""
        refused = self.refused(serial)
        at = published.replace(microsecond=0) - (LONG_AGO if refused == "old" else timedelta())
        title = self.prose.title(self._key(serial))
        return Story(serial, self.path(serial, at, title), title, at, at, self.fate(serial), refused)

    def _key(self, serial: int) -> int:
        return self.number * KEYS + serial

    # What the net asks and does

    @property
    def sources(self) -> dict[str, Announcer]:
        """The sources by path, robots.txt left out where it names none."""
        with self.lock:
            if self._sources is None:
                self._sources = {each.path: each for each in self.announcers()}
            return self._sources

    def announce(self, count: int, at: datetime) -> list[Story]:
        """Publish so many more stories; return them, newest first."""
        with self.lock:
            for _ in range(count):
                self._serial += 1
                self.stories.insert(0, self.story(self._serial, at))
                self._by_path[self.stories[0].path] = self.stories[0]
            self.touch(at)
            return self.stories[:count]

    def touch(self, at: datetime) -> None:
        """Let every source be made anew, and be newer than before to the second."""
        self.changed = max(at.replace(microsecond=0), self.changed + timedelta(seconds=1))
        self._sources = None
        self._made.clear()

    def move(self, story: Story) -> None:
        with self.lock:
            story.fate = Fate.MOVED
            self._by_path[story.moved_to] = story

    def site(self) -> NetSite:
        """Return the site as its profile describes it."""
        listed: dict[Kind, list[str]] = {"feed": [], "sitemap": [], "section": []}
        for each in self.sources.values():
            if each.named and each.kind in listed:
                listed[each.kind].append(f'"{each.path}"')
        languages = '"en", "zh"' if self.name == "bilingual" else f'"{self.language}"'
        lines = [
            f"# {self.about}",
            f'name = "{self.name}"',
            f'title = "{self.title}"',
            f"languages = [{languages}]",
            f'timezone = "{self.timezone}"',
            f'home = "{{{{{self.name}}}}}/"',
            *(f"{kind}s = [{', '.join(paths)}]" for kind, paths in listed.items() if paths),
            *(["discover = true"] if self.discover else []),
            *self.profile_lines(),
            "",
        ]
        return NetSite(
            self.name, self.address, self.members(), "/", "\n".join(lines), self.discover, self.about
        )

    def members(self) -> tuple[str, ...]:
        """Return the addresses of the hosts that the site's profile holds."""
        return (self.address,)

    # Answering

    def answer(self, request: Request) -> Reply | None:
        with self.lock:
            if request.path == "/robots.txt":
                return self.robots(request)
            return self.trouble(request) or self._page(request)

    def _page(self, request: Request) -> Reply | None:
        for path in (request.target, request.path):
            if path in self.sources:
                return self.source(path)
        story = self.find(request.target)
        if story is not None:
            return self._story_page(story, request)
        if request.path == "/":
            return self._front()
        return self.extra(request)

    def source(self, path: str) -> Page:
        """Return the page of the source at *path*, made once for every change."""
        if path not in self._made:
            announcer = self.sources[path]
            self._made[path] = announcer.page(announcer.entries())
        return self._made[path]

    def _front(self) -> Page:
        if "/" not in self._made:
            links = [*self.entries(self.stories[:20]), self.link(PRIVATE, "Terms", refused="robots")]
            text = pages.listing(self.paper, self.title, links)
            self._made["/"] = self.source_page(text, type=f"text/html; charset={self.charset}")
        return self._made["/"]

    def _story_page(self, story: Story, request: Request) -> Reply:
        if story.fate is Fate.FINE or request.path == story.moved_to:
            return self._article(story, request.target)
        if story.fate in (Fate.NOT_FOUND, Fate.GONE, Fate.ERROR):
            status = int(story.fate)
            return Page(f"<title>{status}</title><h1>{status}</h1>\n".encode(), status=status)
        if story.fate in (Fate.CUT, Fate.HANG):
            page = self._article(story, request.target)
            sent = page.head + page.payload[:600]
            return Script([sent, 0.02], then="close" if story.fate is Fate.CUT else "hang")
        return redirect(self._target(story, request))

    def _target(self, story: Story, request: Request) -> str:
        if story.fate is Fate.MOVED:
            return self.base + story.moved_to
        if story.fate is Fate.AWAY:
            return f"{ELSEWHERE}{story.path}"
        # A loop of two, so that no address redirects to itself.
        return self.base + (story.path if request.target != story.path else f"{story.path}?again=1")

    def _article(self, story: Story, target: str) -> Page:
        body = self.html(story, target).encode(self.charset, "xmlcharrefreplace")
        tagged = self.validators in ("both", "etag")
        return Page(
            body,
            type="text/html; charset=utf-8" if self.charset == "utf-8" else "text/html",
            gzip=story.serial % 4 == 1,
            chunked=story.serial % 4 == 2,
            etag=f'"{story.serial}-{story.edition}"' if tagged else None,
            modified=story.updated if self.validators in ("both", "modified") else None,
        )


def redirect(to: str, *, status: int = 302) -> Page:
    return Page(b"moved\n", type="text/plain", status=status, headers=((b"Location", to.encode()),))


def now() -> datetime:
    """Return the present time, to the second."""
    return datetime.now(UTC).replace(microsecond=0)
