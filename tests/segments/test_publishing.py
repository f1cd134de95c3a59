"""Publishing: through outages, restarts and refusals nothing is lost, nothing is there twice."""

import threading
import time

import pytest

from pipelines.archive import RecordingOptions
from pipelines.errors import Conflict, StorageError, Unavailable
from pipelines.fixity import Damage, verify
from pipelines.segments.manifest import Counts, FileEntry, Files, Manifest, manifest_digest
from pipelines.segments.publishing import Publisher, publish
from pipelines.segments.sealing import seal
from pipelines.segments.spool import Chain, WriterFolder
from pipelines.storage import LocalStore, MemoryStore
from segments.making import JOB, TRIAL, exchange, failure, new_writer, open_archive, record_all

CALLS = ("put", "put_file", "get", "open")


class FailingStore:
    """A real store whose *fail_at*-th call goes wrong: before it does anything, or after it did all."""

    def __init__(self, store, fail_at, *, after, error=Unavailable):
        self._store, self._fail_at, self._after, self._error = store, fail_at, after, error
        self.calls = 0

    @property
    def url(self):
        return self._store.url

    def __getattr__(self, name):
        call = getattr(self._store, name)
        if name not in CALLS:
            return call

        def ask(*args, **more):
            self.calls += 1
            failing = self.calls == self._fail_at
            if failing and not self._after:
                raise self._error("storage: the network is gone")
            found = call(*args, **more)
            if failing:
                raise self._error("storage: the answer was cut off")
            return found

        return ask


def sealed_segments(folder, count=3):
    """A writer's folder with that many closed segments."""
    writer_folder = WriterFolder.acquire(folder)
    closed = []
    writer = new_writer(folder, closed.append, folder=writer_folder)
    for number in range(count):
        writer.record(exchange(number, article=number == 0)).result(10)
        writer.rotate()
    writer.close()
    assert len(closed) == count
    return writer_folder


def published(folder, store, **more):
    told = []
    publisher = Publisher(folder, store, published=lambda manifest, _: told.append(manifest), **more)
    return publisher, told


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(1, 9))
def test_a_store_that_fails_at_any_call(tmp_path, at, after, monkeypatch):
    monkeypatch.setattr("pipelines.segments.publishing._MOST_WAIT_SECONDS", 0.01)
    real = LocalStore(tmp_path / "store")
    store = FailingStore(real, at, after=after)
    folder = sealed_segments(tmp_path / "spool")
    publisher, told = published(folder, store)
    assert publisher.close(30) == []
    assert store.calls >= at
    report = verify(real, "trial")
    assert report.findings == ()
    assert (report.counts.segments, report.counts.captures, report.counts.articles) == (3, 3, 1)
    assert [manifest.name.serial for manifest in told] == [1, 2, 3]
    assert told[2].previous.sha256 == manifest_digest(real.get(told[1].name.manifest_key))
    assert folder.segments() == []


@pytest.mark.parametrize("at", range(1, 9))
def test_a_process_that_ends_at_any_call(tmp_path, at):
    """The next one takes it up again, and finds some of its objects there already."""
    real = LocalStore(tmp_path / "store")
    folder = sealed_segments(tmp_path / "spool")
    path, spool = folder.path, tmp_path / "spool"

    class Crash(BaseException):
        pass

    store = FailingStore(real, at, after=True, error=Crash)
    folder.clear_published()
    for _, segment in folder.segments():
        sealed = seal(segment, folder.chain)
        try:
            publish(sealed, store)
        except Crash:
            break
        folder.advance(sealed.manifest, sealed.content)
        segment.rename(segment.with_name(f".{segment.name}.published"))
    folder.release()
    folder = WriterFolder.acquire(spool)
    assert folder.path == path
    publisher, _ = published(folder, real)
    assert publisher.close(30) == []
    report = verify(real, "trial")
    assert report.findings == ()
    assert report.counts.captures == 3
    assert [*path.glob(".*")] == []


def test_waits_out_an_outage_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("pipelines.segments.publishing._MOST_WAIT_SECONDS", 0.02)
    gone = threading.Event()
    real = MemoryStore()

    class Out(FailingStore):
        def __getattr__(self, name):
            if name in CALLS and not gone.is_set():
                raise Unavailable("storage: out of reach")
            return getattr(self._store, name)

    folder = sealed_segments(tmp_path)
    publisher, _ = published(folder, Out(real, 0, after=False))
    deadline = time.monotonic() + 10
    while publisher.error is None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert isinstance(publisher.error, Unavailable)
    assert publisher.waiting_bytes > 0
    gone.set()
    assert publisher.close(30) == []
    assert publisher.error is None
    assert verify(real, "trial").ok


def test_what_is_not_published_in_time_waits(tmp_path):
    class Never(FailingStore):
        def __getattr__(self, name):
            raise Unavailable("storage: out of reach")

    folder = sealed_segments(tmp_path)
    publisher, _ = published(folder, Never(MemoryStore(), 0, after=False))
    started = time.monotonic()
    waiting = publisher.close(0.2)
    assert time.monotonic() - started < 5
    assert [name.serial for name in waiting] == [1, 2, 3]
    again, _ = published(folder, real := MemoryStore())
    assert again.close(30) == []
    assert verify(real, "trial").counts.captures == 3


def test_other_content_under_its_key_is_an_error_that_loses_nothing(tmp_path):
    store = MemoryStore()
    folder = sealed_segments(tmp_path, 1)
    ((name, path),) = folder.segments()
    store.put(name.index_key, b"of somebody else\n")
    publisher, _ = published(folder, store)
    waiting = publisher.close(0.3)
    assert waiting == [name]
    assert "two writers share a name" in str(publisher.error)
    assert path.exists()
    assert store.get(name.index_key) == b"of somebody else\n"
    with pytest.raises(StorageError) as told:
        publish(seal(path, Chain()), store)
    assert isinstance(told.value.__cause__, Conflict)


def test_the_chain_holds_though_a_segment_cannot_be_sealed_at_first(tmp_path):
    refused = []

    def sealer(path, chain):
        if path.name.split("-")[2] == "00002" and not refused:
            refused.append(path)
            raise ValueError("no memory left, say")
        return seal(path, chain)

    real = MemoryStore()
    folder = sealed_segments(tmp_path)
    publisher, _ = published(folder, real, sealer=sealer)
    assert [name.serial for name in publisher.close(30)] == [2]
    again, _ = published(folder, real)
    assert again.close(30) == []
    more = new_writer(tmp_path, closed := [].append, folder=folder)
    assert closed is not None
    more.record(exchange(9)).result(10)
    more.close()
    last, _ = published(folder, real)
    assert last.close(30) == []
    report = verify(real, "trial")
    assert report.findings == ()
    assert report.counts.segments == 4


def test_writer_and_publisher_may_change_the_chain_at_once(tmp_path):
    folder = WriterFolder.acquire(tmp_path)
    stop = threading.Event()

    def open_segments():
        while not stop.is_set():
            folder.new_segment("trial", exchange().started)

    opening = threading.Thread(target=open_segments)
    opening.start()
    try:
        for number in range(1, 60):
            manifest = _manifest(f"trial-20261123140509-{number:05d}-{folder.writer}", folder.chain.link)
            folder.advance(manifest, manifest.to_json())
            assert folder.chain.segment == manifest.segment
    finally:
        stop.set()
        opening.join()
    folder.release()
    assert WriterFolder(folder.path).chain == folder.chain


def test_two_processes_worth_of_recordings_on_one_spool(tmp_path):
    archive = open_archive(tmp_path)
    recordings = [archive.record(JOB, RecordingOptions(TRIAL, min_free=0)) for _ in range(2)]
    for number in range(20):
        recordings[number % 2].writer.record(exchange(number)).result(10)
    assert [recording.close(30) for recording in recordings] == [[], []]
    report = verify(archive.store, "trial")
    assert report.findings == ()
    assert (report.counts.segments, report.counts.captures) == (2, 20)


def test_a_job_that_fetched_nothing_still_leaves_its_log(tmp_path):
    archive = open_archive(tmp_path)
    record_all(archive, [], failures=[failure(1), failure(2)])
    (manifest,) = archive.manifests()
    assert (manifest.counts.captures, manifest.counts.failures, manifest.first) == (0, 2, None)
    assert verify(archive.store, "trial").findings == ()


def test_orphans_of_a_cut_upload_are_only_notes(tmp_path):
    store = MemoryStore()
    folder = sealed_segments(tmp_path, 1)
    ((_, path),) = folder.segments()
    sealed = seal(path, folder.chain)
    failing = FailingStore(store, 3, after=True)
    with pytest.raises(Unavailable):
        publish(sealed, failing)
    report = verify(store, "trial")
    assert report.ok
    assert {finding.damage for finding in report.findings} == {Damage.ORPHAN_OBJECT}


def _manifest(segment, previous):

    nothing = FileEntry("a", 0, "0" * 64)
    return Manifest(
        segment,
        "2026",
        "2026",
        "x",
        "job",
        Files(nothing, nothing, None),
        Counts(0, 0, 0, 0, {}),
        None,
        None,
        previous,
    )
