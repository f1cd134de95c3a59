"""What a page needs to be shown: fetched as a browser would, but for what the archive has already."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from scrapy.http import Response

from crawler.recorder.recorder import PROVENANCE, RECORDED, UNMODIFIED
from crawler.scope import LONGEST_URL
from crawler.spiders.reading import read_stylesheet
from crawler.spiders.redirects import PASSED, REDIRECTS, redirect_of
from crawler.worker.course import Course
from crawler.worker.fetching import Asked
from crawler.worker.known import Condition, Known
from crawler.worker.page import fetched_of
from crawler.worker.refusal import Refused
from crawler.worker.tools import Tools
from pipelines.errors import ExtractionError
from pipelines.model import Capture, Provenance

logger = logging.getLogger(__name__)

# A page, its stylesheet, what that imports, and the images of that.
_MOST_EMBEDDED = 3


@dataclass(frozen=True, slots=True)
class _Part:
    url: str
    provenance: Provenance
    passed: tuple[str, ...] = ()
    older: Capture | None = None
    most_bytes: int | None = None


class Requisites:
    """Fetches the requisites of one save. Those that fail are counted, and cost the page nothing."""

    def __init__(self, tools: Tools, course: Course, known: Known) -> None:
        self._tools, self._course, self._known = tools, course, known
        self._deadline = course.began + tools.config.save.max_time
        self._seen = {*course.resources, course.save.url, course.url}
        self._room = tools.config.save.max_requisites
        self._waiting: deque[_Part] = deque()
        self._running: set[asyncio.Task[None]] = set()

    async def run(self, urls: Iterable[str], via: str, provenance: Provenance) -> None:
        """Fetch *urls*, which the page or sheet *via* names, and what stylesheets among them load."""
        await self._add(urls, via, provenance)
        await self._work()

    async def audio(self, url: str, via: str, provenance: Provenance) -> None:
        """Fetch the recording at *url* of the transcript on the page *via*, up to ``save.max_audio``."""
        most = self._tools.config.save.max_audio
        if url and most:
            await self._add([url], via, provenance, most_bytes=most)
            await self._work()

    async def _work(self) -> None:
        most = 2 * self._tools.config.save.concurrency
        while self._waiting or self._running:
            while self._waiting and len(self._running) < most and self._has_time():
                task = asyncio.ensure_future(self._fetch(self._waiting.popleft()))
                self._running.add(task)
            if not self._running:
                break
            done, self._running = await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        self._course.left += len(self._waiting)
        self._waiting.clear()

    def _has_time(self) -> bool:
        return bool(time.monotonic() < self._deadline)

    async def _add(
        self, urls: Iterable[str], via: str, provenance: Provenance, *, most_bytes: int | None = None
    ) -> None:
        told = replace(provenance, via=via, hops=provenance.hops + "E", announced={})
        if told.hops.count("E") > _MOST_EMBEDDED:
            return
        new = [url for url in dict.fromkeys(urls) if url not in self._seen and _is_fetched(url)]
        self._course.left += max(0, len(new) - self._room)
        new = new[: self._room]
        self._room -= len(new)
        self._seen.update(new)
        self._course.of += len(new)
        captures = await self._known.latest(new) if new else {}
        for url in new:
            capture = captures.get(url)
            part = _Part(url, told, older=capture, most_bytes=most_bytes)
            if capture is not None and self._known.is_fresh(capture):
                await self._take(part, capture)
            else:
                self._waiting.append(part)

    async def _take(self, part: _Part, capture: Capture) -> None:
        """Count as a resource what was captured a short while ago, and go on from there."""
        self._course.captured(part.url)
        self._course.through()
        if capture.status in REDIRECTS or capture.mime == "text/css" or capture.unmodified:
            response = await self._known.response(capture)
            if response is not None:
                await self._follow(part, response)

    async def _fetch(self, part: _Part) -> None:
        condition = await self._known.condition(part.older, part.url)
        try:
            response = await self._ask(part, condition)
            if response.status == 304 and UNMODIFIED in response.meta:
                response = await self._unmodified(part, response)
        except Refused as err:
            logger.debug("%s: %s", part.url, err)
            self._course.failed += 1
        else:
            self._course.failed += response.status >= 400
            self._course.captured(part.url)
            await self._follow(part, response)
        self._course.through()

    async def _unmodified(self, part: _Part, response: Response) -> Response:
        """Return what a 304 stands for; fetched whole, where the archive has not that."""
        recorded = response.meta[RECORDED]
        if recorded.capture.unmodified and part.older is not None:
            return await self._known.response(part.older) or response
        return await self._ask(part, Condition())

    async def _ask(self, part: _Part, condition: Condition) -> Response:
        options = self._course.save.options
        headers = {**condition.headers, **({"User-Agent": options.user_agent} if options.user_agent else {})}
        headers["Accept"] = "*/*"
        meta: dict[str, Any] = {PROVENANCE: part.provenance, PASSED: list(part.passed), **condition.meta}
        if part.most_bytes is not None:
            meta["download_maxsize"] = part.most_bytes
        asked = Asked(part.url, self._course.slot, self._deadline, meta=meta, headers=headers)
        response, _ = await self._tools.fetching.fetch(asked)
        return response

    async def _follow(self, part: _Part, response: Response) -> None:
        """Go on with where *response* redirects to, or with what it loads as a stylesheet."""
        if response.status in REDIRECTS:
            await self._redirected(part, response)
        elif response.status == 200 and _mime(response) == "text/css":
            try:
                found = await self._tools.read(read_stylesheet, fetched_of(response))
            except ExtractionError as err:
                logger.info("%s: %s", part.url, err)
            else:
                await self._add(found, part.url, part.provenance)

    async def _redirected(self, part: _Part, response: Response) -> None:
        redirect = redirect_of(response, part.provenance)
        if redirect.reason is None and redirect.target not in self._seen and _is_fetched(redirect.target):
            self._seen.add(redirect.target)
            self._course.of += 1
            self._waiting.append(
                _Part(redirect.target, redirect.provenance, redirect.passed, most_bytes=part.most_bytes)
            )


def _is_fetched(url: str) -> bool:
    """Return whether *url* can be asked for: with credentials it would be archived with them."""
    return len(url) <= LONGEST_URL and "@" not in urlsplit(url).netloc


def _mime(response: Response) -> str:
    stated = (response.headers.get("Content-Type") or b"").decode("latin-1")
    return stated.partition(";")[0].strip().lower()
