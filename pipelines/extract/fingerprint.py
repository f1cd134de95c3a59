"""A short mark of a text by which it is known again: elsewhere, quoted whole, or changed.

A sketch of the smallest hashes (bottom-k; A. Broder, On the resemblance and containment of documents, 1997)
over runs of four words, of which a Chinese character is one: :data:`SIZE` hashes of 32 bits, more of a long
text, and the number of different runs. It is written ``2:<runs>:<base64>``, some 700 characters. Punctuation,
case, white space and width of characters do not count, nor whether Chinese is simplified or traditional.
"""

import re
import struct
import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from zlib import crc32

from pipelines.errors import ExtractionError
from pipelines.extract.hanfold import folded

SIZE = 128
"""Hashes of an article's sketch: likeness is right to about 0.04 (one standard deviation)."""
_ONE_IN = 16
_LARGEST = 384
"""Of a long text one run in so many is kept, at most this many, so that what it quotes is known in it."""
_LENGTH = 200_000
"""Characters that are looked at; what is longer is no article, and takes no longer."""

_VERSION = "2"
_RUN = 4
_FEWEST = 8
"""Runs below which a text is too short to be known again."""
_SINGLE = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff"
_TOKEN = re.compile(f"[{_SINGLE}]|[^\\W_{_SINGLE}]+")
_MIX = 0x9E3779B1
_TOP = 1 << 32

_FEWEST_SEEN = 4
"""Hashes of a text that must be comparable for it to be called contained; fewer prove nothing."""

COPY = 0.82
"""Likeness from which two texts are the same but for details."""
QUOTED = 0.9
"""Part of the shorter text that must stand in the other one for this to hold it whole."""
REVISION = 0.3
"""Likeness from which two texts are two versions of one."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """A fingerprint, read."""

    runs: int
    """How many different runs of words the text has."""
    hashes: tuple[int, ...]
    """The smallest of their hashes, ascending."""


def fingerprint(text: str) -> str:
    """Return the fingerprint of *text*; empty where the text is too short."""
    plain = unicodedata.normalize("NFKC", text[:_LENGTH]).casefold()
    tokens = _TOKEN.findall(folded(plain))
    runs = {
        crc32(" ".join(run).encode("utf-8", "replace")) * _MIX % _TOP
        for run in zip(*(tokens[at:] for at in range(_RUN)), strict=False)
    }
    if len(runs) < _FEWEST:
        return ""
    least = nsmallest(min(_LARGEST, max(SIZE, len(runs) // _ONE_IN)), runs)
    packed = urlsafe_b64encode(struct.pack(f">{len(least)}I", *least)).decode().rstrip("=")
    return f"{_VERSION}:{len(runs)}:{packed}"


@lru_cache(maxsize=10_000)
def sketch(mark: str) -> Sketch:
    """Return what *mark*, a fingerprint, holds.

    :raises ExtractionError: it is none, or of another version.
    """
    version, _, rest = mark.partition(":")
    runs, _, packed = rest.partition(":")
    try:
        content = urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        hashes = struct.unpack(f">{len(content) // 4}I", content)
        count = int(runs)
    except (ValueError, NotBase64, struct.error) as error:
        raise ExtractionError(f"fingerprint: {mark[:40]!r} is none; extract the page again") from error
    if version != _VERSION or not hashes or count < len(hashes):
        raise ExtractionError(
            f"fingerprint: {mark[:40]!r} is not of version {_VERSION}; extract the page again"
        )
    return Sketch(count, hashes)


def likeness(a: str, b: str) -> float:
    """Return what part of the runs of both texts they share, 0 to 1; 0 where a fingerprint is empty.

    :raises ExtractionError: *a* or *b* is no fingerprint.
    """
    if not a or not b:
        return 0.0
    if a == b:
        return 1.0
    one, other = sketch(a), sketch(b)
    # Below this limit both sketches are complete, so that what is in one and not in the other is known.
    limit = min(_limit(one), _limit(other))
    first = {value for value in one.hashes if value <= limit}
    second = {value for value in other.hashes if value <= limit}
    return len(first & second) / (len(first | second) or 1)


def containment(a: str, b: str) -> float:
    """Return what part of the text of *a* stands in that of *b*, 0 to 1.

    :raises ExtractionError: *a* or *b* is no fingerprint.
    """
    if not a or not b:
        return 0.0
    one, other = sketch(a), sketch(b)
    limit = min(_limit(one), _limit(other))
    own = {value for value in one.hashes if value <= limit}
    return len(own.intersection(other.hashes)) / max(len(own), _FEWEST_SEEN)


def is_copy(a: str, b: str) -> bool:
    """Return whether the texts are the same, or the shorter one stands whole in the longer one.

    :raises ExtractionError: *a* or *b* is no fingerprint.
    """
    return likeness(a, b) >= COPY or max(containment(a, b), containment(b, a)) >= QUOTED


def is_revision(a: str, b: str) -> bool:
    """Return whether the texts are two versions of one: much is the same, and each has what the other lacks.

    :raises ExtractionError: *a* or *b* is no fingerprint.
    """
    return not is_copy(a, b) and likeness(a, b) >= REVISION


def _limit(each: Sketch) -> int:
    return _TOP if each.runs == len(each.hashes) else each.hashes[-1]
