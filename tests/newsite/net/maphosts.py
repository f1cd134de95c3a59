"""Hosts whose theme is a sitemap or a section page."""

import gzip
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from xml.sax.saxutils import escape

from newsite.message import Page
from newsite.net import formats, pages
from newsite.net.host import LONG_AGO, PRIVATE, NetHost
from newsite.net.model import Announcer, Entry, Story


class LongRobots(NetHost):
    theme = "longrobots"
    about = "robots.txt of 20 kB has Sitemap lines at its end; gzip as octet-stream, white space in <loc>"
    discover = True
    share = 3.0

    def rules(self) -> str:
        lines = [f"Disallow: /cgi-bin/old-script-number-{n:04}/" for n in range(450)]
        maps = [f"Sitemap: {self.base}{path}" for path in ("/sitemap-a.xml.gz", "/sitemap-b.xml")]
        return "\n".join(["User-agent: *", "Disallow: /private/", *lines, "", *maps, ""])

    def announcers(self) -> Iterable[Announcer]:
        maps = ("/sitemap-a.xml.gz", "/sitemap-b.xml")
        yield Announcer("/robots.txt", "robots", list, lambda _: Page(b""), maps, named=False)
        yield Announcer("/", "section", self._latest, self._front_of, named=False)
        yield Announcer(maps[0], "sitemap", lambda: self._half(0), self._packed, named=False)
        yield Announcer(maps[1], "sitemap", lambda: self._half(1), self._spaced, named=False)

    def _half(self, rest: int) -> list[Entry]:
        return self.entries(story for story in self.stories if story.serial % 2 == rest)

    def _latest(self) -> list[Entry]:
        return [*self.entries(self.stories[:12]), self.link(PRIVATE, "Terms", refused="robots")]

    def _front_of(self, entries: list[Entry]) -> Page:
        return self.source_page(pages.listing(self.paper, self.title, entries), type="text/html")

    def _packed(self, entries: list[Entry]) -> Page:
        urls = (formats.sitemap_url(each, location=f"\n   {escape(each.url)}\n  ") for each in entries)
        packed = gzip.compress(formats.sitemap(urls).encode(), 6, mtime=0)
        return self.source_page(packed, type="application/octet-stream")

    def _spaced(self, entries: list[Entry]) -> Page:
        urls = (formats.sitemap_url(each, location=f" <![CDATA[{each.url}]]> ") for each in entries)
        return self.source_page(formats.sitemap(urls), type="text/plain")


class Flood(NetHost):
    theme = "flood"
    about = "an index of 500 sitemaps, of which ten are not years old"
    share = 8.0
    fresh = 10
    maps = 500

    def announcers(self) -> Iterable[Announcer]:
        paths = tuple(f"/sitemaps/part-{n:03}.xml" for n in range(1, self.maps + 1))
        yield Announcer("/sitemap.xml", "sitemap", list, self._index_of, paths)
        for number, path in enumerate(paths):
            old = number >= self.fresh
            yield self.sitemap(path, partial(self._part, number), named=False, optional=old)

    def find(self, target: str) -> Story | None:
        story = super().find(target)
        if story is None and target.startswith("/archive/"):
            number = target.removeprefix("/archive/").removesuffix(".html")
            return self._old(int(number)) if number.isdecimal() else None
        return story

    def _part(self, number: int) -> list[Entry]:
        if number >= self.fresh:
            return [self.entry(self._old(2 * number + nth)) for nth in (0, 1)]
        return self.entries(story for story in self.stories if story.serial % self.fresh == number)

    def _old(self, number: int) -> Story:
        at = self.until.replace(microsecond=0) - LONG_AGO
        title = self.prose.title(self._key(50_000 + number))
        return Story(50_000 + number, f"/archive/{number}.html", title, at, at, refused="old")

    def _index_of(self, _: list[Entry]) -> Page:
        times = [self.changed] * self.fresh + [self.until - LONG_AGO] * (self.maps - self.fresh)
        paths = self.sources["/sitemap.xml"].further
        listed = ((self.base + path, at) for path, at in zip(paths, times, strict=True))
        return self.source_page(formats.index(listed), type="application/xml", gzip=True)


class Nested(NetHost):
    theme = "nested"
    about = "an index that names an index; below it a text sitemap with BOM, one in gzip, one in Chinese"
    language = "zh"
    timezone = "Asia/Shanghai"
    share = 5.0
    validators = "modified"

    def announcers(self) -> Iterable[Announcer]:
        leaves = ("/maps/a.xml.gz", "/maps/urls.txt", "/maps/c.xml")
        yield Announcer("/sitemap_index.xml", "sitemap", list, self._index_of, ("/maps/index.xml",))
        yield Announcer("/maps/index.xml", "sitemap", list, self._inner_of, leaves, named=False)
        for rest, (path, write) in enumerate(zip(leaves, (self._packed, self._lines, None), strict=True)):
            plain = self.sitemap(path, partial(self._third, rest), named=False)
            yield plain if write is None else Announcer(path, "sitemap", plain.entries, write, named=False)

    def _third(self, rest: int) -> list[Entry]:
        return self.entries(story for story in self.stories if story.serial % 3 == rest)

    def _index_of(self, _: list[Entry]) -> Page:
        listed = [(f"{self.base}/maps/index.xml", self.changed)]
        return self.source_page(formats.index(listed), type="text/xml")

    def _inner_of(self, _: list[Entry]) -> Page:
        listed = ((self.base + path, self.changed) for path in self.sources["/maps/index.xml"].further)
        return self.source_page(formats.index(listed), type="text/xml")

    def _packed(self, entries: list[Entry]) -> Page:
        text = formats.sitemap(map(formats.sitemap_url, entries))
        return self.source_page(gzip.compress(text.encode(), 6, mtime=0), type="application/gzip")

    def _lines(self, entries: list[Entry]) -> Page:
        text = "\ufeff" + "".join(f"{each.url}\r\n" for each in entries)
        return self.source_page(text, type="text/plain")


class Sections(NetHost):
    theme = "sections"
    about = "section pages alone: session ids in links, an endless calendar, traps"
    validators = "none"
    keys = ("city", "nation", "world", "sport")
    session = "PHPSESSID=5f1d3c7a9b2e4d6f8a0c1e3b5d7f9a2c"

    def announcers(self) -> Iterable[Announcer]:
        for rest, key in enumerate(self.keys):
            yield Announcer(f"/section/{key}/", "section", partial(self._of, rest), self._page_of)

    def _of(self, rest: int) -> list[Entry]:
        listed = [
            self.entry(story, form=f"{story.path}?{self.session}", written=f"{story.path}?{self.session}")
            if story.serial % 2
            else self.entry(story, written=story.path)
            for story in self.stories
            if story.serial % len(self.keys) == rest
        ]
        return [*listed, *self._around(rest)]

    def _around(self, rest: int) -> list[Entry]:
        others = [self.link(f"/section/{key}/", key.title()) for key in self.keys if key != self.keys[rest]]
        traps = (
            "/calendar/2199/01",
            "/news/local/news/local/news/local/news/local/news/local/",
            "/list?" + "&".join(f"filter{n}={n}" for n in range(30)),
        )
        return [
            *others,
            self.link(f"/calendar/{self.until:%Y/%m}", "Events"),
            *(self.link(trap, "More", refused="trap") for trap in traps),
            self.link(PRIVATE, "Terms", refused="robots"),
        ]

    def _page_of(self, entries: list[Entry]) -> Page:
        return self.source_page(
            pages.listing(self.paper, self.title, entries), type="text/html; charset=utf-8"
        )


class Variants(NetHost):
    theme = "variants"
    about = "AMP, print and counted addresses of one story, each in another source"
    share = 2.0

    def path(self, serial: int, published: datetime, title: str) -> str:
        return super().path(serial, published, title).removesuffix(".html")

    def find(self, target: str) -> Story | None:
        path, _, _ = target.partition("?")
        return self._by_path.get(path.removesuffix("/amp").removesuffix("/print").replace("%2D", "-"))

    def announcers(self) -> Iterable[Announcer]:
        yield self.feed("/feed.xml", lambda: self._form("{}?utm_source=rss&utm_medium=feed"))
        yield self.sitemap("/sitemap.xml", self.all_entries)
        yield self.sitemap("/amp-sitemap.xml", lambda: self._form("{}/amp"))
        yield Announcer("/print/", "section", self._links, self._page_of)

    def _form(self, form: str) -> list[Entry]:
        return [self.entry(story, form=form.format(story.path)) for story in self.stories]

    def _links(self) -> list[Entry]:
        forms = ("{}?print=1", "{}?amp=1", "{}?fbclid=IwAR0abc", "{}?outputType=amp", "{}/print", "")
        linked = []
        for story in self.stories:
            form = forms[story.serial % len(forms)].format(story.path) or story.path.replace("-", "%2D", 1)
            linked.append(self.entry(story, form=form, written=form))
        fragment = [self.entry(story, written=f"{story.path}#comments") for story in self.stories[:5]]
        return [*linked, *fragment]

    def _page_of(self, entries: list[Entry]) -> Page:
        return self.source_page(
            pages.listing(self.paper, self.title, entries), type="text/html; charset=utf-8"
        )
