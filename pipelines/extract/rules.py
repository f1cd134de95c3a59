"""What a site's profile says about cleaning its pages."""

from collections.abc import Iterable, Sequence
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
    date_format: tuple[str, ...] = ()
    """How those dates are written, with the directives of ``strptime`` (:mod:`.dateformats`); the first that
    fits decides. Without one that fits a date is read as anywhere else."""
    timezone: str = ""
    """IANA name of the zone of times that state none; empty where it is not known."""


NO_RULES = Rules()

SELECTORS = ("take", "drop", "title", "author", "translator", "date")
"""The fields that hold selectors."""


def checked_rules(rules: Rules) -> Rules:
    """Return *rules* if every selector and date format can be used and the time zone is known.

    :raises ProfileError: naming the field and what is wrong with which of its values.
    """
    for name in SELECTORS:
        if fault := selector_fault(getattr(rules, name)):
            raise ProfileError(f"extraction rules: {name}: {fault}")
    if fault := date_format_fault(rules.date_format, rules.date):
        raise ProfileError(f"extraction rules: date_format: {fault}")
    if rules.timezone and not _is_zone(rules.timezone):
        raise ProfileError(
            f"extraction rules: timezone: there is no time zone {rules.timezone!r}; write Asia/Shanghai"
        )
    return rules


def selector_fault(selectors: Iterable[str]) -> str | None:
    """Return what is wrong with the first of *selectors* that cannot be used, and the remedy."""
    from pipelines.extract.selectors import SelectorError, selector  # noqa: PLC0415 (lxml only where used)

    for text in selectors:
        try:
            selector(text)
        except SelectorError as error:
            return str(error)
    return None


def date_format_fault(forms: Sequence[str], dates: Sequence[str]) -> str | None:
    """Return what is wrong with *forms*, how the elements that the selectors *dates* find are written."""
    from pipelines.extract.dateformats import DateFormatError, date_pattern  # noqa: PLC0415 (only where used)

    for form in forms:
        try:
            date_pattern(form)
        except DateFormatError as error:
            return str(error)
    if forms and not dates:
        return 'says how dates are written, but no date says where they stand; add date = [".published"]'
    return None


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return False
    return True
