"""Which failures may pass if a host is asked again, and which will not."""

from collections.abc import Iterator
from typing import Final

from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from service_identity.exceptions import VerificationError
from twisted.internet.error import ConnectError, ConnectionClosed
from twisted.web._newclient import ParseError, _WrapperException
from twisted.web.http import _DataLoss, _MalformedChunkedDataError

from pipelines.errors import AddressRefused

PASSING_STATUSES: Final = frozenset({408, 425, 500, 502, 503, 504, *range(520, 530)})

_PASSING = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    ConnectError,
    ConnectionClosed,
    _DataLoss,
)
# The first of these among an error's causes says that the next answer would be no other.
_LASTING = (AddressRefused, SSL.Error, VerificationError, ParseError, _MalformedChunkedDataError)
_OTHER = (DownloadCancelledError, AddressRefused, SSL.Error, VerificationError, ParseError)


def may_pass(error: BaseException) -> bool:
    """Return whether the request that ended in *error* may fare better the next time.

    So it is with names that do not resolve (a wrong one is not told apart from a resolver in trouble),
    refused, timed out and cut connections; not with TLS, answers that are no HTTP, and too large ones.
    """
    if not isinstance(error, _PASSING):
        return False
    return not any(isinstance(one, _LASTING) for one in _causes(error))


def is_network_failure(error: BaseException) -> bool:
    """Return whether *error* is the network's or the server's, none of this program."""
    return isinstance(error, _PASSING + _OTHER)


def slows_down(error: BaseException) -> bool:
    """Return whether *error* may mean that its host has too much to do: too late, cut off, or refused."""
    return may_pass(error) and not isinstance(error, CannotResolveHostError)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, _WrapperException):
            for failure in error.reasons:
                yield from _causes(getattr(failure, "value", None))
        error = error.__cause__
