"""The history of one article: versions, the edits between them, and what happened to the page.

A pure function of all that was captured of it: with further captures a line may turn out to come and go,
and the history is then made anew, the same on every machine.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from pipelines.edits.differences import Difference, Fate, LineChange, Op, difference
from pipelines.edits.grading import Grade, grade
from pipelines.edits.passing import Furniture, passing
from pipelines.edits.reading import Reading, reading_of
from pipelines.edits.sighting import Judgement, Sighting, State, form, judged, page_key, target
from pipelines.edits.wording import plain
from pipelines.extract.article import Article

Again = Callable[[Sighting], Article | None]
"""Reads a capture's bytes once more with today's extractor; None where that cannot be done."""

_Look = tuple[str, ...]


class EventKind(StrEnum):
    """What happened to a page other than an edit."""

    DISAPPEARED = "disappeared"
    RETURNED = "returned"
    WALLED = "walled"
    OPENED = "opened"
    """What stood before the text is gone."""
    MOVED = "moved"
    """It has another address now."""


@dataclass(frozen=True, slots=True)
class Version:
    """A wording of an article, as long as it was seen."""

    number: int
    """From 1, in order of time."""
    reading: Reading
    first: Sighting
    """The capture that showed it first."""
    last: Sighting
    """The last capture before another wording that showed it."""
    captures: int
    restores: int | None = None
    """The earlier version with the same text."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What differs between two versions that follow one another."""

    before: Version
    after: Version
    difference: Difference
    grades: tuple[Grade, ...]
    """The gravest first; never empty."""
    reasons: tuple[str, ...]

    @property
    def at(self) -> datetime:
        """When the later version was seen first; it was made after ``before.last.at``. Aware, UTC."""
        return self.after.first.at

    @property
    def url(self) -> str:
        """The address at which it was seen first."""
        return self.after.first.capture.url

    @property
    def grade(self) -> Grade:
        """The gravest grade."""
        return self.grades[0]


@dataclass(frozen=True, slots=True)
class Event:
    """A disappearance, a return, a wall, a new address."""

    kind: EventKind
    sighting: Sighting
    """The capture that showed it."""
    reason: str
    headline: str
    """Of the last version seen before."""
    known: datetime
    """When the article was seen as before for the last time; aware, UTC."""

    @property
    def at(self) -> datetime:
        """When it was seen first; aware, UTC."""
        return self.sighting.at

    @property
    def url(self) -> str:
        """The address that showed it."""
        return self.sighting.capture.url


@dataclass(frozen=True, slots=True)
class History:
    """All that is known of how an article changed."""

    versions: tuple[Version, ...] = ()
    edits: tuple[Edit, ...] = ()
    events: tuple[Event, ...] = ()


def history(
    sightings: Iterable[Sighting], *, furniture: Furniture | None = None, again: Again | None = None
) -> History:
    """Return the history of the article that *sightings*, in any order, are captures of.

    *furniture* is what comes and goes all over the site. Where captures were read by different versions of
    the extractor or its rules, *again* reads them once more; without it only changes inside of lines count
    between such two, since lines that come and go may be the extractor's doing.
    """
    ordered = sorted(sightings, key=lambda each: each.order)
    judgements = [judged(each) for each in ordered]
    if again is not None:
        ordered = _read_alike(ordered, judgements, again)
    readings = _readings(ordered, judgements, furniture or Furniture())
    walk = _Walk(
        {page_key(each.capture.url) for each, reading in zip(ordered, readings, strict=True) if reading}
    )
    for sighting, judgement, reading in zip(ordered, judgements, readings, strict=True):
        if reading is not None:
            walk.text(sighting, reading)
        else:
            walk.other(sighting, judgement)
    return History(tuple(walk.versions), tuple(walk.edits), tuple(walk.events))


def _read_alike(ordered: list[Sighting], judgements: Sequence[Judgement], again: Again) -> list[Sighting]:
    versions = {
        (each.article.extractor, each.article.rules)
        for each, judgement in zip(ordered, judgements, strict=True)
        if each.article and judgement.state is State.TEXT
    }
    if len(versions) < 2:
        return ordered
    return [
        replace(each, article=again(each) or each.article) if judgement.state is State.TEXT else each
        for each, judgement in zip(ordered, judgements, strict=True)
    ]


def _readings(
    ordered: Sequence[Sighting], judgements: Sequence[Judgement], furniture: Furniture
) -> list[Reading | None]:
    found = [
        reading_of(each.article) if each.article and judgement.state is State.TEXT else None
        for each, judgement in zip(ordered, judgements, strict=True)
    ]
    by_look: dict[_Look, list[Reading]] = defaultdict(list)
    for each, reading in zip(ordered, found, strict=True):
        if reading is not None:
            by_look[_look(each)].append(reading)
    left_out = furniture.among(reading for reading in found if reading)
    for readings in by_look.values():
        left_out |= passing([reading.without(left_out) for reading in readings])
    return [reading and reading.without(left_out) for reading in found]


def _look(sighting: Sighting) -> _Look:
    """Return by what a page's text may differ although nobody edited it: its form, and who read it."""
    article = sighting.article
    read = (article.extractor, article.rules) if article else ()
    return *form(sighting.capture.url), *read


@dataclass(slots=True)
class _Walk:
    """Goes through the captures of an article in order of time."""

    pages: set[str]
    """Addresses at which its text was ever seen."""
    versions: list[Version] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    contents: dict[str, int] = field(default_factory=dict)
    last: dict[_Look, Reading] = field(default_factory=dict)
    look: _Look = ()
    state: State = State.TEXT
    seen: Sighting | None = None
    """The last capture that showed the text."""

    def text(self, sighting: Sighting, reading: Reading) -> None:
        """Take in a capture that shows the text."""
        self._is_back(sighting)
        look = _look(sighting)
        found = self._edit(reading, look) if self.versions else None
        self.last[look] = reading
        self.seen = sighting
        if self.versions and found is None:
            current = self.versions[-1]
            self.versions[-1] = replace(current, last=sighting, captures=current.captures + 1)
            self._refresh()
            return
        self.look = look
        self._add(sighting, reading, found)

    def other(self, sighting: Sighting, judgement: Judgement) -> None:
        """Take in a capture that does not show the text."""
        if self.seen is None or not self._is_place_of_text(sighting):
            return
        if judgement.state is State.MOVED:
            known = page_key(target(sighting)) in self.pages
            kind = EventKind.MOVED if known else EventKind.DISAPPEARED
            state = State.TEXT if known else State.GONE
        elif judgement.state in {State.WALL, State.GONE}:
            kind = EventKind.WALLED if judgement.state is State.WALL else EventKind.DISAPPEARED
            state = judgement.state
        else:
            return
        if kind is EventKind.MOVED or state is not self.state:
            self._event(kind, sighting, judgement.reason)
        self.state = state

    def _is_place_of_text(self, sighting: Sighting) -> bool:
        """Return whether the text was seen last at this address, so that its absence here says something."""
        assert self.seen is not None
        here, there = sighting.capture.url, self.seen.capture.url
        return page_key(here) == page_key(there) and form(here) == form(there)

    def _is_back(self, sighting: Sighting) -> None:
        if self.state is State.GONE:
            self._event(EventKind.RETURNED, sighting, "the article is there again")
        elif self.state is State.WALL:
            self._event(EventKind.OPENED, sighting, "the whole text is shown again")
        self.state = State.TEXT

    def _event(self, kind: EventKind, sighting: Sighting, reason: str) -> None:
        assert self.seen is not None
        headline = self.versions[-1].reading.headline
        self.events.append(Event(kind, sighting, reason, headline, self.seen.at))

    def _edit(self, reading: Reading, look: _Look) -> Difference | None:
        """Return what is new in *reading* against the current version, or None."""
        current = self.versions[-1].reading
        base = self.last.get(look)
        if reading.content in {current.content, base and base.content}:
            return None
        found = difference(base or current, reading)
        if base is None:
            found = Difference(lines=tuple(line for line in found.lines if _is_certain(line)))
        elif look != self.look:
            found = _not_known(found, current, reading)
        changed = any(line.fate is not Fate.SAME for line in found.lines)
        return found if changed or found.headline_changed or found.byline_changed else None

    def _add(self, sighting: Sighting, reading: Reading, found: Difference | None) -> None:
        restores = self.contents.get(reading.content)
        self.contents.setdefault(reading.content, len(self.versions) + 1)
        version = Version(len(self.versions) + 1, reading, sighting, sighting, 1, restores)
        if found is not None:
            graded = grade(found, restores=restores)
            self.edits.append(Edit(self.versions[-1], version, found, graded.grades, graded.reasons))
        self.versions.append(version)

    def _refresh(self) -> None:
        if self.edits:
            self.edits[-1] = replace(self.edits[-1], after=self.versions[-1])


def _is_certain(line: LineChange) -> bool:
    """Return whether *line* is the same or has other words; what it has more or less may be the form's."""
    ops = {piece.op for piece in line.pieces}
    replaced = line.fate is Fate.CHANGED and {Op.REMOVED, Op.ADDED} <= ops
    return line.fate is Fate.SAME or replaced


def _not_known(found: Difference, current: Reading, reading: Reading) -> Difference:
    """Return of *found* what another form of the page has not shown already."""
    keys = set(current.keys)

    def is_known(line: LineChange) -> bool:
        came = line.after is None or plain(line.text_after) in keys
        went = line.before is None or plain(line.text_before) not in keys
        return line.fate is not Fate.SAME and came and went

    return Difference(
        () if plain(current.headline) == plain(reading.headline) else found.headline,
        () if set(current.byline) == set(reading.byline) else found.byline,
        tuple(line for line in found.lines if not is_known(line)),
    )
