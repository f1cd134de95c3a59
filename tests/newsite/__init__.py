"""A loopback news site that behaves and misbehaves on demand; README.md beside this file is its manual."""

from newsite import oracle
from newsite.daily import Daily, daily
from newsite.families import Expected, Family, families, family
from newsite.message import Page, Pages, Reply, Request, Script
from newsite.net import Net, NetSite, Outcome, net
from newsite.server import Exchange, NewsSite, running
from newsite.stories import Article

__all__ = [
    "Article",
    "Daily",
    "Exchange",
    "Expected",
    "Family",
    "Net",
    "NetSite",
    "NewsSite",
    "Outcome",
    "Page",
    "Pages",
    "Reply",
    "Request",
    "Script",
    "daily",
    "families",
    "family",
    "net",
    "oracle",
    "running",
]
