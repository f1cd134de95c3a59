"""URLs and times as the index writes them: urlkeys (SURT) and 14-digit timestamps."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import urlsplit

from surt import surt

_DIGITS = re.compile(r"\d{1,14}")
_EARLIEST = "00000101000000"
_LATEST = "99991231235959"


def urlkey(url: str) -> str:
    """Return the sort key of *url*: host reversed, canonical form, as pywb and cdxj-indexer write it.

    Sort-friendly URI Reordering Transform, Internet Archive's ``surt``. An URL that it cannot read is its
    own key, in lower case and without spaces, so that no capture is ever without one.
    """
    try:
        key = surt(url)
    except (ValueError, UnicodeError, IndexError, AttributeError):
        key = url.lower()
    return key.replace(" ", "%20") if isinstance(key, str) and key else url.lower().replace(" ", "%20")


def timestamp(moment: datetime) -> str:
    """Return the aware *moment* as 14 digits, UTC: ``20261123140509``."""
    return _digits(int(moment.timestamp()))


@lru_cache(maxsize=64)
def _digits(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y%m%d%H%M%S")


def moment(digits: str) -> datetime:
    """Return the aware UTC time of 4 to 14 *digits*; missing ones are the earliest possible.

    Raises ``ValueError`` where the digits are no time.
    """
    if not _DIGITS.fullmatch(digits) or len(digits) < 4:
        raise ValueError(f"timestamp: {digits!r} is not 4 to 14 digits (YYYYMMDDhhmmss)")
    full = digits + _EARLIEST[len(digits) :]
    return datetime.strptime(full, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def warc_date(moment: datetime) -> str:
    """Return the aware *moment* as ``WARC-Date`` writes it, to the second (WARC/1.1 §5.4).

    No finer, so that the 14 digits of an index line give the date of its record exactly.
    """
    digits = timestamp(moment)
    day, time = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}", f"{digits[8:10]}:{digits[10:12]}:{digits[12:]}"
    return f"{day}T{time}Z"


def span(digits: str) -> tuple[str, str]:
    """Return the first and the last 14-digit timestamp that start with *digits*.

    >>> span("2026")
    ('20260101000000', '20261231235959')
    """
    if digits and not _DIGITS.fullmatch(digits):
        raise ValueError(f"timestamp: {digits!r} is not up to 14 digits (YYYYMMDDhhmmss)")
    return digits + _EARLIEST[len(digits) :], digits + _LATEST[len(digits) :]


def host(url: str) -> str:
    """Return the host name of *url* in lower case, empty where there is none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
