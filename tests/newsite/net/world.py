"""The net as a whole: its hosts, its oracle, and what can happen to it while it is crawled."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from newsite import templates
from newsite.net import boards, feedhosts, maphosts, troubled
from newsite.net.host import NetHost, now
from newsite.net.model import Announcer, Entry, Fate, NetSite, Outcome, Story
from newsite.server import NewsSite, running

THEMES: tuple[type[NetHost], ...] = (
    feedhosts.Ragged,
    feedhosts.Hub,
    feedhosts.Gbk,
    feedhosts.Bilingual,
    feedhosts.Rdf,
    feedhosts.JsonFeed,
    feedhosts.News,
    feedhosts.Paid,
    feedhosts.AdServer,
    maphosts.LongRobots,
    maphosts.Flood,
    maphosts.Nested,
    maphosts.Sections,
    maphosts.Variants,
    boards.Board,
    troubled.Half,
    troubled.Slow,
    troubled.Throttle,
    troubled.ThrottleDate,
    troubled.Shaky,
    troubled.Broken,
    troubled.Syndicate,
    troubled.Sealed,
    troubled.Mute,
)
MOST_HOSTS = 250


class Net:
    """Hosts full of news, each a site of its own or part of one, and what must become of every URL.

    Until it is served, or placed, its hosts are at ``http://127.0.0.2`` and so on, without a port.
    """

    def __init__(self, articles: int, hosts: int, *, seed: int, until: datetime) -> None:
        kinds: list[type[NetHost]] = [*THEMES, *[NetHost] * (hosts - len(THEMES))]
        counts = _shared(articles, kinds)
        made = [kind(n, count=counts[n], seed=seed, until=until) for n, kind in enumerate(kinds)]
        for number, host in enumerate(made[len(THEMES) :], start=len(THEMES) + 1):
            host.name = f"paper{number}"
        self._named = {host.name: host for host in made}
        for host in made:
            host.peers = self._named
        self.hosts = {host.address: host for host in made}
        """The hosts by address, as *hosts* of a NewsSite."""
        self.sites: tuple[NetSite, ...] = tuple(host.site() for host in made if host.sited)
        self.rates = {host.address: host.delay for host in made if host.delay is not None}
        """Seconds between two requests, where a host demands any in robots.txt."""

    # Where it is

    @contextmanager
    def running(self, *, journal: bool = True) -> Iterator[NewsSite]:
        """Serve the net while the block runs."""
        with running(hosts=self.hosts, journal=journal) as site:
            self.place(site.at)
            yield site

    def place(self, base_of: Callable[[str], str]) -> None:
        """Let each host be at ``base_of(address)``; ``NewsSite.at`` is one such function."""
        for address, host in self.hosts.items():
            with host.lock:
                host.base = base_of(address).rstrip("/")
                host.touch(host.changed)

    def profiles(self, base_of: Callable[[str], str] | None = None) -> dict[str, str]:
        """Return each site's profile as TOML by name, for hosts at ``base_of(address)``, else as placed."""
        values: dict[str, str] = {}
        for host in self._named.values():
            base = (base_of(host.address) if base_of else host.base).rstrip("/")
            values |= {host.name: base, f"{host.name}_at": urlsplit(base).netloc}
        return {site.name: templates.fill(site.profile, values) for site in self.sites}

    def reset(self) -> None:
        """Let the hosts that refuse or fail for a while do so anew."""
        for host in self.hosts.values():
            if isinstance(host, troubled.Throttle | troubled.Shaky):
                host.reset()

    def calm(self) -> None:
        """Let the hosts that refuse or fail for a while be well at once."""
        for host in self.hosts.values():
            if isinstance(host, troubled.Throttle | troubled.Shaky):
                host.calm()

    # The oracle

    @property
    def expected(self) -> dict[str, Outcome]:
        """What must become of every URL that a source announces now."""
        found: dict[str, Outcome] = {}
        for site, host, source in self._sources():
            if source.code != "captured":
                continue
            with host.lock:
                for entry in source.entries():
                    before = found.get(entry.url)
                    found[entry.url] = _outcome(entry, host, source, site=site, before=before)
        return found

    @property
    def sources(self) -> dict[str, Outcome]:
        """What must become of every source, by URL."""
        return {
            host.base + source.path: Outcome(
                host.base + source.path,
                source.code,
                host.base + source.path,
                site,
                (),
                asked=source.code == "captured",
                optional=source.optional,
            )
            for site, host, source in self._sources()
        }

    @property
    def forbidden(self) -> frozenset[str]:
        """The announced URLs and sources that robots.txt forbids, or that it would have to allow first."""
        known = [*self.expected.values(), *self.sources.values()]
        return frozenset(each.url for each in known if each.code in ("robots", "robots_unreachable"))

    def trespasses(self, site: NewsSite) -> list[str]:
        """Return the URLs in the journal of *site* that had not to be asked for, each time it was."""
        never = {each.url for each in [*self.expected.values(), *self.sources.values()] if not each.asked}
        found = []
        for exchange in list(site.exchanges):
            host = self.hosts.get(exchange.host)
            if host is None:
                continue
            sealed = isinstance(host, troubled.Sealed) and exchange.path != "/robots.txt"
            private = exchange.path.startswith("/private/") and not isinstance(host, feedhosts.Ragged)
            url = host.base + exchange.path
            if url in never or sealed or private or isinstance(host, feedhosts.AdServer):
                found.append(url)
        return found

    def impatient(self) -> dict[str, list[str]]:
        """Return, by address, what was asked for before a Retry-After was over."""
        throttled = (host for host in self.hosts.values() if isinstance(host, troubled.Throttle))
        return {host.address: list(host.impatient) for host in throttled if host.impatient}

    def _sources(self) -> Iterable[tuple[str, NetHost, Announcer]]:
        owners = {address: site.name for site in self.sites for address in site.hosts}
        for address, host in self.hosts.items():
            for source in host.sources.values():
                yield owners[address], host, source

    # What happens to it

    def announce(self, host: str, count: int, *, at: datetime | None = None) -> list[str]:
        """Publish *count* more stories on a host (its address or name); return their URLs, newest first."""
        found = self._host(host)
        return [found.base + story.path for story in found.announce(count, at or now())]

    def edit(self, url: str, *, at: datetime | None = None) -> None:
        """Change a story's text, and when it was updated. Raises KeyError where *url* names none."""
        host, story = self._story(url)
        with host.lock:
            story.edition += 1
            story.updated = max(at or now(), story.updated + timedelta(seconds=1))
            host.touch(story.updated)

    def remove(self, url: str, status: int = 404) -> None:
        """Let a story answer with 404 or 410 from now on; it stays announced."""
        self._change(url, Fate(str(status)))

    def move(self, url: str) -> str:
        """Redirect a story from now on; return where to."""
        host, story = self._story(url)
        host.move(story)
        return host.base + story.moved_to

    def repair(self, url: str) -> None:
        """Let a story answer as it should, whatever its fate was."""
        self._change(url, Fate.FINE)

    def _change(self, url: str, fate: Fate) -> None:
        host, story = self._story(url)
        with host.lock:
            story.fate = fate

    def _host(self, name: str) -> NetHost:
        found = self.hosts.get(name)
        return found if found is not None else self._named[name]

    def _story(self, url: str) -> tuple[NetHost, Story]:
        parts = urlsplit(url)
        host = self.hosts[parts.hostname or ""]
        story = host.find(parts._replace(scheme="", netloc="").geturl())
        if story is None:
            raise KeyError(url)
        return host, story


def net(articles: int = 5000, hosts: int = 24, *, seed: int = 1, until: datetime | None = None) -> Net:
    """Return a net of so many articles, the newest of them from *until*; the same for the same arguments.

    Without *until* that is now: what is new and what is old counts from the present. The least is 24
    hosts and 182 articles; ValueError below.
    """
    if not len(THEMES) <= hosts <= MOST_HOSTS:
        raise ValueError(f"newsite: a net has {len(THEMES)} to {MOST_HOSTS} hosts, not {hosts}")
    return Net(articles, hosts, seed=seed, until=(until or now()).replace(microsecond=0))


def _shared(articles: int, kinds: list[type[NetHost]]) -> list[int]:
    """Return how many articles each host has: its least, then by its share up to its most."""
    rest = articles - sum(kind.least for kind in kinds)
    if rest < 0:
        raise ValueError(f"newsite: a net of {len(kinds)} hosts has {articles - rest} articles or more")
    whole = sum(kind.share for kind in kinds)
    counts = []
    for kind in kinds:
        count = kind.least + int(rest * kind.share / whole)
        counts.append(count if kind.most is None else min(count, kind.most))
    counts[kinds.index(maphosts.Flood)] += articles - sum(counts)
    return counts


def _outcome(entry: Entry, host: NetHost, source: Announcer, *, site: str, before: Outcome | None) -> Outcome:
    named = (*(before.sources if before else ()), host.base + source.path)
    optional = source.optional and (before is None or before.optional)
    if before is not None:
        return replace(before, sources=tuple(dict.fromkeys(named)), optional=optional)
    moved = entry.story is not None and entry.story.fate is Fate.MOVED and entry.refused is None
    return Outcome(
        entry.url,
        entry.code,
        entry.same_page or entry.url,
        site,
        named,
        asked=entry.asked,
        target=host.base + entry.story.moved_to if moved and entry.story else None,
        also=entry.also,
        optional=optional,
    )
