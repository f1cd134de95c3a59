"""The service's own pages: few, without script, in nobody else's colours."""

from collections.abc import Mapping
from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_templates = Environment(
    loader=PackageLoader(__name__, ""), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def wants_page(request: Request) -> bool:
    """Return whether a browser is asking: it names HTML, where programs name JSON or nothing."""
    accepted = request.headers.get("Accept", "").lower()
    return "text/html" in accepted and "application/json" not in accepted


def page(
    name: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **values: object
) -> HTMLResponse:
    """Return the page that the template *name* makes of *values*."""
    content = _templates.get_template(name).render(values)
    given = {
        "Content-Security-Policy": _POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
    return HTMLResponse(content, status, {**given, **(headers or {})})
