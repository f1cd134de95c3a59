"""What a person or program pastes as an URL, in the form in which it is saved."""

import re
import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from w3lib.url import safe_url_string

from crawler.saves.errors import Code, SaveRefused, of_reason
from crawler.scope import LONGEST_URL, Reason, Scope
from pipelines.hostnames import normal_host

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# Proxies and browsers fold the two slashes of an URL within a path: /save/https:/example.com/.
_WEB = re.compile(r"(https?):/*", re.IGNORECASE)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(?!\d{1,5}(?:[/?#]|$))", re.IGNORECASE)
_NUMERIC = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)", re.IGNORECASE)
_ANY_HOST: Final = Scope(["*"])


def check_url(url: str, *, allows: Callable[[str], bool]) -> str:
    """Return *url* as it is saved: with a scheme, percent-encoded, without fragment.

    *allows* tells whether an IP address may be asked (``AddressPolicy.allows``); hosts that are written as
    addresses, in whatever notation, are refused here and now if it does not. Names are looked up later.

    :raises SaveRefused: for another scheme than http(s), credentials, no host, a port that is none, control
        characters, more than 2083 characters, or an address that may not be asked.
    """
    text = url.strip()
    if _CONTROL.search(text):
        raise _refused(Reason.MALFORMED, "it has control characters")
    # Before anything is made of it: work on it grows with its length.
    if len(text) > LONGEST_URL:
        raise _refused(Reason.TOO_LONG)
    parts = _split(_with_scheme(text))
    _check_authority(parts)
    _check_address(parts.hostname or "", allows)
    try:
        whole = parts._replace(scheme=parts.scheme.lower(), path=parts.path or "/", fragment="")
        found = safe_url_string(whole.geturl())
    except (ValueError, UnicodeError) as err:
        raise _refused(Reason.MALFORMED, str(err)) from err
    verdict = _ANY_HOST.in_scope(found)
    if verdict.reason is not None:
        raise _refused(verdict.reason)
    return found


def _with_scheme(text: str) -> str:
    web = _WEB.match(text)
    if web:
        return f"{web[1]}://{text[web.end() :]}"
    other = _SCHEME.match(text)
    if other:
        raise _refused(Reason.SCHEME, other[1][:20])
    return f"http://{text.removeprefix('//')}"


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError as err:
        raise _refused(Reason.MALFORMED, str(err)) from err
    if not host:
        raise _refused(Reason.MALFORMED, "it has no host")
    return parts


def _check_authority(parts: SplitResult) -> None:
    if "@" in parts.netloc:
        raise _refused(Reason.MALFORMED, "it has a user name or password, which would be archived with it")
    if "\\" in parts.netloc:
        raise _refused(Reason.MALFORMED, "it has a backslash where browsers and others see different hosts")
    try:
        port = parts.port
    except ValueError as err:
        raise _refused(Reason.MALFORMED, "its port is none") from err
    if port == 0:
        raise _refused(Reason.MALFORMED, "its port is 0")


def _check_address(host: str, allows: Callable[[str], bool]) -> None:
    address = _address(normal_host(host))
    if address is not None and not allows(str(address)):
        raise SaveRefused(
            Code.BLOCKED_URL,
            f"save: {host} is an address that is not public; crawl.allow_address can allow it",
        )


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """Return the address that *host* is, also as 127.1, 0x7f000001 or 2130706433, which resolvers accept."""
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        pass
    if not _NUMERIC.fullmatch(host):
        return None
    try:
        return IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def _refused(reason: Reason, detail: str = "") -> SaveRefused:
    trouble = of_reason(reason, detail)
    return SaveRefused(trouble.error, trouble.message)
