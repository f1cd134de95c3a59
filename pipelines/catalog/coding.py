"""How values are written in a catalog's tables, shorter than text."""

import base64
import hashlib
import re
import struct
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from pipelines.errors import ExtractionError
from pipelines.extract.article import Moment
from pipelines.extract.fingerprint import sketch
from pipelines.model import Truncation
from pipelines.urls import timestamp

KEY_BYTES: Final = 1000
TERM_CHARACTERS: Final = 500
"""What of longer urlkeys and terms is written out: PostgreSQL's index takes 2,704 bytes."""
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
_SHA1 = "sha1:"
_SHA1_TEXT = re.compile(r"sha1:[A-Z2-7]{32}")
_SHA1_BYTES = 20
_HEAD = 5
_FORMS: Final = ("https://", "http://", "https://www.", "http://www.")
FIRST_URL: Final = len(_FORMS)
"""The first ``urls.id``: what is below it in ``captures.url_id`` is a form."""
TRUNCATIONS: Final = (None, *Truncation)
BANDS: Final = 16
"""Hashes of a fingerprint by which similar articles are looked for. Of two texts that share the part *j* of
their runs of words, about ``1 - (1 - j) ** 16`` are found: 99.7 % at 0.3."""


def stored_line(text: str) -> str:
    """Return *text* without control characters: what a page says must not be refused by a database."""
    return _CONTROLS.sub(" ", text).strip() if _CONTROLS.search(text) else text


def stored_address(url: str) -> str:
    """Return *url*, or an urlkey, without the one character that no database takes."""
    return url.replace("\0", "%00")


def stored_key(urlkey: str) -> str:
    """Return *urlkey* as it is sorted and found by: of a long one the beginning, and a digest of all."""
    key = stored_address(urlkey)
    content = key.encode()
    if len(content) <= KEY_BYTES:
        return key
    return key_start(key) + hashlib.sha256(content).hexdigest()


def key_start(text: str) -> str:
    """Return what stored keys that begin with *text* begin with."""
    return stored_address(text).encode()[:KEY_BYTES].decode(errors="ignore")


def stored_term(text: str) -> str:
    """Return *text* as a term is stored: of a long one the beginning, and a digest of all."""
    line = stored_line(text)
    if len(line) <= TERM_CHARACTERS:
        return line
    return f"{line[: TERM_CHARACTERS - 18]} …{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def digest_bytes(digest: str) -> bytes:
    """Return ``sha1:`` and base32 as 20 bytes; any other text as itself, so that nothing is lost."""
    if _SHA1_TEXT.fullmatch(digest):
        return base64.b32decode(digest[len(_SHA1) :])
    mark = b"\0" if len(digest.encode()) + 1 != _SHA1_BYTES else b"\0\0"
    return mark + digest.encode()


def digest_text(content: bytes) -> str:
    """Return the digest that :func:`digest_bytes` wrote."""
    if len(content) == _SHA1_BYTES:
        return _SHA1 + base64.b32encode(content).decode()
    return content.lstrip(b"\0").decode()


@lru_cache(maxsize=1000)
def _authority(name: str) -> str:
    return ".".join(reversed(name.split(",")))


def plain_address(urlkey: str) -> str:
    """Return the address that *urlkey* names, without its scheme."""
    name, bracket, rest = urlkey.partition(")")
    return _authority(name) + rest if bracket else urlkey


def url_form(url: str, urlkey: str) -> int | None:
    """Return which of the common forms of *urlkey* is *url*; None where it has to be kept itself."""
    rest = plain_address(urlkey)
    if not url.endswith(rest):
        return None
    start = url[: len(url) - len(rest)]
    return _FORMS.index(start) if start in _FORMS else None


def url_of(form: int, urlkey: str) -> str:
    """Return the address of *urlkey* in the form that :func:`url_form` gave."""
    return _FORMS[form] + plain_address(urlkey)


def day_number(moment: Moment | None) -> int | None:
    """Return the day of *moment* as eight digits."""
    return None if moment is None else int(moment.day.strftime("%Y%m%d"))


def time_number(at: datetime | None) -> int | None:
    """Return the aware time *at* as 14 digits."""
    return None if at is None else int(timestamp(at))


def day_of(number: int | None) -> date | None:
    """Return the day that eight digits name."""
    return None if number is None else date(number // 10_000, number // 100 % 100, number % 100)


def fingerprint_bytes(mark: str) -> bytes | None:
    """Return the fingerprint *mark* as bytes: version, runs (4), hashes (4 each).

    None where it is empty or not of the version that :mod:`pipelines.extract.fingerprint` compares.
    """
    try:
        found = sketch(mark) if mark else None
    except ExtractionError:
        return None
    if found is None:
        return None
    version = int(mark.partition(":")[0])
    return struct.pack(f">BI{len(found.hashes)}I", version, found.runs, *found.hashes)


def fingerprint_text(content: bytes | None) -> str:
    """Return the fingerprint that :func:`fingerprint_bytes` wrote; empty for None."""
    if content is None:
        return ""
    version, runs = struct.unpack_from(">BI", content)
    packed = base64.urlsafe_b64encode(content[_HEAD:]).decode().rstrip("=")
    return f"{version}:{runs}:{packed}"


def band_hashes(content: bytes | None) -> list[int]:
    """Return the hashes under which an article is found as similar: the smallest, ascending."""
    packed = (content or b"")[_HEAD : _HEAD + 4 * BANDS]
    return list(struct.unpack(f">{len(packed) // 4}I", packed))
