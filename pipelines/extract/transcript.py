"""What is said in a page's recording, with its times: data in the page, never its visible text.

Players keep their text as JSON: in a script (``var audioData = {…};``, ``JSON.parse("…")``), or as the text
of an element that is hidden. The form is ``{"text": [[{"start": 3.29, "text": "…"}, …], …], "url": "….mp3"}``
with one inner list a paragraph, or one flat list of such lines under whatever name.
"""

import json
import re
from collections.abc import Iterator
from html import unescape
from itertools import islice

from lxml.html import HtmlElement

from pipelines.extract.article import Cue, PassageKind, Transcript
from pipelines.extract.blocks import Block
from pipelines.extract.metadata import joined

_QUOTE = r"""(?:\\*["']|&(?:amp;)*(?:quot|\#34|\#x22);)"""
_TIMES = tuple(
    re.compile(rf"{word}(?:_?(?:[Tt]ime|[Ss]ec|[Mm]s|TimeMs))?{_QUOTE}\s*:\s*{_QUOTE}?\d")
    for word in ("start", "begin", "offset", "from")
)
"""Keys that a line's time stands under. Each begins with letters, so that the search skips most of a page."""
_SAID = re.compile(rf"{_QUOTE}(?:text|content|line|sentence|words){_QUOTE}\s*:")
_AROUND = 600
"""Characters around a time within which the text that is said then must stand."""
_CHECKED = 50
_STARTS = ("start", "startTime", "start_time", "begin", "beginTime", "startSec", "from")
_MILLISECONDS = ("startMs", "start_ms", "begin_ms", "offset_ms", "startTimeMs", "offsetMs")
_TEXTS = ("text", "content", "line", "sentence", "words")
_AUDIO = ("url", "audio", "audioUrl", "audio_url", "src", "mp3", "media")
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:[.,]\d+)?)")
_OPENING = re.compile(r"[\[{]")
_STRING = re.compile(r'JSON\.parse\(\s*(?:"((?:[^"\\]|\\.)*)"|\'((?:[^\'\\]|\\.)*)\')', re.DOTALL)
_QUOTED = {"\\'": "'", '"': '\\"'}
_REFERENCE = re.compile(r"&(?:amp;)*(?:quot|#34|#x22);", re.IGNORECASE)
_ENDS = tuple('.!?。！？…”’"」』')
_FEWEST = 2
_SHORTEST = 60
"""Characters of the shortest attribute that may hold a transcript."""
_ESCAPES = 4
"""How many times a page may have escaped its data."""
_DEPTH = 8
_LIMIT = 4_000_000
_TRIES = 40


def find_transcript(tree: HtmlElement, source: str, url: str) -> Transcript | None:
    """Return the transcript on *tree* with most text, or None; *source* is the page's text as it came.

    Times are seconds from the recording's beginning. Its address is resolved against *url*.
    """
    if not _is_signed(source):
        return None
    found = [each for text in _places(tree) for each in _read(text)]
    if not found:
        return None
    paragraphs, audio = max(found, key=lambda each: sum(len(cue.text) for part in each[0] for cue in part))
    return Transcript(joined(url, audio or _player(tree)), paragraphs)


def transcript_blocks(transcript: Transcript, home: HtmlElement) -> list[Block]:
    """Return the paragraphs of *transcript* as blocks of the article, which stand in *home*."""
    return [
        Block(PassageKind.PARAGRAPH, text, 0, home) for text in map(spoken, transcript.paragraphs) if text
    ]


def spoken(cues: tuple[Cue, ...]) -> str:
    """Return what *cues* say as one paragraph: a blank between two where their script has blanks."""
    text = ""
    for cue in cues:
        gap = text and not text[-1].isspace() and _is_spaced(text[-1]) and _is_spaced(cue.text[:1])
        text += f" {cue.text}" if gap else cue.text
    return " ".join(text.split())


def _is_spaced(character: str) -> bool:
    return character < "\u2e80" and not character.isspace()


def _is_signed(text: str) -> bool:
    """Whether *text* has what looks like a line of a transcript, however it is escaped."""
    return any(
        _SAID.search(text, max(0, time.start() - _AROUND), time.end() + _AROUND)
        for pattern in _TIMES
        for time in islice(pattern.finditer(text), _CHECKED)
    )


def _places(tree: HtmlElement) -> Iterator[str]:
    for element in tree.iter():
        text = element.text
        if text and len(text) < _LIMIT and _is_signed(text):
            yield text
        for value in element.attrib.values():
            if len(value) > _SHORTEST and _is_signed(value):
                yield value


def _read(text: str) -> Iterator["_Found"]:
    for value in _values(text):
        yield from _transcripts(value, _DEPTH, "")


def _values(text: str) -> Iterator[object]:
    """Yield the JSON values in *text*, be it JSON, or a script that holds some, as such or as a string."""
    for match in _STRING.finditer(text):
        try:
            yield json.loads(json.loads(f'"{_in_double_quotes(match)}"'))
        except (ValueError, RecursionError):
            continue
    decoder = json.JSONDecoder(strict=False)
    source = _unescaped(_STRING.sub("", text))
    at = tries = 0
    while tries < _TRIES and (opening := _OPENING.search(source, at)) is not None:
        try:
            value, at = decoder.raw_decode(source, opening.start())
        except (ValueError, RecursionError):
            at, tries = opening.end(), tries + 1
        else:
            yield value


def _in_double_quotes(match: re.Match[str]) -> str:
    """Return what stands between the quotes of a script's string as JSON writes it."""
    if match[1] is not None:
        return match[1]
    return re.sub(r"\\(.)|\"", lambda each: _QUOTED.get(each[0], each[0]), match[2], flags=re.DOTALL)


def _unescaped(text: str) -> str:
    for _ in range(_ESCAPES):
        if not _REFERENCE.search(text):
            break
        text = unescape(text)
    return text


_Found = tuple[tuple[tuple[Cue, ...], ...], str]


def _transcripts(value: object, depth: int, audio: str) -> Iterator[_Found]:
    """Yield what is a transcript in *value*, with its recording; *audio* is that of what holds the value."""
    if depth == 0:
        return
    if isinstance(value, dict):
        named = next((value[key] for key in _AUDIO if isinstance(value.get(key), str)), audio)
        for each in value.values():
            yield from _transcripts(each, depth - 1, named)
    elif isinstance(value, list):
        yield from _listed(value, depth, audio)
    elif isinstance(value, str) and value[:1] in ("{", "[") and _is_signed(value):
        for inner in _values(value):
            yield from _transcripts(inner, depth - 1, audio)


def _listed(value: list[object], depth: int, audio: str) -> Iterator[_Found]:
    paragraphs = _paragraphs(value)
    if sum(map(len, paragraphs)) >= _FEWEST:
        yield paragraphs, audio
    else:
        for each in value[:1000]:
            yield from _transcripts(each, depth - 1, audio)


def _paragraphs(value: list[object]) -> tuple[tuple[Cue, ...], ...]:
    """Return *value* as paragraphs of cues; nothing unless all of it is that."""
    if all(isinstance(each, list) for each in value):
        parts = [_cues(each) for each in value if isinstance(each, list) and each]
        return tuple(parts) if all(parts) else ()
    return tuple(_sentences(_cues(value)))


def _cues(value: list[object]) -> tuple[Cue, ...]:
    cues = [_cue(each) for each in value]
    return tuple(cue for cue in cues if cue is not None) if all(cues) else ()


def _cue(value: object) -> Cue | None:
    if not isinstance(value, dict):
        return None
    text = next((value[key] for key in _TEXTS if isinstance(value.get(key), str)), None)
    start = next((_seconds(value[key]) for key in _STARTS if key in value), None)
    if start is None:
        whole = next((_seconds(value[key]) for key in _MILLISECONDS if key in value), None)
        start = None if whole is None else whole / 1000
    return None if text is None or start is None else Cue(start, _without_halves(text))


def _without_halves(text: str) -> str:
    """Half a character, which escapes can state, is no text that could be written anywhere."""
    return text.encode("utf-8", "replace").decode()


def _seconds(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if 0 <= value < 1e9 else None
    match = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    return int(match[1] or 0) * 3600 + int(match[2]) * 60 + float(match[3].replace(",", "."))


def _sentences(cues: tuple[Cue, ...]) -> Iterator[tuple[Cue, ...]]:
    """Yield *cues* in groups that end where a sentence does: a flat list says no more."""
    group: list[Cue] = []
    for cue in cues:
        group.append(cue)
        if cue.text.rstrip().endswith(_ENDS):
            yield tuple(group)
            group = []
    if group:
        yield tuple(group)


def _player(tree: HtmlElement) -> str:
    for element in tree.iter("audio", "source"):
        if element.get("src"):
            return element.get("src") or ""
    return ""
