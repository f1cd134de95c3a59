"""Telling in one WARC what must go from what stays."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

import orjson

from pipelines.errors import RecordError, TakedownError
from pipelines.fixity.records import Examined, Gap, walk
from pipelines.fixity.salvage import Contents
from pipelines.model import Capture
from pipelines.segments.crawl_log import LOG_TYPE
from pipelines.segments.names import SegmentName
from pipelines.takedown.model import Takedown
from pipelines.warc.reader import read_record

Resource = tuple[str, str, bytes]
"""URI, media type and content."""
_COMPANIONS = frozenset({"request", "metadata"})


def part(
    warc: Path, name: SegmentName, takedown: Takedown, taking: Callable[[Capture], None]
) -> tuple[Contents, list[Resource], int]:
    """Return what of *warc* stays, the crawl logs without the lines of what goes, and how many captures go.

    *taking* is told of each capture that goes, and may raise. Raises ``TakedownError`` where *warc* is
    damaged: what cannot be read cannot be told apart.
    """
    return _Parting(warc, name, takedown, taking).run()


class _Parting:
    def __init__(
        self, warc: Path, name: SegmentName, takedown: Takedown, taking: Callable[[Capture], None]
    ) -> None:
        self._warc, self._name, self._takedown, self._taking = warc, name, takedown, taking
        self._kept = Contents()
        self._size = self._count = 0
        self._gone: set[tuple[str, str]] = set()
        """URL and timestamp of each capture that goes."""
        self._resources: list[Resource] = []
        self._goes = False
        """Whether the exchange that is being read goes."""

    def run(self) -> tuple[Contents, list[Resource], int]:
        with self._warc.open("rb") as stream:
            for each in walk(stream, self._name, self._reopen):
                if isinstance(each, Gap) or each.faults:
                    raise TakedownError(
                        f"take-down: {self._name.warc_key} is damaged at {each.offset}, so what must go "
                        "cannot be told from what stays; run 'newswarc repair' first"
                    )
                self._take(each)
        return self._kept, self._resources, self._count

    def _take(self, each: Examined) -> None:
        if each.capture:
            self._goes = self._takedown.takes(each.capture, each.refers_to)
            self._count += self._goes
            if self._goes:
                self._taking(each.capture)
                self._gone.add((each.capture.url, each.capture.timestamp))
        elif each.kind not in _COMPANIONS:
            self._goes = self._is_rewritten(each)
        if not self._goes:
            self._keep(each)

    def _keep(self, each: Examined) -> None:
        self._kept.spans.append((each.offset, each.length, self._size))
        self._size += each.length
        if each.capture:
            self._kept.captures[each.offset] = each.capture
        elif each.announced:
            self._kept.announced[max(self._kept.captures)] = each.announced

    def _is_rewritten(self, each: Examined) -> bool:
        """Take the lines of a crawl log that stay; return whether there are others."""
        if each.kind != "resource":
            return False
        with self._reopen(each.offset) as stream:
            record = read_record(stream, offset=each.offset)
            if record.get("Content-Type") != LOG_TYPE:
                return False
            lines = record.block.read().splitlines(keepends=True)
            record.finish()
        kept = [line for line in lines if not self._names(line)]
        if len(kept) < len(lines):
            self._resources.append((record.get("WARC-Target-URI") or "", LOG_TYPE, b"".join(kept)))
        return len(kept) < len(lines)

    def _names(self, line: bytes) -> bool:
        """Return whether a line of the crawl log is of what goes."""
        try:
            told: Mapping[str, str] = orjson.loads(line)
            url, digits = told["url"], "".join(filter(str.isdigit, told["time"]))[:14]
        except (orjson.JSONDecodeError, KeyError, TypeError) as err:
            raise RecordError(f"take-down: a line of the crawl log is unreadable: {line[:80]!r}") from err
        target = self._takedown.target
        assert target is not None
        return target.names_at(url, digits) or (url, digits) in self._gone

    def _reopen(self, at: int) -> BinaryIO:
        stream = self._warc.open("rb")
        stream.seek(at)
        return stream
