"""Archives of many small segments, as saves leave them."""

from datetime import timedelta
from pathlib import Path

from pipelines.archive import RecordingOptions
from pipelines.compaction import CompactionOptions
from pipelines.extract import Article, Passage, Quality
from pipelines.extract.fingerprint import fingerprint
from pipelines.model import Provenance
from pipelines.segments.journal import JobInfo
from segments.making import TRIAL, asked_again, exchange, failure, page, response

AT_ONCE = CompactionOptions(older=timedelta(), keep=timedelta())
"""Everything small, now; and what was merged before goes."""
KEEPING = CompactionOptions(older=timedelta())
PER_SEGMENT = 10
"""Seconds, and numbers of pages, from one segment to the next."""


def job_of(number) -> JobInfo:
    return JobInfo(f"save-{number}", configuration='{"target": "https://news.example/"}')


def small_segments(archive, count, *, start=0, text=True, more=()):
    """Publish *count* segments, each of a job of its own, and return what was recorded, by segment.

    Each has a page and its article, a page in chunks that came with an interim response, a picture that is a
    revisit from the second segment on, a 304 of the first segment's page, a page cut short, and a failure.
    """
    recording = archive.record(job_of(start), RecordingOptions(TRIAL, min_free=0))
    first = None
    found = []
    for number in range(start, start + count):
        at = number * PER_SEGMENT
        recording.begin(job_of(number))
        exchanges = [
            exchange(at, article=text, provenance=Provenance(announced={"title": f"Ship {at} is in"})),
            exchange(at + 1, response(page(at + 1), sizes=[7, 300]), interim=b"HTTP/1.1 103 Early\r\n\r\n"),
            exchange(at + 2, response(page(5)), url=f"https://pictures.example/{number % 3}.svg"),
            exchange(at + 3, response(page(at + 3))[:-20], truncated="disconnect"),
            *([asked_again(at + 4, first)] if first else []),
            *more,
        ]
        futures = [recording.writer.record(each) for each in exchanges]
        recording.writer.log(failure(number))
        told = [each.result(30) for each in futures]
        if text:
            recording.writer.add_article(told[0], article(told[0].capture, at).to_json())
        first = first or told[0].capture
        recording.finish().result(30)
        found.append([each.capture for each in told])
    assert recording.close(30) == []
    return found


def article(capture, number, **more) -> Article:
    text = f"In berth {number} lay a ship with {number} lamps, and nobody was on deck that morning."
    given = {
        "url": capture.url,
        "title": f"Ship {number}",
        "site": "The Harbour News",
        "languages": ("en",),
        "passages": (Passage(text, "en"),),
        "quality": Quality.FULL,
        "extractor": "newswarc/1",
        "fingerprint": fingerprint(text * 9),
    }
    return Article(**{**given, **more})


def seen(archive) -> list:
    """All that a reader sees of each capture, but for its place."""
    found = []
    for capture in archive.catalog.all():
        stored = archive.open(capture)
        about = (
            capture.url,
            capture.timestamp,
            capture.kind,
            capture.status,
            capture.digest,
            capture.truncated,
        )
        found.append((*about, sorted(stored.fields), stored.head, stored.payload))
    return sorted(found, key=repr)


def texts(archive) -> list:
    return sorted(
        (
            (row.capture.url, row.capture.timestamp, row.article, dict(row.announced))
            for row in archive.articles()
        ),
        key=repr,
    )


def object_count(archive, *folders) -> int:
    chosen = folders or ("archive", "indexes", "articles", "segments", "readings")
    return sum(1 for folder in chosen for _ in archive.store.list(f"{archive.collection}/{folder}/"))


def work(folder: Path) -> Path:
    return folder / "work"
