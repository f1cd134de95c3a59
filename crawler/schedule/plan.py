"""Which sites run when: pure but for reading the profiles."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import islice
from pathlib import Path
from typing import Any

from crawler.config import Config
from crawler.sites import SiteProfile, list_profiles, load_profile
from crawler.sites.cron import triggers
from pipelines.errors import ProfileError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Planned:
    """A site with a schedule."""

    site: str
    cron: tuple[str, ...]
    timezone: str
    misfire_grace: timedelta
    """How late a run may start that was missed."""
    jitter: timedelta = timedelta()
    target: str = ""
    """What its profile is found by: a name, or a file's path."""
    trigger: Any = field(default=None, compare=False, repr=False)
    """The APScheduler trigger of *cron* in *timezone*, without jitter."""

    @property
    def told(self) -> str:
        """The schedule on one line: the same for the same times."""
        late = f" +{self.jitter.total_seconds():g}s" if self.jitter else ""
        return f"{'; '.join(self.cron)} {self.timezone}{late}"

    def comes(self, after: datetime) -> Iterator[datetime]:
        """Yield the times that the cron expressions name from *after* on, in UTC and without jitter."""
        moment: datetime | None = after
        while (moment := self.trigger.get_next_fire_time(None, moment)) is not None:
            moment = moment.astimezone(UTC)
            yield moment
            moment += timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """The sites that have a schedule, by name, and what is wrong with the profiles that cannot be read."""

    sites: dict[str, Planned]
    problems: dict[str, str]
    """Messages by name or path of the profile."""


class Profiles:
    """The schedules that site profiles name; a file is read again only when it has changed.

    *named* are names or files of profiles, which must have a schedule; without any, every profile in the
    configured folders counts that has one.
    """

    def __init__(self, config: Config, named: Sequence[str] = ()) -> None:
        self._config, self._named = config, tuple(named)
        self._read: dict[str, tuple[tuple[float, int], Planned | str | None]] = {}

    def plan(self) -> Plan:
        """Return the plan as the files are now."""
        plan = Plan({}, {})
        for target, path in self._targets():
            found = self._planned(target, path)
            if isinstance(found, Planned):
                plan.sites[found.site] = found
            elif found is not None:
                plan.problems[target] = found
        return plan

    def _targets(self) -> Iterator[tuple[str, Path]]:
        folders = self._config.sites.folders
        entries = {entry.name: entry.path for entry in list_profiles(folders)}
        if self._named:
            for target in self._named:
                yield target, entries.get(target, Path(target))
            return
        for entry in list_profiles(folders):
            # The built-in ones are examples.
            if not entry.built_in:
                yield entry.name, entry.path

    def _planned(self, target: str, path: Path) -> Planned | str | None:
        try:
            state = path.stat()
            stamp = state.st_mtime, state.st_size
        except OSError:
            stamp = 0.0, -1
        known = self._read.get(target)
        if known is None or known[0] != stamp or stamp[1] < 0:
            known = self._read[target] = stamp, self._read_anew(target, path)
        return known[1]

    def _read_anew(self, target: str, path: Path) -> Planned | str | None:
        try:
            planned = schedule_of(load_profile(target, self._config.sites.folders), target, self._config)
        except ProfileError as error:
            return str(error)
        except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as error:
            # One site's profile must not end the scheduler of all.
            logger.exception("the profile %s cannot be planned", path)
            return f"schedule: {target!r} cannot be planned ({error!r}); this is an error of newswarc itself"
        if planned is None and self._named:
            return f"schedule: {target!r} has none; write [schedule] and cron = '*/15 * * * *' in its profile"
        return planned


def schedule_of(profile: SiteProfile, target: str, config: Config) -> Planned | None:
    """Return the schedule of *profile*, which *target* names; None where it has none."""
    table = profile.schedule
    if table is None:
        return None
    grace = table.misfire_grace or config.schedule.misfire_grace
    return Planned(
        profile.name,
        table.cron,
        profile.timezone,
        timedelta(seconds=grace),
        timedelta(seconds=table.jitter),
        target,
        triggers(table.cron, profile.timezone),
    )


def coming(sites: Iterable[Planned], now: datetime, most: int) -> list[tuple[datetime, str]]:
    """Return the next *most* runs of all *sites* from *now* on, in time order: time in UTC and site."""
    return list(
        islice(merge(*([(at, one.site) for at in islice(one.comes(now), most)] for one in sites)), most)
    )


def next_run(planned: Planned, stored: datetime | None, now: datetime) -> datetime:
    """Return when the site runs next, if it was *stored* to run then and the clock says *now*.

    A run that was missed is made now, if one of the missed ones is not later than the grace allows; then it
    stands for them all. A stored time later than the schedule's own next one is left over from a clock that
    was ahead, or from another expression, and would keep the site silent until it comes.
    """
    following = next(planned.comes(now))
    if stored is None or stored > following + planned.jitter:
        return following
    oldest = now - planned.misfire_grace
    if stored >= oldest:
        return stored
    missed = next(planned.comes(oldest))
    return missed if missed <= now else following
