"""Which captures are of one article: what they share, as a text.

It is written like an urlkey, host reversed and parameters sorted, but for the case of path and query, which
an urlkey loses: ``/s/AbCd`` and ``/s/abCd`` are two articles.
"""

import re
from urllib.parse import urlsplit

from surt import surt

from pipelines.hostnames import normal_host, registered_domain
from pipelines.identity import Identity
from pipelines.urls import host, urlkey

_IDENTITY = Identity()
_ESCAPE = re.compile(r"%[0-9A-F]{2}")


def cased_key(url: str) -> str:
    """Return the urlkey of *url* with path and query in their own case, but escapes in lower case.

    The same as :func:`pipelines.urls.urlkey` where path and query have no capital letters, or cannot be read.
    """
    try:
        found = surt(url, path_lowercase=False, query_lowercase=False)
    except (ValueError, UnicodeError, IndexError, AttributeError):
        found = ""
    key = _ESCAPE.sub(lambda match: match[0].lower(), found).replace(" ", "%20") if found else ""
    lower = urlkey(url)
    return key if key.lower() == lower.lower() else lower


def identity_key(url: str, canonical: str = "") -> str:
    """Return what all captures of one article share, as :func:`cased_key` writes it.

    It is that of the address that the page calls its own, where that is plausible: on the same registered
    domain, and not the front page of a page that is none. Else that of *url*. Tracking parameters, mobile,
    AMP and print forms do not count (:mod:`pipelines.identity`).
    """
    return cased_key(_IDENTITY.of(canonical if canonical and _is_plausible(url, canonical) else url))


def _is_plausible(url: str, canonical: str) -> bool:
    ours, theirs = (registered_domain(normal_host(host(each))) for each in (url, canonical))
    if not theirs or ours != theirs:
        return False
    return not _is_front(canonical) or _is_front(url)


def _is_front(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.path in {"", "/"} and not parts.query
