"""How pages for people are made: templates, the reader's language, and what a browser may do with them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context as Names
from markupsafe import Markup

from crawler.service.context import Context
from pipelines.edits.rendering import clean
from pipelines.urls import moment

LANGUAGES: Final = ("en", "zh")
"""Of the pages; the templates are written in the first one."""
COOKIE: Final = "lang"
_YEAR_SECONDS: Final = 365 * 86_400
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'{replay}; media-src 'self'{replay}; "
    "{script}form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-cache",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Vary": "Accept-Language, Cookie",
}
_UNITS: Final = ("B", "kB", "MB", "GB", "TB")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at a page, as far as the page depends on it."""

    language: str
    """Of :data:`LANGUAGES`."""
    root: str
    """Path below which the service is reached; mostly empty."""
    replay: str
    """Address of the origin that shows archived pages; :attr:`root` where it is this one."""
    path: str
    """Of the page, with its query."""

    def word(self, text: str, /, **values: object) -> str:
        """Return *text* in the reader's language, with *values* put in."""
        said = words(self.language).get(text, text)
        return said.format(**values) if values else said

    def words(self, count: int, one: str, many: str, /, **values: object) -> str:
        """Return *one* or *many*, whatever fits *count*, which is put in as ``n``."""
        single = count == 1 and self.language == LANGUAGES[0]
        return self.word(one if single else many, n=f"{count:,}", **values)

    def link(self, path: str, /, **parameters: object) -> str:
        """Return the address of a page of the service; parameters that are empty are left out."""
        pairs = [(name.rstrip("_"), value) for name, value in parameters.items() if value not in {"", None}]
        return self.root + path + (f"?{urlencode(pairs)}" if pairs else "")

    def web(self, timestamp: str, url: str, kind: str = "") -> str:
        """Return where the capture of *url* at *timestamp* is shown; of *kind* ``id_`` the raw payload."""
        origin = self.root if kind == "id_" else self.replay
        return f"{origin}/web/{timestamp}{kind}/{quote(url, safe=_KEPT)}"


_KEPT: Final = ":/?&=;,@!$'()*+%~[]"
"""What an address below ``/web/`` keeps as it is; ``#`` would end it."""


@cache
def words(language: str) -> Mapping[str, str]:
    """Return what the texts of the templates are in *language*."""
    found: dict[str, str] = tomllib.loads(
        (files("crawler.service") / "words" / f"{language}.toml").read_text("utf-8")
    )
    return found


@cache
def static(name: str) -> bytes:
    """Return the file *name* that pages load. Raises ``KeyError`` where there is none."""
    for file in (files("crawler.service") / "static").iterdir():
        if file.name == name:
            return file.read_bytes()
    raise KeyError(name)


def reader_of(context: Context, request: Request) -> Reader:
    """Return who asks."""
    base, replay = context.base_url(request), context.replay_base_url(request)
    root = urlsplit(base).path.rstrip("/")
    query = f"?{request.url.query}" if request.url.query else ""
    return Reader(_language(request), root, root if replay == base else replay, request.url.path + query)


def render(
    context: Context,
    request: Request,
    name: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: object,
) -> HTMLResponse:
    """Return the page that the template *name* makes of *values*; a ``script`` among them is our own."""
    reader = reader_of(context, request)
    replay = f" {reader.replay}" if reader.replay != reader.root else ""
    script = "script-src 'self'; " if values.get("script") else ""
    content = _templates.get_template(name).render(
        reader=reader,
        collection=context.collection,
        other=_other_language(request, reader),
        _=reader.word,
        _n=reader.words,
        link=reader.link,
        web=reader.web,
        **values,
    )
    policy = {"Content-Security-Policy": _POLICY.format(replay=replay, script=script)}
    response = HTMLResponse(content, status, {**_HEADERS, **policy, **(headers or {})})
    if request.query_params.get(COOKIE) in LANGUAGES:
        response.set_cookie(COOKIE, reader.language, max_age=_YEAR_SECONDS, httponly=True, samesite="lax")
    return response


def _language(request: Request) -> str:
    for asked in (request.query_params.get(COOKIE), request.cookies.get(COOKIE)):
        if asked in LANGUAGES:
            return str(asked)
    return preferred(request.headers.get("Accept-Language", ""))


def preferred(header: str) -> str:
    """Return the language of :data:`LANGUAGES` that an ``Accept-Language`` names first (RFC 9110 §12.5.4)."""
    weighed = []
    for place, part in enumerate(header.split(",")[:20]):
        tag, _, weight = part.partition(";")
        language = tag.strip().lower().partition("-")[0]
        if language in LANGUAGES:
            weighed.append((-_weight(weight), place, language))
    return min(weighed)[2] if weighed else LANGUAGES[0]


def _weight(text: str) -> float:
    try:
        return float(text.strip().removeprefix("q="))
    except ValueError:
        return 1.0


def _other_language(request: Request, reader: Reader) -> str:
    """Return the address of the same page in the other language."""
    kept = [pair for pair in request.query_params.multi_items() if pair[0] != COOKIE]
    kept.append((COOKIE, "en" if reader.language == "zh" else "zh"))
    return f"{reader.root}{quote(request.url.path)}?{urlencode(kept)}"


# --- what templates call ----------------------------------------------------------------------------


def live(url: str) -> str:
    """Return *url* where it is one that a link may lead to; what a page says may be ``javascript:``."""
    return url if url.lower().startswith(("http://", "https://")) else ""


def day(value: str | date | None) -> str:
    """Return a day: of a timestamp's first 8 digits, or of a date."""
    if not value:
        return ""
    return value.isoformat()[:10] if isinstance(value, date) else f"{value[:4]}-{value[4:6]}-{value[6:8]}"


def when(value: str | datetime | None) -> Markup:
    """Return a time of 14 digits, or an aware one, as a ``time`` element, to the second."""
    if not value:
        return Markup("")
    at = moment(value) if isinstance(value, str) else value.astimezone(UTC)
    text = f"{at:%Y-%m-%d %H:%M:%S} UTC"
    return Markup('<time datetime="{}">{}</time>').format(f"{at:%Y-%m-%dT%H:%M:%SZ}", text)


def minute(value: str) -> str:
    """Return a timestamp of 14 digits to the minute, without its zone, for tables that name it."""
    return f"{day(value)} {value[8:10]}:{value[10:12]}"


def clock(seconds: float) -> str:
    """Return a place in a recording: ``3:05``, ``1:02:33``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def size(count: float) -> str:
    """Return a number of bytes as people read it."""
    for unit in _UNITS[:-1]:
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} {_UNITS[-1]}"


@pass_context
def asset(names: Names, name: str) -> str:
    """Return the address of a file of ours, another one whenever its bytes are others."""
    reader: Reader = names["reader"]
    return f"{reader.root}/static/{name}?{sha256(static(name)).hexdigest()[:8]}"


def _shown(value: object) -> Any:  # noqa: ANN401 - whatever a template prints
    # What pages say may turn the direction of writing, or hold what HTML does not allow.
    return clean(value) if type(value) is str else value


_templates: Final = Environment(
    loader=PackageLoader("crawler.service", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    finalize=_shown,
)
_templates.filters.update(live=live, day=day, when=when, minute=minute, size=size, clock=clock)
_templates.globals["asset"] = asset
