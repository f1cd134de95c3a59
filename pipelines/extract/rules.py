"""What a site's profile says about cleaning its pages."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pipelines.errors import ProfileError


@dataclass(frozen=True, slots=True)
class Rules:
    """Selectors of one site, as they stood at one time; the default has none.

    Selectors are CSS (``div.share``), or XPath where they start with ``/``, ``./`` or ``(``. Build
    them with :func:`checked_rules` where they come from a person.
    """

    version: str = ""
    """Which rules these were, for the article's row: ``example.org/2026-11-01``; empty for none."""
    take: tuple[str, ...] = ()
    """Elements that hold the article's text; the first selector that finds any decides, and all of
    its elements are taken, in the order of the page. Nothing is guessed then."""
    drop: tuple[str, ...] = ()
    """Elements that are never text of the article; removed before all else."""
    title: tuple[str, ...] = ()
    """Elements whose text is the headline; the first selector that finds any decides, as below."""
    author: tuple[str, ...] = ()
    """Elements that hold one author's name each."""
    translator: tuple[str, ...] = ()
    """Elements that hold one translator's name each."""
    date: tuple[str, ...] = ()
    """Elements that tell when the article appeared, by ``datetime``, ``content`` or their text."""
    timezone: str = ""
    """IANA name of the zone of times that state none; empty where it is not known."""


NO_RULES = Rules()


def checked_rules(rules: Rules) -> Rules:
    """Return *rules* if every selector can be compiled and the time zone is known.

    :raises ProfileError: naming the selector that cannot, or the time zone that there is not.
    """
    from pipelines.extract.selectors import SelectorError, selector  # noqa: PLC0415 (lxml only where used)

    for text in (*rules.take, *rules.drop, *rules.title, *rules.author, *rules.translator, *rules.date):
        try:
            selector(text)
        except SelectorError as error:
            raise ProfileError(f"extraction rules: {error}; write CSS, or XPath starting with /") from error
    if rules.timezone and not _is_zone(rules.timezone):
        raise ProfileError(f"extraction rules: there is no time zone {rules.timezone!r}; write Asia/Shanghai")
    return rules


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return False
    return True
