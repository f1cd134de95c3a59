from datetime import timedelta
from io import BytesIO

import pyarrow.parquet as pq
import pytest

from crawler.discovery import Kind
from crawler.ledger import State
from crawler.ledger.export import LEDGER_SCHEMA, export
from crawler.scope import Reason
from pipelines.errors import SpoolFull, StorageError, Unavailable
from pipelines.storage import LocalStore

HOUR = timedelta(hours=1)


@pytest.fixture
def store(tmp_path):
    return LocalStore(tmp_path / "store")


@pytest.fixture
def exported(paper, store, tmp_path):
    def run(job="job-1", **more):
        return export(paper.ledger, more.get("to", store), job=job, of=[paper.site], folder=tmp_path)

    return run


def rows(store, key):
    return pq.read_table(BytesIO(store.get(key))).to_pylist()


def told(store, key):
    return [(row["url"].rpartition("/")[2], row["state"], row["reason"]) for row in rows(store, key)]


def test_an_announcement_and_what_became_of_it(paper, store, exported):
    now = paper.clock.now
    said = {
        "title": "渡轮", "published": now - HOUR, "updated": now, "guid": "g", "language": "zh",
        "categories": ("a", "b, c"),
    }  # fmt: skip
    paper.announce(paper.url("a/amp", **said), identities=[paper.identity("a")])
    paper.settle("a", capture=paper.capture("a"))
    key = exported()
    assert key == f"{paper.ledger.collection}/ledger/2026/11/23/job-1.parquet"
    (row,) = rows(store, key)
    capture = paper.capture("a")
    assert row == {
        "site": "paper",
        "source": paper.feed.url,
        "url": paper.identity("a/amp"),
        "page": paper.identity("a/amp"),
        "identity": paper.identity("a"),
        "kind": "feed",
        **(said | {"categories": ["a", "b, c"]}),
        "first_seen": now,
        "last_seen": now,
        "state": "captured",
        "reason": None,
        "detail": "",
        "status": 200,
        "capture_url": capture.url,
        "capture_timestamp": capture.timestamp,
        "capture_segment": capture.segment,
        "capture_offset": capture.offset,
        "capture_digest": capture.digest,
        "gone_since": None,
        "redirect": "",
        "job": "job-1",
    }
    assert row["first_seen"].utcoffset() == timedelta()


def test_every_column_is_described(paper, store, exported):
    paper.announce("a")
    schema = pq.read_schema(BytesIO(store.get(exported())))
    assert schema.equals(LEDGER_SCHEMA)
    assert all(column.metadata[b"description"] for column in schema)


def test_only_what_changed_since(paper, store, exported):
    other = paper.source("map.xml", Kind.SITEMAP)
    paper.announce("a", "b", "c")
    paper.announce("b", source=other)
    first = exported()
    assert sorted(told(store, first)) == [(name, "pending", None) for name in "abbc"]
    assert exported("job-2") is None
    paper.clock.forward(hours=2)
    paper.announce("a", "b", "c")  # seen again: nothing new
    assert exported("job-2") is None
    paper.settle("b")
    paper.settle("c", State.REFUSED, reason=Reason.DNS)
    assert told(store, exported("job-2")) == [
        ("b", "captured", None),
        ("b", "captured", None),
        ("c", "refused", "dns"),
    ]
    paper.settle("b", capture=paper.capture("b", status=304, kind="revisit"))
    assert exported("job-3") is None
    paper.announce(paper.url("a", title="Renamed"))
    paper.announce("a", source=other)
    assert [row["title"] for row in rows(store, exported("job-3"))] == ["Renamed", ""]


def test_a_store_that_is_out_loses_nothing(paper, store, exported, tmp_path):
    (tmp_path / "file").write_text("")
    paper.announce("a")
    with pytest.raises(StorageError):
        exported(to=LocalStore(tmp_path / "file" / "store"))
    paper.announce("b")
    assert [name for name, *_ in told(store, exported("job-2"))] == ["a", "b"]


def test_an_upload_whose_end_was_not_seen_is_the_same_file(paper, exported, tmp_path):
    class Cut(LocalStore):
        def put_file(self, key, path, *, sha256):
            super().put_file(key, path, sha256=sha256)
            raise Unavailable("storage: cut off")

    paper.announce("a")
    with pytest.raises(StorageError):
        exported(to=Cut(tmp_path / "store"))
    key = exported()
    assert key.endswith("/job-1.parquet")
    assert exported() is None


def test_a_job_that_goes_on_writes_further_files(paper, store, exported):
    for name, ending in (("a", "job-1"), ("b", "job-1-2"), ("c", "job-1-3")):
        paper.announce(name)
        key = exported()
        assert key.endswith(f"/{ending}.parquet")
        assert [told[0] for told in told(store, key)] == [name]


def test_job_names_make_keys(paper, exported):
    paper.announce("a")
    assert exported("../a b/渡").endswith("/11/23/.._a_b__.parquet")


def test_sites_share_a_file_and_not_their_marks(paper, store, tmp_path):
    ledger = paper.ledger
    other = type(paper)(ledger, paper.clock)
    other.site = ledger.site("other", "https://other.example/")
    other.feed = other.source("other.xml")
    paper.announce("a")
    other.announce("b")
    alone = export(ledger, store, job="j", of=[paper.site], folder=tmp_path)
    assert [row["site"] for row in rows(store, alone)] == ["paper"]
    both = export(ledger, store, job="k", of=[other.site, paper.site], folder=tmp_path)
    assert [row["site"] for row in rows(store, both)] == ["other"]


def test_many_pages(paper, store, exported):
    paper.announce(*(f"p{number}" for number in range(520)))
    assert len({row["url"] for row in rows(store, exported())}) == 520


def test_a_folder_without_room_is_told(paper, store, tmp_path):
    paper.announce("a")
    with pytest.raises(SpoolFull, match="ledger: cannot write the export"):
        export(paper.ledger, store, job="j", of=[paper.site], folder=tmp_path / "missing")
