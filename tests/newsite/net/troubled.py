"""Hosts whose theme is what they refuse, delay or lose."""

import math
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import ClassVar

from newsite.message import Page, Reply, Request, Script, http_date
from newsite.net.host import NetHost
from newsite.net.model import Announcer, Entry, Fate, Story

EARLY = 0.02
"""Seconds by which a request may be earlier than asked: clocks and rounding."""


class Half(NetHost):
    theme = "half"
    about = "robots.txt with wildcards, $, Allow, several groups, and percent-encoding"
    share = 3.0
    text = """\
# Kept by hand since 2009
User-agent: badbot
Disallow: /

User-agent: *
Disallow: /*/reader/
Disallow: /*.pdf$
Disallow: /archive/
Allow: /archive/open/
Disallow: /*?replytocom=
Disallow: /caf%C3%A9/
Disallow: /private/

User-agent: otherbot
User-agent: thirdbot
Disallow: /news/

user-agent: *
disallow: /late/   # a second group for all
"""
    forms = (
        ("/news/{}.html", False),
        ("/en/reader/{}.html", True),
        ("/docs/{}.pdf", True),
        ("/docs/{}.pdf?page=1", False),
        ("/archive/{}.html", True),
        ("/archive/open/{}.html", False),
        ("/news/{}.html?replytocom=5", True),
        ("/caf%C3%A9/{}.html", True),
        ("/late/{}.html", True),
        ("/later/{}.html", False),
    )

    def rules(self) -> str:
        return self.text

    def path(self, serial: int, _published: datetime, _title: str) -> str:
        return self.forms[serial % len(self.forms)][0].format(serial)

    def find(self, target: str) -> Story | None:
        return self._by_path.get(target)

    def refused(self, serial: int) -> str | None:
        return "robots" if self.forms[serial % len(self.forms)][1] else None

    def announcers(self) -> Iterable[Announcer]:
        yield self.feed("/feed.xml", lambda: self.entries(self.stories[:40]))
        yield self.sitemap("/sitemap.xml", self.all_entries)


class Slow(NetHost):
    theme = "slow"
    about = "Crawl-delay of a fifth of a second"
    delay = 0.2
    most = 20


class Throttle(NetHost):
    theme = "throttle"
    about = "429 with Retry-After in seconds, twice"
    rounds = 2
    every = 5
    """Page requests between two refusals."""

    def __init__(self, number: int, *, count: int, seed: int, until: datetime) -> None:
        super().__init__(number, count=count, seed=seed, until=until)
        self.reset()

    def reset(self) -> None:
        """Begin anew: nothing asked, nothing refused."""
        self.asked = 0
        self.refusals = 0
        self.quiet_until = 0.0
        self.impatient: list[str] = []
        """Targets that were asked for before the time was over."""

    def calm(self) -> None:
        """Refuse nothing more."""
        self.refusals, self.quiet_until = self.rounds, 0.0

    def patience(self) -> tuple[bytes, float]:
        """Return the value of Retry-After, and the time that it means."""
        return b"1", time.time() + 1

    def trouble(self, request: Request) -> Reply | None:
        if time.time() < self.quiet_until - EARLY:
            self.impatient.append(request.target)
            return self._refusal(b"1")
        if request.path in self.sources:
            return None
        self.asked += 1
        if self.asked % self.every or self.refusals >= self.rounds:
            return None
        self.refusals += 1
        value, self.quiet_until = self.patience()
        return self._refusal(value)

    def _refusal(self, value: bytes) -> Page:
        return Page(b"slow down\n", type="text/plain", status=429, headers=((b"Retry-After", value),))


class ThrottleDate(Throttle):
    theme = "throttledate"
    about = "429 with Retry-After as a date, twice"

    def patience(self) -> tuple[bytes, float]:
        until = math.ceil(time.time()) + 1
        return http_date(datetime.fromtimestamp(until, UTC)), float(until)


class Shaky(NetHost):
    theme = "shaky"
    about = "its feed fails twice before it answers, and so do its pages: 503, then well"
    failing = 2

    def __init__(self, number: int, *, count: int, seed: int, until: datetime) -> None:
        super().__init__(number, count=count, seed=seed, until=until)
        self.reset()

    def reset(self) -> None:
        """Begin anew: nothing has failed yet."""
        self.failed = {"source": 0, "page": 0}

    def calm(self) -> None:
        """Fail no more."""
        self.failed = dict.fromkeys(self.failed, self.failing)

    def announcers(self) -> Iterable[Announcer]:
        yield self.feed("/feed.xml", self.all_entries)

    def trouble(self, request: Request) -> Reply | None:
        kind = "source" if request.path in self.sources else "page"
        if self.failed[kind] >= self.failing:
            return None
        self.failed[kind] += 1
        if kind == "source" and self.failed[kind] == 1:
            return Script([], then="reset")
        return Page(b"out of order\n", type="text/plain", status=503)


class Broken(NetHost):
    theme = "broken"
    about = (
        "stories that are gone, fail, are cut, hang, redirect within the site, away from it, and in a loop"
    )
    least = 14
    most = 60
    fates = (Fate.NOT_FOUND, Fate.GONE, Fate.ERROR, Fate.MOVED, Fate.AWAY)
    once: ClassVar = {11: Fate.CUT, 12: Fate.LOOP, 13: Fate.HANG}

    def __init__(self, number: int, *, count: int, seed: int, until: datetime) -> None:
        super().__init__(number, count=count, seed=seed, until=until)
        self._by_path |= {story.moved_to: story for story in self.stories if story.fate is Fate.MOVED}

    def fate(self, serial: int) -> Fate:
        if serial in self.once:
            return self.once[serial]
        return dict(enumerate(self.fates)).get(serial % 10, Fate.FINE)


class Syndicate(NetHost):
    theme = "syndicate"
    about = "three hosts in one profile: of two robots.txt cannot be had; some stories are years old"
    share = 2.0
    partners = ("sealed", "mute")

    def refused(self, serial: int) -> str | None:
        return "old" if serial % 8 == 5 else None

    def announcers(self) -> Iterable[Announcer]:
        yield self.feed("/feed.xml", self._all)
        yield self.sitemap("/sitemap.xml", self.all_entries)

    def _all(self) -> list[Entry]:
        foreign = [entry for name in self.partners for entry in self.peers[name].all_entries()]
        return [*self.entries(self.stories), *foreign]

    def members(self) -> tuple[str, ...]:
        return (self.address, *(self.peers[name].address for name in self.partners))

    def profile_lines(self) -> list[str]:
        names = (self.name, *self.partners)
        hosts = ", ".join(f'"{{{{{name}_at}}}}"' for name in names)
        return [f"hosts = [{hosts}]", f'sections = ["{{{{{self.partners[0]}}}}}/latest/"]']


class Sealed(NetHost):
    theme = "sealed"
    about = "robots.txt answers 503: nothing may be asked for"
    sited = False
    least = 4
    share = 0.2

    def refused(self, _serial: int) -> str | None:
        return "robots_unreachable"

    def touch(self, at: datetime) -> None:
        super().touch(at)
        # Its stories stand in the feed of another host.
        if "syndicate" in self.peers:
            with self.peers["syndicate"].lock:
                self.peers["syndicate"].touch(at)

    def robots(self, _request: Request) -> Reply:
        return Page(b"out of order\n", type="text/plain", status=503)

    def announcers(self) -> Iterable[Announcer]:
        plain = self.sitemap("/latest/", self.all_entries)
        yield Announcer(plain.path, "section", plain.entries, plain.page, code="robots_unreachable")


class Mute(Sealed):
    theme = "mute"
    about = "robots.txt never answers: nothing may be asked for"
    most = 6

    def robots(self, _request: Request) -> Reply:
        return Script([], then="hang")

    def announcers(self) -> Iterable[Announcer]:
        return ()
