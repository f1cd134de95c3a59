"""Hosts whose theme is a feed: what real feeds do wrong, and what only some of them do."""

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from functools import partial
from html import escape

from newsite.message import Page, Reply, Request
from newsite.net import formats, pages
from newsite.net.host import NetHost, redirect
from newsite.net.model import Announcer, Entry, Story
from newsite.net.prose import prose

CHINA = timezone(timedelta(hours=8))


class Ragged(NetHost):
    theme = "ragged"
    about = (
        "bad XML as text/html: a warning before it, bare ampersands, unclosed tags, no end; robots.txt is 404"
    )
    validators = "none"

    def path(self, serial: int, _published: datetime, _title: str) -> str:
        return f"/story.php?id={serial}&lang=en"

    def find(self, target: str) -> Story | None:
        return self._by_path.get(target)

    def robots(self, _request: Request) -> Reply:
        return Page(b"<h1>Not here</h1>\n", status=404)

    def announcers(self) -> Iterable[Announcer]:
        yield Announcer("/feed", "feed", self.all_entries, self._page_of)

    def _page_of(self, entries: list[Entry]) -> Page:
        items = "".join(
            f"<item><title>{each.title} & more</title><link>{each.url}</link>{formats.guid(each)}"
            "<description><p>News & views&nbsp;of <b>the day<br></description></item>\n"
            for each in entries
        )
        text = formats.rss(self.channel("/feed"), [items]).removesuffix("</channel></rss>\n")
        warning = "<br />\n<b>Warning</b>: Undefined variable $count in feed.php on line 12<br />\n"
        return self.source_page(warning + text, type="text/html; charset=utf-8")


class Hub(NetHost):
    theme = "hub"
    about = "RSS with <link rel=hub>, CDATA, white space, guid-only items, as text/plain; says ttl"
    validators = "etag"

    def announcers(self) -> Iterable[Announcer]:
        yield Announcer("/rss", "feed", self.all_entries, self._page_of)

    def _page_of(self, entries: list[Entry]) -> Page:
        hub = '<link rel="hub" href="http://hub.example/"/>'
        forms = (
            lambda url: f"<guid>{url}</guid>",
            lambda url: (
                f'{hub}<link>\n  <![CDATA[ {url} ]]>\n</link><guid isPermaLink="false">x{url[-12:]}</guid>'
            ),
            lambda url: f'{hub}<atom:link rel="hub" href="http://hub.example/"/><link>{url}</link>',
            lambda url: f'<link></link><guid isPermaLink="true"> {url} </guid>',
        )
        items = [
            formats.rss_item(each, link=forms[formats.story_of(each).serial % len(forms)](each.url))
            for each in entries
        ]
        channel = self.channel("/rss", f"{hub}<ttl>30</ttl>")
        return self.source_page(formats.rss(channel, items), type="text/plain; charset=utf-8")


class Gbk(NetHost):
    theme = "gbk"
    about = "a Chinese paper in GBK: feed and pages, relative links, dates without a zone"
    language = "zh"
    timezone = "Asia/Shanghai"
    charset = "gbk"

    def announcers(self) -> Iterable[Announcer]:
        def relative() -> list[Entry]:
            return [self.entry(story, written=story.path) for story in self.stories]

        yield Announcer("/rss.xml", "feed", relative, self._page_of)

    def _page_of(self, entries: list[Entry]) -> Page:
        items = [
            f"<item><title><![CDATA[{each.title}]]></title><link>{each.text}</link>"
            f"<pubDate>{formats.story_of(each).published.astimezone(CHINA):%Y-%m-%d %H:%M:%S}</pubDate>"
            f"{self._edited(each)}</item>\n"
            for each in entries
        ]
        declaration = '<?xml version="1.0" encoding="GBK"?>\n'
        text = formats.rss(self.channel("/rss.xml"), items, declaration=declaration)
        return self.source_page(text, type="text/xml")

    def _edited(self, entry: Entry) -> str:
        updated = formats.story_of(entry).updated.astimezone(CHINA)
        return f"<atom:updated>{updated:%Y-%m-%d %H:%M:%S}</atom:updated>"


class Bilingual(NetHost):
    theme = "bilingual"
    about = "English and Chinese by turns; the front page names its feed: Atom in UTF-16 with xml:base"
    validators = "modified"
    discover = True

    def announcers(self) -> Iterable[Announcer]:
        yield Announcer("/robots.txt", "robots", list, lambda _: Page(b""), named=False)
        yield Announcer("/", "section", self._latest, self._page_of, ("/atom.xml",), named=False)
        yield Announcer("/atom.xml", "feed", self._relative, self._feed_of, named=False)

    def html(self, story: Story, _target: str) -> str:
        key = self._key(story.serial)
        english = self.prose.paragraphs(key, story.title, edition=story.edition)
        chinese = prose("zh", self._seed).paragraphs(key, story.title, edition=story.edition)
        both = [text for pair in zip(english[:5], chinese[:5], strict=True) for text in pair]
        return pages.article(self.paper, story, both, canonical=self.base + story.path)

    def _latest(self) -> list[Entry]:
        listed = [self.entry(story, written=story.path) for story in self.stories[:15]]
        return [*listed, self.link("/about", "About"), self.link("/private/terms", "Terms", refused="robots")]

    def _relative(self) -> list[Entry]:
        return [self.entry(story, written=story.path.removeprefix("/")) for story in self.stories]

    def _page_of(self, entries: list[Entry]) -> Page:
        head = '<link rel="alternate" type="application/atom+xml" title="All" href="/atom.xml">'
        text = pages.listing(self.paper, self.title, entries, head=head)
        return self.source_page(text, type="text/html; charset=utf-8")

    def _feed_of(self, entries: list[Entry]) -> Page:
        declaration = '<?xml version="1.0" encoding="UTF-16"?>\n'
        text = formats.atom(self.channel("/atom.xml"), entries, declaration=declaration)
        return self.source_page(text.encode("utf-16"), type="application/xml")

    def extra(self, request: Request) -> Reply | None:
        return Page(b"<title>About</title><h1>About</h1>\n") if request.path == "/about" else None


class Rdf(NetHost):
    theme = "rdf"
    about = "RSS 1.0 with sy:updatePeriod, and Atom 0.3: one story in either"

    def announcers(self) -> Iterable[Announcer]:
        yield Announcer("/index.rdf", "feed", lambda: self._half(0), self._rdf_of)
        yield Announcer("/atom03.xml", "feed", lambda: self._half(1), self._atom_of)

    def _half(self, rest: int) -> list[Entry]:
        return self.entries(story for story in self.stories if story.serial % 2 == rest)

    def _rdf_of(self, entries: list[Entry]) -> Page:
        about = "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"
        return self.source_page(
            formats.rdf(self.channel("/index.rdf", about), entries), type="application/rdf+xml"
        )

    def _atom_of(self, entries: list[Entry]) -> Page:
        return self.source_page(
            formats.atom_03(self.channel("/atom03.xml"), entries), type="application/x.atom+xml"
        )


class JsonFeed(NetHost):
    theme = "jsonfeed"
    about = "a JSON Feed of three pages; robots.txt redirects to the one that forbids drafts"
    pages_of_feed = 3

    def path(self, serial: int, published: datetime, _title: str) -> str:
        folder = "drafts" if self.refused(serial) else "posts"
        return f"/{folder}/{published:%Y%m%d}-{serial}"

    def refused(self, serial: int) -> str | None:
        return "robots" if serial in (2, 5) else None

    def robots(self, _request: Request) -> Reply:
        return redirect(f"{self.base}/files/robots.txt", status=301)

    def extra(self, request: Request) -> Reply | None:
        if request.path != "/files/robots.txt":
            return None
        return Page((self.rules() + "Disallow: /drafts/\n").encode(), type="text/plain")

    def announcers(self) -> Iterable[Announcer]:
        for page in range(1, self.pages_of_feed + 1):
            following = (self._path_of(page + 1),) if page < self.pages_of_feed else ()
            yield Announcer(
                self._path_of(page),
                "feed",
                partial(self._part, page),
                partial(self._page_of, following=following),
                following,
                named=page == 1,
            )

    def _path_of(self, page: int) -> str:
        return "/feed.json" if page == 1 else f"/feed.json?page={page}"

    def _part(self, page: int) -> list[Entry]:
        size = -(-len(self.stories) // self.pages_of_feed)
        return self.entries(self.stories[(page - 1) * size : page * size])

    def _page_of(self, entries: list[Entry], following: tuple[str, ...]) -> Page:
        nearest = f"{self.base}{following[0]}" if following else None
        text = formats.json_feed(self.channel("/feed.json"), entries, following=nearest)
        return self.source_page(text, type="application/feed+json", gzip=True)


class News(NetHost):
    theme = "news"
    about = "a Google News sitemap, and the same stories in RSS with utm parameters"
    share = 6.0

    def announcers(self) -> Iterable[Announcer]:
        yield self.feed("/rss.xml", self._counted)
        yield Announcer("/news.xml", "sitemap", self.all_entries, self._page_of)

    def _counted(self) -> list[Entry]:
        tail = "?utm_source=rss&utm_medium=feed&utm_campaign=all"
        return [self.entry(story, form=story.path + tail) for story in self.stories[:60]]

    def _page_of(self, entries: list[Entry]) -> Page:
        channel = self.channel("/news.xml")
        text = formats.sitemap(formats.news_url(each, channel) for each in entries)
        return self.source_page(text, type="application/xml", gzip=True)


class Paid(NetHost):
    theme = "paid"
    about = "paid links of other hosts in the feed, private addresses, a name without address, excluded paths"
    private = "http://10.0.0.1"
    nameless = "http://desk.newsite.invalid"

    def announcers(self) -> Iterable[Announcer]:
        yield self.feed("/feed.xml", self._mixed)

    def path(self, serial: int, published: datetime, _title: str) -> str:
        folder = "video" if self.refused(serial) else "news"
        return f"/{folder}/{published:%Y/%m/%d}/story-{serial}.html"

    def refused(self, serial: int) -> str | None:
        return "scope_pattern" if serial % 7 == 3 else None

    def profile_lines(self) -> list[str]:
        hosts = ", ".join(f'"{host}"' for host in ("{{paid_at}}", "10.0.0.1", "desk.newsite.invalid"))
        return [f"hosts = [{hosts}]", "", "[scope]", 'exclude = ["/video/"]']

    def _mixed(self) -> list[Entry]:
        newest = self.stories[0]
        server = self.peers["adserver"]
        ads = [f"{server.base}/sponsored/{n}" for n in range(3)]
        ads += ["http://ads.example/click?to=1", "http://10.9.8.7/router/"]
        strange = [Entry(url, "Paid link", newest, refused="scope_host") for url in ads]
        # Their robots.txt cannot be had either, and RFC 9309 calls that unreachable.
        also = ("robots_unreachable",)
        strange.append(Entry(f"{self.private}/", "Inside", newest, refused="address", also=also))
        strange.append(Entry(f"{self.nameless}/a.html", "No name", newest, refused="dns", also=also))
        return [*strange, *self.entries(self.stories)]


class AdServer(NetHost):
    theme = "adserver"
    about = "the host of the paid links: of no site, never to be asked for anything"
    least = 0
    most = 0
    sited = False

    def announcers(self) -> Iterable[Announcer]:
        return ()

    def extra(self, request: Request) -> Reply | None:
        return Page(f"<title>Buy</title><p>{escape(request.path)}</p>".encode())
