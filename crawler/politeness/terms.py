"""What is set for which host: the setting ``POLITENESS``, else Scrapy's own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from scrapy.settings import BaseSettings

from pipelines.errors import ConfigError
from pipelines.hostnames import normal_host

POLITENESS_SETTING = "POLITENESS"

_WORDS = {"robots": ("obey", "ignore"), "crawl_delay": ("obey", "ignore")}
_NUMBERS = {"delay": 0, "concurrency": 1}


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for one host."""

    delay: float
    """Seconds from one request to the next, at least."""
    concurrency: int
    """Requests under way at once, at most."""
    concurrency_named: bool = False
    """Whether the concurrency was set for just this host or pattern, not for all hosts."""
    obey_robots: bool = True
    obey_crawl_delay: bool = True
    """Whether a Crawl-delay holds; one that is shorter than *delay* never changes anything."""


class HostTerms:
    """Finds the terms of a host in *table*: host, ``*.example.com`` or ``*`` → what is set for it.

    ``{"delay": seconds, "concurrency": number, "robots": "obey" or "ignore", "crawl_delay": "obey" or
    "ignore"}``, each key optional. Each value comes from the most specific entry that has it: the host
    itself, the longest pattern, the asterisk, then *default*. ``*.example.com`` holds for example.com, too.

    :raises ConfigError: a key or value that is not accepted, named.
    """

    def __init__(self, table: Mapping[str, Mapping[str, Any]], default: Terms) -> None:
        self._default = default
        self._table: dict[str, Mapping[str, Any]] = {}
        for name, given in table.items():
            for key, value in given.items():
                _check(name, key, value)
            self._table[_normal(name)] = given

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Return the terms that *settings* give; an entry of DOWNLOAD_SLOTS holds as for that very host."""
        default = Terms(
            delay=settings.getfloat("DOWNLOAD_DELAY"),
            concurrency=settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"),
            obey_robots=settings.getbool("ROBOTSTXT_OBEY"),
        )
        table: dict[str, Mapping[str, Any]] = {}
        for name, slot in settings.getdict("DOWNLOAD_SLOTS").items():
            table[_normal(name)] = {key: slot[key] for key in _NUMBERS if key in slot}
        for name, given in settings.getdict(POLITENESS_SETTING).items():
            table[_normal(name)] = {**table.get(_normal(name), {}), **given}
        return cls(table, default)

    def __getitem__(self, host: str) -> Terms:
        """Return the terms of *host*, a name without port."""
        given: dict[str, Any] = {}
        for name in reversed([*_names(normal_host(host))]):
            given.update(self._table.get(name, {}))
        default = self._default
        return Terms(
            delay=float(given.get("delay", default.delay)),
            concurrency=int(given.get("concurrency", default.concurrency)),
            concurrency_named="concurrency" in given,
            obey_robots=given.get("robots", "obey" if default.obey_robots else "ignore") == "obey",
            obey_crawl_delay=given.get("crawl_delay", "obey") == "obey",
        )


def _names(host: str) -> Iterator[str]:
    """Yield the names under which something may be set for *host*, the most specific first."""
    yield host
    labels = host.split(".")
    for first in range(len(labels)):
        yield f"*.{'.'.join(labels[first:])}"
    yield "*"


def _normal(name: str) -> str:
    return f"*.{normal_host(name[2:])}" if name.startswith("*.") else normal_host(name.strip("[]"))


def _check(name: str, key: str, value: object) -> None:
    if key in _WORDS:
        wanted = f"one of {', '.join(_WORDS[key])}"
        right = value in _WORDS[key]
    elif key in _NUMBERS:
        wanted = f"a number, at least {_NUMBERS[key]}"
        right = isinstance(value, int | float) and not isinstance(value, bool) and value >= _NUMBERS[key]
    else:
        wanted, right = "", False
    if not right:
        known: Final = ", ".join((*_NUMBERS, *_WORDS))
        remedy = f"it takes {wanted}" if wanted else f"the keys are {known}"
        raise ConfigError(f"politeness: {key} = {value!r} for {name!r} is not accepted; {remedy}")
