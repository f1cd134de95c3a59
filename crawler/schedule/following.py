"""Keeps the cron jobs in line with profiles, with what people command, and with the clock."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from crawler.schedule.aps import CronJobs
from crawler.schedule.plan import Plan, Planned, next_run
from crawler.schedule.runs import Order, Runs, Told
from crawler.schedule.store import ScheduleStore, SiteState

_UNKNOWN = SiteState("")


class Following:
    """What the active scheduler serves at the moment. For one thread; raises what the database does."""

    def __init__(
        self, cron: CronJobs, store: ScheduleStore, runs: Runs, *, tell: Callable[[Told], None]
    ) -> None:
        self._cron, self._store, self._runs, self._tell = cron, store, runs, tell
        self.sites: dict[str, Planned] = {}
        """The sites that are served, by name."""
        self._resting: set[str] = set()
        self._checked = False

    def follow(self, plan: Plan, now: datetime) -> None:
        """Serve the sites of *plan* as it says by now, and do what people ask for."""
        states = self._store.states()
        if not self._checked:
            self.check(plan, states, now)
        for site in self.sites.keys() - plan.sites.keys():
            self._cron.drop(site)
            self._forget(site)
        for site, planned in plan.sites.items():
            resting = states.get(site, _UNKNOWN).paused
            if self.sites.get(site) != planned or resting != (site in self._resting):
                self._put(planned, None if resting else next_run(planned, None, now))
        self._answer(plan, states, now)

    def check(self, plan: Plan, states: Mapping[str, SiteState], now: datetime) -> None:
        """Compare the stored jobs with *plan* and clock, and put right what is not as it should be.

        So a job goes on after a restart where it stood, runs once for what it missed, and is not silent until
        a time that only a clock ahead of its time has named.
        """
        stored = self._cron.stored()
        for site in stored.keys() - plan.sites.keys():
            self._cron.drop(site)
        for site, planned in plan.sites.items():
            job = stored.get(site)
            resting = states.get(site, _UNKNOWN).paused
            at = None if resting else next_run(planned, _stored_time(job, planned), now)
            if job is None or not _is_as(job, planned, at) or self.sites.get(site) != planned:
                self._put(planned, at, rewrite=job is None or not _is_as(job, planned, at))
        self._checked = True

    def still_running(self, site: str) -> None:
        """Note that *site* should have run, and its run before has not ended."""
        note = "still running" if self._runs.has_begun(site) else "still waiting for its turn"
        self._store.looked(site, note)
        self._tell(Told("skipped", site, f"it is {note}"))

    def _put(self, planned: Planned, at: datetime | None, *, rewrite: bool = True) -> None:
        if rewrite:
            self._cron.put(planned, at)
        known = self.sites.get(planned.site)
        rested = planned.site in self._resting
        self.sites[planned.site] = planned
        (self._resting.add if at is None else self._resting.discard)(planned.site)
        if known != planned or rested != (at is None):
            self._tell(
                Told("planned", planned.site, "paused" if at is None else f"next {at:%Y-%m-%d %H:%M:%S} UTC")
            )

    def _forget(self, site: str) -> None:
        del self.sites[site]
        self._resting.discard(site)
        self._tell(Told("removed", site, "its profile has no schedule any more, or cannot be read"))

    def _answer(self, plan: Plan, states: Mapping[str, SiteState], now: datetime) -> None:
        asked = [state for state in states.values() if state.asked is not None]
        if asked:
            self._store.answered(asked)
        for state in asked:
            planned = plan.sites.get(state.site)
            target = planned.target if planned else state.site
            self._runs.submit(Order(state.site, target, asked=True), now)


def _stored_time(job: Any, planned: Planned) -> datetime | None:  # noqa: ANN401 - APScheduler has no types
    """Return when *job* is to run next; None where it rests, or runs at other times than *planned*."""
    if job is None or job.name != planned.told or job.next_run_time is None:
        return None
    at: datetime = job.next_run_time.astimezone(UTC)
    return at


def _is_as(job: Any, planned: Planned, at: datetime | None) -> bool:  # noqa: ANN401
    return (
        job.name == planned.told
        and job.next_run_time == at
        and tuple(job.args) == (planned.site, planned.target)
    )
