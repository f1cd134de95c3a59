"""The numbers by which :mod:`~pipelines.extract.choice` tells an article's blocks from the rest of a page.

None of them depends on a language's words alone, and sizes are bytes of UTF-8, in which a Chinese character
counts as three Latin ones.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

from lxml.etree import _Element

from pipelines.extract.blocks import Block
from pipelines.extract.metadata import Metadata
from pipelines.extract.signs import SIGNS, signs
from pipelines.extract.surroundings import (
    KINDS,
    Chrome,
    Distances,
    Mass,
    family,
    masses,
    narrowest,
    near,
    repeated,
)

_NOT_WORD = re.compile(r"[\W_]+")
_PUNCTUATION = re.compile(r"[,.;:!?，。；：！？、]")
_HAN = re.compile("[\u4e00-\u9fff]")
_THREAD_URL = re.compile(
    r"forum|thread|topic|/t/|/d/|viewtopic|bbs|boards?\b|discuss|communit|tid=", re.IGNORECASE
)
_HOMES = {
    "p": 1, "h1": 2, "h2": 3, "h3": 4, "h4": 5, "h5": 6, "h6": 6, "li": 7, "td": 8, "th": 8, "div": 9,
    "span": 10, "a": 11, "figcaption": 12, "blockquote": 13, "dd": 14, "dt": 14, "section": 15,
    "article": 16, "center": 17, "body": 18,
}  # fmt: skip
_SENTENCE = 60
_LONG = 200
_HEADING = "kind"

_SAYS_COMMENT = SIGNS.index("says_comment")
_SAYS_RELATED = SIGNS.index("says_related")
_LINKED = SIGNS.index("linked")
_KIND = SIGNS.index("kind")

NAMES = (
    "size", *SIGNS,
    "is_h1", "in_title", "stated", "home", "copies", "again", "chrome",
    "position", "sentences_before", "text_before", "from_title", "from_heading", "under_comments",
    "under_related", "in_most", "in_half", "depth", "depth_in_most",
    "alike", "alike_text", "alike_unlinked", "alike_share",
    *(f"{name}_{step}" for step in range(4) for name in ("unlinked", "sentences", "blocks")),
    "row_count", "row_share", "row_size", "row_place", "row_up",
    *(f"to_{kind}" for kind in KINDS),
    *(f"{name}_at{step:+}" for step in (-2, -1, 1, 2) for name in ("size", "linked", "kind", "sibling")),
    "before", "after", "around",
    "page_blocks", "page_size", "page_unlinked", "page_sentences", "page_long", "page_han", "page_thread_url",
    "page_thread", "page_listing", "page_article", "page_stated", "page_most", "page_most_unlinked",
)  # fmt: skip
"""Names of the numbers of a row, in their order."""


SECOND = (
    "odds", *(f"odds{step:+}" for step in (-3, -2, -1, 1, 2, 3)), *(f"odds_{step}" for step in range(4)),
    "odds_alike", "odds_around", "odds_before", "from_first", "from_last", "odds_page",
)  # fmt: skip
"""Names of the numbers that the second round adds."""

_WINDOW = 8
_LIKELY = 0.5
_HOPELESS = 0.02


@dataclass(frozen=True, slots=True)
class About:
    """What is known of the page as a whole."""

    url: str = ""
    title: str = ""
    h1: str = ""
    stated: str = ""
    """``articleBody`` of the structured data."""
    thread: bool = False
    """Whether it says that it is a discussion."""
    listing: bool = False
    article: bool = False

    @property
    def is_story(self) -> bool:
        """Whether nothing says that the page is a discussion or a list."""
        return not (self.thread or self.listing or _THREAD_URL.search(self.url))

    @classmethod
    def of(cls, said: Metadata, url: str) -> "About":
        """Return what *said* tells of the page at *url*."""
        return cls(url, said.page_title, said.h1, said.stated, said.thread, said.listing, said.article)


class Rows:
    """The rows of one page: made once, read by both rounds of the choice."""

    def __init__(self, found: Sequence[Block], root: _Element, about: About) -> None:
        self.found = found
        self.root = root
        self.about = about
        self.signs = [signs(block) for block in found]
        self.sizes = [block.weight for block in found]
        self.linked = [own[_LINKED] for own in self.signs]
        self.unlinked = [size * (1 - part) for size, part in zip(self.sizes, self.linked, strict=True)]
        self.sentences = [
            free if size >= _SENTENCE and part < 0.5 and _PUNCTUATION.search(block.text) else 0.0
            for free, size, part, block in zip(self.unlinked, self.sizes, self.linked, found, strict=True)
        ]
        self.order = list(root.iter())
        self.held = self._masses()
        chrome = Chrome(self.held, root, thread=about.thread)
        self.chrome = [chrome.holds(block.home) for block in found]
        self.sentences = [
            0.0 if plain else size for size, plain in zip(self.sentences, self.chrome, strict=True)
        ]
        self.held = self._masses()
        self.total = float(sum(self.sizes)) or 1.0
        self.free = sum(self.unlinked) or 1.0
        self.said = sum(self.sentences) or 1.0

    def _masses(self) -> dict[_Element, Mass]:
        return masses(
            self.found, self.order, list(zip(self.sizes, self.unlinked, self.sentences, strict=True))
        )

    def rows(self) -> list[list[float]]:
        """Return a row of numbers, named by :data:`NAMES`, for each block."""
        page = self._page()
        parts = zip(
            self._own(), self._places(), self._alike(), self._around(), self._neighbours(), strict=True
        )
        return [
            [log2(size + 1), *own, *first, *place, *alike, *around, *beside, *page]
            for size, own, (first, place, alike, around, beside) in zip(
                self.sizes, self.signs, parts, strict=True
            )
        ]

    def again(self, rows: Sequence[list[float]], odds: Sequence[float]) -> list[list[float] | None]:
        """Return *rows* with the numbers of :data:`SECOND`: what the first round's *odds* around are.

        None stands for a row around which the first round gave no hope.
        """
        sizes = self.sizes
        kept = [size * odd for size, odd in zip(sizes, odds, strict=True)]
        homes, forms = self._sums(kept)
        page, count = sum(kept) or 1.0, len(rows)
        likely = [n for n in range(count) if odds[n] > _LIKELY and sizes[n] > 100]
        first, last = (likely[0], likely[-1]) if likely else (0, count)
        padded = [-1.0, -1.0, -1.0, *odds, -1.0, -1.0, -1.0]
        before = 0.0
        out: list[list[float] | None] = []
        for n, (block, row) in enumerate(zip(self.found, rows, strict=True)):
            start, end = max(0, n - _WINDOW), n + _WINDOW + 1
            if max(padded[n : n + 7]) < _HOPELESS:
                out.append(None)
                before += kept[n]
                continue
            out.append([
                *row, odds[n], *padded[n : n + 3], *padded[n + 4 : n + 7], *self._above(block.home, homes),
                forms[block.home.tag, block.home.get("class")],
                sum(kept[start:end]) / (sum(sizes[start:end]) or 1.0), before / page,
                float(min(max(n - first, -50), 50)), float(min(max(n - last, -50), 50)), page / self.total,
            ])  # fmt: skip
            before += kept[n]
        return out

    def _sums(self, kept: Sequence[float]) -> tuple[dict[_Element, float], dict[tuple[object, ...], float]]:
        """Return the mean odds in each element, and of all blocks whose elements have one tag and class."""
        held: dict[_Element, float] = {}
        forms: dict[tuple[object, ...], list[float]] = {}
        for block, size, part in zip(self.found, self.sizes, kept, strict=True):
            home = block.home
            total = forms.setdefault((home.tag, home.get("class")), [0.0, 0.0])
            total[0] += size
            total[1] += part
            held[home] = held.get(home, 0.0) + part
        for element in reversed(self.order):
            parent = element.getparent()
            if element in held and element is not self.root and parent is not None:
                held[parent] = held.get(parent, 0.0) + held[element]
        return (
            {element: part / (self.held[element].text or 1.0) for element, part in held.items()},
            {form: part / (size or 1.0) for form, (size, part) in forms.items()},
        )

    def _above(self, element: _Element, means: dict[_Element, float]) -> list[float]:
        numbers = []
        for _ in range(4):
            numbers.append(means[element])
            parent = element.getparent()
            if element is not self.root and parent is not None:
                element = parent
        return numbers

    def _own(self) -> list[list[float]]:
        title, h1, stated = _key(self.about.title), _key(self.about.h1), _key(self.about.stated)
        copies = Counter(block.text for block in self.found)
        seen: set[str] = set()
        out = []
        for block, plain in zip(self.found, self.chrome, strict=True):
            key = _key(block.text[:400])
            out.append([
                float(bool(key) and key == h1),
                float(len(key) > 5 and title.startswith(key)),
                float(len(key) > 8 and key[:60] in stated) if stated else -1.0,
                float(_HOMES.get(block.home.tag, 0)),
                float(min(copies[block.text], 20)),
                float(block.text in seen),
                float(plain),
            ])  # fmt: skip
            seen.add(block.text)
        return out

    def _places(self) -> list[list[float]]:
        most, half = narrowest(self.root, self.held, 0.8), narrowest(self.root, self.held, 0.5)
        in_most, in_half = set(most.iter()), set(half.iter())
        depths = self._depths()
        deep = depths[most]
        title = self._title()
        count = len(self.found)
        said = text = 0.0
        heading, comments, related = -99, 0.0, 0.0
        out = []
        for number, block in enumerate(self.found):
            own = self.signs[number]
            if own[_KIND] == 1.0:
                heading, related = number, own[_SAYS_RELATED]
                comments = max(comments, own[_SAYS_COMMENT])
            depth = depths[block.home]
            out.append([
                number / count, said / self.said, text / self.total,
                float(min(number - title, 200)), float(min(number - heading, 50)), comments, related,
                float(block.home in in_most), float(block.home in in_half),
                float(depth), float(depth - deep),
            ])  # fmt: skip
            said += self.sentences[number]
            text += self.sizes[number]
        return out

    def _depths(self) -> dict[_Element, int]:
        """Return how many elements each one is in."""
        depths: dict[_Element, int] = {}
        for element in self.order:
            parent = element.getparent()
            depths[element] = depths[parent] + 1 if parent in depths else len(list(element.iterancestors()))
        return depths

    def _title(self) -> int:
        """Return the number of the block that is the headline; far below where there is none."""
        return next((number for number, block in enumerate(self.found) if block.home.tag == "h1"), -999)

    def _alike(self) -> list[list[float]]:
        """Return what all blocks hold whose element and its parent have the same tags and classes."""
        forms: list[tuple[object, ...]] = []
        sums: dict[tuple[object, ...], list[float]] = {}
        for number, block in enumerate(self.found):
            form = _form(block.home)
            forms.append(form)
            total = sums.setdefault(form, [0.0, 0.0, 0.0])
            total[0] += 1
            total[1] += self.sizes[number]
            total[2] += self.unlinked[number]
        numbers = {
            form: [log2(n + 1), size / self.total, free / (size or 1.0), free / self.free]
            for form, (n, size, free) in sums.items()
        }
        return [numbers[form] for form in forms]

    def _around(self) -> list[list[float]]:
        steps = Distances()
        rows = repeated(self.held, self.root)
        memo: dict[_Element, list[float]] = {}
        for block in self.found:
            home = block.home
            if home not in memo:
                memo[home] = [
                    *near(home, self.root, self.held, self.said),
                    *family(home, self.root, rows),
                    *steps.of(home),
                ]
        return [memo[block.home] for block in self.found]

    def _neighbours(self) -> list[list[float]]:
        none = (-1.0, -1.0, -1.0)
        short = [none, none] + [
            (log2(size + 1), part, own[_KIND])
            for size, part, own in zip(self.sizes, self.linked, self.signs, strict=True)
        ]
        short += [none, none]
        parents = [None, None, *(block.home.getparent() for block in self.found), None, None]
        count, out = len(self.found), []
        for number in range(count):
            row: list[float] = []
            parent = parents[number + 2]
            for step in (-2, -1, 1, 2):
                at = number + 2 + step
                row += (*short[at], float(parents[at] is parent))
            start, end = max(0, number - 6), number + 7
            row += (
                sum(self.sentences[start:number]) / self.said * count,
                sum(self.sentences[number + 1 : end]) / self.said * count,
                sum(self.unlinked[start:end]) / (sum(self.sizes[start:end]) or 1.0),
            )
            out.append(row)
        return out

    def _page(self) -> list[float]:
        about, most = self.about, self.held[narrowest(self.root, self.held, 0.8)]
        long = sum(size >= _LONG and part < 0.3 for size, part in zip(self.sizes, self.linked, strict=True))
        starts = "".join(block.text[:50] for block in self.found)
        return [
            log2(len(self.found) + 1), log2(self.total), self.free / self.total, log2(self.said),
            log2(long + 1), len(_HAN.findall(starts)) / (len(starts) or 1),
            float(_THREAD_URL.search(about.url) is not None), float(about.thread), float(about.listing),
            float(about.article), float(bool(about.stated)), log2(most.blocks + 1), most.unlinked / self.free,
        ]  # fmt: skip


def _key(text: str) -> str:
    return _NOT_WORD.sub("", text).casefold()


def _form(element: _Element) -> tuple[object, ...]:
    parent = element.getparent()
    above = (None, None) if parent is None else (parent.tag, parent.get("class"))
    return element.tag, element.get("class"), *above
