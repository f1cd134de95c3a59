"""The line above an archived page: when it was captured, what is missing, and where to go on. No script."""

from dataclasses import dataclass
from typing import Final

from crawler.service.replay.markup import element, escaped, start_tag
from pipelines.urls import moment

NAME: Final = "newswarc-banner"
"""Name of the element."""
# A page's own rules may be important too; those of an attribute that are important come before them.
_LINE: Final = (
    "all:initial!important;display:block!important;box-sizing:border-box!important;position:relative!important;"
    "z-index:2147483647!important;width:100%!important;margin:0!important;padding:7px 14px!important;"
    "background:#1d2b36!important;color:#f2f5f7!important;font:13px/1.5 system-ui,sans-serif!important;"
    "text-align:left!important;border-bottom:3px solid #d98e04!important;direction:ltr!important"
)
_PART: Final = (
    "all:unset!important;display:inline-block!important;margin-right:1.2em!important;color:#f2f5f7!important"
)
_LINK: Final = f"{_PART};color:#ffd489!important;text-decoration:underline!important;cursor:pointer!important"


@dataclass(frozen=True, slots=True)
class Told:
    """What the line says."""

    url: str
    timestamp: str
    raw: str
    """Address of the payload as it was recorded."""
    others: str
    """Address of the list of captures."""
    missing: int
    """What the page names to be shown and the archive does not have."""
    refresh: str = ""
    """Address in the archive that the page would have led on to by itself."""
    status: int = 200


def banner(told: Told) -> str:
    """Return the line as HTML."""
    captured = f"{moment(told.timestamp):%Y-%m-%d %H:%M:%S} UTC"
    parts = [_text("Archived copy of"), _text(told.url[:200]), _text(f"captured {captured}")]
    if told.status >= 400:
        parts.append(_text(f"the server answered {told.status}"))
    if told.missing:
        what = "part" if told.missing == 1 else "parts"
        parts.append(_text(f"{told.missing} {what} of it not archived"))
    if told.refresh:
        parts.append(element("a", [("style", _LINK), ("href", told.refresh)], "the page led on to here"))
    parts.append(element("a", [("style", _LINK), ("href", told.others)], "other captures"))
    parts.append(element("a", [("style", _LINK), ("href", told.raw)], "as recorded"))
    return f"{start_tag(NAME, [('style', _LINE)])}{' '.join(parts)}</{NAME}>"


def _text(text: str) -> str:
    return f'<span style="{escaped(_PART)}">{escaped(text)}</span>'
