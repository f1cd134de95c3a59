"""What a site's profile says about cleaning its pages."""

from dataclasses import dataclass

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


NO_RULES = Rules()


def checked_rules(rules: Rules) -> Rules:
    """Return *rules* if every selector can be compiled.

    :raises ProfileError: naming the selector that cannot.
    """
    from pipelines.extract.selectors import SelectorError, selector  # noqa: PLC0415 (lxml only where used)

    for text in (*rules.take, *rules.drop):
        try:
            selector(text)
        except SelectorError as error:
            raise ProfileError(f"extraction rules: {error}; write CSS, or XPath starting with /") from error
    return rules
