"""Where a redirect leads, and how that was come to."""

from dataclasses import dataclass, replace
from urllib.parse import quote

from scrapy.http import Response

from crawler.discovery import Base
from crawler.scope import Reason
from pipelines.model import Provenance

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PASSED = "redirects_passed"
"""Key of ``Request.meta``: the URLs that redirected to this one, the first one first."""
_MOST = 10
# What a server sends in another encoding than ASCII it wants to be asked for in the same bytes.
_AS_IT_IS = "".join(map(chr, range(33, 127)))


@dataclass(frozen=True, slots=True)
class Redirect:
    """A redirect that may be followed, or why not."""

    target: str
    """Where it leads; as it was sent, where that is no URL."""
    provenance: Provenance
    """Of a request for the target."""
    passed: tuple[str, ...]
    """The URLs that redirected, the last one last."""
    reason: Reason | None = None
    detail: str = ""


def redirect_of(response: Response, provenance: Provenance) -> Redirect:
    """Return where *response* leads, a redirect of a request with *provenance*."""
    location = quote((response.headers.get("Location") or b"").strip(), safe=_AS_IT_IS)
    told = replace(provenance, via=response.url, hops=f"{provenance.hops}R")
    passed = (*response.meta.get(PASSED, ()), response.url)
    target = Base(response.url).join(location) if location else None
    if target is None:
        return Redirect(location, told, passed, Reason.MALFORMED, f"redirected to {location!r}")
    if target in passed:
        return Redirect(target, told, passed, Reason.REDIRECTS, f"a loop over {response.url}")
    if len(passed) > _MOST:
        return Redirect(target, told, passed, Reason.REDIRECTS, f"more than {_MOST} redirects")
    return Redirect(target, told, passed)
