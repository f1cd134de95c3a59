"""A Discuz! X board: one thread under many addresses."""

import re
from collections.abc import Iterable
from datetime import datetime

from newsite.message import Page
from newsite.net import formats, pages
from newsite.net.host import NetHost
from newsite.net.model import Announcer, Entry, Story

THREAD = re.compile(r"/thread-(\d+)-(\d+)-\d+\.html\Z|/archiver/tid-(\d+)\.html\Z")
SCRIPT = re.compile(r"/(?:forum\.php\?mod=viewthread&|viewthread\.php\?)")
TID, PAGE = re.compile(r"[?&]tid=(\d+)"), re.compile(r"[?&]page=(\d+)")


class Board(NetHost):
    theme = "board"
    about = "a Discuz! board in GBK: every form of a thread's address, second pages, views by author"
    language = "zh"
    timezone = "Asia/Shanghai"
    charset = "gbk"
    share = 2.0
    validators = "none"
    two_pages = 5
    """Every so many threads has a second page."""

    def path(self, serial: int, _published: datetime, _title: str) -> str:
        return f"/thread-{serial}-1-1.html"

    def find(self, target: str) -> Story | None:
        return self._by_path.get(f"/thread-{self._thread(target)[0]}-1-1.html")

    def html(self, story: Story, target: str) -> str:
        page = self._thread(target)[1]
        posts = self.prose.paragraphs(
            self._key(story.serial) * 2 + page - 1, story.title, edition=story.edition
        )
        return pages.thread(self.paper, story, posts, page=page)

    def _thread(self, target: str) -> tuple[str, int]:
        """Return the thread's id and page; an empty id where *target* names no thread."""
        if found := THREAD.match(target):
            return found[1] or found[3], int(found[2] or 1)
        thread, page = TID.search(target), PAGE.search(target)
        if SCRIPT.match(target) and thread:
            return thread[1], int(page[1]) if page else 1
        return "", 1

    def profile_lines(self) -> list[str]:
        return ["", "[scope]", 'exclude = ["/*authorid=", "/*ordertype=", "/*action="]']

    def announcers(self) -> Iterable[Announcer]:
        yield Announcer(
            "/forum.php?mod=rss&fid=2",
            "feed",
            lambda: self._forms("/forum.php?mod=viewthread&tid={}"),
            self._feed_of,
        )
        yield self.sitemap("/sitemap.xml", lambda: self._forms("/viewthread.php?tid={}&extra=page%3D1"))
        yield Announcer("/forum-2-1.html", "section", lambda: self._threads(0), self._page_of)
        yield Announcer("/forum-2-2.html", "section", lambda: self._threads(1), self._page_of)
        yield Announcer("/archiver/", "section", lambda: self._forms("/archiver/tid-{}.html"), self._page_of)

    def _forms(self, form: str) -> list[Entry]:
        return [self.entry(story, form=form.format(story.serial)) for story in self.stories]

    def _threads(self, rest: int) -> list[Entry]:
        listed = []
        script = "/forum.php?mod=viewthread&tid={}"
        for story in self.stories[rest::2]:
            serial = story.serial
            form = f"{script.format(serial)}&extra=page%3D1&mobile=2"
            listed += [self.entry(story, written=story.path), self.entry(story, form=form, written=form)]
            found = f"{script.format(serial)}&highlight=port&fromuid={serial % 9 + 1}"
            listed.append(self.entry(story, form=found, written=found))
            only = f"{script.format(serial)}&page=1&authorid={serial % 9 + 1}"
            listed.append(Entry(self.base + only, story.title, story, only, refused="scope_pattern"))
            if serial % self.two_pages == 0:
                listed += self._second(serial, story.title)
        return [*listed, self.link(f"/forum-2-{2 - rest}.html", "Other page")]

    def _second(self, serial: int, title: str) -> list[Entry]:
        path, script = f"/thread-{serial}-2-1.html", f"/forum.php?mod=viewthread&tid={serial}&page=2"
        other = Entry(self.base + script, title, written=script, same_page=self.base + path)
        return [self.link(path, title), other]

    def _feed_of(self, entries: list[Entry]) -> Page:
        declaration = '<?xml version="1.0" encoding="gbk"?>\n'
        text = formats.rss(
            self.channel("/forum.php"), map(formats.rss_item, entries), declaration=declaration
        )
        return self.source_page(text, type="application/xml")

    def _page_of(self, entries: list[Entry]) -> Page:
        return self.source_page(pages.listing(self.paper, self.title, entries), type="text/html; charset=gbk")
