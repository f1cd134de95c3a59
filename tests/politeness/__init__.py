"""Many hosts in one crawl: a scenario each, and what the journal tells of the manners of who asked there."""

from contextlib import contextmanager
from itertools import pairwise

import newsite
from newsite import Page


class Net:
    """Scenarios on hosts of their own: name → what the host answers with."""

    def __init__(self, scenarios):
        self.address = {name: f"127.0.7.{number}" for number, name in enumerate(scenarios, 1)}
        self._pages = {self.address[name]: pages for name, pages in scenarios.items()}
        self._base = {}
        self._site = None

    @contextmanager
    def running(self):
        with newsite.running(hosts=self._pages) as self._site:
            self._base = {name: self._site.at(address) for name, address in self.address.items()}
            yield self

    def url(self, name, path):
        return self._base[name] + path.lstrip("/")

    def asked(self, name, path=None):
        """Return the requests to a host, oldest first."""
        found = [one for one in self._site.exchanges if one.host == self.address[name]]
        return sorted((one for one in found if path in {None, one.path}), key=lambda one: one.at)

    def paths(self, name):
        return [one.path for one in self.asked(name)]

    def gaps(self, name, path=None):
        """Return the seconds from each request to the next, as the host saw them."""
        return [after.at - before.at for before, after in pairwise(self.asked(name, path))]


def robots(text="", *, status=200, **headers):
    named = tuple((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items())
    return Page(text.encode(), type="text/plain", status=status, headers=named)


def host(rules="", **pages):
    """Return a host with a robots.txt of *rules*, or of that status, and *pages*."""
    if isinstance(rules, int):
        rules = robots(status=rules)
    return {"/robots.txt": robots(rules) if isinstance(rules, str) else rules, "/a": "a", "/b": "b", **pages}


__all__ = ["Net", "host", "robots"]
