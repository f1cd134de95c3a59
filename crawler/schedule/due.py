"""Whether a crawl of a site would have anything to do."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain, islice

from crawler.config import Config
from crawler.frontier import FrontierStore, HostStore
from crawler.jobs.spec import JobSpec, frontier_job
from crawler.ledger import Ledger, Page
from crawler.schedule.plan import schedule_of
from crawler.sites import SiteProfile, profile_for
from crawler.state import Database
from pipelines.urls import host

_MOST_PAGES = 20_000
"""Due pages whose hosts are looked at; where there are more, a crawl may begin."""
_HOSTS = 256


def nothing_due(target: str, config: Config) -> str | None:
    """Return why a crawl of what is due at the site that *target* means had nothing to do; None if it had.

    A source that the ledger does not know is due, and so is what an earlier crawl has left undone. What lies
    on a host that wants to be left alone is not, unless a job would outwait it before the site's next run.

    :raises ProfileError: *target* means no site.
    """
    profile = profile_for(target, config.sites.folders)
    now = datetime.now(UTC)
    with Database(config.state_url) as database:
        ledger = Ledger(database, config.store.collection)
        site = ledger.site(profile.name, profile.home)
        known = {each.url for each in ledger.sources(site)}
        if any(source.url not in known for source in profile.sources()):
            return None
        left = _Left(database, now, _patience(profile, target, config, now))
        following = ledger.next_due(site)
        if following is not None and following <= now and left.on(_hosts_of(ledger, site, now)):
            return None
        job = frontier_job(JobSpec("", (target,), config, due=True))
        return None if left.in_frontier(job) else left.reason


class _Left:
    """What there is to do, as far as its hosts may be asked."""

    def __init__(self, database: Database, now: datetime, patience: timedelta) -> None:
        self._hosts, self._frontier = HostStore(database), FrontierStore(database)
        self._until = (now + patience).timestamp()
        self._held: dict[str, float] = {}

    @property
    def reason(self) -> str:
        """Why there is nothing to do, if it is so."""
        if not self._held:
            return "nothing due"
        until = datetime.fromtimestamp(min(self._held.values()), UTC)
        return f"{', '.join(sorted(self._held)[:3])} asked for patience until {until:%Y-%m-%d %H:%M:%S} UTC"

    def on(self, names: Iterable[str]) -> bool:
        """Return whether one of the hosts *names*, of which each may come many times, may be asked."""
        known: set[str] = set()
        for name in names:
            if name in known:
                continue
            known.add(name)
            found = self._hosts.standings([name]).get(name)
            if self._may_be_asked(name, found.not_before if found else 0.0):
                return True
        return False

    def in_frontier(self, job: str) -> bool:
        """Return whether the frontier has something of the unfinished *job* that may be asked for."""
        for key in (each.key for each in self._frontier.unfinished() if each.id == job):
            # What is leased was under way when its crawl died.
            if self._frontier.holders(key) - {None}:
                return True
            after = ""
            while found := self._frontier.waiting_hosts(key, after=after, most=_HOSTS):
                if any(self._may_be_asked(each.host, each.not_before) for each in found):
                    return True
                after = found[-1].host
        return False

    def _may_be_asked(self, name: str, not_before: float) -> bool:
        if not_before > self._until:
            self._held[name] = not_before
        return not_before <= self._until


def _patience(profile: SiteProfile, target: str, config: Config, now: datetime) -> timedelta:
    """Return how long a job waits for hosts that are held, unless the next run comes sooner."""
    patience = timedelta(seconds=config.crawl.patience)
    planned = schedule_of(profile, target, config)
    following = next(planned.comes(now), None) if planned else None
    return min(patience, following - now) if following else patience


def _hosts_of(ledger: Ledger, site: int, now: datetime) -> Iterator[str]:
    """Yield the host of each source and page that is due; an empty one where there are too many."""
    yield from (host(source.url) for source in ledger.due_sources(site, now))
    pages = chain.from_iterable(_parts(ledger, site, now))
    yield from (host(page.url) for page in islice(pages, _MOST_PAGES))
    if next(pages, None) is not None:
        yield ""


def _parts(ledger: Ledger, site: int, now: datetime) -> Iterator[list[Page]]:
    for awaited in (ledger.pending, ledger.due_pages):
        last: Page | None = None
        while part := awaited(site, now, after=last):
            yield part
            last = part[-1]
