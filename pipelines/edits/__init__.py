"""Versions and edits: how articles changed from capture to capture, and when they went and came back.

Pure: captures and articles in, history out; no store, no clock, no network. Beside
:mod:`pipelines.catalog`, above :mod:`pipelines.extract`.

::

    Sighting(capture: Capture, article: Article | None = None, location: str = "")
    grouped(sightings: Iterable[Sighting]) -> dict[str, list[Sighting]]      # by article
    site_furniture(groups: Iterable[Sequence[Sighting]]) -> dict[str, Furniture]   # by registered domain
    history(sightings, *, furniture=None, again=None) -> History
    histories(sightings) -> Iterator[tuple[str, History]]                    # the three in one
    History.versions: tuple[Version, ...]; .edits: tuple[Edit, ...]; .events: tuple[Event, ...]
    Edit.before, .after: Version; .difference: Difference; .grades, .reasons; .at, .url, .grade
    Event.kind, .sighting, .reason, .headline, .known, .at, .url

    difference(before: Reading, after: Reading) -> Difference
    to_terminal, to_html, to_text(difference) -> str; to_json(difference) -> dict
    atom, json_feed(changes: Iterable[Edit | Event], head: FeedHead) -> bytes

An edit is a change of headline, byline or an own line of the text. What is none: advertisements, counters,
tickers, dates, lists of links, white space, glyphs of quotes, where paragraphs break. What is certain of one
capture is told by :mod:`~pipelines.edits.furniture`, what only many tell by :mod:`~pipelines.edits.passing`.
"""

from pipelines.edits.differences import Difference, Fate, LineChange, Op, Piece, difference
from pipelines.edits.feeds import FeedHead, atom, json_feed
from pipelines.edits.grading import Grade
from pipelines.edits.grouping import grouped
from pipelines.edits.passing import Furniture
from pipelines.edits.reading import Reading, reading_of
from pipelines.edits.rendering import to_html, to_json, to_terminal, to_text
from pipelines.edits.sighting import Sighting, State, judged
from pipelines.edits.sites import histories, site_furniture
from pipelines.edits.versions import Edit, Event, EventKind, History, Version, history

__all__ = [
    "Difference",
    "Edit",
    "Event",
    "EventKind",
    "Fate",
    "FeedHead",
    "Furniture",
    "Grade",
    "History",
    "LineChange",
    "Op",
    "Piece",
    "Reading",
    "Sighting",
    "State",
    "Version",
    "atom",
    "difference",
    "grouped",
    "histories",
    "history",
    "json_feed",
    "judged",
    "reading_of",
    "site_furniture",
    "to_html",
    "to_json",
    "to_terminal",
    "to_text",
]
