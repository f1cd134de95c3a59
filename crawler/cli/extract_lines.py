"""``newswarc extract --jsonl``: many files on all cores, answered in the order in which they were asked."""

import os
import sys
from collections import deque
from concurrent.futures import Future
from typing import BinaryIO

from pipelines.errors import ExtractionError
from pipelines.extract import Workers
from pipelines.extract.lines import extracted_line

_AHEAD = 8
"""Files a worker that are under way or wait for those before them."""


def answer_lines(source: BinaryIO | None = None, sink: BinaryIO | None = None) -> None:
    """Answer the requests of *source*, standard input unless told, on *sink*: a line each, in their order.

    A page that cannot be read is answered with empty fields, and its error told on standard error.

    :raises ExtractionError: at the end, where a line was no request or its file could not be read.
    """
    source, sink = source or sys.stdin.buffer, sink or sys.stdout.buffer
    count = os.cpu_count() or 1
    waiting: deque[tuple[bytes, Future[bytes]]] = deque()
    failed = 0
    with Workers(count, preload=("pipelines.extract.lines",), limit=count * _AHEAD) as workers:
        for line in source:
            if line.strip():
                waiting.append((line, workers.submit(extracted_line, line)))
            while waiting and (waiting[0][1].done() or len(waiting) >= count * _AHEAD):
                failed += _answer(*waiting.popleft(), sink)
        while waiting:
            failed += _answer(*waiting.popleft(), sink)
    sink.flush()
    if failed:
        raise ExtractionError(f"extraction: {failed} of the pages could not be read; their lines are empty")


def _answer(request: bytes, future: Future[bytes], sink: BinaryIO) -> bool:
    """Write the answer to *request*, and return whether there is none."""
    import orjson

    try:
        sink.write(future.result() + b"\n")
    except ExtractionError as error:
        print(f"newswarc: {error}", file=sys.stderr)
        try:
            name = orjson.loads(request)["id"]
        except (orjson.JSONDecodeError, KeyError, TypeError):
            name = None
        empty = {"id": name, "text": "", "title": "", "author": [], "date": None}
        sink.write(orjson.dumps(empty) + b"\n")
        return True
    return False
