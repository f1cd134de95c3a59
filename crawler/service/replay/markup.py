"""HTML written out so that a browser reads back just the tree that was meant.

Names are those of a plain alphabet, everything else is escaped wherever it stands, so that no tree can turn
into another one on the way.
"""

import re
from collections.abc import Iterable
from typing import Final

VOID: Final = frozenset(
    {
        *("area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input"),
        *("keygen", "link", "meta", "param", "source", "track", "wbr"),
    }
)
"""Elements without an end (HTML §13.1.2)."""
_ELEMENT: Final = re.compile(r"[a-z][a-z0-9:_.-]{0,60}")
_ATTRIBUTE: Final = re.compile(r"[A-Za-z_:][A-Za-z0-9_:.-]{0,60}")
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ESCAPES: Final = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;"}

Attributes = Iterable[tuple[str, str]]


def escaped(text: str) -> str:
    """Return *text* as it may stand between tags or in a quoted attribute."""
    return _FORBIDDEN.sub("", text).translate(_ESCAPES)


def is_element(name: object) -> bool:
    """Return whether *name* is that of an element that can be written."""
    return isinstance(name, str) and _ELEMENT.fullmatch(name) is not None


def start_tag(name: str, attributes: Attributes = ()) -> str:
    """Return the start tag; attributes with names that no tag may hold are left out."""
    told = [f' {key}="{escaped(value)}"' for key, value in attributes if _ATTRIBUTE.fullmatch(key)]
    return f"<{name}{''.join(told)}>"


def end_tag(name: str) -> str:
    """Return the end tag, nothing for an element that has none."""
    return "" if name in VOID else f"</{name}>"


def element(name: str, attributes: Attributes, text: str) -> str:
    """Return an element that holds *text*."""
    return f"{start_tag(name, attributes)}{escaped(text)}{end_tag(name)}"
