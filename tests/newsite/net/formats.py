"""Feeds and sitemaps as text; what a host does wrong in them, it does in the items that it passes."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from newsite.feeds import NEWS, SITEMAP, iso
from newsite.message import http_date
from newsite.net.model import Entry, Story

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
ATOM = "http://www.w3.org/2005/Atom"
ATOM_03 = "http://purl.org/atom/ns#"
RSS_10 = "http://purl.org/rss/1.0/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SYNDICATION = "http://purl.org/rss/1.0/modules/syndication/"
DUBLIN = "http://purl.org/dc/elements/1.1/"


@dataclass(frozen=True, slots=True)
class Channel:
    """What a feed says of itself."""

    title: str
    base: str
    path: str
    language: str
    about: str = ""
    """Elements of its own, as XML."""


def story_of(entry: Entry) -> Story:
    """Return the story that *entry* announces; feeds and news sitemaps announce nothing else."""
    assert entry.story is not None
    return entry.story


def rss_item(entry: Entry, *, link: str | None = None) -> str:
    """Return an RSS 2.0 item; *link* replaces its link and guid."""
    story = story_of(entry)
    named = link if link is not None else f"<link>{escape(entry.text)}</link>{guid(entry)}"
    edited = f"<atom:updated>{iso(story.updated)}</atom:updated>" if story.edition > 1 else ""
    return (
        f"<item><title>{escape(entry.title)}</title>{named}"
        f"<pubDate>{http_date(story.published).decode()}</pubDate>{edited}</item>\n"
    )


def guid(entry: Entry) -> str:
    """Return a guid that is no address."""
    return f'<guid isPermaLink="false">story-{story_of(entry).serial}</guid>'


def rss(channel: Channel, items: Iterable[str], *, declaration: str = DECLARATION) -> str:
    """Return an RSS 2.0 feed."""
    return (
        f'{declaration}<rss version="2.0" xmlns:atom="{ATOM}" xmlns:dc="{DUBLIN}"><channel>'
        f"<title>{escape(channel.title)}</title><link>{channel.base}/</link>"
        f"<description>{escape(channel.title)}</description><language>{channel.language}</language>"
        f"{channel.about}\n{''.join(items)}</channel></rss>\n"
    )


def atom(channel: Channel, entries: Iterable[Entry], *, declaration: str = DECLARATION) -> str:
    """Return an Atom feed (RFC 4287) whose links are relative to its ``xml:base`` where they are relative."""
    listed = list(entries)
    items = "".join(
        f"<entry><title>{escape(each.title)}</title><id>urn:story:{story_of(each).serial}</id>"
        f"<link rel='alternate' href={quoteattr(each.text)}/>"
        f"<published>{iso(story_of(each).published)}</published>"
        f"<updated>{iso(story_of(each).updated)}</updated></entry>\n"
        for each in listed
    )
    updated = max((iso(story_of(each).updated) for each in listed), default="2026-01-01T00:00:00Z")
    return (
        f'{declaration}<feed xmlns="{ATOM}" xml:base="{channel.base}/" xml:lang="{channel.language}">'
        f"<title>{escape(channel.title)}</title><id>{channel.base}/</id>"
        f'<link rel="self" href="{channel.path}"/><updated>{updated}</updated>\n{items}</feed>\n'
    )


def atom_03(channel: Channel, entries: Iterable[Entry]) -> str:
    """Return an Atom 0.3 feed, with its old names."""
    items = "".join(
        f'<entry><title mode="escaped" type="text/html">{escape(each.title)}</title>'
        f'<link rel="alternate" type="text/html" href={quoteattr(each.text)}/>'
        f"<id>tag:rdf,2026:{story_of(each).serial}</id><issued>{iso(story_of(each).published)}</issued>"
        f"<modified>{iso(story_of(each).updated)}</modified></entry>\n"
        for each in entries
    )
    return (
        f'{DECLARATION}<feed version="0.3" xmlns="{ATOM_03}" xml:lang="{channel.language}">'
        f"<title>{escape(channel.title)}</title>"
        f'<link rel="alternate" type="text/html" href="{channel.base}/"/>\n{items}</feed>\n'
    )


def rdf(channel: Channel, entries: Iterable[Entry]) -> str:
    """Return an RSS 1.0 feed: its items stand beside the channel."""
    listed = list(entries)
    names = "".join(f"<rdf:li rdf:resource={quoteattr(each.url)}/>" for each in listed)
    items = "".join(
        f"<item rdf:about={quoteattr(each.url)}><title>{escape(each.title)}</title>"
        f"<link>{escape(each.text)}</link><dc:date>{iso(story_of(each).published)}</dc:date></item>\n"
        for each in listed
    )
    return (
        f'{DECLARATION}<rdf:RDF xmlns:rdf="{RDF}" xmlns="{RSS_10}" xmlns:dc="{DUBLIN}" '
        f'xmlns:sy="{SYNDICATION}"><channel rdf:about="{channel.base}{channel.path}">'
        f"<title>{escape(channel.title)}</title><link>{channel.base}/</link>{channel.about}"
        f"<items><rdf:Seq>{names}</rdf:Seq></items></channel>\n{items}</rdf:RDF>\n"
    )


def json_feed(channel: Channel, entries: Iterable[Entry], *, following: str | None) -> str:
    """Return a page of a JSON Feed 1.1; every third item has its address in ``id`` alone."""
    items = []
    for each in entries:
        story = story_of(each)
        item = {"id": str(story.serial), "url": each.text}
        if story.serial % 3 == 0:
            item = {"id": each.text}
        dates = {"date_published": iso(story.published), "date_modified": iso(story.updated)}
        items.append({**item, "title": each.title, "content_text": each.title, **dates})
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": channel.title, "items": items}
    if following:
        feed["next_url"] = following
    return json.dumps(feed, ensure_ascii=False)


def sitemap(urls: Iterable[str]) -> str:
    """Return a sitemap of ready ``<url>`` elements."""
    return f'{DECLARATION}<urlset xmlns="{SITEMAP}" xmlns:news="{NEWS}">\n{"".join(urls)}</urlset>\n'


def sitemap_url(entry: Entry, *, location: str | None = None) -> str:
    """Return a ``<url>`` element; *location* is what stands in its ``<loc>``, already escaped."""
    modified = f"<lastmod>{iso(entry.story.updated)}</lastmod>" if entry.story else ""
    return f"<url><loc>{location or escape(entry.text)}</loc>{modified}</url>\n"


def news_url(entry: Entry, channel: Channel) -> str:
    """Return a ``<url>`` element of a Google News sitemap."""
    return (
        f"<url><loc>{escape(entry.text)}</loc><news:news><news:publication>"
        f"<news:name>{escape(channel.title)}</news:name><news:language>{channel.language[:2]}</news:language>"
        f"</news:publication><news:publication_date>{iso(story_of(entry).published)}</news:publication_date>"
        f"<news:title>{escape(entry.title)}</news:title></news:news></url>\n"
    )


def index(maps: Iterable[tuple[str, datetime]]) -> str:
    """Return a sitemap index of URLs and when they last changed."""
    listed = "".join(
        f"<sitemap><loc>{escape(url)}</loc><lastmod>{iso(at)}</lastmod></sitemap>\n" for url, at in maps
    )
    return f'{DECLARATION}<sitemapindex xmlns="{SITEMAP}">\n{listed}</sitemapindex>\n'
