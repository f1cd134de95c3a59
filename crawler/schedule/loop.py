"""The scheduler's loop: one thread that starts what is due, follows the profiles and answers commands."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue

from crawler.config import Config
from crawler.frontier.owner import claim, disclaim, new_owner
from crawler.jobs.history import History
from crawler.schedule.aps import CronJobs
from crawler.schedule.following import Following
from crawler.schedule.plan import Plan, Profiles
from crawler.schedule.runs import Order, Runs, Told
from crawler.schedule.store import Active, ScheduleStore
from crawler.state import Database
from pipelines.errors import JobError, ProfileError, SpoolFull, StorageError
from pipelines.storage import disk

BEAT_SECONDS = 2.0
"""How often the scheduler says that it lives, and looks for what commands and profiles want."""
CHECK_SECONDS = 30.0
"""How often it compares the times that are stored with the clock, and looks for jobs that died."""
_FORGET_SECONDS = 86_400.0


class Schedule:
    """Crawls sites when their profiles say so, until it is told to stop.

    *named* are the names or files of the profiles, all of the configured folders if there are none.
    *nothing_due* is asked on another thread, with a profile's name or the file that was named, before a job
    is started for it: it tells why there is nothing to do, or None. *tell* is called, on the thread that runs
    the schedule, with what happens.
    """

    def __init__(
        self,
        config: Config,
        named: Sequence[str] = (),
        *,
        nothing_due: Callable[[str], str | None] = lambda _target: None,
        tell: Callable[[Told], None] = lambda _told: None,
    ) -> None:
        self._config, self._named = config, tuple(named)
        self._nothing_due, self._tell = nothing_due, tell
        self._owner = new_owner()
        self._profiles = Profiles(config, named)
        self._told: SimpleQueue[Told | None] = SimpleQueue()
        self._runs: Runs | None = None
        self._stops = 0
        self._problems: dict[str, str] = {}

    def stop(self) -> None:
        """End: jobs publish what they have; the second time they stop at once, the third they are killed.

        It may be called from a signal handler.
        """
        self._stops += 1
        self._told.put(None)

    def run(self, *, standby: bool = False) -> None:
        """Serve the sites until :meth:`stop`.

        :raises JobError: another scheduler is active on the state database, and this one does not stand by;
            or another one took over.
        :raises ProfileError: a profile that was named is wrong or has no schedule.
        """
        self._require_named()
        with self._opened() as (database, store):
            while self._became_active(store, standby=standby):
                if not self._serve(database, store):
                    return
                problem = _taken_over(store.active())
                if not standby:
                    raise JobError(problem)
                self._tell(Told("problem", text=problem))

    def once(self) -> int:
        """Run each site for which something is due once, whatever the clock says, and wait for the end.

        Return the exit code of the first job that did not end well, else 0. Raises what :meth:`run` does.
        """
        self._require_named()
        with self._opened() as (database, store):
            if not self._became_active(store, standby=False):
                return 0
            sites, states = self._plan().sites, store.states()
            with self._running() as runs:
                for site, planned in sites.items():
                    if site not in states or not states[site].paused:
                        runs.submit(Order(site, planned.target), datetime.now(UTC))
                self._outlast(runs, store, History(database, owner=self._owner))
        return runs.worst

    def _require_named(self) -> None:
        problems = self._profiles.plan().problems
        if self._named and problems:
            raise ProfileError("\n".join(problems.values()))

    @contextmanager
    def _opened(self) -> Iterator[tuple[Database, ScheduleStore]]:
        claim(self._owner)
        try:
            with Database(self._config.state_url) as database:
                store = ScheduleStore(database)
                try:
                    yield database, store
                finally:
                    store.release(self._owner)
        finally:
            disclaim(self._owner)

    @contextmanager
    def _running(self) -> Iterator[Runs]:
        self._runs = Runs(self._config, owner=self._owner, nothing_due=self._nothing_due, tell=self._told.put)
        try:
            yield self._runs
        finally:
            self._runs.close()
            self._runs = None
            self._listen(0)

    def _became_active(self, store: ScheduleStore, *, standby: bool) -> bool:
        """Return whether this is the active scheduler now; False where it was stopped first."""
        said: str | None = None
        while not self._stops:
            other = store.claim(self._owner)
            if other is None:
                self._tell(Told("active", text=self._owner))
                return True
            if not standby:
                raise JobError(_occupied(other))
            if said != other.owner:
                self._tell(Told("standby", text=other.owner))
                said = other.owner
            self._listen(BEAT_SECONDS)
        return False

    def _serve(self, database: Database, store: ScheduleStore) -> bool:
        """Serve until stopped; return whether that is so because another scheduler has taken over."""
        history = History(database, owner=self._owner)
        with self._running() as runs:
            cron = CronJobs(self._config.state_url, runs)
            following = Following(cron, store, runs, tell=self._tell)
            kept = timedelta(seconds=self._config.schedule.keep_history)
            turns = _Turns(self._plan, following, store, history, kept=kept)
            cron.begin(still_running=following.still_running)
            try:
                taken = self._turn_until_stopped(turns, cron)
                if taken:
                    runs.interrupt()
                self._outlast(runs, store, history)
            finally:
                cron.shutdown()
        return taken

    def _turn_until_stopped(self, turns: "_Turns", cron: CronJobs) -> bool:
        """Return whether another scheduler has taken over."""
        failing = ""
        beat = 0.0
        while not self._stops:
            wait: float | None = BEAT_SECONDS
            try:
                if time.monotonic() >= beat:
                    beat = time.monotonic() + BEAT_SECONDS
                    if not turns.beat(self._owner):
                        return True
                wait = cron.run_due()
                failing = ""
            except (JobError, SpoolFull, StorageError) as error:
                # A database that is restarted, a disk that is full for a while: a scheduler outlives them.
                if failing != str(error):
                    self._tell(Told("problem", text=str(error)))
                failing = str(error)
            self._listen(min(BEAT_SECONDS if wait is None else wait, max(0.0, beat - time.monotonic())))
        return False

    def _outlast(self, runs: Runs, store: ScheduleStore, history: History) -> None:
        """Wait for the runs to end, active all the while."""
        while runs.busy:
            self._listen(BEAT_SECONDS)
            with suppress(JobError, SpoolFull):
                store.renew(self._owner, ())
                history.renew()

    def _plan(self) -> Plan:
        """Return the plan as the files are now, and tell what is wrong with them, once."""
        plan = self._profiles.plan()
        for target, problem in plan.problems.items():
            if self._problems.get(target) != problem:
                self._tell(Told("problem", target, problem))
        self._problems = plan.problems
        return plan

    def _listen(self, seconds: float) -> None:
        """Pass on what the runs tell, for that long or until there is something to do."""
        end = time.monotonic() + seconds
        with suppress(Empty):
            while True:
                told = self._told.get(timeout=max(0.0, end - time.monotonic()))
                if told is None:
                    self._tell(Told("stopping", text=str(self._stops)))
                    if self._runs is not None:
                        self._runs.interrupt()
                elif told.what != "over":
                    self._tell(told)
                    continue
                if self._told.empty():
                    return


class _Turns:
    """What the active scheduler does again and again."""

    def __init__(
        self,
        plan: Callable[[], Plan],
        following: Following,
        store: ScheduleStore,
        history: History,
        *,
        kept: timedelta,
    ) -> None:
        self._plan, self._following = plan, following
        self._store, self._history, self._kept = store, history, kept
        self._check_at = self._forget_at = 0.0

    def beat(self, owner: str) -> bool:
        """Say that *owner* lives, and do what is wanted; False where another one has taken over."""
        if not self._store.renew(owner, self._following.sites):
            return False
        plan, now = self._plan(), datetime.now(UTC)
        if time.monotonic() >= self._check_at:
            self._check_at = time.monotonic() + CHECK_SECONDS
            self._history.renew()
            self._history.died()
            self._following.check(plan, self._store.states(), now)
        self._following.follow(plan, now)
        if time.monotonic() >= self._forget_at:
            self._forget_at = time.monotonic() + _FORGET_SECONDS
            for log in self._history.forget(self._kept):
                with disk.reported("delete", log):
                    log.unlink(missing_ok=True)
        return True


def _occupied(other: Active) -> str:
    return (
        f"schedule: {other.owner!r} is the active scheduler of this state database since "
        f"{other.since:%Y-%m-%d %H:%M:%S} UTC; stop it, or wait for its end with --standby"
    )


def _taken_over(other: Active | None) -> str:
    name = repr(other.owner) if other else "another scheduler"
    return f"schedule: {name} took over, since this one did not answer; see that the clocks agree"
