"""Recovery: a WARC torn anywhere, a journal torn anywhere: exactly the whole exchanges stay."""

import shutil
from itertools import pairwise

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.segments.names import SegmentName
from pipelines.segments.open_segment import SegmentOptions
from pipelines.segments.recovery import survey
from pipelines.segments.sealing import seal
from pipelines.segments.spool import Chain
from segments.making import blocks, exchange, failure, ignore, new_writer, page, read_by_all, response

COUNT = 4


class Crashed:
    """What a crash leaves of a segment with a few exchanges, one of them a revisit, one with a 103."""

    def __init__(self, folder):
        writer = new_writer(folder, closed=ignore, options=SegmentOptions(fsync=False))
        self.exchanges = [
            exchange(0),
            exchange(1, interim=b"HTTP/1.1 103 Early Hints\r\n\r\n"),
            exchange(2, response(page(0))),
            exchange(3, response(page(3), sizes=[5, 700]), article=True),
        ]
        assert len(self.exchanges) == COUNT
        captures = [writer.record(each).result(10).capture for each in self.exchanges]
        writer.log(failure())
        writer.record(exchange(9)).result(10)
        (opened,) = folder.rglob("*.open")
        self.folder = opened.parent
        self.name = self.folder.name
        self.warc = opened.read_bytes()
        self.journal = (self.folder / "journal").read_bytes()
        writer.close()
        starts = [*(capture.offset for capture in captures)]
        self.preamble = starts[0]
        last = survey_ends(self)
        self.ends = last[:COUNT]
        self.warc = self.warc[: last[COUNT - 1]]

    def lay(self, folder, *, warc, journal, suffix=".open"):
        shutil.rmtree(folder, ignore_errors=True)
        path = folder / self.name
        path.mkdir(parents=True)
        (path / f"{self.name}.warc.gz{suffix}").write_bytes(warc)
        if journal is not None:
            (path / "journal").write_bytes(journal)
        return path

    def warc_in(self, path):
        return path / f"{self.name}.warc.gz.open"

    def whole(self, size):
        return sum(end <= size for end in self.ends)


def survey_ends(crashed):

    lines = [orjson.loads(line) for line in crashed.journal.splitlines()[1:]]
    return [line["end"] for line in lines if line["line"]]


@pytest.fixture(scope="module")
def crashed(tmp_path_factory):
    return Crashed(tmp_path_factory.mktemp("crashed"))


def check(path, crashed, whole):
    """Seal what is there; exactly *whole* exchanges must be in it."""
    sealed = seal(path, Chain())
    if not whole:
        assert sealed is None or sealed.manifest.counts.captures == 0
        return None
    assert sealed.manifest.counts.captures == whole
    content = (path / f"{crashed.name}.warc.gz").read_bytes()
    records = read_by_all(content)
    kept = crashed.exchanges[:whole]
    assert blocks(records, "request") == [(each.url, each.request) for each in kept]
    assert [url for url, _ in blocks(records, "response", "revisit")] == [each.url for each in kept]
    assert [kind for kind, _, _ in records].count("metadata") == whole + (whole > 1)
    assert records[-1][1].endswith(":crawl-log:00001")
    assert (path / f"{crashed.name}.cdxj").read_bytes().count(b"\n") == whole
    return sealed


def look(path, crashed, whole):
    """Survey what is there; exactly *whole* exchanges must be found."""
    found = survey(path / f"{crashed.name}.warc.gz.open", path / "journal", SegmentName.parse(crashed.name))
    assert sum(entry.line is not None for entry in found.entries) == whole
    assert found.end == crashed.ends[whole - 1] if whole else found.end <= crashed.preamble


def test_a_torn_warc_without_a_journal(crashed, tmp_path):
    """At every byte of its last exchanges' tails, and at some bytes of the rest."""
    tails = {end + beside for end in crashed.ends for beside in range(-40, 60)}
    sizes = {*range(0, len(crashed.warc), 61), *tails, crashed.preamble, len(crashed.warc)}
    path = crashed.lay(tmp_path / "spool", warc=b"", journal=None)
    for size in sorted(size for size in sizes if 0 <= size <= len(crashed.warc)):
        crashed.warc_in(path).write_bytes(crashed.warc[:size])
        look(path, crashed, crashed.whole(size))


def test_a_torn_warc_with_its_journal(crashed, tmp_path):
    """Though a journal should never be ahead of its WARC, it is not trusted to be right."""
    path = crashed.lay(tmp_path / "spool", warc=b"", journal=crashed.journal)
    for size in [*range(crashed.ends[1], crashed.ends[3], 3), crashed.ends[3]]:
        crashed.warc_in(path).write_bytes(crashed.warc[:size])
        look(path, crashed, crashed.whole(size))


def test_a_journal_torn_anywhere(crashed, tmp_path):
    path = crashed.lay(tmp_path / "spool", warc=crashed.warc, journal=b"")
    for size in [*range(0, len(crashed.journal), 4), len(crashed.journal)]:
        (path / "journal").write_bytes(crashed.journal[:size])
        look(path, crashed, COUNT)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_both_torn_with_rubbish_behind(crashed, tmp_path_factory, data):
    size = data.draw(st.integers(crashed.preamble, len(crashed.warc)))
    told = data.draw(st.integers(0, len(crashed.journal)))
    rubbish = data.draw(st.sampled_from(["", "zeroes", "member", "half"]))
    folder = tmp_path_factory.getbasetemp() / "both"
    rubbish = {"": b"", "zeroes": bytes(3000), "member": b"\x1f\x8b\x08rub", "half": crashed.warc[:90]}[
        rubbish
    ]
    path = crashed.lay(folder, warc=crashed.warc[:size] + rubbish, journal=crashed.journal[:told])
    check(path, crashed, crashed.whole(size))


def test_entries_are_the_same_with_and_without_a_journal(crashed, tmp_path):
    def lines(journal):
        path = crashed.lay(tmp_path / "spool", warc=crashed.warc, journal=journal)
        found = survey(
            path / f"{crashed.name}.warc.gz.open", path / "journal", SegmentName.parse(crashed.name)
        )
        return [entry.line for entry in found.entries if entry.line], found.end

    assert lines(None) == lines(crashed.journal)
    assert lines(None)[1] == crashed.ends[-1]


@pytest.mark.parametrize("step", ["truncated", "half a log", "log", "renamed", "index", "articles"])
def test_sealing_that_was_cut_off_is_done_again(crashed, tmp_path, step):
    path = crashed.lay(tmp_path / "spool", warc=crashed.warc, journal=crashed.journal)
    seal(path, Chain())
    warc, manifest = path / f"{crashed.name}.warc.gz", path / f"{crashed.name}.json"
    first = manifest.read_bytes()
    manifest.unlink()
    content = warc.read_bytes()
    if step in {"truncated", "half a log", "log"}:
        size = {"truncated": crashed.ends[-1], "half a log": len(content) - 9, "log": len(content)}[step]
        warc.unlink()
        (path / f"{crashed.name}.warc.gz.open").write_bytes(content[:size])
    if step in {"renamed", "index", "truncated"}:
        (path / f"{crashed.name}.parquet").unlink()
    if step == "renamed":
        (path / f"{crashed.name}.cdxj").unlink()
    if step == "index":
        (path / f"{crashed.name}.cdxj.new").write_bytes(b"half")
    sealed = check(path, crashed, COUNT)
    assert sealed.manifest.counts.articles == 1
    assert first != b""


def test_the_first_damage_ends_it(crashed, tmp_path):
    """A bit that fell over in the third exchange: what is before it stays, and the file is valid."""
    at = (crashed.ends[1] + crashed.ends[2]) // 2
    torn = crashed.warc[:at] + bytes([crashed.warc[at] ^ 0x55]) + crashed.warc[at + 1 :]
    path = crashed.lay(tmp_path / "spool", warc=torn, journal=None)
    check(path, crashed, 2)


def test_ends_grow(crashed):
    assert all(before < after for before, after in pairwise([crashed.preamble, *crashed.ends]))
