"""Discovery: pure functions from the bytes of a source to the URLs that it announces.

::

    found = discover(payload, url, content_type=header)      # Discovery
    found.kind, found.urls, found.more                       # AnnouncedUrl…, Source…
    signature(found)                                         # changes with what is announced, not the bytes
    links(tree, base_url)                                    # of a page that is parsed already, or its bytes
    likely_sources(page, base_url)                           # feeds and section fronts of a front page

No network, no clock, no state; nothing here raises for what a server may send. Above
:mod:`pipelines.identity`, beside :mod:`crawler.scope`, without knowledge of the configuration.
"""

from crawler.discovery.addresses import Base
from crawler.discovery.classify import discover
from crawler.discovery.dates import parse_date
from crawler.discovery.likely import LikelySources, likely_sources
from crawler.discovery.links import (
    css_requisites,
    further_sources,
    html_tree,
    links,
    refresh_target,
    requisites,
)
from crawler.discovery.model import AnnouncedUrl, Discovery, Hints, Kind, Source
from crawler.discovery.signatures import signature
from crawler.discovery.sitemaps import sitemaps_in_robots

__all__ = [
    "AnnouncedUrl",
    "Base",
    "Discovery",
    "Hints",
    "Kind",
    "LikelySources",
    "Source",
    "css_requisites",
    "discover",
    "further_sources",
    "html_tree",
    "likely_sources",
    "links",
    "parse_date",
    "refresh_target",
    "requisites",
    "signature",
    "sitemaps_in_robots",
]
