"""What a server says of when to come back: ``Retry-After`` (RFC 9110 §10.2.3). Pure."""

import math
import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST_SECONDS: Final = 24 * 3600.0
"""What asks for more gets this: a mistyped header must not close a host for ever."""

_SECONDS = re.compile(r"\s*(\d+(?:\.\d*)?)\s*")


def retry_after(value: bytes | None, *, date: bytes | None, now: float) -> float | None:
    """Return for how many seconds a ``Retry-After`` of *value* asks, None where it cannot be read.

    *date* is the ``Date`` header of the same response: a time of the server's clock counts from there, and
    from *now* (seconds since 1970) where it has none. A time that is over gives 0. Fractions of a second,
    which the standard does not know, are taken as meant; a negative number is nonsense, thus None.
    """
    text = (value or b"").decode("latin-1").strip()
    seconds = _SECONDS.fullmatch(text)
    if seconds:
        return min(float(math.ceil(float(seconds[1][:20]))), LONGEST_SECONDS)
    until = _time(text)
    if until is None:
        return None
    return min(max(until - (_time((date or b"").decode("latin-1")) or now), 0.0), LONGEST_SECONDS)


def _time(text: str) -> float | None:
    try:
        found = parsedate_to_datetime(text)
        # RFC 9110's third form, asctime, names no zone: it is UTC.
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
