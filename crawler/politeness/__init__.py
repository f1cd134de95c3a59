"""What hosts ask of crawlers: robots.txt, pauses, patience.

:class:`RobotsMiddleware` stands first of the downloader middlewares, :class:`PaceMiddleware` next to the
downloader in the place of Scrapy's RetryMiddleware. Both need the frontier as scheduler: it is there that
requests wait. The settings, besides Scrapy's ROBOTSTXT_OBEY, USER_AGENT, DOWNLOAD_DELAY,
CONCURRENT_REQUESTS_PER_DOMAIN, DOWNLOAD_SLOTS, RETRY_ENABLED and RETRY_TIMES:

``POLITENESS``
    what holds for some hosts (:class:`crawler.politeness.terms.HostTerms`)
``POLITENESS_LIMITS``
    the bounds of every host's pace, a dict (:class:`crawler.politeness.pace.Limits`)
``POLITENESS_HOLD`` = 30.0
    seconds for which a host is let alone after a 429 without Retry-After; doubles each time, up to an hour
``POLITENESS_RETRY_HOLD`` = 1.0
    seconds for which it is let alone after another failure that may pass; doubles, up to a minute
``POLITENESS_ROUNDS`` = 5
    how often one request waits for a host that asks for patience
"""

from crawler.politeness.refusal import REFUSAL, refuse
from crawler.politeness.retries import PaceMiddleware
from crawler.politeness.robots import RobotsMiddleware

__all__ = ["REFUSAL", "PaceMiddleware", "RobotsMiddleware", "refuse"]
