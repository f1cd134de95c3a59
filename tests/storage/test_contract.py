"""The contract of pipelines/storage/contract.py, over memory, a folder and a real S3 server."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.errors import Conflict, NotFound, StorageError
from pipelines.storage import LocalStore, MemoryStore, S3Store, open_store
from s3server import new_bucket

ODD_KEYS = [
    "a b/c+d",
    "per%20cent/%2F",
    "Zürich/報紙/第一版.warc.gz",
    "emoji/🗞",
    "q?x=1&y=2#z",
    "a'b\"c<d>&e",
    "back\\slash",
    "star*/[x]{y}~!$@=:,;",
    "dots/..x/...",
    "under/.hidden",
    "\u00a0nbsp/\u200bzero",
    "é-composed/e\u0301-decomposed",
]
BAD_KEYS = [
    "",
    "/",
    "/abs",
    "a//b",
    "a/",
    ".",
    "..",
    "a/../b",
    "a/./b",
    "nul\0",
    "line\nbreak",
    "del\x7f",
    "c1\x85",
    "x" * 1025,
    "é" * 513,
    ".hidden/x",
    "lone\udc80",
]


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def keys(store, prefix="", after=""):
    return [info.key for info in store.list(prefix, after=after)]


def test_gives_back_what_was_put(store):
    content = bytes(range(256)) * 10
    put = store.put("a/b", content)
    assert (put.key, put.size) == ("a/b", 2560)
    assert put.modified.utcoffset() == timedelta(0)
    assert abs(put.modified - datetime.now(UTC)) < timedelta(minutes=5)
    assert store.get("a/b") == content
    head = store.head("a/b")
    assert (head.key, head.size, head.modified) == (put.key, put.size, put.modified)
    assert head.sha256 in {None, sha256(content)}


def test_keeps_empty_objects(store, tmp_path):
    (tmp_path / "empty").touch()
    store.put("empty", b"")
    store.put_file("empty-file", tmp_path / "empty", sha256=sha256(b""))
    for key in ("empty", "empty-file"):
        assert store.get(key) == b""
        assert store.head(key).size == 0
        assert store.get_range(key, 0, 10) == b""
        with store.open(key) as reader:
            assert reader.read() == b""


def test_never_overwrites(store, tmp_path):
    (tmp_path / "file").write_bytes(b"second")
    store.put("a", b"first")
    with pytest.raises(Conflict, match="a"):
        store.put("a", b"second")
    with pytest.raises(Conflict):
        store.put("a", b"first")
    with pytest.raises(Conflict):
        store.put_file("a", tmp_path / "file", sha256=sha256(b"second"))
    assert store.get("a") == b"first"
    assert keys(store) == ["a"]


def test_one_of_sixteen_writers_wins(store):
    def put(number):
        try:
            store.put("race", b"%d" % number)
        except Conflict:
            return None
        return number

    with ThreadPoolExecutor(16) as pool:
        won = [number for number in pool.map(put, range(16)) if number is not None]
    assert len(won) == 1
    assert store.get("race") == b"%d" % won[0]


@pytest.mark.parametrize("size", [1000, 5 << 20, (11 << 20) + 17])
def test_stores_files_of_one_part_and_of_several(store, tmp_path, size):
    content = os.urandom(size)
    path = tmp_path / "spooled"
    path.write_bytes(content)
    info = store.put_file("big/file", path, sha256=sha256(content).upper())
    assert (info.size, info.sha256) == (size, sha256(content))
    assert path.read_bytes() == content
    assert store.get("big/file") == content
    assert store.head("big/file").sha256 in {None, sha256(content)}
    with pytest.raises(Conflict):
        store.put_file("big/file", path, sha256=sha256(content))
    path.unlink()
    assert store.get_range("big/file", size - 3, 10) == content[-3:]


@pytest.mark.parametrize("size", [1000, (6 << 20)])
def test_refuses_a_file_that_is_not_what_was_said(store, tmp_path, size):
    path = tmp_path / "spooled"
    path.write_bytes(os.urandom(size))
    with pytest.raises(StorageError, match="sha256"):
        store.put_file("a/b", path, sha256=sha256(b"other"))
    assert keys(store) == []
    with pytest.raises(NotFound):
        store.head("a/b")


def test_a_missing_file_is_not_a_missing_object(store, tmp_path):
    with pytest.raises(StorageError, match="nowhere") as raised:
        store.put_file("a", tmp_path / "nowhere", sha256=sha256(b""))
    assert not isinstance(raised.value, NotFound)
    assert keys(store) == []


def test_says_what_is_not_there(store):
    store.put("there/a", b"x")
    for key in ("nothing", "there", "there/b", "there/a/below"):
        for read in (store.get, store.head, store.open, lambda key: store.get_range(key, 0, 1)):
            with pytest.raises(NotFound, match=key):
                read(key)
        with pytest.raises(NotFound):
            store.get_range(key, 0, 0)
        store.delete(key)
    assert keys(store) == ["there/a"]


def test_reads_ranges(store):
    store.put("a", b"0123456789")
    assert store.get_range("a", 0, 10) == b"0123456789"
    assert store.get_range("a", 3, 4) == b"3456"
    assert store.get_range("a", 8, 4) == b"89"
    assert store.get_range("a", 3, 0) == b""
    assert store.get_range("a", 10, 1) == b""
    assert store.get_range("a", 99, 1) == b""
    assert store.get_range("a", 0, 1 << 40) == b"0123456789"
    for offset, length in ((-1, 1), (0, -1)):
        with pytest.raises(ValueError, match="range"):
            store.get_range("a", offset, length)


def test_opens_a_sequential_reader(store):
    content = os.urandom(3_000_000)
    store.put("a", content)
    with store.open("a") as reader:
        pieces = [reader.read(1), reader.read(70_000), *iter(lambda: reader.read(1 << 20), b"")]
    assert b"".join(pieces) == content
    with store.open("a") as left_early:
        assert left_early.read(10) == content[:10]
    with store.open("a") as reader:
        assert reader.readline() == content[: content.index(b"\n") + 1]


def test_deletes(store):
    store.put("a/b", b"x")
    store.put("a/c", b"y")
    store.delete("a/b")
    store.delete("a/b")
    assert keys(store) == ["a/c"]
    store.put("a/b", b"z")
    assert store.get("a/b") == b"z"


@pytest.mark.parametrize("key", ODD_KEYS)
def test_takes_odd_keys(store, key):
    store.put(key, key.encode())
    assert store.get(key) == key.encode()
    assert store.get_range(key, 0, 3) == key.encode()[:3]
    assert keys(store) == [key]
    assert keys(store, prefix=key[:2]) == [key]
    assert keys(store, after=key) == []
    store.delete(key)
    assert keys(store) == []


@pytest.mark.parametrize("key", BAD_KEYS)
def test_refuses_what_is_no_key(store, key, tmp_path):
    (tmp_path / "file").write_bytes(b"x")
    calls = (
        lambda: store.put(key, b"x"),
        lambda: store.put_file(key, tmp_path / "file", sha256=sha256(b"x")),
        lambda: store.get(key),
        lambda: store.get_range(key, 0, 1),
        lambda: store.open(key),
        lambda: store.head(key),
        lambda: store.delete(key),
    )
    for call in calls:
        with pytest.raises(StorageError, match="is no key") as raised:
            call()
        assert type(raised.value) is StorageError
    assert keys(store) == []


def test_lists_in_the_order_of_bytes(store):
    # Sorted by folder, or by UTF-16 units, these would come otherwise.
    names = ["a-b", "a.x", "a/b", "a/b.c/d", "a/b/c", "a0", "aé", "a\uff21", "a\U0001f5de", "b"]
    names.remove("a/b")
    for name in reversed(names):
        store.put(name, b"x")
    assert sorted(names, key=str.encode) == names
    assert keys(store) == names
    assert keys(store, prefix="a/") == ["a/b.c/d", "a/b/c"]
    assert keys(store, prefix="a/b") == ["a/b.c/d", "a/b/c"]
    assert keys(store, prefix="a/b/") == ["a/b/c"]
    assert keys(store, after="a/b") == names[2:]
    assert keys(store, after="a/b.c/d") == names[3:]
    assert keys(store, prefix="a/", after="a/b.c/d") == ["a/b/c"]
    assert keys(store, prefix="a/", after="zz") == []
    assert keys(store, prefix="a/", after="A") == ["a/b.c/d", "a/b/c"]
    assert keys(store, after="a-") == names


def test_lists_nothing_where_nothing_is(store):
    assert keys(store) == []
    store.put("a/b", b"x")
    for prefix in ("b", "a/b/", "a/b/c", "a//", "/", "../", "a/../a", "./a"):
        assert keys(store, prefix=prefix) == []


def test_lists_sizes_and_times(store):
    put = store.put("a/b", b"four")
    (info,) = store.list()
    assert (info.key, info.size) == ("a/b", 4)
    assert abs(info.modified - put.modified) <= timedelta(seconds=1)
    assert info.modified.utcoffset() == timedelta(0)


SEGMENT = st.text(st.sampled_from("a-./0é\uffee\U0001f5de"), min_size=1, max_size=4)


def without_folders_among_them(found):
    return [key for key in found if not any(other.startswith(key + "/") for other in found)]


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    names=st.lists(SEGMENT, max_size=12, unique=True),
    prefix=st.one_of(st.just(""), SEGMENT),
    after=st.one_of(st.just(""), SEGMENT),
)
@pytest.mark.parametrize("kind", ["memory", "local"])
def test_lists_as_a_sorted_set_would(kind, names, prefix, after, tmp_path_factory):
    store = MemoryStore() if kind == "memory" else LocalStore(tmp_path_factory.mktemp("store"))
    put = set()
    for name in without_folders_among_them(names):
        try:
            store.put(name, b"x")
        except StorageError as error:
            assert "is no key" in str(error)  # noqa: PT017
        else:
            put.add(name)
    wanted = [key for key in put if key.startswith(prefix) and key.encode() > after.encode()]
    assert keys(store, prefix, after) == sorted(wanted, key=str.encode)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(prefix=SEGMENT, after=SEGMENT)
def test_s3_lists_as_memory_does(prefix, after, listed_alike):
    memory, s3 = listed_alike
    assert keys(s3, prefix, after) == keys(memory, prefix, after)


@pytest.fixture(scope="module")
def listed_alike(s3_options):
    memory, s3 = MemoryStore(), S3Store(new_bucket(s3_options), "p", s3_options)
    for name in (
        "a-/a",
        "a.",
        "a0",
        "aa/a",
        "aé/a",
        "aa.",
        "0/a/a",
        "0/a.",
        "é",
        "é.",
        "\uffee",
        "\U0001f5de",
    ):
        memory.put(name, b"x")
        s3.put(name, b"x")
    return memory, s3


def test_goes_on_while_the_store_changes(store):
    for number in range(10):
        store.put(f"k{number}", b"x")
    listing = store.list()
    first = [info.key for info in islice(listing, 3)]
    store.delete("k5")
    store.put("k99", b"x")
    rest = [info.key for info in listing]
    assert first == ["k0", "k1", "k2"]
    assert set(rest) - {"k5", "k99"} == {"k3", "k4", "k6", "k7", "k8", "k9"}


def test_probe_leaves_nothing(store):
    store.probe()
    store.probe()
    assert keys(store) == []
    store.put("a", b"x")
    assert keys(store) == ["a"]


def test_its_url_opens_it_again(store, s3_options):
    store.put("a/b", b"x")
    again = open_store(store.url, s3=s3_options)
    assert again.get("a/b") == b"x"
    assert again.url == store.url
