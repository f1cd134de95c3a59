"""What hosts ask of crawlers: robots.txt, and failing closed where it cannot be had (RFC 9309)."""

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from crawler.scope import Reason

REFUSAL = "refusal"
"""Key of ``Request.meta``: the reason code of a request that was not sent."""


class _Nothing(RobotParser):
    """The rules of a host whose robots.txt is not to be had: nothing may be fetched."""

    def __init__(self) -> None:
        """Hold no rules."""

    @classmethod
    def from_crawler(cls, crawler: object, robotstxt_body: bytes) -> "_Nothing":  # noqa: ARG003 - Scrapy's interface
        """Return the rules, whatever the file says."""
        return cls()

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:  # noqa: ARG002 - Scrapy's interface
        """Return False."""
        return False


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's own, but a host whose robots.txt is unreachable, or answers 5xx or 429, is left alone.

    RFC 9309 §2.3.1.4: unreachable means complete disallow; §2.3.1.3: 4xx means that there are no rules. The
    reason of a refusal stands in the request's meta.
    """

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Let *request* pass, or raise ``IgnoreRequest`` with the reason in its meta."""
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest:
            unreachable = isinstance(rp, _Nothing)
            request.meta[REFUSAL] = Reason.ROBOTS_UNREACHABLE if unreachable else Reason.ROBOTS
            raise

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            self._settle(netloc, _Nothing())
        elif response.status >= 400:
            await super()._parse_robots(response.replace(body=b""), netloc, request)
        else:
            await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._stats.inc_value(f"robotstxt/exception_count/{type(exc).__name__}")
        self._settle(netloc, _Nothing())

    def _settle(self, netloc: str, rules: RobotParser) -> None:
        waiting = self._parsers[netloc]
        self._parsers[netloc] = rules
        if not isinstance(waiting, RobotParser) and waiting is not None:
            waiting.callback(rules)
