"""One save, from its page to its success."""

import asyncio
import logging
from asyncio import wrap_future
from dataclasses import dataclass
from typing import Any, Final

from crawler.saves import Code, Save, Stage, Trouble
from crawler.spiders.reading import Reading, Wanted, read_page
from crawler.worker.course import Course
from crawler.worker.known import Known, age_of, segments_of
from crawler.worker.page import PageAnswer, PageFetch
from crawler.worker.refusal import Failed
from crawler.worker.requisites import Requisites
from crawler.worker.settings import job_of
from crawler.worker.tools import Tools
from pipelines.errors import ExtractionError
from pipelines.extract.article import given_up
from pipelines.extract.workers import CutOff
from pipelines.model import Capture
from pipelines.segments.article_rows import rules_for
from pipelines.segments.journal import JobInfo

logger = logging.getLogger(__name__)

_MOST_OUTLINKS: Final = 500
_PUBLISH_SECONDS: Final = 120.0
"""How long a save waits for a store that does not answer."""


@dataclass(frozen=True, slots=True)
class _Failure:
    trouble: Trouble
    status: int | None = None


class Saving:
    """Carries out one save, recording into *slot*."""

    def __init__(self, tools: Tools, save: Save, slot: int) -> None:
        self._tools, self._save = tools, save
        self._recording = tools.recorder.slots[slot]
        self._course = Course(save, slot, self._tell)
        self._job: JobInfo = job_of(save, tools.crawler.settings, text=tools.config.crawl.text)
        self._known = Known(tools.archive, tools.config.save.requisites_fresh)
        self.fetching = True
        """Whether its host is still asked."""

    async def run(self) -> None:
        """Save the page, and say what came of it. Raises errors of our own that end the worker."""
        self._recording.begin(self._job)
        earlier = await self._earlier()
        if earlier is not None:
            self._end_reused(earlier)
            return
        page: PageAnswer | None = None
        failure: _Failure | None = None
        try:
            page = await self._fetch()
        except Failed as err:
            failure = _Failure(err.trouble, err.status)
        self.fetching = False
        await self._tools.fetching.settle(self._course.slot)
        segments = await self._publish(must_be=failure is None)
        if failure is not None or page is None or segments is None:
            self._end_badly(failure or _waits(self._recording.error), segments or ())
        else:
            await self._end_well(page, segments)

    def _tell(self, **told: Any) -> None:  # noqa: ANN401 - as Saves.progress
        self._tools.saves.progress(self._save.id, owner=self._tools.owner, **told)

    # --- fetching ----------------------------------------------------------------------------

    async def _earlier(self) -> Capture | None:
        """Return the capture that answers the save, where it lets an earlier one do so."""
        if self._save.attempts > 1:
            await asyncio.to_thread(self._tools.archive.publish_left, _PUBLISH_SECONDS)
            own = await asyncio.to_thread(segments_of, self._tools.archive.catalog, self._save.id)
            self._known = Known(self._tools.archive, self._tools.config.save.requisites_fresh, own)
        within = self._save.options.unless_within
        if within is None or self._known.own:
            return None
        capture = (await self._known.latest([self._save.url])).get(self._save.url)
        good = capture is not None and capture.status is not None and capture.status < 400
        return capture if capture is not None and good and age_of(capture) <= within else None

    async def _fetch(self) -> PageAnswer:
        page = await PageFetch(self._tools, self._course, self._known).run()
        self._course.enter(Stage.REQUISITES)
        reading = asyncio.ensure_future(self._article(page))
        parts = Requisites(self._tools, self._course, self._known)
        try:
            if self._save.options.requisites:
                await parts.run(page.reading.requisites, page.response.url, page.provenance)
                self._course.enter(Stage.ARTICLE)
            article = await reading
        finally:
            reading.cancel()
        if self._save.options.requisites:
            await parts.audio(article.audio, page.response.url, page.provenance)
        return page

    async def _article(self, page: PageAnswer) -> Reading:
        """Read the article of *page* and hand it to the segment that holds the page."""
        if page.recorded is None or not page.recorded.article:
            return Reading()
        rules = rules_for(self._job, page.response.url)
        try:
            reading = await self._tools.read(read_page, page.fetched, Wanted(rules))
        except ExtractionError as err:
            why = err.why if isinstance(err, CutOff) else str(err)
            reading = Reading(given_up(page.response.url, why, rules=rules.version).to_json())
        self._recording.writer.add_article(page.recorded, reading.article)
        self._course.unread.remove(page.recorded)
        return reading

    # --- the end -----------------------------------------------------------------------------

    async def _publish(self, *, must_be: bool) -> tuple[str, ...] | None:
        """Return the segments of the save once they are in store and catalog; None where they are not yet."""
        if must_be:
            self._course.enter(Stage.PUBLISHING)
        for recorded in self._course.unread:
            # A page that only led on, or that is no good; its segment must not wait for its text.
            self._recording.writer.add_article(recorded, None)
        published = wrap_future(self._recording.finish())
        try:
            manifests = await asyncio.wait_for(asyncio.shield(published), _PUBLISH_SECONDS)
        except TimeoutError:
            return None
        if self._recording.error is not None:
            return None
        return tuple(sorted({*self._known.own, *(each.segment for each in manifests)}))

    async def _end_well(self, page: PageAnswer, segments: tuple[str, ...]) -> None:
        self._course.enter(Stage.INDEXING)
        indexed = await self._tools.indexing.take_in() if self._tools.config.crawl.text else True
        self._tools.saves.succeed(
            self._save.id,
            owner=self._tools.owner,
            **self._course.counts(),
            timestamp=page.capture.timestamp,
            final_url=page.capture.url,
            status=page.response.status,
            revisit=page.capture.kind == "revisit",
            outlinks=self._outlinks(page),
            message=self._message(indexed=indexed),
            segments=segments,
        )

    def _end_badly(self, failure: _Failure, segments: tuple[str, ...]) -> None:
        self._tools.saves.fail(
            self._save.id,
            owner=self._tools.owner,
            **self._course.counts(),
            error=failure.trouble.error,
            message=failure.trouble.message,
            status=failure.status,
            segments=segments,
        )

    def _end_reused(self, capture: Capture) -> None:
        self.fetching = False
        self._tools.saves.succeed(
            self._save.id,
            owner=self._tools.owner,
            resources=(capture.url,),
            timestamp=capture.timestamp,
            final_url=capture.url,
            status=capture.status,
            revisit=capture.kind == "revisit",
            reused=True,
            segments=(capture.segment,),
            message="An earlier capture is young enough.",
        )

    def _outlinks(self, page: PageAnswer) -> dict[str, str | None]:
        """Return what the page links to; the first of it is saved in its turn, as far as that was asked."""
        options = self._save.options
        links = page.reading.links[:_MOST_OUTLINKS]
        found: dict[str, str | None] = {}
        for number, link in enumerate(links):
            if number < options.outlinks:
                found[link] = self._child(link)
            elif options.list_outlinks:
                found[link] = None
        return found

    def _child(self, link: str) -> str:
        options = self._save.options
        own = type(options)(
            requisites=options.requisites,
            unless_within=options.outlinks_unless_within,
            user_agent=options.user_agent,
        )
        return self._tools.saves.add(link, own, key=self._save.key, parent=self._save.id).id

    def _message(self, *, indexed: bool) -> str:
        said = []
        if self._course.failed:
            said.append(f"{self._course.failed} of the files that the page needs could not be had.")
        if self._course.left:
            said.append(
                f"{self._course.left} of them were left out, for want of time or by save.max_requisites."
            )
        if not indexed:
            said.append("The search index takes the page in later.")
        return " ".join(said)


def _waits(error: Exception | None) -> _Failure:
    why = f" ({error})" if error else ""
    message = f"save: the capture is recorded, but the store does not take it yet{why}"
    return _Failure(Trouble(Code.JOB_FAILED, message))
