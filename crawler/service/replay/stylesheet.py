"""Stylesheets whose every address lies in the archive (CSS Syntax Level 3, read by tinycss2)."""

import re
import secrets
from collections.abc import Callable
from functools import lru_cache
from itertools import chain, zip_longest
from typing import Any, Final

import tinycss2
from tinycss2.bytes import decode_stylesheet_bytes

LONGEST: Final = 4 * 2**20
"""Characters; what is longer is left out."""
_ADDRESSED: Final = frozenset({"url", "src", "url-prefix"})
_SETS: Final = frozenset({"image-set", "-webkit-image-set"})
_REFERRING: Final = re.compile(r"url|src|import|image-set|\\", re.IGNORECASE)
"""Without any of these a stylesheet names no address: a backslash may write each of the words otherwise."""
_MARKUP: Final = re.compile(r"<(?=[A-Za-z/!?])")
_UNSAFE: Final = re.compile(r'["\\\n\r\f()<>\x00 ]')

_KEPT_LENGTH: Final = 200_000
_MARK: Final = f"newswarc-{secrets.token_hex(12)}"
"""Stands for a reference while the rest is written; no page can know it."""
_Template = tuple[tuple[str, ...], tuple[tuple[str, str], ...]]

Address = Callable[[str, str], str | None]
"""Gives for a reference and the kind of what it refers to (``im_``, ``cs_``) the address to put there."""


def decoded_style(content: bytes, charset: str) -> str:
    """Return a stylesheet as text: by byte order mark, *charset* of its header, ``@charset``."""
    text, _ = decode_stylesheet_bytes(content, charset or None)
    return str(text)


def rewritten_style(text: str, address: Address) -> str:
    """Return the stylesheet *text* with *address* applied to each reference; none without an address stays.

    What is nested too deeply, or longer than :data:`LONGEST`, is empty.
    """
    pieces, references = _read(text)
    places = [_quoted(address(reference, kind) or "") for reference, kind in references]
    return "".join(chain.from_iterable(zip_longest(pieces, places, fillvalue="")))


def style_references(text: str) -> list[str]:
    """Return the references of the stylesheet or the style attribute *text*, each once."""
    return list(dict.fromkeys(reference for reference, _ in _read(text)[1]))


def _read(text: str) -> _Template:
    # Pages of a site have the same stylesheets in them.
    return _kept_template(text) if len(text) <= _KEPT_LENGTH else _template(text)


def _template(text: str) -> _Template:
    """Return what stands around the references of *text*, and these with their kinds."""
    if len(text) > LONGEST:
        return ("",), ()
    if not _REFERRING.search(text):
        return (_MARKUP.sub(r"\\3C ", text),), ()
    references: list[tuple[str, str]] = []

    def note(reference: str, kind: str) -> str:
        references.append((reference, kind))
        return _MARK

    try:
        tokens = tinycss2.parse_component_value_list(text)
        _rewrite(tokens, note)
        written = _MARKUP.sub(r"\\3C ", tinycss2.serialize(tokens))
    except RecursionError:
        return ("",), ()
    return tuple(written.split(_MARK)), tuple(references)


_kept_template = lru_cache(maxsize=256)(_template)


def _quoted(address: str) -> str:
    return _UNSAFE.sub(lambda match: f"%{ord(match[0]):02X}", address)


def _rewrite(tokens: list[Any], address: Address, rule: str = "", *, strings: bool = False) -> None:
    """Rewrite *tokens* of the at-rule *rule*, and what is nested in them, in the order of the text.

    *strings* tells whether a string is an address.
    """
    for token in tokens:
        if token.type == "at-keyword":
            rule = token.lower_value
        elif (token.type == "url" and rule != "namespace") or (
            token.type == "string" and (strings or rule == "import")
        ):
            _replace(token, address, "cs_" if rule == "import" else "im_")
        elif token.type == "function":
            name = token.lower_name
            named = name in _SETS or (name in _ADDRESSED and rule != "namespace")
            _rewrite(token.arguments, address, "" if rule == "import" and not named else rule, strings=named)
        elif nested := getattr(token, "content", None):
            _rewrite(nested, address)
        if token.type == "{} block" or (token.type == "literal" and token.value == ";"):
            rule = ""


def _replace(token: Any, address: Address, kind: str) -> None:  # noqa: ANN401 - tinycss2 has no types
    token.value = address(token.value, kind)
    quoted = f'"{token.value}"'
    token.representation = f"url({quoted})" if token.type == "url" else quoted
