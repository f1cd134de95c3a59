"""From what stands in an attribute or element to an absolute URL."""

import re
from urllib.parse import urljoin, urlsplit

from w3lib.url import safe_url_string

LONGEST_URL = 8192
"""Characters; what is longer is no address of a page. The scope refuses much earlier, with a reason."""

# These join to scheme or origin by plain concatenation: nothing to resolve, nothing to encode.
_PLAIN = r"[A-Za-z0-9_~/%=&,:!*()@$+-]"
_SIMPLE_ABSOLUTE = re.compile(
    rf"https?://[a-z0-9.-]+(?::\d+)?/(?:{_PLAIN}|\.(?![./?]|$))*(?:\?(?:{_PLAIN}|[.?/])+)?"
)
_SIMPLE_PATH = re.compile(rf"/(?!/)(?:{_PLAIN}|\.(?![./?]|$))*(?:\?(?:{_PLAIN}|[.?/])+)?")
_CONTROL = re.compile(r"[\t\n\r\f\v\x00]+")
_MANY_SLASHES = re.compile(r"(https?:)/{3,}", re.IGNORECASE)
_ONE_SLASH = re.compile(r"(https?:)/(?!/)", re.IGNORECASE)
_FEED_SCHEME = re.compile(r"feed:(?://(?=https?:))?", re.IGNORECASE)
_HOST_FIRST = re.compile(r"((?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::\d+)?(?=[/?]|$)", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"\s*(?!https?:)[A-Za-z][A-Za-z0-9+.-]*:", re.IGNORECASE)


class Base:
    """Joins references of one page to its base URL; joining is repeated work and therefore prepared."""

    def __init__(self, url: str, *, encoding: str = "utf-8") -> None:
        self.url = url
        self.encoding = encoding
        self._origin = _origin(url)
        self._scheme, _, self._host = self._origin.partition("://")

    def join(self, reference: str) -> str | None:
        """Return *reference* as an absolute http or https URL without fragment; None where it is none.

        White space around and line breaks inside are dropped, other characters that no URL may hold are
        percent-encoded, in the query with the page's encoding, as browsers do. Never raises.
        """
        if len(reference) > LONGEST_URL:
            return None
        text = reference.partition("#")[0]
        if self._origin and _SIMPLE_PATH.fullmatch(text):
            return self._origin + text
        if _SIMPLE_ABSOLUTE.fullmatch(text):
            return text
        return self._resolved(text) if text.strip() or "#" not in reference else None

    def join_stated(self, reference: str) -> str | None:
        """Return like :meth:`join` what a feed or sitemap states, which is hardly ever meant to be relative.

        ``https:/host/``, ``feed:https://host/``, ``www.host/`` and the source's own host without a scheme
        are what they are meant to be.
        """
        text = reference.strip()
        if len(text) <= LONGEST_URL and _SIMPLE_ABSOLUTE.fullmatch(text):
            return text
        if _FEED_SCHEME.match(text):
            text = _FEED_SCHEME.sub("", text, count=1)
            text = f"http:{text}" if text.startswith("//") else text
        text = _ONE_SLASH.sub(r"\1//", text, count=1) if _ONE_SLASH.match(text) else text
        host = _HOST_FIRST.match(text)
        if host and self._scheme and self._is_host(host[1].lower()):
            text = f"{self._scheme}://{text}"
        return self.join(text)

    def _is_host(self, name: str) -> bool:
        if name.startswith("www."):
            return name.count(".") > 1
        return name == self._host.partition(":")[0].lower().removeprefix("www.")

    def _resolved(self, text: str) -> str | None:
        text = _CONTROL.sub("", text).strip()
        # As browsers do (WHATWG URL §4.4, special authority ignore slashes state).
        text = _MANY_SLASHES.sub(r"\1//", text, count=1) if _MANY_SLASHES.match(text) else text
        if _OTHER_SCHEME.match(text):
            return None
        try:
            url = urljoin(self.url, text)
            parts = urlsplit(url)
            if parts.scheme not in {"http", "https"} or not parts.hostname:
                return None
            # An origin and its root are one page: written one way, they are compared as one.
            return safe_url_string(url if parts.path else _with_path(url), encoding=self.encoding)
        except (ValueError, UnicodeError, LookupError):
            return None


def _with_path(url: str) -> str:
    return urlsplit(url)._replace(path="/").geturl()


def _origin(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in {"http", "https"} and parts.netloc else ""
