"""A request that is not sent, and why."""

from scrapy import Request
from scrapy.exceptions import IgnoreRequest

from crawler.scope import Reason

REFUSAL = "refusal"
"""Key of ``Request.meta``: the reason code of a request that was not sent."""


def refuse(request: Request, reason: Reason, detail: str) -> IgnoreRequest:
    """Return what to raise where *request* is not sent; its meta tells the *reason*."""
    request.meta[REFUSAL] = reason
    return IgnoreRequest(detail)
