"""What a failed download means: a reason code, and how the recorded part of it is cut."""

from collections.abc import Iterator

from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from service_identity.exceptions import VerificationError
from twisted.internet.error import ConnectError, ConnectionClosed
from twisted.web._newclient import ParseError, ResponseFailed, _WrapperException
from twisted.web.http import _DataLoss, _MalformedChunkedDataError

from crawler.recorder.connection import HeadTooLong
from crawler.scope import Reason
from pipelines.errors import AddressRefused
from pipelines.model import Truncation

# The first row that an error, or one of its causes, is an instance of decides.
_REASONS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], Reason], ...] = (
    (AddressRefused, Reason.ADDRESS),
    (CannotResolveHostError, Reason.DNS),
    (UnsupportedURLSchemeError, Reason.SCHEME),
    (DownloadTimeoutError, Reason.TIMEOUT),
    ((DownloadCancelledError, HeadTooLong), Reason.SIZE),
    ((SSL.Error, VerificationError), Reason.TLS),
    ((DownloadConnectionRefusedError, ConnectError), Reason.REFUSED),
    ((ParseError, _MalformedChunkedDataError, ValueError, KeyError), Reason.PROTOCOL),
    ((ResponseDataLossError, ConnectionClosed, _DataLoss, ResponseFailed), Reason.CUT),
)

_TRUNCATIONS = {
    Reason.TIMEOUT: Truncation.TIME,
    Reason.SIZE: Truncation.LENGTH,
    Reason.CUT: Truncation.DISCONNECT,
}


def reason_of(error: BaseException) -> Reason:
    """Return the reason code of a failed download."""
    chain = [*_chain(error)]
    for kinds, reason in _REASONS:
        if any(isinstance(each, kinds) for each in chain):
            return reason
    return Reason.INTERNAL


def truncation_of(reason: Reason) -> Truncation:
    """Return how a response is cut that ended for *reason*."""
    return _TRUNCATIONS.get(reason, Truncation.UNSPECIFIED)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield *error*, its causes, and the failures that Twisted wrapped into them."""
    while error is not None:
        yield error
        if isinstance(error, _WrapperException):
            for failure in error.reasons:
                yield from _chain(getattr(failure, "value", None))
        error = error.__cause__
