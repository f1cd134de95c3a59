"""All take-downs of a collection, and what they mean for a capture."""

import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum

from pipelines.errors import Conflict, TakedownError
from pipelines.model import Capture
from pipelines.storage.contract import ObjectStore
from pipelines.takedown.model import (
    DONE_SUFFIX,
    Action,
    Kind,
    Purged,
    Takedown,
    Target,
    parse_takedown,
    takedowns_prefix,
)
from pipelines.urls import timestamp, urlkey


class Standing(StrEnum):
    """Whether a capture may be shown."""

    VISIBLE = "visible"
    HIDDEN = "hidden"
    """As if it were not there."""
    BLOCKED = "blocked"
    """It is there; the reason is told instead."""


class Register:
    """The take-downs of one collection, as they lay in the store when they were read.

    Raises ``StorageError``, and ``ManifestError`` where one is not readable: nothing may be shown then.
    """

    def __init__(self, store: ObjectStore, collection: str) -> None:
        self._store, self._collection = store, collection
        self._entries: dict[str, Takedown] = {}
        self._done: set[str] = set()
        self.refresh()

    def refresh(self) -> None:
        """Read those that are new."""
        for found in self._store.list(takedowns_prefix(self._collection)):
            name = found.key.rpartition("/")[2]
            if not name.endswith(".json"):
                continue  # the claim of a purge that is under way
            if name.endswith(DONE_SUFFIX):
                self._done.add(name.removesuffix(DONE_SUFFIX))
            elif name.removesuffix(".json") not in self._entries:
                entry = parse_takedown(self._store.get(found.key), found.key)
                self._entries[entry.id] = entry
        self._sort()

    def _sort(self) -> None:
        lifted = {entry.lifts for entry in self._entries.values() if entry.lifts}
        self._active = [entry for entry in self if entry.target and entry.id not in lifted]
        shown = {Action.HIDE: Standing.HIDDEN, Action.BLOCK: Standing.BLOCKED, Action.PURGE: Standing.HIDDEN}
        # What hides comes before what tells a reason.
        ordered = sorted(self._active, key=lambda entry: entry.action is Action.BLOCK)
        self._by_key: dict[str, list[tuple[Target, Standing, Takedown]]] = {}
        self._by_rule: list[tuple[Target, Standing, Takedown]] = []
        for entry in ordered:
            assert entry.target is not None
            if entry.action in shown and entry.id not in self._done:
                rule = (entry.target, shown[entry.action], entry)
                if entry.target.kind is Kind.URL:
                    self._by_key.setdefault(entry.target.urlkey, []).append(rule)
                else:
                    self._by_rule.append(rule)

    def __iter__(self) -> Iterator[Takedown]:
        """Yield all of them, the oldest first."""
        return iter(sorted(self._entries.values(), key=lambda entry: (entry.at, entry.id)))

    @property
    def active(self) -> list[Takedown]:
        """Those that were not lifted, the oldest first."""
        return self._active

    @property
    def unfinished(self) -> list[Takedown]:
        """Purges that were begun and not ended."""
        return [entry for entry in self if entry.action is Action.PURGE and entry.id not in self._done]

    def standing(self, capture: Capture) -> tuple[Standing, Takedown | None]:
        """Return whether *capture* may be shown, and by which take-down it may not.

        A purge that is under way hides. Of one that hides and one that blocks the first counts.
        """
        rules = [*self._by_key.get(capture.urlkey, ()), *self._by_rule]
        for wanted in (Standing.HIDDEN, Standing.BLOCKED):
            for target, standing, entry in rules:
                if standing is wanted and target.matches(capture):
                    return standing, entry
        return Standing.VISIBLE, None

    def shows(self, capture: Capture) -> bool:
        """Return whether *capture* may be shown."""
        return self.standing(capture)[0] is Standing.VISIBLE

    @property
    def names_content(self) -> bool:
        """Whether a capture is taken down for its content, wherever it is: then its digests must be known."""
        rules = (target for target, _, _ in self._by_rule)
        return any(target.kind is Kind.PAYLOAD for target in rules)

    def shows_at(self, url: str, timestamp: str) -> bool:
        """Return whether the capture of *url* at *timestamp* may be shown, as far as these tell."""
        rules = [*self._by_key.get(urlkey(url), ()), *self._by_rule]
        return not any(target.names_at(url, timestamp) for target, _, _ in rules)

    def hold_on(self, capture: Capture) -> Takedown | None:
        """Return the legal hold that *capture* is under, None where there is none."""
        for entry in self._active:
            if entry.action is Action.HOLD and entry.target and entry.target.matches(capture):
                return entry
        return None

    def add(self, action: Action, target: Target, *, who: str, reason: str) -> Takedown:
        """Enter a hiding, a block or a hold, durably. Raises ``TakedownError`` where something is missing."""
        return self.enter(new_takedown(action, target.checked(), who=who, reason=reason))

    def lift(self, name: str, *, who: str, reason: str) -> Takedown:
        """Let the take-down with the id *name* count no longer.

        Raises ``TakedownError`` where there is none, or a purge, which cannot be taken back.
        """
        entry = self._entries.get(name)
        if entry is None or entry.target is None:
            raise TakedownError(f"take-down: there is no {name!r}; 'newswarc takedown list' names them")
        if entry.action is Action.PURGE:
            raise TakedownError(f"take-down: {name} is a purge; what is purged cannot be brought back")
        if entry not in self._active:
            raise TakedownError(f"take-down: {name} was lifted already")
        return self.enter(new_takedown(Action.LIFT, None, who=who, reason=reason, lifts=name))

    def enter(self, entry: Takedown) -> Takedown:
        """Store *entry*, and return it."""
        try:
            self._store.put(entry.key(self._collection), entry.to_json())
        except Conflict:
            if self._store.get(entry.key(self._collection)) != entry.to_json():
                raise
        self._entries[entry.id] = entry
        self._sort()
        return entry

    def finish(self, entry: Takedown, purged: Purged) -> None:
        """Store that the purge *entry* has ended."""
        with suppress(Conflict):  # another process has ended it as well: the same segments are gone
            self._store.put(entry.done_key(self._collection), purged.to_json())
        self._done.add(entry.id)
        self._sort()


def new_takedown(
    action: Action, target: Target | None, *, who: str, reason: str, lifts: str | None = None
) -> Takedown:
    """Return one that is not stored yet. Raises ``TakedownError`` without a name or a reason."""
    for name, value in (("who", who), ("reason", reason)):
        if not value.strip():
            raise TakedownError(f"take-down: {name} is empty; an audit trail names both who and why")
    at = datetime.now(UTC)
    return Takedown(f"{timestamp(at)}-{secrets.token_hex(4)}", action, who, reason, at, target, lifts)
