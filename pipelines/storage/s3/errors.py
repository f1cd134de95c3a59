"""What an S3 store's refusals mean to us."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
    IncompleteReadError,
    NoAuthTokenError,
    NoCredentialsError,
    PartialCredentialsError,
    ResponseStreamingError,
    SSLError,
    TokenRetrievalError,
)
from botocore.exceptions import ConnectionError as NoConnection
from urllib3.exceptions import HTTPError

from pipelines.errors import Conflict, Denied, NotFound, StorageError, Unavailable, Unfit


class PastEnd(StorageError):
    """A range begins where the object has ended already."""


class NoUpload(StorageError):
    """A multipart upload is over, one way or the other."""


_NO_RIGHT = (Denied, "give this key the right to read, write, list and delete in the bucket")
_OVER = (Denied, "the credentials have run out; renew them")
_TAKEN = (Conflict, "objects are never overwritten")
_REGION = (StorageError, "set the store's region to the bucket's")
_FULL = (StorageError, "the store is full; raise the quota")
_LATER = (Unavailable, "try again later")
_DAMAGED = (Unavailable, "the bytes were damaged on the way; try again")

_BY_CODE: dict[str, tuple[type[StorageError], str]] = {
    "AccessDenied": _NO_RIGHT,
    "AuthorizationHeaderMalformed": _REGION,
    "BadDigest": _DAMAGED,
    "ConditionalRequestConflict": _LATER,
    "EntityTooLarge": (StorageError, "the store takes no part or object of this size"),
    "ExpiredToken": _OVER,
    "InvalidAccessKeyId": (Denied, "the store does not know this access key; check access_key"),
    "InvalidRange": (PastEnd, "ask for less"),
    "InvalidToken": _OVER,
    "KeyTooLongError": (StorageError, "use a shorter key or prefix"),
    "NoSuchBucket": (StorageError, "create the bucket or correct the store's URL"),
    "NoSuchKey": (NotFound, "nothing is there"),
    "NoSuchUpload": (NoUpload, "begin again"),
    "NotImplemented": (Unfit, "the store lacks this operation; use another"),
    "PermanentRedirect": _REGION,
    "PreconditionFailed": _TAKEN,
    "QuotaExceeded": _FULL,
    "RequestTimeTooSkewed": (Denied, "set this machine's clock right"),
    "RequestTimeout": _LATER,
    "SignatureDoesNotMatch": (Denied, "check secret_key, and that no proxy changes requests"),
    "SlowDown": _LATER,
    "XAmzContentChecksumMismatch": _DAMAGED,
    "XMinioStorageFull": _FULL,
}
_BY_STATUS: dict[int, tuple[type[StorageError], str]] = {
    301: _REGION,
    401: (Denied, "check access_key and secret_key"),
    403: _NO_RIGHT,
    404: (NotFound, "nothing is there"),
    408: _LATER,
    409: _LATER,
    412: _TAKEN,
    416: (PastEnd, "ask for less"),
    429: _LATER,
    501: (Unfit, "the store lacks this operation; use another"),
    507: _FULL,
}
_NO_CREDENTIALS = (
    CredentialRetrievalError,
    NoAuthTokenError,
    NoCredentialsError,
    PartialCredentialsError,
    TokenRetrievalError,
)
CUT = (NoConnection, HTTPClientError, IncompleteReadError, ResponseStreamingError, HTTPError, OSError)
"""What a body raises whose connection breaks."""


@contextmanager
def reported(verb: str, url: str) -> Iterator[None]:
    """Raise what boto3 raises in the block as an error of ours; *verb* says what was tried with *url*."""
    try:
        yield
    except (BotoCoreError, ClientError, HTTPError, OSError) as error:
        kind, fact, remedy = _meaning(error)
        raise kind(f"storage: cannot {verb} {url!r} ({fact}); {remedy}") from error


def status_of(error: ClientError) -> int:
    """Return the HTTP status that came with *error*, 0 if none did."""
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)


def _meaning(error: Exception) -> tuple[type[StorageError], str, str]:
    if isinstance(error, ClientError):
        return _meaning_of_answer(error)
    if isinstance(error, _NO_CREDENTIALS):
        return Denied, str(error), "give access_key and secret_key, or a profile"
    # A handshake that is cut may do better next time; a certificate that is wrong will not.
    if isinstance(error, SSLError) and "CERTIFICATE" in str(error):
        return StorageError, str(error), "name the authority's file with ca_bundle, or correct endpoint_url"
    if isinstance(error, CUT):
        return Unavailable, str(error), "check endpoint_url and the network, or try again later"
    return StorageError, str(error), "check the store's settings"


def _meaning_of_answer(error: ClientError) -> tuple[type[StorageError], str, str]:
    code = error.response.get("Error", {}).get("Code", "")
    status = status_of(error)
    fact = f"{code}, {status}: {error.response.get('Error', {}).get('Message', '')}"
    if code in _BY_CODE or status in _BY_STATUS:
        kind, remedy = _BY_CODE.get(code) or _BY_STATUS[status]
    elif status >= 500 or "Throttl" in code:
        kind, remedy = _LATER
    else:
        kind, remedy = StorageError, "look the code up with the store's maker"
    return kind, fact, remedy
