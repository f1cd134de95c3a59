"""Which cleaning rules hold for a page: by its host, and by the day on which it was captured."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import pairwise

import orjson

from pipelines.extract.rules import NO_RULES, Rules
from pipelines.segments.article_rows import places_of
from pipelines.urls import host

_NEVER = "99999999"


@dataclass(frozen=True, slots=True)
class DatedRules:
    """Rules, and the first day on which they held."""

    start: str
    """8 digits; empty: since ever."""
    rules: Rules


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules of many sites."""

    places: Mapping[str, tuple[DatedRules, ...]] = field(default_factory=dict)
    """By host, by ``*.example.com`` for a domain and all below it, or by ``*`` for any; in order of time."""

    def rules_for(self, url: str, timestamp: str) -> Rules:
        """Return the rules that hold for *url* as it was captured at *timestamp* (14 digits)."""
        held = [each.rules for each in self._dated(host(url)) if each.start <= timestamp[:8]]
        return held[-1] if held else NO_RULES

    def digest(self, name: str, first: str, last: str) -> str:
        """Return what changes when other rules hold for the host *name* between two timestamps.

        16 hexadecimal digits; empty where there are none. A new layout's rules, valid from a later day,
        change nothing.
        """
        dated = [*self._dated(name), DatedRules(_NEVER, NO_RULES)]
        held = [
            one.rules for one, after in pairwise(dated) if one.start <= last[:8] and after.start > first[:8]
        ]
        if all(replace(rules, version="") == NO_RULES for rules in held):
            return ""
        return hashlib.sha256(orjson.dumps([asdict(rules) for rules in held])).hexdigest()[:16]

    def _dated(self, name: str) -> tuple[DatedRules, ...]:
        return next((self.places[place] for place in places_of(name) if place in self.places), ())
