"""What a page's own software says of its text, so that nothing need be guessed: threads and transcripts."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from lxml.html import HtmlElement

from pipelines.extract.article import Moment, Transcript
from pipelines.extract.blocks import Block
from pipelines.extract.metadata import Metadata
from pipelines.extract.page import Page
from pipelines.extract.threads import Thread, read_thread
from pipelines.extract.transcript import find_transcript, transcript_blocks

_STATED = frozenset(("DiscussionForumPosting", "QAPage"))
_SURE = ("json-ld:", "meta:", "itemprop", "time")
"""How ``found`` begins of times that are marked as such, so that no number of years is taken for one."""
_CHROME = 600
"""Bytes of a page that has no text of its own: copyright, an offer, the headline once more."""
_THERE = 0.5
"""Part of a transcript's paragraphs that must stand in the text for it to be the same article."""


@dataclass(frozen=True)
class Structured:
    """A page's thread and its transcript, each looked for once; None where it has none."""

    page: Page
    tree: HtmlElement
    """Of the page, without what rules drop."""

    @cached_property
    def thread(self) -> Thread | None:
        """The posts, where a known board made the page."""
        return read_thread(self.tree, self.page.text)

    @cached_property
    def transcript(self) -> Transcript | None:
        """What is spoken in the page's recording."""
        return find_transcript(self.page.tree, self.page.text, self.page.url)

    def spoken_instead_of(self, found: Sequence[Block]) -> list[Block]:
        """Return the transcript's paragraphs where they, and not *found*, are the article; else nothing."""
        if self.transcript is None:
            return []
        spoken = transcript_blocks(self.transcript, self.page.tree)
        text = "".join("".join(block.text for block in found).split())
        there = sum("".join(block.text.split())[:60] in text for block in spoken)
        if there >= _THERE * len(spoken) or _size(spoken) <= max(0, _size(found) - _CHROME):
            return []
        return spoken

    def authors(self, said: Metadata) -> tuple[str, ...]:
        """Return who opened the thread: who *said* names where that is sure, else the first post's poster."""
        if (
            self.thread is None
            or not self.thread.author
            or (said.authors and self._is_opened_elsewhere(said))
        ):
            return said.authors
        return (self.thread.author,)

    def published(self, said: Metadata) -> Moment | None:
        """Return when the thread was opened: what *said* states where that is sure, else the first post."""
        if self.thread is None or self.thread.published is None or self._is_opened_elsewhere(said):
            return said.published or (self.thread.published if self.thread else None)
        return self.thread.published

    def _is_opened_elsewhere(self, said: Metadata) -> bool:
        """Whether the opening post is stated: as structured data, or with a time before the first post.

        Some templates write the opening post in another form than the answers.
        """
        if said.kinds & _STATED:
            return True
        posted = self.thread.published if self.thread else None
        stated = said.published
        if posted is None or stated is None or not stated.found.startswith(_SURE):
            return False
        if stated.at is not None and posted.at is not None:
            return stated.at < posted.at
        return stated.day < posted.day


def _size(found: Sequence[Block]) -> int:
    return sum(block.weight for block in found)
