"""Small pages of an article, with room for what their metadata stand in."""

from pipelines.extract.body import page_blocks
from pipelines.extract.metadata import Metadata, metadata
from pipelines.extract.page import open_page

URL = "https://quay.example/notes/slow-clock"
TITLE = "The slow clock of the harbour"
TEXT = """
<p>For sixty years the clock over the fish market has lost four minutes a day, and the town has learned to
live with it. Boats leave when it says so, and the baker opens a little later than he should, which is why
nobody there has ever bought warm bread before seven.</p>
<p>In spring a mechanic from the next valley offered to mend it for the price of a new ladder. The council met
twice, listened to the ferrymen, and thanked her for the offer without taking it up.</p>
<p>She has moved into the rooms below the dial all the same, keeps her own watch in a drawer, and says that
nothing in the town has ever been late since.</p>
"""


def page(*, head: str = "", before: str = "", below: str = "", after: str = "", title: str = TITLE) -> str:
    """Return an article's page with markup in its head, before and below the headline and after the text."""
    return (
        f"<html><head><title>{title}</title>{head}</head><body>{before}<article><h1>{title}</h1>{below}{TEXT}"
        f"</article>{after}</body></html>"
    )


def said(source: str, url: str = URL) -> Metadata:
    opened = open_page(source.encode(), url)
    return metadata(opened.tree, url, page_blocks(opened.tree)[1])
