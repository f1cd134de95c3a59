"""What belongs to a crawl, and the reason codes of everything that was not archived."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self
from urllib.parse import urlsplit

from pipelines.hostnames import is_public_suffix, normal_host

LONGEST_URL = 2083
"""Characters; longer ones are traps or data, not addresses that readers share."""

_PORTS = {"http": 80, "https": 443}


class Reason(StrEnum):
    """Why an URL has no capture, or why a capture is not whole: one code in ledger, log, metric and API."""

    meaning: str

    def __new__(cls, code: str, meaning: str) -> Self:
        """Keep the *meaning* beside the *code*, which alone is the value."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member

    SCHEME = "scheme", "not http or https"
    MALFORMED = "malformed", "not readable as an URL"
    TOO_LONG = "too_long", f"longer than {LONGEST_URL} characters"
    SCOPE_HOST = "scope_host", "the host is none of the profile's hosts"
    SCOPE_PATTERN = "scope_pattern", "an exclude pattern matches, or no include pattern does"
    HOPS = "hops", "further from the seeds than the crawl follows links"
    TRAP = "trap", "looks like a crawler trap: repeated path segments, endless calendar or parameters"
    SEEN = "seen", "known to this job already, by this address or another one of the same page"
    OLD = "old", "announced as older than the cut-off; in the ledger only"
    BUDGET = "budget", "the pages, bytes or time of the job or host are used up"
    STOPPED = "stopped", "the job ended before its turn"

    ROBOTS = "robots", "robots.txt forbids it"
    ROBOTS_UNREACHABLE = (
        "robots_unreachable",
        "robots.txt answered 5xx or not at all: RFC 9309 says no",
    )
    RATE_LIMITED = "rate_limited", "the server asked for patience (429, 503) longer than the job waits"
    ADDRESS = "address", "the host's address is not public and not allowed by crawl.allow_address"

    DNS = "dns", "the host name has no address"
    REFUSED = "refused", "the host refused the connection or cannot be reached"
    TLS = "tls", "the TLS handshake failed"
    TIMEOUT = "timeout", "no whole response in time"
    CUT = "cut", "the connection ended before the response did"
    SIZE = "size", "the body is larger than crawl.max_body"
    PROTOCOL = "protocol", "the answer is not HTTP as the client can read it"
    REDIRECTS = "redirects", "too many redirects, or a loop"

    HTTP_ERROR = "http_error", "answered with a status of 400 or above"
    GONE = "gone", "answered with 404 or 410"
    PAYWALL = "paywall", "only a preview or a login page was shown"
    MEDIA_TYPE = "media_type", "not the kind of file that was looked for"
    TEXT = "text", "recorded, but no article could be read from it"
    INTERNAL = "internal", "an error of newswarc itself; the log tells"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an URL is accepted; true in a condition if it is."""

    reason: Reason | None = None
    """Why it is not accepted, or None."""

    def __bool__(self) -> bool:
        return self.reason is None


ACCEPTED: Final = Verdict()
_REFUSED = {reason: Verdict(reason) for reason in Reason}


def refused(reason: Reason) -> Verdict:
    """Return the verdict that says *reason*."""
    return _REFUSED[reason]


class Scope:
    """Decides which URLs belong to a crawl.

    *hosts* are host names, ``*.example.com`` for the domain and everything below it, ``*`` for any, each
    with ``:port`` for that port alone. *include* and *exclude* are patterns as in robots.txt (RFC 9309
    §2.2.3): a prefix of path and query in which ``*`` stands for anything and a final ``$`` for the end;
    with a scheme (``https://example.com/news/``) a prefix of the whole URL; with ``^`` in front a regular
    expression over the whole URL. An URL is in scope if no *exclude* matches, and an *include* where there
    are any. *article* patterns tell articles from other pages.

    :raises ValueError: a host or pattern that cannot be read, named.
    """

    def __init__(
        self,
        hosts: Iterable[str],
        *,
        include: Iterable[str] = (),
        exclude: Iterable[str] = (),
        article: Iterable[str] = (),
        hops: int | None = None,
    ) -> None:
        self.hosts: Final = tuple(map(host_pattern, hosts))
        self.hops: Final = hops
        self._exact = frozenset(host for host in self.hosts if not host.startswith("*"))
        self._below = tuple(host[1:] for host in self.hosts if host.startswith("*."))
        self._any = "*" in self.hosts
        self._include = pattern(*include)
        self._exclude = pattern(*exclude)
        self._article = pattern(*article)
        self._known_hosts: dict[str, bool] = {}

    def in_scope(self, url: str, *, hops: int = 0) -> Verdict:
        """Return whether *url*, *hops* links away from what the sources announced, belongs to the crawl."""
        if len(url) > LONGEST_URL:
            return _REFUSED[Reason.TOO_LONG]
        authority, bad = _authority(url)
        if bad is not None:
            return _REFUSED[bad]
        if not self._has_host(authority):
            return _REFUSED[Reason.SCOPE_HOST]
        if not self._has_pattern(url):
            return _REFUSED[Reason.SCOPE_PATTERN]
        if self.hops is not None and hops > self.hops:
            return _REFUSED[Reason.HOPS]
        return ACCEPTED

    def is_article(self, url: str) -> bool:
        """Return whether *url* looks like an article's: by the patterns, else unless it is a front page."""
        if self._article:
            return bool(self._article.search(url))
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        return bool(parts.path.strip("/") or parts.query)

    def is_named_article(self, url: str) -> bool:
        """Return whether the profile's own patterns say that *url* is an article."""
        return self._article is not None and bool(self._article.search(url))

    def _has_pattern(self, url: str) -> bool:
        if self._exclude and self._exclude.search(url):
            return False
        return self._include is None or bool(self._include.search(url))

    def _has_host(self, authority: str) -> bool:
        known = self._known_hosts.get(authority)
        if known is None:
            if len(self._known_hosts) >= 10_000:  # a page full of foreign links must not fill the memory
                self._known_hosts.clear()
            known = self._known_hosts[authority] = self._any or self._matches(authority)
        return known

    def _matches(self, authority: str) -> bool:
        host, _, port = authority.rpartition(":")
        name = normal_host(host)
        for form in (name, f"{name}:{port}"):
            if form in self._exact or any(f".{form}".endswith(below) for below in self._below):
                return True
        return False


def host_pattern(text: str) -> str:
    """Return the host pattern *text* in normal form. Raises ``ValueError`` where it is none."""
    match = re.fullmatch(r"(\*\.)?([^\s/:@*?#\[\]]+|\[[0-9a-fA-F:.]+\])(:\d{1,5})?", text.strip())
    if text.strip() == "*":
        return "*"
    if not match:
        raise ValueError(f"{text!r} is no host; write example.com, *.example.com or example.com:8080")
    name = normal_host(match[2])
    if match[1] and is_public_suffix(name):
        raise ValueError(f"{text!r} holds every site below {name}; name the sites")
    return f"{match[1] or ''}{name}{match[3] or ''}"


def pattern(*texts: str) -> re.Pattern[str] | None:
    """Return one expression that finds any of the patterns *texts* in an URL; None for no pattern.

    :raises ValueError: naming a pattern that is not readable.
    """
    return re.compile("|".join(f"(?:{_expression(text)})" for text in texts)) if texts else None


def _expression(text: str) -> str:
    if text.startswith("^"):
        try:
            compiled = re.compile(text)
        except re.error as error:
            raise ValueError(f"{text!r} is no regular expression ({error})") from error
        # Joined into one expression, groups would be counted through and names could meet.
        if compiled.groups:
            raise ValueError(f"{text!r} has groups that capture; write (?:…)")
        return text
    if text.startswith(("/", "*")):
        start = "^https?://[^/?#]*"
    elif text.startswith(("http://", "https://")):
        start = "^"
    else:
        raise ValueError(f"{text!r} is no pattern; start it with /, *, http://, https:// or ^")
    end = "$" if text.endswith("$") else ""
    return start + ".*".join(map(re.escape, text.removesuffix("$").split("*"))) + end


def _authority(url: str) -> tuple[str, Reason | None]:
    """Return ``host:port`` of *url*, or what is wrong with it."""
    scheme, mark, rest = url.partition("://")
    port = _PORTS.get(scheme) or _PORTS.get(scheme.lower())
    if not mark or port is None:
        return "", Reason.SCHEME
    netloc = _AUTHORITY_END.split(rest, maxsplit=1)[0].rpartition("@")[2]
    host, number = netloc, str(port)
    if _PORT.search(netloc):
        host, _, number = netloc.rpartition(":")
    if not host or not _HOST.fullmatch(host):
        return "", Reason.MALFORMED
    return f"{host}:{number or port}", None


# A backslash is no end here, as it is none for urlsplit: both must see the same host.
_AUTHORITY_END = re.compile(r"[/?#]")
_PORT = re.compile(r":\d{0,5}$")
_HOST = re.compile(r"\[[0-9A-Fa-f:.]+\]|[^\s\x00-\x20\x7f:/@<>\[\]^|%\"`{}\\]+")
