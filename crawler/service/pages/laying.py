"""An article laid out for reading: pictures where their captions stand, two languages side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from crawler.service.context import Context
from pipelines.extract import Article, Image, Passage
from pipelines.extract.article import PassageKind
from pipelines.model import Capture

MOST_IMAGES: Final = 40
"""Pictures of an article whose captures are looked for."""


@dataclass(frozen=True, slots=True)
class Pictured:
    """A picture of the article, and its capture where there is one to show."""

    image: Image
    capture: Capture | None


@dataclass(frozen=True, slots=True)
class Block:
    """What stands in one row: one passage, or those that say the same in two languages."""

    left: tuple[Passage, ...]
    right: tuple[Passage, ...] = ()
    """Empty where nothing says the same."""
    picture: Pictured | None = None
    """Whose caption the passage is."""


@dataclass(frozen=True, slots=True)
class Laid:
    """All of an article's text."""

    blocks: tuple[Block, ...]
    lead: Pictured | None
    """A picture that stands above the text."""
    pictures: tuple[Pictured, ...]
    """Those whose place in the text is not known."""
    both: bool
    """Whether there are two languages side by side."""


def laid(article: Article, pictures: Sequence[Pictured], *, single: bool = False) -> Laid:
    """Return *article* laid out with *pictures*; *single* puts all languages below one another."""
    by_caption = {each.image.caption: each for each in pictures if each.image.caption}
    both = not single and any(passage.parallel for passage in article.passages)
    rows = _beside(article) if both else [((passage,), ()) for passage in article.passages]
    blocks, placed = [], set()
    for left, right in rows:
        picture = None
        if len(left) == 1 and left[0].kind is PassageKind.CAPTION:
            picture = by_caption.get(left[0].text)
        if picture is not None:
            placed.add(picture.image.url)
        blocks.append(Block(left, right, picture))
    others = [each for each in pictures if each.image.url not in placed]
    lead = others.pop(0) if others and not placed else None
    return Laid(tuple(blocks), lead, tuple(others), both)


def pictures_of(context: Context, article: Article, capture: Capture) -> list[Pictured]:
    """Return the pictures of *article*, each with the capture nearest to *capture* that may be shown."""
    found = []
    for image in {image.url: image for image in article.images[:MOST_IMAGES]}.values():
        nearest = context.archive.catalog.closest(image.url, capture.timestamp)
        if nearest is not None and not (context.shows(nearest) and _is_picture(nearest)):
            nearest = None
        found.append(Pictured(image, nearest))
    return found


def _is_picture(capture: Capture) -> bool:
    return capture.status in {200, 304} and (capture.kind == "revisit" or capture.mime.startswith("image/"))


_Row = tuple[tuple[Passage, ...], tuple[Passage, ...]]


def _beside(article: Article) -> Iterator[_Row]:
    """Yield rows in the order of the text; what says the same in another language stands on the right."""
    passages = article.passages
    main = next((p.language for p in passages if p.parallel), "")
    seen: set[int] = set()
    for number, passage in enumerate(passages):
        if number in seen:
            continue
        together = _together(passages, number)
        seen |= together
        ordered = [passages[each] for each in sorted(together)]
        left = tuple(p for p in ordered if p.language == main)
        right = tuple(p for p in ordered if p.language != main)
        yield (left, right) if left and right else ((passage,) if len(ordered) == 1 else tuple(ordered), ())


def _together(passages: Sequence[Passage], number: int) -> set[int]:
    """Return the positions of all passages that are linked with that one, itself among them."""
    found, waiting = set[int](), [number]
    while waiting:
        place = waiting.pop()
        if place not in found and 0 <= place < len(passages):
            found.add(place)
            waiting += passages[place].parallel
    return found
