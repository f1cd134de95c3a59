"""A daily newspaper of any size, in English or Chinese, made from a seed."""

import gzip
import json
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cached_property, lru_cache, partial
from html import escape
from typing import Literal

from newsite import assets, feeds, templates
from newsite.message import Page, Request
from newsite.stories import Article, Stories

PER_PAGE = 20
PER_SITEMAP = 1000
UNTIL = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SERIAL = re.compile(r"/(?:[a-z0-9-]+-|content_)(\d+)\.s?html\Z")
SECTION = re.compile(r"/section/(\w+)/(?:page/(\d+)/)?\Z")
TOPIC = re.compile(r"/topic/(\d+)/\Z")
SITEMAP = re.compile(r"/sitemap-(\d+)\.xml(\.gz)?\Z")
IMAGE = re.compile(r"/img/(\d+)\.png\Z")
ASSETS = {"site.css": "text/css", "site.js": "text/javascript; charset=utf-8"}
TOPICS = 60


class Daily:
    """The paper; ``daily[0]`` is its newest article. Nothing but a few hundred pages is kept in memory."""

    def __init__(
        self,
        articles: int = 100,
        *,
        seed: int = 1,
        language: Literal["en", "zh"] = "en",
        crawl_delay: float | None = None,
        disallow: tuple[str, ...] = ("/search", "/private/"),
    ) -> None:
        self._count = articles
        self._seed = seed
        self._crawl_delay = crawl_delay
        self._disallow = disallow
        self._stories = Stories(language, seed=seed, count=articles, until=UNTIL)
        self._words = self._stories.words
        self._article = lru_cache(1024)(self._stories.article)
        self._page = lru_cache(256)(self._make)

    @property
    def name(self) -> str:
        return str(self._words["name"])

    @property
    def sections(self) -> dict[str, str]:
        """The sections' keys and titles."""
        return dict(self._words["sections"])

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: int) -> Article:
        if not -self._count <= number < self._count:
            raise IndexError(number)
        return self._article(number % self._count)

    def __iter__(self) -> Iterator[Article]:
        return (self[number] for number in range(self._count))

    def latest(self, count: int) -> list[Article]:
        return [self[number] for number in range(min(count, self._count))]

    def answer(self, request: Request) -> Page | None:
        return self.page(request.path, base=request.base)

    def page(self, path: str, *, base: str = "http://daily.example") -> Page | None:
        """Return the page at *path* as it reads when the site is at *base*; None where there is none."""
        return self._page(path, base.rstrip("/"))

    # Routes

    def _make(self, path: str, base: str) -> Page | None:
        fixed = {
            "/": partial(
                self._listing, "/", base, self._words["labels"]["home"], range(min(60, self._count))
            ),
            "/feed.xml": partial(self._feed, base),
            "/atom.xml": partial(self._atom, base),
            "/sitemap.xml": partial(self._index, base),
            "/news-sitemap.xml": partial(self._news, base),
            "/robots.txt": partial(self._robots, base),
        }
        if path in fixed:
            return fixed[path]()
        routes = (
            (SERIAL, self._story),
            (SECTION, self._section),
            (SITEMAP, self._sitemap),
            (IMAGE, self._image),
            (TOPIC, self._topic),
        )
        for pattern, route in routes:
            if found := pattern.search(path):
                return route(path, base, found)
        return self._asset(path)

    def _asset(self, path: str) -> Page | None:
        name = path.removeprefix("/assets/")
        if name in ASSETS:
            return Page(
                templates.read(f"daily/{name}").encode(),
                type=ASSETS[name],
                gzip=True,
                etag=f'"{self._seed}-{name}"',
            )
        return None

    def _image(self, _path: str, _base: str, found: re.Match[str]) -> Page | None:
        return Page(assets.png(int(found[1])), type="image/png", etag=f'"img-{found[1]}"')

    def _story(self, path: str, base: str, found: re.Match[str]) -> Page | None:
        number = self._count - int(found[1])
        if not 0 <= number < self._count or self[number].path != path:
            return None
        article = self[number]
        body = self._html(article, base).encode(article.charset)
        declared = f"text/html; charset={article.charset}" if article.charset == "utf-8" else "text/html"
        wire = article.wire
        # Every third page can be asked for conditionally, so that revisits happen both ways.
        etag = f'"{article.serial}-{int(article.updated.timestamp())}"' if number % 3 == 0 else None
        return Page(
            body,
            type=declared,
            gzip="gzip" in wire,
            chunked="chunked" in wire,
            etag=etag,
            modified=article.updated if etag else None,
        )

    def _section(self, path: str, base: str, found: re.Match[str]) -> Page | None:
        if found[1] not in self.sections:
            return None
        numbers = self._of_section[found[1]]
        page, pages = int(found[2] or 1), max(1, -(-len(numbers) // PER_PAGE))
        if not 1 <= page <= pages:
            return None
        shown = numbers[(page - 1) * PER_PAGE : page * PER_PAGE]
        around = []
        if page > 1:
            around.append((page - 1, "newer"))
        if page < pages:
            around.append((page + 1, "older"))
        links = " ".join(
            f'<a rel="{rel}" href="/section/{found[1]}/page/{other}/">{self._words["labels"][label]}</a>'
            for (other, label), rel in zip(around, ("prev", "next") if page > 1 else ("next",), strict=False)
        )
        return self._listing(path, base, self.sections[found[1]], shown, pagination=links)

    @cached_property
    def _of_section(self) -> dict[str, list[int]]:
        numbers: dict[str, list[int]] = {key: [] for key in self.sections}
        for number in range(self._count):
            numbers[self._stories.section(number)].append(number)
        return numbers

    def _topic(self, path: str, base: str, found: re.Match[str]) -> Page | None:
        nth = int(found[1])
        if nth >= TOPICS:
            return None
        numbers = [number for number in range(self._count) if (self._count - number) % TOPICS == nth]
        return self._listing(path, base, f"{self.name} {nth}", numbers[:PER_PAGE])

    # Announcements

    def _feed(self, base: str) -> Page:
        body = feeds.rss(
            self.name, self.latest(50), base, sections=self.sections, language=self._words["language"]
        )
        return Page(
            body,
            type="application/rss+xml; charset=utf-8",
            gzip=True,
            etag=f'"feed-{self._seed}-{self._count}"',
        )

    def _atom(self, base: str) -> Page:
        return Page(feeds.atom(self.name, self.latest(50), base), type="application/atom+xml", chunked=True)

    def _news(self, base: str) -> Page:
        body = feeds.news_sitemap(self.name, self.latest(100), base, language=self._words["language"][:2])
        return Page(body, type="application/xml", gzip=True)

    def _index(self, base: str) -> Page:
        count = max(1, -(-self._count // PER_SITEMAP))
        entries = [
            (f"{base}{_sitemap_path(n)}", self._stories.published((n - 1) * PER_SITEMAP))
            for n in range(1, count + 1)
        ]
        return Page(feeds.sitemap_index(entries), type="application/xml")

    def _sitemap(self, path: str, base: str, found: re.Match[str]) -> Page | None:
        nth = int(found[1])
        numbers = range((nth - 1) * PER_SITEMAP, min(nth * PER_SITEMAP, self._count))
        if path != _sitemap_path(nth) or not (numbers or nth == 1):
            return None
        # Titles and times only: a thousand whole stories would take a second to write.
        entries = [
            (base + self._stories.path(n, self._stories.title(n)), self._stories.published(n))
            for n in numbers
        ]
        body = feeds.sitemap(entries)
        if found[2]:
            return Page(gzip.compress(body, 6, mtime=0), type="application/gzip")
        return Page(body, type="application/xml", gzip=True)

    def _robots(self, base: str) -> Page:
        lines = ["User-agent: *", *(f"Disallow: {path}" for path in self._disallow)]
        if self._crawl_delay is not None:
            lines.append(f"Crawl-delay: {self._crawl_delay:g}")
        lines += ["", f"Sitemap: {base}/sitemap.xml", f"Sitemap: {base}/news-sitemap.xml", ""]
        return Page("\n".join(lines).encode(), type="text/plain; charset=utf-8")

    # HTML

    @cached_property
    def _chrome(self) -> dict[str, str]:
        """What every page of the paper has in common."""
        words = self._words
        sections = "".join(
            f'<li><a href="/section/{key}/">{title}</a></li>' for key, title in self.sections.items()
        )
        towns = words["lists"]["town"]
        extras = "".join(
            f'<li class="menu-item menu-item-{n}"><a class="menu-link" data-track="nav" href="/topic/{n}/">'
            f"{towns[n % len(towns)]} {words['lists']['day'][n % 6]}</a></li>"
            for n in range(TOPICS)
        )
        rules = templates.read("daily/site.css") + "".join(
            f".grid-{n}{{margin:{n % 7}px {n % 5}px;width:{100 / (n % 12 + 1):.3f}%}}\n" for n in range(220)
        )
        script = "".join(
            f'flags["experiment-{n}"]={{on:{"true" if n % 3 else "false"},share:{n % 100},group:"reader"}};\n'
            for n in range(160)
        )
        return {
            "site": words["name"],
            "tagline": words["tagline"],
            "language": words["language"],
            "locale": words["locale"],
            "nav": f"<ul>{sections}{extras}</ul>",
            "footer": f"<ul>{sections}<li><a href='/private/terms'>§</a></li></ul>",
            "css": rules,
            "script": "window.flags={};\n" + script,
            **{f"label_{key}": text for key, text in words["labels"].items()},
        }

    def _listing(
        self, path: str, base: str, title: str, numbers: range | list[int], pagination: str = ""
    ) -> Page:
        teasers = "\n".join(
            f'<article class="teaser"><h2><a href="{each.path}">{escape(each.title)}</a></h2>'
            f'<p>{escape(each.paragraphs[0])}</p><time datetime="{feeds.iso(each.published)}">'
            f"{each.published:%Y-%m-%d %H:%M}</time>"
            f'<img src="/img/{each.serial % 9 + 1}.png" alt=""></article>'
            for each in (self[number] for number in numbers)
        )
        values = {
            **self._chrome,
            "base": base,
            "path": path,
            "title": title,
            "teasers": teasers,
            "pagination": pagination,
        }
        return Page(templates.fill(templates.read("daily/listing.html"), values).encode(), gzip=True)

    def _html(self, article: Article, base: str) -> str:
        joined = self._words["labels"]["and"].join(article.authors)
        values = {
            **self._chrome,
            "base": base,
            "charset": article.charset,
            "path": article.path,
            "serial": str(article.serial),
            "title": escape(article.title),
            "description": escape(article.paragraphs[0]),
            "authors": escape(joined),
            "section": self.sections[article.section],
            "section_key": article.section,
            "published": feeds.iso(article.published),
            "updated": feeds.iso(article.updated),
            "shown": f"{article.published:%Y-%m-%d %H:%M}",
            "image": str(article.serial % 9 + 1),
            "jsonld": self._json_ld(article, base),
            "body": _body(article),
            "tags": f'<a href="/topic/{article.serial % TOPICS}/">{self.sections[article.section]}</a>',
            "most": self._links(article, range(10), images=False),
            "related": self._links(article, range(1, 41), images=True),
            "state": _state(article, self._seed),
        }
        return templates.fill(templates.read("daily/article.html"), values)

    def _json_ld(self, article: Article, base: str) -> str:
        about = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "mainEntityOfPage": article.url(base),
            "headline": article.title,
            "datePublished": feeds.iso(article.published),
            "dateModified": feeds.iso(article.updated),
            "author": [{"@type": "Person", "name": name} for name in article.authors],
            "publisher": {"@type": "NewsMediaOrganization", "name": self.name},
            "articleSection": self.sections[article.section],
            "inLanguage": self._words["language"],
            "image": [f"{base}/img/{article.serial % 9 + 1}.png"],
        }
        return json.dumps(about, ensure_ascii=False)

    def _links(self, article: Article, steps: range, *, images: bool) -> str:
        numbers = dict.fromkeys((article.number + step * 6) % self._count for step in steps)
        lines = []
        for number in numbers:
            title = self._stories.title(number)
            image = (
                f'<img loading="lazy" src="/img/{number % 9 + 1}.png" width="240" height="135" alt="">'
                if images
                else ""
            )
            path = self._stories.path(number, title)
            lines.append(
                f'<li class="card card-{number % 12}"><a href="{path}" data-id="{number}">'
                f"{image}<span>{escape(title)}</span></a></li>"
            )
        return "\n".join(lines)


def daily(
    articles: int = 100,
    *,
    seed: int = 1,
    language: Literal["en", "zh"] = "en",
    crawl_delay: float | None = None,
    disallow: tuple[str, ...] = ("/search", "/private/"),
) -> Daily:
    """Return a paper of so many articles: the same for the same arguments."""
    return Daily(articles, seed=seed, language=language, crawl_delay=crawl_delay, disallow=disallow)


def _sitemap_path(nth: int) -> str:
    return f"/sitemap-{nth}.xml" + (".gz" if nth == 1 else "")


def _body(article: Article) -> str:
    lines = []
    for index, paragraph in enumerate(article.paragraphs):
        if index in article.headings:
            lines.append(f"<h2>{escape(article.headings[index])}</h2>")
        lines.append(f"<p>{escape(paragraph)}</p>")
    return "\n".join(lines)


def _state(article: Article, seed: int) -> str:
    """What front ends leave in their pages: 20 to 70 kB of it, which compress badly as hashes do."""
    chance = random.Random(f"state/{seed}/{article.serial}")
    count = chance.randrange(200, 520)
    props = {"collapsed": False, "lazy": True, "slots": ["top", "rail", "inline"], "rev": article.serial}
    state = {
        f"module-{n}": {
            "hash": chance.randbytes(26).hex(),
            "kind": chance.choice(("card", "list", "promo")),
            "props": props,
        }
        for n in range(count)
    }
    return json.dumps(state)
