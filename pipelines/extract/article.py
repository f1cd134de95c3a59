"""The article: what a page says, cleaned, with how each part was found."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import orjson

from pipelines.errors import ExtractionError
from pipelines.extract.versions import EXTRACTOR


class Quality(StrEnum):
    """What kind of text came out; the reasons stand beside it."""

    FULL = "full"
    """An article, as far as can be told whole."""
    PREVIEW = "preview"
    """The beginning of an article whose rest is behind a paywall or login."""
    LOGIN_STUB = "login_stub"
    """A form to sign in, and no article."""
    CONSENT_WALL = "consent_wall"
    """A question about cookies, and no article."""
    CHALLENGE = "challenge"
    """A test whether the visitor is a robot."""
    LIST_PAGE = "list_page"
    """Links to articles: a front page, a section, an index."""
    ERROR_PAGE = "error_page"
    """A page that says it is not there, or that the server failed."""
    EMPTY = "empty"
    """No text, or none that could be read: a page over its time has the reason ``cut off: …``."""


class PassageKind(StrEnum):
    """What a passage is in its page."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    QUOTE = "quote"
    LIST = "list"
    TABLE = "table"
    CAPTION = "caption"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was said to happen, no more exactly than the page said it."""

    day: date
    """The calendar day in the page's own time zone."""
    at: datetime | None
    """Aware, UTC; None where the page gave no time of day, or one without its zone."""
    stated: str
    """As the page wrote it: ``2026-11-23T08:15:00+08:00``, ``2026-11-23 08:15``, ``2026-11-23``."""
    found: str
    """Where: ``json-ld:datePublished``, ``meta:article:published_time``, ``time``, ``text``, ``url``…

    Several places that agree have a comma between."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One block of text: a paragraph, a heading, a whole list, a whole table."""

    text: str
    """Lines of a list, rows of a table and hard breaks of a paragraph are separated by ``\\n``,
    cells of a table by ``\\t``; otherwise there is no white space but single blanks (code keeps its own)."""
    language: str
    """BCP 47; ``und`` where it could not be told."""
    kind: PassageKind = PassageKind.PARAGRAPH
    parallel: tuple[int, ...] = ()
    """Positions, in the article's passages, of those that say the same in another language."""


@dataclass(frozen=True, slots=True)
class Title:
    """The headline in one of the page's languages."""

    text: str
    language: str
    """BCP 47; ``und`` where it could not be told."""


@dataclass(frozen=True, slots=True)
class Link:
    """An address that the article's text refers to."""

    url: str
    """Absolute, http or https."""
    text: str


@dataclass(frozen=True, slots=True)
class Cue:
    """A piece of what is spoken, with its time."""

    start: float
    """Seconds from the recording's beginning."""
    text: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """What is spoken in a recording that belongs to the article."""

    audio: str
    """Address of the recording, absolute; empty where the page does not say."""
    paragraphs: tuple[tuple[Cue, ...], ...]


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of the article, not of the page around it."""

    url: str
    """Absolute."""
    caption: str = ""
    alternative: str = ""
    """The text that stands for it (``alt``)."""


@dataclass(frozen=True, slots=True)
class Article:
    """The clean text and the metadata of one capture. ``""``, ``()`` and None mean unknown."""

    url: str
    """As it was fetched."""
    canonical_url: str = ""
    """What the page calls its own address, absolute."""
    site: str = ""
    """The name of the publication."""
    section: str = ""
    title: str = ""
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    published: Moment | None = None
    modified: Moment | None = None
    languages: tuple[str, ...] = ()
    """Those of the passages, the one with most text first; ``und`` is left out."""
    passages: tuple[Passage, ...] = ()
    images: tuple[Image, ...] = ()
    quality: Quality = Quality.EMPTY
    reasons: tuple[str, ...] = ()
    """Why this quality, and what was lost on the way: ``short``, ``form:password``, ``payload:truncated``…"""
    encoding: str = ""
    """How the bytes were read: ``utf-8 (header)``."""
    method: str = ""
    """The step that the passages are from: ``structure``, ``trafilatura``, ``rules``, ``json-ld``,
    ``transcript`` or the name of a forum's software (``discuz``)."""
    extractor: str = ""
    rules: str = ""
    """Version of the site's rules; empty where there were none."""
    titles: tuple[Title, ...] = ()
    """The headline in each language of the page; the first one is :attr:`title`."""
    translators: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    """What the passages refer to, in order, each address once."""
    transcript: Transcript | None = None
    fingerprint: str = ""
    """See :mod:`pipelines.extract.fingerprint`; empty where there is too little text to know it again."""

    @property
    def text(self) -> str:
        """All passages, with a blank line between two."""
        return "\n\n".join(passage.text for passage in self.passages)

    def to_json(self) -> bytes:
        """Return the article as one JSON object with the fields' names as keys."""
        return orjson.dumps(self)

    @classmethod
    def from_json(cls, data: bytes | str) -> "Article":
        """Return the article that :meth:`to_json` wrote.

        :raises ExtractionError: *data* is not such a JSON object.
        """
        try:
            return _article(orjson.loads(data))
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise ExtractionError(f"article: not the JSON of an article ({error})") from error


CUT_OFF = "cut off: "
"""With what the reason of a page begins that was given up."""


def given_up(url: str, why: str, *, rules: str = "") -> Article:
    """Return the article of a page whose reader was cut off: an empty one that says so.

    *rules* is the version of the rules that it was read with. The same in the crawl, at sealing, in a repair
    and in a re-extraction, so that nobody reads such a page a second time.
    """
    return Article(url=url, reasons=(f"{CUT_OFF}{why}",), extractor=EXTRACTOR, rules=rules)


def _article(tree: dict[str, Any]) -> Article:
    known = dict(tree)
    for name in _LISTS & known.keys():
        known[name] = tuple(known[name])
    for name in ("published", "modified"):
        known[name] = _moment(known[name])
    known["passages"] = tuple(
        Passage(p["text"], p["language"], PassageKind(p["kind"]), tuple(p.get("parallel", ())))
        for p in known["passages"]
    )
    for name, noun in (("images", Image), ("titles", Title), ("links", Link)):
        known[name] = tuple(noun(**each) for each in known.get(name, ()))
    known["transcript"] = _transcript(known.get("transcript"))
    known["quality"] = Quality(known["quality"])
    return Article(**known)


_LISTS = {"authors", "languages", "reasons", "translators"}


def _transcript(tree: dict[str, Any] | None) -> Transcript | None:
    if tree is None:
        return None
    paragraphs = (tuple(Cue(cue["start"], cue["text"]) for cue in part) for part in tree["paragraphs"])
    return Transcript(tree["audio"], tuple(paragraphs))


def _moment(tree: dict[str, Any] | None) -> Moment | None:
    if tree is None:
        return None
    at = tree["at"] and datetime.fromisoformat(tree["at"]).astimezone(UTC)
    return Moment(date.fromisoformat(tree["day"]), at, tree["stated"], tree["found"])
