"""Discovery: pure functions from the bytes of a source to the URLs that it announces.

::

    found = discover(payload, url, content_type=header)      # Discovery
    found.kind, found.urls, found.more                       # AnnouncedUrl…, Source…
    links(tree, base_url)                                    # of a page that is parsed already, or its bytes

No network, no clock, no state; nothing here raises for what a server may send. Above :mod:`crawler.config`,
beside :mod:`crawler.scope`, and without knowledge of either.
"""

from crawler.discovery.addresses import Base
from crawler.discovery.classify import discover
from crawler.discovery.dates import parse_date
from crawler.discovery.links import css_requisites, further_sources, html_tree, links, requisites
from crawler.discovery.model import AnnouncedUrl, Discovery, Kind, Source
from crawler.discovery.sitemaps import sitemaps_in_robots

__all__ = [
    "AnnouncedUrl",
    "Base",
    "Discovery",
    "Kind",
    "Source",
    "css_requisites",
    "discover",
    "further_sources",
    "html_tree",
    "links",
    "parse_date",
    "requisites",
    "sitemaps_in_robots",
]
