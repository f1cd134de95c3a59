"""Parallel text as TMX 1.4b, the exchange format of translation memories (LISA OSCAR, 2005)."""

import re
from collections.abc import Iterable, Mapping
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

from pipelines.extract.versions import EXTRACTOR

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write."""


def write_tmx_pairs(
    units: Iterable[tuple[Mapping[str, str], Mapping[str, str]]], sink: BinaryIO, *, source: str = "*all*"
) -> int:
    """Write *units* to *sink* as one document, UTF-8, and return how many there were.

    A unit is the same text by language (BCP 47), and its properties by name. *source* is the language that
    all are translated from, ``*all*`` where it may be any.
    """
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<tmx version="1.4">\n'
        f'<header creationtool="newswarc" creationtoolversion={quoteattr(EXTRACTOR)} segtype="paragraph" '
        f'o-tmf="newswarc" adminlang="en" srclang={quoteattr(source)} datatype="plaintext"/>\n<body>\n'
    )
    sink.write(head.encode())
    count = sum(sink.write(_unit(*unit).encode()) > 0 for unit in units)
    sink.write(b"</body>\n</tmx>\n")
    return count


def _unit(texts: Mapping[str, str], properties: Mapping[str, str]) -> str:
    told = "".join(
        f"<prop type={quoteattr(_plain(name))}>{escape(_plain(value))}</prop>"
        for name, value in properties.items()
    )
    said = "".join(
        f"<tuv xml:lang={quoteattr(_plain(language))}><seg>{escape(_plain(text))}</seg></tuv>"
        for language, text in texts.items()
    )
    return f"<tu>{told}{said}</tu>\n"


def _plain(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
