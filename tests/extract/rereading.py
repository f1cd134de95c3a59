"""Archives of a few small segments, and rules that make a difference to their articles."""

from pipelines.extract import Rules
from pipelines.rulebook import DatedRules, RuleBook
from segments.making import exchange, open_archive, record_all, response

PROFILE = 'name = "harbour"\nhome = "https://news.example/"\nsections = ["/"]\n'
FIRST = "A lamp on the quay was the first thing that anybody saw of her that evening."
SLOW = "//p[count(//p[count(//p) > 1]) > 1]"
"""An XPath that takes the third power of a page's paragraphs."""


def story(number: int, *, paragraphs: int = 9) -> bytes:
    lines = (
        f"<p>Ship {number} came in with {each} lamps on her mast, and he counted them."
        for each in range(paragraphs)
    )
    head = f"<title>Ship {number}</title><h1>Ship {number}</h1><p class=first>{FIRST}"
    return f"{head}{''.join(lines)}".encode()


def book(start="", **rules) -> RuleBook:
    return RuleBook({"*.example": (DatedRules(start, Rules("harbour/1", **rules)),)})


DROP = book(drop=(".first",))


def record(folder, *groups) -> None:
    """Record a segment for each group of pages."""
    archive = open_archive(folder, "news")
    for number, pages in enumerate(groups):
        exchanges = [
            exchange(10 * number + place, response(content), article=True)
            for place, content in enumerate(pages)
        ]
        record_all(archive, exchanges)
    archive.close()


def three_segments(folder) -> dict[str, bytes]:
    """All objects of an archive of three segments with two pages each, of 23 November 2026."""
    record(folder, *([story(number), story(number + 1)] for number in (0, 10, 20)))
    archive = open_archive(folder, "news")
    found = {each.key: archive.store.get(each.key) for each in archive.store.list()}
    archive.close()
    return found
