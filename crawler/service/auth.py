"""Who is asking: ``Authorization: LOW access:secret``, as the Internet Archive's clients send it."""

import base64
import binascii
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from fastapi import Request

from crawler.saves import Key
from crawler.service.context import Context
from crawler.service.errors import Refused

STRANGER: Final = Key(
    "(anybody)", 4, 4000, 12, created=datetime.fromtimestamp(0, UTC), last_used=None, revoked=None
)
"""As whom saves without a key are counted, where they are taken; no key can have that name."""
UNKNOWN: Final = "You need to be logged in to use Save Page Now."
"""Word for word the Internet Archive's: scripts look for it."""


def key_of(context: Context, request: Request, *, typed: str = "") -> Key | None:
    """Return the key of who is asking, None where none is given; *typed* is what stands in a form's field.

    Raises ``Refused`` (401) where the key is not known. Blocks: for a thread.
    """
    given = typed.strip() or _low(request.headers.get("Authorization", ""))
    return _known(context, given) if given else None


def writer(context: Context, request: Request, *, typed: str = "") -> Key:
    """Return the key of who saves. For a thread.

    Raises ``Refused`` (401) where one is needed and not given, or is not known.
    """
    key = key_of(context, request, typed=typed)
    if key is None and not context.config.service.open_save:
        raise Refused(401, "error:unauthorized", UNKNOWN)
    return key or STRANGER


def reading(context: Context) -> Callable[[Request], None]:
    """Return the dependency that lets nobody read without a key, where reading is not public."""

    def may_read(request: Request) -> None:
        if context.config.service.public_read:
            return
        given = request.headers.get("Authorization", "")
        # A browser cannot say LOW, but asks its user for Basic; nothing is changed by reading.
        pair = _low(given) or _basic(given)
        if not pair:
            refused = Refused(401, "error:unauthorized", "reading this archive needs a key")
            refused.headers["WWW-Authenticate"] = 'Basic realm="newswarc", charset="UTF-8"'
            raise refused
        _known(context, pair)

    return may_read


def _known(context: Context, pair: str) -> Key:
    access, _, secret = pair.partition(":")
    with context.keys() as keys:
        key = keys.check(access, secret)
    if key is None:
        raise Refused(401, "error:unauthorized", UNKNOWN)
    return key


def _low(header: str) -> str:
    scheme, _, pair = header.partition(" ")
    return pair.strip() if scheme.lower() == "low" else ""


def _basic(header: str) -> str:
    scheme, _, coded = header.partition(" ")
    if scheme.lower() == "basic":
        with suppress(binascii.Error, UnicodeDecodeError):
            return base64.b64decode(coded.strip(), validate=True).decode()
    return ""
