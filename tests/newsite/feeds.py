"""What the daily announces: RSS 2.0, Atom (RFC 4287), sitemaps (sitemaps.org 0.9), Google's news sitemap."""

from collections.abc import Iterable
from datetime import datetime
from xml.sax.saxutils import escape

from newsite.message import http_date
from newsite.stories import Article

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def rss(
    name: str, articles: Iterable[Article], base: str, *, sections: dict[str, str], language: str
) -> bytes:
    """Return an RSS 2.0 feed."""
    items = "".join(
        f"<item><title>{escape(each.title)}</title><link>{base}{each.path}</link>"
        f"<description>{escape(each.paragraphs[0])}</description>"
        f"<category>{escape(sections[each.section])}</category>"
        f'<guid isPermaLink="false">{escape(each.guid(base))}</guid>'
        f"<dc:creator>{escape(', '.join(each.authors))}</dc:creator>"
        f"<pubDate>{http_date(each.published).decode()}</pubDate></item>\n"
        for each in articles
    )
    return (
        f'{HEAD}<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>{escape(name)}</title>'
        f"<link>{base}/</link><description>{escape(name)}</description><language>{language}</language>"
        f'<atom:link href="{base}/feed.xml" rel="self" type="application/rss+xml"/>\n'
        f"{items}</channel></rss>\n"
    ).encode()


def atom(name: str, articles: Iterable[Article], base: str) -> bytes:
    """Return an Atom feed."""
    listed = list(articles)
    entries = "".join(
        f"<entry><title>{escape(each.title)}</title><id>{escape(each.guid(base))}</id>"
        f'<link rel="alternate" href="{base}{each.path}"/><published>{iso(each.published)}</published>'
        f"<updated>{iso(each.updated)}</updated>"
        + "".join(f"<author><name>{escape(author)}</name></author>" for author in each.authors)
        + f"<summary>{escape(each.paragraphs[0])}</summary></entry>\n"
        for each in listed
    )
    updated = iso(
        max((each.updated for each in listed), default=datetime.fromisoformat("2026-01-01T00:00:00Z"))
    )
    return (
        f'{HEAD}<feed xmlns="http://www.w3.org/2005/Atom"><title>{escape(name)}</title><id>{base}/</id>'
        f'<link href="{base}/"/><link rel="self" href="{base}/atom.xml"/><updated>{updated}</updated>\n'
        f"{entries}</feed>\n"
    ).encode()


def sitemap(entries: Iterable[tuple[str, datetime]]) -> bytes:
    """Return a sitemap of URLs and when they last changed."""
    urls = "".join(
        f"<url><loc>{escape(url)}</loc><lastmod>{iso(at)}</lastmod></url>\n" for url, at in entries
    )
    return f'{HEAD}<urlset xmlns="{SITEMAP}">\n{urls}</urlset>\n'.encode()


def sitemap_index(entries: Iterable[tuple[str, datetime]]) -> bytes:
    """Return a sitemap index."""
    maps = "".join(
        f"<sitemap><loc>{escape(url)}</loc><lastmod>{iso(at)}</lastmod></sitemap>\n" for url, at in entries
    )
    return f'{HEAD}<sitemapindex xmlns="{SITEMAP}">\n{maps}</sitemapindex>\n'.encode()


def news_sitemap(name: str, articles: Iterable[Article], base: str, *, language: str) -> bytes:
    """Return a Google News sitemap."""
    urls = "".join(
        f"<url><loc>{base}{each.path}</loc><news:news><news:publication><news:name>{escape(name)}</news:name>"
        f"<news:language>{language.lower()}</news:language></news:publication>"
        f"<news:publication_date>{iso(each.published)}</news:publication_date>"
        f"<news:title>{escape(each.title)}</news:title></news:news></url>\n"
        for each in articles
    )
    return f'{HEAD}<urlset xmlns="{SITEMAP}" xmlns:news="{NEWS}">\n{urls}</urlset>\n'.encode()


def iso(at: datetime) -> str:
    """Return *at* as W3C datetime in UTC, to the second."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
