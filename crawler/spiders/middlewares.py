"""Downloader middlewares of our own spiders."""

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response

CODED = "payload_coded"
"""Key of ``Request.meta``: whether the callback wants the payload as the wire brought it."""


class PayloadDecoding(HttpCompressionMiddleware):
    """Scrapy's own, but payloads that a worker process will decode pass as they are."""

    def process_response(
        self,
        request: Request,
        response: Response,
        spider: Spider | None = None,  # noqa: ARG002 - as in Scrapy, where passing it on is deprecated
    ) -> Request | Response:
        """Return *response*, decoded unless its request says otherwise."""
        if request.meta.get(CODED):
            return response
        return super().process_response(request, response)


class Redirects(RedirectMiddleware):
    """Scrapy's own, for the requests of other middlewares; it would miss the Referer's middleware aloud."""

    def handle_referer(self, request: Request, response: Response) -> None:
        """Leave the Referer header as it is: none is sent."""

    def _engine_started(self) -> None:
        """Look for no such middleware."""
