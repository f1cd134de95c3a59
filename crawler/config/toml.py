"""A TOML file as values and the line where each of them stands."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crawler.config.problems import Location

_KEY_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_KEY = rf"{_KEY_PART}(?:\s*\.\s*{_KEY_PART})*"
_TABLE = re.compile(rf"\s*(\[\[?)\s*({_KEY})\s*\]")
_ASSIGNMENT = re.compile(rf"\s*({_KEY})\s*=\s*(.*)", re.DOTALL)
# A string or comment hides brackets; an open triple quote hides lines.
_TOKEN = re.compile(
    r'"""|\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|[\[{]|[\]}]',
)


class TomlError(ValueError):
    """The text is not TOML; the message says line and column."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a TOML text says, and the line (from 1) of each key."""

    values: dict[str, Any]
    lines: Mapping[Location, int]

    def line(self, location: Location) -> int | None:
        """Return the line of the key at *location*, or of the nearest table or list around it."""
        for end in range(len(location), 0, -1):
            if location[:end] in self.lines:
                return self.lines[location[:end]]
        return None


def read_toml(text: str) -> Document:
    """Return the values of a TOML 1.0 *text* with their lines. Raises :class:`TomlError`."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TomlError(str(error)) from error
    except RecursionError as error:
        raise TomlError("arrays or tables are nested too deeply") from error
    return Document(values, _Lines().read(text))


class _Lines:
    """Finds keys in a text that is known to be TOML; values are only skipped."""

    def __init__(self) -> None:
        self.found: dict[Location, int] = {}
        self.table: Location = ()
        self.counts: dict[Location, int] = {}
        self.depth = 0
        self.quote = ""

    def read(self, text: str) -> dict[Location, int]:
        for number, line in enumerate(text.split("\n"), start=1):
            if self.depth or self.quote:
                self._skip(line)
            elif match := _TABLE.match(line):
                self._enter(_steps(match[2]), number, repeated=match[1] == "[[")
            elif match := _ASSIGNMENT.match(line):
                self.found.setdefault((*self.table, *_steps(match[1])), number)
                self._skip(match[2])
        return self.found

    def _enter(self, steps: list[str], number: int, *, repeated: bool) -> None:
        location: Location = ()
        for step in steps[:-1]:
            location = (*location, step)
            if location in self.counts:
                location = (*location, self.counts[location])
        location = (*location, steps[-1])
        if repeated:
            self.counts[location] = self.counts.get(location, -1) + 1
            self.found.setdefault(location, number)
            location = (*location, self.counts[location])
        self.found.setdefault(location, number)
        self.table = location

    def _skip(self, rest: str) -> None:
        at = 0
        while at < len(rest):
            if self.quote:
                end = rest.find(self.quote, at)
                if end < 0:
                    return
                at, self.quote = end + 3, ""
                continue
            match = _TOKEN.search(rest, at)
            if not match:
                return
            at = match.end()
            self._note(match[0])

    def _note(self, token: str) -> None:
        if token in {'"""', "'''"}:
            self.quote = token
        elif token in {"[", "{"}:
            self.depth += 1
        elif token in {"]", "}"}:
            self.depth -= 1


def _steps(key: str) -> list[str]:
    return [part.strip("\"'") for part in re.findall(_KEY_PART, key)]
