"""What a survey concludes of a site's language, time zone and rhythm, and what that rests on. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from importlib.resources import files
from zlib import crc32
from zoneinfo import ZoneInfo

from crawler.discovery import Discovery
from crawler.visits import Limits, Rhythm
from pipelines.extract.languages import languages as told_by_script

_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?(?:[-_].*)?")
_TRADITIONAL = frozenset({"TW", "HK", "MO"})
_SOME, _MOST = 0.2, 0.6
"""Parts of the titles from which a language is one of the site's, and from which it is its own."""
_MOST_TITLES = 200
_MOST_CHARACTERS = 300_000

_STATED = re.compile(
    r"(\d{1,2}\s+[A-Z][a-z]{2}\s+\d{4}\s+\d\d:\d\d(?::\d\d)?\s+(?:[+-]\d{4}|[A-Z]{1,4}\b))"
    r"|(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d))"
)
_AHEAD = timedelta(minutes=15)
_EASTERNMOST = timedelta(hours=14)
# The country that a language alone means; English means none, but an offset can tell which.
_COUNTRIES = {
    "bg": "BG", "cs": "CZ", "da": "DK", "de": "DE", "el": "GR", "en": "", "es": "ES", "fi": "FI", "fr": "FR",
    "he": "IL", "hi": "IN", "hu": "HU", "id": "ID", "it": "IT", "ja": "JP", "ko": "KR", "nb": "NO",
    "nl": "NL", "no": "NO", "pl": "PL", "pt": "BR", "ro": "RO", "ru": "RU", "sv": "SE", "th": "TH",
    "tr": "TR", "uk": "UA", "vi": "VN", "zh": "CN", "zh-Hant": "TW",
}  # fmt: skip
_ENGLISH = ("US", "GB", "IN")
# Where zone.tab has a smaller place first.
_MAIN = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CN": "Asia/Shanghai",
    "RU": "Europe/Moscow",
}
_TOP_DOMAINS = {"uk": "GB"}
# These top domains are sold as words.
_NO_COUNTRIES = frozenset({"ai", "cc", "co", "fm", "gg", "io", "la", "me", "sh", "so", "tv", "ws"})

_MINUTES = (30, 15, 10, 5)
_HOURS = (12, 8, 6, 4, 3, 2, 1)
_HOURLY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Guess:
    """A value, and what it rests on, in words."""

    value: str
    note: str


@dataclass(frozen=True, slots=True)
class Tongues:
    """The languages of a site, the main one first, and what that rests on."""

    tags: tuple[str, ...] = ()
    note: str = ""
    regions: tuple[str, ...] = ()
    """The countries that the tags of its pages name, as two capital letters."""
    is_sure: bool = False
    """Whether what the pages state and the script of the titles agree."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A source whose dates show a rhythm."""

    url: str
    found: Discovery


@dataclass(frozen=True, slots=True)
class Clocks:
    """What the dates of a site's sources say of its clocks."""

    stated: tuple[tuple[datetime, timedelta], ...] = ()
    """Moments, each with the offset from UTC that it was written with."""
    ahead: timedelta = timedelta()
    """How far the newest date without an offset lies ahead, if it is taken for UTC."""
    counts: Counter[timedelta] = field(default_factory=Counter)


def tongues(stated: Iterable[tuple[str, str]], titles: Sequence[str]) -> Tongues:
    """Return the languages of a site.

    *stated* are pairs of a language tag and who states it, *titles* those of its articles: their script is a
    check, since many pages carry the tag of the software that made them.
    """
    tags = [(tag, who) for raw, who in stated if (tag := _normal(raw))]
    votes = Counter(tag for (tag, _), _ in tags)
    main = votes.most_common(1)[0][0] if votes else ""
    shares = _shares(titles)
    read = [name for name, share in shares.items() if share >= _SOME]
    regions = tuple(dict.fromkeys(region for (_, region), _ in tags if region))
    told = f"{main} by {', '.join(dict.fromkeys(who for (tag, _), who in tags if tag == main))}"
    if not main:
        note = "by the script of the titles" if read else "nothing states one"
        return Tongues(tuple(read), note, regions)
    plain = main.partition("-")[0]
    other = next((name for name in read if name != plain and shares[name] >= _MOST), "")
    if other and shares.get(plain, 0.0) < _SOME:
        return Tongues((other,), f"{told}, but {shares[other]:.0%} of the titles are {other}", regions)
    more = tuple(name for name in read if name != plain)
    told += f"; {', '.join(f'{shares[name]:.0%} of the titles are {name}' for name in more)}" if more else ""
    return Tongues((main, *more), told, regions, is_sure=shares.get(plain, 0.0) >= _MOST and not more)


def _normal(tag: str) -> tuple[str, str] | None:
    """Return the language of *tag* as a profile names it, and the tag's region."""
    found = _TAG.fullmatch(tag.strip())
    if found is None:
        return None
    language, script, region = (part or "" for part in found.groups())
    traditional = script.title() == "Hant" or (not script and region.upper() in _TRADITIONAL)
    is_chinese = language.lower() == "zh"
    return ("zh-Hant" if is_chinese and traditional else language.lower()), region.upper()


def _shares(titles: Sequence[str]) -> dict[str, float]:
    told = told_by_script([title for title in titles if title][:_MOST_TITLES])
    return {name: count / len(told) for name, count in Counter(told).most_common() if name != "und"}


def clocks(texts: Iterable[str], sources: Iterable[Discovery], *, now: datetime) -> Clocks:
    """Return what the dates in *texts*, sources as they came, say; *sources* are the same, read."""
    stated = [pair for text in texts for pair in _stated(text)]
    dates = [url.published for found in sources for url in found.urls if url.published]
    ahead = max(dates, default=now) - now
    ahead = ahead if not stated and _AHEAD < ahead <= _EASTERNMOST else timedelta()
    return Clocks(tuple(stated), ahead, Counter(offset for _, offset in stated))


def _stated(text: str) -> Iterator[tuple[datetime, timedelta]]:
    for mail, iso in _STATED.findall(text[:_MOST_CHARACTERS]):
        try:
            moment = datetime.fromisoformat(iso) if iso else parsedate_to_datetime(mail)
        except (ValueError, OverflowError):
            continue
        # Mail's -0000 says that the zone is not known.
        if moment.tzinfo is not None:
            yield moment.astimezone(UTC), moment.utcoffset() or timedelta()


def timezone(told: Tongues, held: Clocks, *, host: str, now: datetime) -> Guess:
    """Return the IANA zone that *told* and *held* make obvious, of a site at *host*; else UTC."""
    named = list(dict.fromkeys((*told.regions, *_country_of(host))))
    language = told.tags[0] if told.tags else ""
    meant = _ENGLISH if language == "en" else (_COUNTRIES.get(language, ""),)
    offset = next((offset for offset, _ in held.counts.most_common() if offset), None)
    if offset is not None:
        pairs = [(moment, given) for moment, given in held.stated if given]
        zone = _zone([*named, *meant], pairs)
        said = f"the dates of its sources state {_written(offset)}"
        by = f" and the language is {language}" if language else ""
        return Guess(zone, said + by) if zone else Guess("UTC", f"{said}, which many zones have: name one")
    if held.ahead:
        zone = _zone([*named, *meant], [(now, held.ahead)], later=_EASTERNMOST)
        hours = f"{held.ahead.total_seconds() / 3600:.1f} h"
        said = f"its dates state no offset, and read as UTC the newest lies {hours} ahead"
        return Guess(zone, f"{said}; the language is {language}") if zone else Guess("UTC", said)
    zone = next(filter(None, map(_only_zone, named)), "")
    said = "no date states an offset" if not held.stated else "all dates are stated in UTC"
    return Guess(zone, f"a guess by {', '.join(named)}: {said}") if zone else Guess("UTC", said)


def _country_of(host: str) -> Iterator[str]:
    top = host.rpartition(".")[2].lower()
    if len(top) == 2 and top.isalpha() and top not in _NO_COUNTRIES and top != "eu":
        yield _TOP_DOMAINS.get(top, top.upper())


@cache
def _zones() -> dict[str, tuple[str, ...]]:
    """Return the zones of each country, the main one first (zone.tab of the tz database)."""
    found: dict[str, list[str]] = {}
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            country, _, zone, *_ = line.split("\t")
            found.setdefault(country, []).append(zone)
    return {
        country: tuple(sorted(zones, key=lambda zone: zone != _MAIN.get(country)))
        for country, zones in found.items()
    }


def _zone(
    countries: Iterable[str],
    pairs: Sequence[tuple[datetime, timedelta]],
    *,
    later: timedelta = timedelta(),
) -> str:
    """Return the first zone of *countries* whose clocks show what *pairs* of moment and offset say.

    They may also show a time that is up to *later* than said, or a few minutes earlier.
    """
    early = -_AHEAD if later else timedelta()
    for country in countries:
        for zone in _zones().get(country, ()):
            shown = ((moment.astimezone(ZoneInfo(zone)).utcoffset(), offset) for moment, offset in pairs)
            if all(own is not None and early <= own - offset <= later for own, offset in shown):
                return zone
    return ""


def _only_zone(country: str) -> str:
    """Return the zone of a country all of whose clocks show one time, or nearly all; else nothing."""
    zones = _zones().get(country, ())
    days = [datetime(2026, month, 1, tzinfo=UTC) for month in (1, 7)]
    shown = {tuple(day.astimezone(ZoneInfo(zone)).utcoffset() for day in days) for zone in zones}
    return zones[0] if len(shown) == 1 or (country == "CN" and zones) else ""


def _written(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def cron(sources: Iterable[Dated], *, name: str, now: datetime, limits: Limits) -> Guess:
    """Return a cron expression that is as frequent as the busiest of *sources* asks for.

    *name* spreads the minute, so that not all sites are asked at once.
    """
    fastest: tuple[timedelta, str, int] | None = None
    for source in sources:
        dates = [url.published or url.updated for url in source.found.urls]
        hints = [hint for hint in (source.found.hints.ttl, source.found.hints.update_interval) if hint]
        known = sum(date is not None and date <= now for date in dates)
        if known < 2:
            continue
        rhythm = Rhythm.first(now, source=source.url, limits=limits).visited(
            now, fresh=dates, listed=len(dates), changed=True, hint=min(hints, default=None)
        )
        if fastest is None or rhythm.interval < fastest[0]:
            fastest = rhythm.interval, source.url, known
    if fastest is None:
        return Guess(_expression(_HOURLY, name), "a guess: no dates were announced")
    interval, url, known = fastest
    note = f"by {known} dates in {url}, worth a visit about every {_span(interval)}"
    return Guess(_expression(interval, name), note)


def _expression(interval: timedelta, name: str) -> str:
    chance = crc32(name.encode())
    hours = interval.total_seconds() / 3600
    if hours < 0.95:
        step = next((step for step in _MINUTES if step <= hours * 60 * 1.1), _MINUTES[-1])
        return f"{chance % step}-59/{step} * * * *"
    minute = chance % 60
    if hours >= 18:
        return f"{minute} {chance // 60 % 24} * * *"
    step = next(step for step in _HOURS if step <= hours * 1.1)
    return f"{minute} {'*' if step == 1 else f'*/{step}'} * * *"


def _span(interval: timedelta) -> str:
    minutes = interval.total_seconds() / 60
    if minutes < 90:
        return f"{minutes:.0f} min"
    return f"{minutes / 60:.1f} h" if minutes < 2880 else f"{minutes / 1440:.0f} days"
