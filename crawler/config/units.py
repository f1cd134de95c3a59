"""How a person writes sizes, durations, networks and lists, and the pydantic types that read them."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated

from pydantic import BeforeValidator, Field

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]i?b?|b)?", re.IGNORECASE)
_POWER = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}
_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)\s*")
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_NOTHING = {"none", "null", "unlimited"}


def read_bytes(value: object) -> object:
    """Return the number of bytes that *value* means: ``1GB`` is 10**9, ``64MiB`` 64 * 2**20.

    What is no text is returned as it is. Raises ``ValueError`` with the accepted form.
    """
    if not isinstance(value, str):
        return value
    match = _SIZE.fullmatch(value.strip())
    if not match:
        raise ValueError("is no size; write bytes, or a number with KB, MB, GB, KiB, MiB, GiB")
    unit = (match[2] or "").lower().rstrip("b")
    return round(float(match[1]) * (1024 if unit.endswith("i") else 1000) ** _POWER[unit.rstrip("i")])


def read_seconds(value: object) -> object:
    """Return the seconds that *value* means: ``90s``, ``1h30m``, ``250ms``, ``2d``, ``1.5``.

    What is no text is returned as it is. Raises ``ValueError`` with the accepted form.
    """
    if not isinstance(value, str):
        return value
    text = value.strip().lower()
    try:
        return float(text)
    except ValueError:
        parts = _SPAN.findall(text)
        if not parts or _SPAN.sub("", text):
            raise ValueError("is no duration; write seconds, or 250ms, 90s, 15m, 1h30m, 2d") from None
        return sum(float(number) * _SECONDS[unit] for number, unit in parts)


def _read_optional(value: object) -> object:
    return None if isinstance(value, str) and value.strip().lower() in _NOTHING else value


def _read_list(value: object) -> object:
    if isinstance(value, str):
        return tuple(part for part in (piece.strip() for piece in value.split(",")) if part)
    return value


def _read_network(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return ip_network(value.strip(), strict=False)
    except ValueError:
        raise ValueError("is no network; write CIDR such as 127.0.0.0/8, ::1 or 10.1.2.3") from None


ByteCount = Annotated[int, BeforeValidator(read_bytes)]
"""Bytes, as an int."""
LONGEST_SECONDS = 100 * 365 * 86400.0
"""A hundred years. What is longer is a slip, and no date could be reckoned with it."""
Seconds = Annotated[float, BeforeValidator(read_seconds), Field(allow_inf_nan=False, le=LONGEST_SECONDS)]
"""Seconds, as a float."""
Limit = Annotated[int | None, BeforeValidator(_read_optional)]
"""A number, or None for no limit (``none`` in the environment)."""
ByteLimit = Annotated[int | None, BeforeValidator(read_bytes), BeforeValidator(_read_optional)]
"""Bytes, or None for no limit."""
SecondsLimit = Annotated[float | None, BeforeValidator(read_seconds), BeforeValidator(_read_optional)]
"""Seconds, or None for no limit."""
Spans = Annotated[tuple[Seconds, ...], BeforeValidator(_read_list)]
"""Durations in seconds; comma-separated in the environment."""
Network = Annotated[IPv4Network | IPv6Network, BeforeValidator(_read_network)]
"""An IP network."""
Networks = Annotated[tuple[Network, ...], BeforeValidator(_read_list)]
"""IP networks; comma-separated in the environment."""
