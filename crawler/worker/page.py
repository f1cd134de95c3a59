"""The page of a save: asked for, with where it redirects to, and read."""

from dataclasses import dataclass, field, replace
from typing import Final

from scrapy.http import Response

from crawler.recorder.recorder import ARTICLE, PROVENANCE
from crawler.saves import SaveRefused, Trouble, check_url, of_reason, of_status
from crawler.scope import Reason, Scope
from crawler.spiders.reading import Fetched, Reading, Wanted, read_page
from crawler.spiders.redirects import PASSED, REDIRECTS, Redirect, redirect_of
from crawler.worker.course import Course
from crawler.worker.fetching import Asked
from crawler.worker.known import Known
from crawler.worker.refusal import Failed, Refused
from crawler.worker.tools import Tools
from pipelines.errors import ExtractionError
from pipelines.model import Capture, Provenance, Recorded, Truncation
from pipelines.segments.open_segment import ARTICLE_TYPES

_ANY: Final = Scope(["*"])
_OF_TRUNCATION = {
    Truncation.TIME: Reason.TIMEOUT,
    Truncation.LENGTH: Reason.SIZE,
    Truncation.DISCONNECT: Reason.CUT,
    Truncation.UNSPECIFIED: Reason.CUT,
}


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """The page, and where it lies."""

    response: Response
    capture: Capture
    recorded: Recorded | None
    """None where an earlier attempt at the save has captured it."""
    provenance: Provenance
    reading: Reading = field(default_factory=Reading)

    @property
    def fetched(self) -> Fetched:
        """What a reading process is given."""
        return fetched_of(self.response)


class PageFetch:
    """Fetches the page of one save."""

    def __init__(self, tools: Tools, course: Course, known: Known) -> None:
        self._tools, self._course, self._known = tools, course, known
        self._seconds = tools.config.save
        self._slot = course.slot
        self._passed: tuple[str, ...] = ()

    async def run(self) -> PageAnswer:
        """Return the page at the end of all redirects. Raises :class:`Failed` where there is none."""
        save = self._course.save
        provenance = Provenance(job=save.id, seed=save.url)
        url = self._checked(save.url)
        while True:
            self._course.url = url
            answer = await self._answer(url, provenance)
            self._course.captured(answer.capture.url)
            self._course.through()
            if answer.response.status in REDIRECTS and answer.response.headers.get("Location"):
                url, provenance = self._next(
                    answer.response, redirect_of(self._named(answer.response), provenance)
                )
                continue
            self._check(answer)
            answer = replace(answer, reading=await self._read(answer))
            refresh = answer.reading.refresh
            if refresh is None or refresh in self._passed:
                return answer
            url = refresh
            provenance = replace(provenance, via=answer.response.url, hops=provenance.hops + "R")
            self._passed = (*self._passed, answer.response.url)
            self._course.of += 1

    async def _answer(self, url: str, provenance: Provenance) -> PageAnswer:
        earlier = (await self._known.latest([url])).get(url) if self._known.own else None
        if earlier is not None and self._known.is_own(earlier) and earlier.truncated is None:
            response = await self._known.response(earlier)
            if response is not None:
                return PageAnswer(response, earlier, None, provenance)
        options = self._course.save.options
        headers = {"Cookie": options.cookie} if options.cookie else {}
        headers |= {"User-Agent": options.user_agent} if options.user_agent else {}
        meta = {PROVENANCE: provenance, ARTICLE: self._tools.config.crawl.text}
        waits = self._seconds.page_time if self._course.begun else self._seconds.max_time
        deadline = self._course.began + waits
        asked = Asked(url, self._slot, deadline, meta, headers, begin=self._begin)
        try:
            response, recorded = await self._tools.fetching.fetch(asked)
        except Refused as err:
            raise Failed(err.trouble) from err
        if recorded.article:
            self._course.unread.append(recorded)
        return PageAnswer(response, recorded.capture, recorded, provenance)

    def _begin(self) -> float:
        self._course.begin()
        return self._course.began + self._seconds.page_time

    def _named(self, response: Response) -> Response:
        assert response.request is not None
        response.request.meta[PASSED] = list(self._passed)
        return response

    def _next(self, response: Response, redirect: Redirect) -> tuple[str, Provenance]:
        if redirect.reason is not None:
            raise Failed(of_reason(redirect.reason, redirect.detail), status=response.status)
        target = self._checked(redirect.target, f"; {response.url} redirects to {redirect.target:.200}")
        self._passed = redirect.passed
        self._course.of += 1
        return target, redirect.provenance

    def _checked(self, url: str, why: str = "") -> str:
        policy = self._tools.recorder.policy
        try:
            return check_url(url, allows=policy.allows if policy else _all)
        except SaveRefused as err:
            raise Failed(Trouble(err.error, f"{err}{why}")) from err

    def _check(self, answer: PageAnswer) -> None:
        status, truncated = answer.response.status, answer.capture.truncated
        if status >= 400 and not self._course.save.options.error_pages:
            raise Failed(of_status(status), status=status)
        if truncated is not None:
            detail = f"{answer.response.url} is archived as far as it came"
            raise Failed(of_reason(_OF_TRUNCATION[truncated], detail), status=status)

    async def _read(self, answer: PageAnswer) -> Reading:
        if not is_page(answer.response):
            return Reading()
        wanted = Wanted(scope=_ANY, requisites=True)
        try:
            reading = await self._tools.read(read_page, answer.fetched, wanted)
        except ExtractionError:
            # Archived it is all the same; what it needs to be shown cannot be told.
            return Reading()
        if reading.oversized:
            detail = f"{answer.response.url} is archived, but is larger decoded than anything that is read"
            raise Failed(of_reason(Reason.SIZE, detail), status=answer.response.status)
        return reading


def is_page(response: Response) -> bool:
    """Return whether *response* says that it is HTML."""
    stated = (response.headers.get("Content-Type") or b"").decode("latin-1")
    return stated.partition(";")[0].strip().lower() in ARTICLE_TYPES


def fetched_of(response: Response) -> Fetched:
    """Return what a reading process is given of *response*."""
    headers = tuple((name, value) for name, given in response.headers.items() for value in given)
    return Fetched(response.url, headers, response.body)


def _all(_address: str) -> bool:
    return True
