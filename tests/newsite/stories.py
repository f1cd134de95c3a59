"""The stories of the daily: text made of own sentences, the same for the same seed and number."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Literal

from newsite import templates

Wire = Literal["gzip", "chunked", "gzip+chunked", "plain"]
WIRES: tuple[Wire, ...] = ("gzip", "gzip+chunked", "chunked", "gzip", "plain")
SLOT = re.compile(r"\{(\w+?)(2?)\}")
# In characters of the language's own measure: words in English, characters in Chinese.
LENGTHS = {"en": (400, 900), "zh": (600, 1500)}


@dataclass(frozen=True)
class Article:
    """One story of the daily. *number* counts from the newest, *serial* from the oldest; times are UTC."""

    number: int
    serial: int
    path: str
    title: str
    authors: tuple[str, ...]
    published: datetime
    updated: datetime
    section: str
    """The key of the section, as in its path."""
    paragraphs: tuple[str, ...]
    """The clean text in order; the headings between them are in :attr:`headings`."""
    headings: Mapping[int, str]
    """Heading before the paragraph of that index."""
    wire: Wire
    charset: str

    @cached_property
    def text(self) -> str:
        return "\n".join(self.paragraphs)

    def guid(self, base: str) -> str:
        """Return the id that the feeds give."""
        return f"tag:{base.partition('://')[2].partition(':')[0]},2026:{self.serial}"

    def url(self, base: str) -> str:
        return base.rstrip("/") + self.path


class Stories:
    """Writes the story of any number; nothing is kept."""

    def __init__(self, language: Literal["en", "zh"], *, seed: int, count: int, until: datetime) -> None:
        self.language = language
        self.words = templates.load(f"daily/{language}.json")
        self._seed = seed
        self._count = count
        self._until = until

    def published(self, number: int) -> datetime:
        """Return when the story of *number* came out: one every 17 minutes, newest first."""
        return self._until - timedelta(minutes=17 * number, seconds=(number * 37) % 60)

    def path(self, number: int, title: str) -> str:
        at, serial = self.published(number), self._count - number
        if self.language == "zh":
            return f"/{at:%Y-%m/%d}/content_{serial}.shtml"
        slug = "-".join(re.findall(r"[a-z0-9]+", title.lower())[:8])
        return f"/{at:%Y/%m/%d}/{slug}-{serial}.html"

    def title(self, number: int) -> str:
        return self._title(_Pen(self.words["lists"], self._chance(number)))

    def section(self, number: int) -> str:
        keys = list(self.words["sections"])
        return str(keys[number * 7 % len(keys)])

    def article(self, number: int) -> Article:
        """Write the story of *number*."""
        pen = _Pen(self.words["lists"], self._chance(number))
        title = self._title(pen)
        published = self.published(number)
        names = [pen.person(self.language) for _ in range(pen.chance.choice((1, 1, 1, 2)))]
        paragraphs = self._paragraphs(pen)
        return Article(
            number=number,
            serial=self._count - number,
            path=self.path(number, title),
            title=title,
            authors=tuple(dict.fromkeys(names)),
            published=published,
            updated=published + timedelta(minutes=pen.chance.randrange(0, 300)),
            section=self.section(number),
            paragraphs=paragraphs,
            headings=self._headings(pen, len(paragraphs)),
            wire=WIRES[number % len(WIRES)],
            charset="gbk" if self.language == "zh" and number % 5 == 3 else "utf-8",
        )

    def _chance(self, number: int) -> random.Random:
        return random.Random(f"{self.language}/{self._seed}/{number}")

    def _title(self, pen: "_Pen") -> str:
        pen.fixed["main"] = pen.person(self.language)
        for kept in ("town", "office", "thing", "act", "cause", "plan"):
            pen.fixed[kept] = pen.pick(kept)
        return _capital(pen.fill(pen.chance.choice(self.words["titles"]), self.language))

    def _paragraphs(self, pen: "_Pen") -> tuple[str, ...]:
        wanted = pen.chance.randrange(*LENGTHS[self.language])
        blank = " " if self.language == "en" else ""
        sentences: list[str] = []
        paragraphs = [pen.fill(pen.chance.choice(self.words["leads"]), self.language)]
        length = self._length(paragraphs[0])
        while length < wanted:
            if not sentences:
                sentences = pen.chance.sample(self.words["sentences"], len(self.words["sentences"]))
            chosen = [sentences.pop() for _ in range(min(len(sentences), pen.chance.choice((1, 2, 3, 4))))]
            if pen.chance.random() < 0.3:
                chosen.append(pen.chance.choice(self.words["quotes"]))
            paragraphs.append(blank.join(_capital(pen.fill(each, self.language)) for each in chosen))
            length += self._length(paragraphs[-1])
        return tuple(_capital(each) for each in paragraphs)

    def _length(self, text: str) -> int:
        return len(text.split()) if self.language == "en" else len(text)

    def _headings(self, pen: "_Pen", count: int) -> dict[int, str]:
        subs = pen.chance.sample(self.words["sub"], 3)
        return {index: pen.fill(subs.pop(), self.language) for index in (4, 9) if index < count - 1}


class _Pen:
    """Fills slots of a sentence; what is fixed stays the same through a story, ``{name2}`` is another."""

    def __init__(self, lists: Mapping[str, list[str]], chance: random.Random) -> None:
        self.lists = lists
        self.chance = chance
        self.fixed: dict[str, str] = {}

    def pick(self, name: str) -> str:
        return self.chance.choice(self.lists[name])

    def person(self, language: str) -> str:
        first, last = self.pick("first"), self.pick("last")
        return last + first if language == "zh" else f"{first} {last}"

    def fill(self, sentence: str, language: str) -> str:
        return SLOT.sub(lambda slot: self._slot(slot[1], other=bool(slot[2]), language=language), sentence)

    def _slot(self, name: str, *, other: bool, language: str) -> str:
        made = {
            "num": lambda: str(self.chance.randrange(12, 980)),
            "small": lambda: str(self.chance.randrange(2, 12)),
            "year": lambda: str(self.chance.randrange(1968, 2025)),
            "person": lambda: self.person(language),
        }
        if name in made:
            return made[name]()
        if name[0].isupper():
            return _capital(self._slot(name.lower(), other=other, language=language))
        return self.fixed[name] if name in self.fixed and not other else self.pick(name)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
