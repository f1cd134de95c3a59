"""Hiding, blocking, holding and purging, over a real archive."""

import json
import platform
import subprocess
import sys
from dataclasses import replace

import pytest

from pipelines.errors import ManifestError, NotArchived, TakedownError
from pipelines.fixity import repair, verify
from pipelines.index import to_line
from pipelines.model import Provenance
from pipelines.segments.names import SegmentName
from pipelines.storage import MemoryStore
from pipelines.takedown import (
    Action,
    Kind,
    Register,
    Standing,
    Target,
    claimed,
    plan_purge,
    purge,
    refusing_holds,
    scan,
)
from segments.making import (
    asked_again,
    exchange,
    failure,
    gzipped,
    open_archive,
    page,
    read_by_all,
    record_all,
    response,
)
from takedown.making import URL, capture

WHO = {"who": "A. Keeper", "reason": "court order 12/26"}
MIRROR = "https://mirror.example/one.html"
COPY = "https://copy.example/one.html"


@pytest.fixture
def archive(tmp_path):
    found = open_archive(tmp_path, store=MemoryStore())
    announced = Provenance(announced={"title": "Ship of secrets", "source": "https://news.example/feed"})
    more = {"article": True}
    same = response(page(1))
    kept = record_all(
        found,
        [
            exchange(0, **more),
            exchange(1, interim=b"HTTP/1.1 103 Early Hints\r\n\r\n", provenance=announced, **more),
            exchange(2, same, url=MIRROR, **more),
            exchange(3, **more),
        ],
        failures=[failure(5)],
    )
    record_all(found, [exchange(20, **more), asked_again(21, kept[1].capture), exchange(22, same, url=URL)])
    yield found
    found.close()


def plan(archive, value=URL, kind=Kind.URL, *, everywhere=False, **more):
    return plan_purge(archive.catalog.all, Target(kind, value, **more), everywhere=everywhere, **WHO)


def carry_out(archive, found):
    register = Register(archive.store, "trial")
    done = purge(archive.store, "trial", found.takedown, register=register)
    register.finish(found.takedown, done)
    archive.sync()
    return done


def everything(archive) -> bytes:
    """All that the store holds, inflated where it is a WARC."""
    found = []
    for each in archive.store.list(f"{archive.collection}/"):
        content = archive.store.get(each.key)
        if each.key.endswith(".warc.gz"):
            content = b"".join(block for _, _, block in read_by_all(content))
        found.append(content)
    return b"".join(found)


def test_what_is_hidden_or_blocked_is_so_until_it_is_lifted(archive):
    register = Register(archive.store, "trial")
    target = Target(Kind.URL, URL)
    blocked = register.add(Action.BLOCK, Target(Kind.HOST, "news.example"), **WHO)
    assert register.standing(capture(URL)) == (Standing.BLOCKED, blocked)
    hidden = register.add(Action.HIDE, target, **WHO)
    other = Register(archive.store, "trial")
    assert other.standing(capture(URL)) == (Standing.HIDDEN, hidden)
    assert other.standing(capture("https://news.example/x")) == (Standing.BLOCKED, blocked)
    assert other.standing(capture(MIRROR)) == (Standing.VISIBLE, None)
    other.lift(hidden.id, who="B. Keeper", reason="settled")
    register.refresh()
    assert register.standing(capture(URL)) == (Standing.BLOCKED, blocked)
    assert [entry.action for entry in register] == [Action.BLOCK, Action.HIDE, Action.LIFT]
    with pytest.raises(TakedownError, match="lifted already"):
        register.lift(hidden.id, **WHO)
    with pytest.raises(TakedownError, match="there is no 'x'"):
        register.lift("x", **WHO)


@pytest.mark.parametrize("missing", ["who", "reason"])
def test_who_and_why_are_named(archive, missing):
    with pytest.raises(TakedownError, match=f"{missing} is empty"):
        Register(archive.store, "trial").add(Action.HIDE, Target(Kind.URL, URL), **{**WHO, missing: " "})


def test_an_entry_that_is_unreadable_is_an_error(archive):
    archive.store.put("trial/takedowns/2026/11/23/20261123140509-00000000.json", b"{}")
    with pytest.raises(ManifestError, match="not readable"):
        Register(archive.store, "trial")


def test_a_plan_tells_what_would_go_and_changes_nothing(archive):
    before = everything(archive)
    found = plan(archive)
    assert {each.url for each in found.captures} == {URL}
    assert len(found.captures) == 3
    assert {each.url for each in (*found.dependent, *found.elsewhere)} == {MIRROR}
    assert len(found.takedown.segments) == 2
    assert everything(archive) == before


def test_a_purge_leaves_nothing_of_it_and_the_rest_as_it_was(archive):
    others = {
        (each.url, each.timestamp): archive.open(each).payload
        for each in archive.catalog.all()
        if each.url not in {URL, MIRROR}
    }
    for needle in (page(1), b"Ship of secrets", URL.encode()):
        assert needle in everything(archive)
    found = plan(archive, everywhere=True)
    done = carry_out(archive, found)
    assert done.captures == 4
    assert set(done.replaced) == set(found.takedown.segments)
    left = everything(archive)
    assert page(1) not in left
    assert b"Ship of secrets" not in left
    # The take-down itself names the address, and nothing else does.
    assert left.count(URL.encode()) == archive.store.get(found.takedown.key("trial")).count(URL.encode())
    assert MIRROR.encode() not in left
    assert [*scan(archive.store, "trial", found.takedown)] == []
    report = verify(archive.store, "trial")
    assert report.ok, [*report.lines()]
    after = {(each.url, each.timestamp): archive.open(each).payload for each in archive.catalog.all()}
    assert after == others
    titles = {row.article.title for row in archive.articles()}
    assert titles == {"Ship 0", "Ship 3", "Ship 20"}


def test_the_tombstone_says_who_when_and_why(archive):
    found = plan(archive)
    done = carry_out(archive, found)
    for new in done.replaced.values():
        records = read_by_all(archive.store.get(SegmentName.parse(new).warc_key))
        (tombstone,) = [
            block for kind, url, block in records if url == f"urn:newswarc:takedown:{found.takedown.id}"
        ]
        assert b"A. Keeper" in tombstone
        assert b"court order 12/26" in tombstone
        assert found.takedown.at.isoformat().encode() in tombstone
        assert URL.encode() not in tombstone
    assert archive.store.get(found.takedown.done_key("trial"))


def test_revisits_that_stand_for_what_went_go_with_it(archive):
    """Else they would lead to nothing."""
    record_all(archive, [exchange(40, response(page(20)), url=COPY)])
    (revisit,) = archive.catalog.find(COPY)
    assert revisit.kind == "revisit"
    found = plan(archive, "https://news.example/ships/20.html")
    assert [each.url for each in found.dependent] == [COPY]
    carry_out(archive, found)
    assert [*archive.catalog.find(COPY)] == []
    assert verify(archive.store, "trial").ok


def test_the_same_content_elsewhere_stays_unless_it_is_meant(archive):
    stays = {each.url for each in plan(archive).elsewhere} | {each.url for each in plan(archive).dependent}
    assert stays == {MIRROR}
    carry_out(archive, plan(archive, everywhere=True))
    assert [*archive.catalog.find(MIRROR)] == []


def test_only_the_times_that_are_meant_go(archive):
    found = plan(archive, last="20261123140511")
    assert len(found.captures) == 1
    carry_out(archive, found)
    # What was captured later was a revisit of it.
    assert [*archive.catalog.find(URL)] == []


def test_a_hold_keeps_what_it_names(archive):
    register = Register(archive.store, "trial")
    hold = register.add(Action.HOLD, Target(Kind.DOMAIN, "example"), who="Court", reason="case 7")
    held = refusing_holds(plan(archive), register)
    assert {entry.id for _, entry in held} == {hold.id}
    assert len(held) >= 3
    register.lift(hold.id, who="Court", reason="closed")
    assert refusing_holds(plan(archive), register) == []
    assert register.standing(capture(URL))[0] is Standing.VISIBLE


def test_a_purge_that_is_finished_later_takes_nothing_under_a_hold(archive):
    found = plan(archive)
    register = Register(archive.store, "trial")
    register.add(Action.HOLD, Target(Kind.HOST, "news.example", first="2026"), **WHO)
    with pytest.raises(TakedownError, match="under legal hold"):
        purge(archive.store, "trial", found.takedown, register=register)
    assert [*scan(archive.store, "trial", found.takedown)]
    assert {each.url for each in archive.catalog.find(URL)} == {URL}


def test_one_purge_at_a_time(archive):
    with (
        claimed(archive.store, "trial"),
        pytest.raises(TakedownError, match="is being purged or compacted by process"),
        claimed(archive.store, "trial"),
    ):
        pass
    with claimed(archive.store, "trial"):
        pass
    assert not [*archive.store.list("trial/takedowns/")]


def test_the_claim_of_a_dead_process_is_taken_over(archive):
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    claim = {"host": platform.node(), "pid": child.pid, "at": "2026-11-23T14:05:09Z"}
    archive.store.put("trial/takedowns/claim", json.dumps(claim).encode())
    with claimed(archive.store, "trial"):
        pass
    archive.store.put("trial/takedowns/claim", json.dumps({**claim, "host": "elsewhere"}).encode())
    with pytest.raises(TakedownError, match="of elsewhere since"), claimed(archive.store, "trial"):
        pass
    with claimed(archive.store, "trial", force=True):
        pass
    assert Register(archive.store, "trial").active == []


def test_what_a_repair_moved_aside_goes_as_well(archive):
    first = SegmentName.parse(plan(archive).takedown.segments[0])
    content = bytearray(archive.store.get(first.warc_key))
    content[-40] ^= 255
    archive.store.delete(first.warc_key)
    archive.store.put(first.warc_key, bytes(content))
    repair(archive.store, "trial")
    archive.sync()
    assert [each.key for each in archive.store.list("trial/damaged/")]
    found = plan(archive)
    carry_out(archive, found)
    assert [each.key for each in archive.store.list("trial/damaged/")] == []
    assert [*scan(archive.store, "trial", found.takedown)] == []


def test_a_merged_index_is_searched(archive):
    found = plan(archive)
    lines = b"".join(to_line(each) for each in archive.catalog.all())
    carry_out(archive, found)
    key = "trial/indexes/cluster/20261123140509/cluster-000.cdxj.gz"
    archive.store.put(key, gzipped(lines))
    left = [*scan(archive.store, "trial", found.takedown)]
    assert {(remnant.key, remnant.words) for remnant in left} == {(key, f"index line of {URL}")}


class Stopped(Exception):
    """The machine went down here."""


class StoppingStore(MemoryStore):
    """Stops at one of its writes."""

    left = 10**6

    def _count(self):
        self.left -= 1
        if self.left < 0:
            raise Stopped

    def put(self, key, content):
        self._count()
        return super().put(key, content)

    def put_file(self, key, path, *, sha256):
        self._count()
        return super().put_file(key, path, sha256=sha256)

    def delete(self, key):
        self._count()
        super().delete(key)


@pytest.mark.parametrize("writes", [0, 1, 3, 4, 5, 6, 7, 9, 11, 13, 14])
def test_a_purge_that_was_cut_off_is_finished(tmp_path, writes):
    store = StoppingStore()
    archive = open_archive(tmp_path, store=store)
    record_all(archive, [exchange(0), exchange(1)])
    record_all(archive, [exchange(1, response(page(9)), url=URL), exchange(7)])
    found = plan(archive)
    store.left = writes
    try:
        carry_out(archive, found)
    except Stopped:
        store.left = 10**6
        register = Register(store, "trial")
        if writes:
            assert [entry.id for entry in register.unfinished] == [found.takedown.id]
            (unfinished,) = register.unfinished
            assert register.standing(capture(URL))[0] is Standing.HIDDEN
        else:
            assert register.unfinished == []
            unfinished = found.takedown
        register.finish(unfinished, purge(store, "trial", unfinished, register=register))
    store.left = 10**6
    assert Register(store, "trial").unfinished == []
    assert [*scan(store, "trial", found.takedown)] == []
    assert verify(store, "trial").ok
    archive.sync()
    assert {each.url for each in archive.catalog.all()} == {exchange(0).url, exchange(7).url}
    archive.close()


def test_a_purge_is_not_taken_back(archive):
    found = plan(archive)
    carry_out(archive, found)
    with pytest.raises(TakedownError, match="cannot be brought back"):
        Register(archive.store, "trial").lift(found.takedown.id, **WHO)
    with pytest.raises(NotArchived):
        archive.find(URL)


def test_a_damaged_segment_is_not_guessed_at(archive):
    found = plan(archive)
    key = SegmentName.parse(found.takedown.segments[0]).warc_key
    content = archive.store.get(key)
    archive.store.delete(key)
    archive.store.put(key, content[:300] + bytes(40) + content[340:])
    with pytest.raises(TakedownError, match="newswarc repair"):
        carry_out(archive, found)
    assert archive.store.get(key)


def test_a_scan_finds_what_is_left_wherever_it_lies(archive):
    found = plan(archive)
    remnants = [*scan(archive.store, "trial", found.takedown)]
    assert {remnant.words.partition(" of ")[0] for remnant in remnants} >= {
        "response record", "index line", "article",
    }  # fmt: skip
    first = SegmentName.parse(found.takedown.segments[0])
    aside = first.warc_key.replace("/archive/", "/damaged/archive/")
    archive.store.put(aside, archive.store.get(first.warc_key))
    assert aside in {remnant.key for remnant in scan(archive.store, "trial", found.takedown)}
    carry_out(archive, found)
    assert [*scan(archive.store, "trial", found.takedown)] == []
    archive.store.put(f"{first.warc_key}.x", gzipped(b"no record"))
    assert [remnant.words[:10] for remnant in scan(archive.store, "trial", found.takedown)] == ["bytes that"]


def test_a_capture_of_the_same_address_is_visible_again_after_a_purge(archive):
    carry_out(archive, plan(archive))
    later = replace(capture(URL), timestamp="20270101000000")
    assert Register(archive.store, "trial").standing(later)[0] is Standing.VISIBLE
