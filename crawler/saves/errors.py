"""What Save Page Now calls each failure, in one place.

Codes and their meanings are those of "Save Page Now 2 Public API Docs", section Error codes (2025-10-22).
"""

from enum import StrEnum
from typing import Final, NamedTuple

from crawler.scope import Reason
from pipelines.errors import NewswarcError


class Code(StrEnum):
    """The codes of Save Page Now that can be true of this archive, as ``status_ext`` gives them."""

    BAD_GATEWAY = "error:bad-gateway"
    BAD_REQUEST = "error:bad-request"
    BANDWIDTH_LIMIT_EXCEEDED = "error:bandwidth-limit-exceeded"
    BLOCKED = "error:blocked"
    BLOCKED_URL = "error:blocked-url"
    CANNOT_FETCH = "error:cannot-fetch"
    CAPTURE_LOCATION_ERROR = "error:capture-location-error"
    FILESIZE_LIMIT = "error:filesize-limit"
    GATEWAY_TIMEOUT = "error:gateway-timeout"
    HTTP_VERSION_NOT_SUPPORTED = "error:http-version-not-supported"
    INTERNAL_SERVER_ERROR = "error:internal-server-error"
    INVALID_HOST_RESOLUTION = "error:invalid-host-resolution"
    INVALID_SERVER_RESPONSE = "error:invalid-server-response"
    INVALID_URL_SYNTAX = "error:invalid-url-syntax"
    JOB_FAILED = "error:job-failed"
    METHOD_NOT_ALLOWED = "error:method-not-allowed"
    NETWORK_AUTHENTICATION_REQUIRED = "error:network-authentication-required"
    NO_ACCESS = "error:no-access"
    NOT_FOUND = "error:not-found"
    NOT_IMPLEMENTED = "error:not-implemented"
    PROTOCOL_ERROR = "error:protocol-error"
    READ_TIMEOUT = "error:read-timeout"
    SERVICE_UNAVAILABLE = "error:service-unavailable"
    SOFT_TIME_LIMIT_EXCEEDED = "error:soft-time-limit-exceeded"
    TOO_MANY_DAILY_CAPTURES = "error:too-many-daily-captures"
    TOO_MANY_REDIRECTS = "error:too-many-redirects"
    TOO_MANY_REQUESTS = "error:too-many-requests"
    UNAUTHORIZED = "error:unauthorized"
    USER_SESSION_LIMIT = "error:user-session-limit"


class Trouble(NamedTuple):
    """Why a save failed."""

    error: Code
    message: str


class SaveRefused(NewswarcError):
    """An URL that is not taken for saving; :attr:`error` says why in the words of Save Page Now."""

    exit_code = 2

    def __init__(self, error: Code, message: str) -> None:
        super().__init__(message)
        self.error: Final = error


_OF_REASON: Final = {
    Reason.SCHEME: Code.INVALID_URL_SYNTAX,
    Reason.MALFORMED: Code.INVALID_URL_SYNTAX,
    Reason.TOO_LONG: Code.INVALID_URL_SYNTAX,
    Reason.SCOPE_HOST: Code.BLOCKED_URL,
    Reason.SCOPE_PATTERN: Code.BLOCKED_URL,
    Reason.HOPS: Code.BLOCKED_URL,
    Reason.TRAP: Code.BLOCKED_URL,
    Reason.SEEN: Code.JOB_FAILED,
    Reason.OLD: Code.JOB_FAILED,
    Reason.BUDGET: Code.JOB_FAILED,
    Reason.STOPPED: Code.JOB_FAILED,
    Reason.ROBOTS: Code.BLOCKED_URL,
    Reason.ROBOTS_UNREACHABLE: Code.BLOCKED_URL,
    Reason.RATE_LIMITED: Code.TOO_MANY_REQUESTS,
    Reason.ADDRESS: Code.BLOCKED_URL,
    Reason.DNS: Code.INVALID_HOST_RESOLUTION,
    Reason.REFUSED: Code.CANNOT_FETCH,
    Reason.TLS: Code.CANNOT_FETCH,
    Reason.TIMEOUT: Code.READ_TIMEOUT,
    # "HTTP connection broken", IncompleteRead.
    Reason.CUT: Code.PROTOCOL_ERROR,
    Reason.SIZE: Code.FILESIZE_LIMIT,
    # "The target server response was invalid (e.g. invalid headers …)".
    Reason.PROTOCOL: Code.INVALID_SERVER_RESPONSE,
    Reason.REDIRECTS: Code.TOO_MANY_REDIRECTS,
    Reason.HTTP_ERROR: Code.BAD_REQUEST,
    Reason.GONE: Code.NOT_FOUND,
    Reason.PAYWALL: Code.NO_ACCESS,
    Reason.MEDIA_TYPE: Code.JOB_FAILED,
    Reason.TEXT: Code.JOB_FAILED,
    Reason.INTERNAL: Code.JOB_FAILED,
}

_OF_STATUS: Final = {
    401: Code.UNAUTHORIZED,
    403: Code.NO_ACCESS,
    404: Code.NOT_FOUND,
    405: Code.METHOD_NOT_ALLOWED,
    408: Code.READ_TIMEOUT,
    410: Code.NOT_FOUND,
    429: Code.TOO_MANY_REQUESTS,
    451: Code.NO_ACCESS,
    500: Code.INTERNAL_SERVER_ERROR,
    501: Code.NOT_IMPLEMENTED,
    502: Code.BAD_GATEWAY,
    503: Code.SERVICE_UNAVAILABLE,
    504: Code.GATEWAY_TIMEOUT,
    505: Code.HTTP_VERSION_NOT_SUPPORTED,
    509: Code.BANDWIDTH_LIMIT_EXCEEDED,
    511: Code.NETWORK_AUTHENTICATION_REQUIRED,
    # Cloudflare's: no answer, and no answer in time, from the server behind it.
    522: Code.GATEWAY_TIMEOUT,
    524: Code.GATEWAY_TIMEOUT,
    999: Code.BLOCKED,
}

OVERTIME: Final = Trouble(Code.SOFT_TIME_LIMIT_EXCEEDED, "save: it took longer than a save may take")
"""The whole save took too long."""


def of_reason(reason: Reason, detail: str = "") -> Trouble:
    """Return what a reason code means for a save; *detail* says more, as of the first failed request.

    An answer of the server is better told by :func:`of_status`.
    """
    text = f"save: {reason.meaning}"
    return Trouble(_OF_REASON[reason], f"{text} ({detail})" if detail else text)


def of_status(status: int) -> Trouble:
    """Return what an HTTP *status* of 400 or above means for a save. Raises ``ValueError`` for one below."""
    if status < 400:
        raise ValueError(f"{status} is no status of an error")
    code = _OF_STATUS.get(status) or (Code.BAD_REQUEST if status < 500 else Code.BAD_GATEWAY)
    return Trouble(
        code, f"save: the server answered with status {status}; capture_all archives it all the same"
    )
