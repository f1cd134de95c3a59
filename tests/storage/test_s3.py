"""What only S3 does, against a real server and before it a proxy that fails on command."""

import hashlib
import logging
import os
import threading
import time
from dataclasses import replace

import pytest

from pipelines.errors import Conflict, Denied, NotFound, StorageError, Unavailable, Unfit
from pipelines.storage import S3Store
from s3server import client_of, new_bucket
from s3server.faults import FaultyProxy
from s3server.tls import server_context

MIB = 1 << 20


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def keys(store):
    return [info.key for info in store.list()]


def raw_keys(options, bucket):
    return [each["Key"] for each in client_of(options).list_objects_v2(Bucket=bucket).get("Contents", [])]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(os.urandom(12 * MIB + 5))
    return path


@pytest.fixture
def store(s3_options, bucket):
    return S3Store(bucket, "p", s3_options)


@pytest.fixture
def behind(s3_options, bucket, proxy):
    """A store that is reached through the proxy, asked twice at most."""
    options = replace(s3_options, endpoint_url=proxy.url, max_attempts=2)
    found = S3Store(bucket, "p", options)
    found.probe()
    return found


def test_the_store_tells_the_sha256_of_single_parts(store, file):
    store.put("small", b"x")
    assert store.head("small").sha256 == sha256(b"x")
    store.put_file("large", file, sha256=sha256(file.read_bytes()))
    assert store.head("large").sha256 is None


def test_reads_back_where_checksums_are_not_to_be_sent(s3_options, bucket, file, proxy):
    options = replace(s3_options, endpoint_url=proxy.url, request_checksum_calculation="when_required")
    store = S3Store(bucket, "", options)
    content = file.read_bytes()
    assert store.put_file("large", file, sha256=sha256(content)).sha256 == sha256(content)
    assert store.put("small", b"x").sha256 == sha256(b"x")
    assert b"x-amz-checksum-sha256" not in proxy.requests
    assert proxy.requests.count(b"GET /%s/large" % bucket.encode()) == 1
    with pytest.raises(Conflict):
        store.put("small", b"y")


def test_checksums_go_with_every_upload(s3_options, bucket, file, proxy):
    store = S3Store(bucket, "", replace(s3_options, endpoint_url=proxy.url))
    store.probe()
    proxy.requests.clear()
    store.put_file("large", file, sha256=sha256(file.read_bytes()))
    assert proxy.requests.count(b"\r\nx-amz-checksum-sha256: ") == 3
    assert b"GET /" not in proxy.requests


def test_bytes_changed_in_the_store_are_noticed(s3_options, bucket, monkeypatch):
    store = S3Store(bucket, "", replace(s3_options, request_checksum_calculation="when_required"))
    store.probe()
    other = client_of(s3_options)

    def overwrite(**arguments):
        return other.put_object(Bucket=arguments["Bucket"], Key=arguments["Key"], Body=b"changed")

    # No server at hand spoils bytes, so ours is told to keep others.
    monkeypatch.setattr(store._bucket.client, "put_object", overwrite)
    with pytest.raises(Unfit, match="differs"):
        store.put("a", b"correct")
    assert keys(store) == []


def test_lists_page_after_page(s3_options, bucket):
    client = client_of(s3_options)
    names = [f"p/{number:04}" for number in range(1010)]
    for name in [*names, "p/", "p/folder/", "p/.probe/left", "pq", "o"]:
        client.put_object(Bucket=bucket, Key=name, Body=b"")
    store = S3Store(bucket, "p", s3_options)
    assert keys(store) == [f"{number:04}" for number in range(1010)]
    assert [info.key for info in store.list(after="1007")] == ["1008", "1009"]


def test_names_the_missing_bucket(s3_options, tmp_path):
    store = S3Store("no-such-bucket", "", s3_options)
    for call in (
        lambda: store.put("a", b"x"),
        lambda: store.get("a"),
        lambda: store.head("a"),
        lambda: keys(store),
        store.probe,
    ):
        with pytest.raises(StorageError, match="create") as raised:
            call()
        assert not isinstance(raised.value, NotFound)


def test_a_wrong_secret_is_denied(s3_options, bucket):
    store = S3Store(bucket, "", replace(s3_options, secret_key="wrong"))
    for call in (lambda: store.put("a", b"x"), lambda: store.get("a"), store.probe):
        with pytest.raises(Denied, match="secret_key"):
            call()
    with pytest.raises(Denied):
        store.head("a")


def test_an_unknown_key_is_denied(s3_options, bucket):
    store = S3Store(bucket, "", replace(s3_options, access_key="AKIAUNKNOWN000000000"))
    with pytest.raises(Denied, match="access_key"):
        store.get("a")


def test_without_credentials_it_is_denied(s3_options, bucket, monkeypatch, tmp_path):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    store = S3Store(bucket, "", replace(s3_options, access_key=None, secret_key=None))
    with pytest.raises(Denied, match="profile"):
        store.get("a")


def test_a_full_key_may_get_too_long(s3_options, bucket):
    store = S3Store(bucket, "p" * 600, s3_options)
    with pytest.raises(StorageError, match="shorten the prefix"):
        store.put("k" * 600, b"x")


@pytest.fixture
def impatient(s3_options, bucket, proxy):
    """A store that is reached through the proxy and asks once only."""
    options = replace(s3_options, endpoint_url=proxy.url, read_timeout=1, max_attempts=1)
    found = S3Store(bucket, "p", options)
    found.probe()
    return found


@pytest.mark.parametrize("mode", ["refuse", "503", "cut"])
def test_an_outage_is_unavailable_and_passes(impatient, proxy, file, mode):
    impatient.put("there", b"x")
    proxy.mode = mode
    digest = sha256(file.read_bytes())
    for call in (
        lambda: impatient.put("a", b"x"),
        lambda: impatient.put_file("b", file, sha256=digest),
        lambda: impatient.get("there"),
        lambda: impatient.get_range("there", 0, 1),
        lambda: impatient.open("there"),
        lambda: impatient.head("there"),
        lambda: keys(impatient),
        lambda: impatient.delete("there"),
        impatient.probe,
    ):
        with pytest.raises(Unavailable, match="storage: cannot"):
            call()
    proxy.mode = "pass"
    assert impatient.get("there") == b"x"
    impatient.put("a", b"y")
    impatient.put_file("b", file, sha256=digest)
    assert keys(impatient) == ["a", "b", "there"]


def test_a_store_that_hangs_is_unavailable(impatient, proxy):
    impatient.put("there", b"x")
    proxy.mode = "slow"
    for call in (lambda: impatient.put("a", b"x"), lambda: impatient.get("there"), lambda: keys(impatient)):
        with pytest.raises(Unavailable, match="timeout"):
            call()
    proxy.mode = "pass"
    assert keys(impatient) == ["there"]
    with impatient.open("there") as reader:
        assert reader.read() == b"x"


def test_an_outage_shorter_than_the_patience_is_not_noticed(s3_options, bucket, proxy):
    store = S3Store(bucket, "", replace(s3_options, endpoint_url=proxy.url, max_attempts=4))
    proxy.fail("503", times=2)
    store.put("a", b"x")
    assert proxy.faults == 2
    assert store.get("a") == b"x"


def test_a_refusal_is_denied_at_once(behind, proxy):
    proxy.mode = "403"
    with pytest.raises(Denied, match="right"):
        behind.put("a", b"x")
    assert proxy.faults == 1


def test_an_answer_that_is_lost_is_not_taken_for_a_conflict(behind, proxy, file):
    # 25 bytes are "100 Continue"; the answer proper is cut, so the client puts once more.
    proxy.fail("cut-after:30", times=1)
    behind.put("a", b"x")
    assert proxy.faults == 1
    assert behind.get("a") == b"x"
    with pytest.raises(Conflict):
        behind.put("a", b"x")


def test_a_completion_whose_answer_is_lost_is_complete(behind, proxy, file, monkeypatch):
    client = behind._bucket.client
    complete = client.complete_multipart_upload

    def lose_the_answer(**arguments):
        proxy.fail("cut-after:5", times=1)
        return complete(**arguments)

    monkeypatch.setattr(client, "complete_multipart_upload", lose_the_answer)
    content = file.read_bytes()
    assert behind.put_file("a", file, sha256=sha256(content)).size == len(content)
    assert proxy.faults == 1
    assert behind.get("a") == content


def test_an_upload_that_fails_is_aborted(s3_options, bucket, proxy, file, monkeypatch):
    behind = S3Store(bucket, "p", replace(s3_options, endpoint_url=proxy.url, upload_threads=1))
    client = behind._bucket.client
    upload_part = client.upload_part

    def fail_at_the_third(**arguments):
        if arguments["PartNumber"] == 3:
            proxy.fail("503", times=2)
        return upload_part(**arguments)

    monkeypatch.setattr(client, "upload_part", fail_at_the_third)
    with pytest.raises(Unavailable):
        behind.put_file("a", file, sha256=sha256(file.read_bytes()))
    assert "Uploads" not in client_of(s3_options).list_multipart_uploads(Bucket=bucket)
    assert keys(behind) == []


def test_who_comes_second_aborts(store, s3_options, bucket, file, monkeypatch):
    client = store._bucket.client
    complete = client.complete_multipart_upload

    def be_late(**arguments):
        S3Store(bucket, "p", s3_options).put("a", b"first")
        return complete(**arguments)

    monkeypatch.setattr(client, "complete_multipart_upload", be_late)
    with pytest.raises(Conflict):
        store.put_file("a", file, sha256=sha256(file.read_bytes()))
    assert store.get("a") == b"first"
    assert "Uploads" not in client_of(s3_options).list_multipart_uploads(Bucket=bucket)


def test_reading_goes_on_where_it_was_cut(behind, proxy):
    content = os.urandom(3_000_000)
    behind.put("a", content)
    proxy.fail("cut-after:1000000", times=2)
    with behind.open("a") as reader:
        assert reader.read() == content
    assert proxy.faults == 2
    proxy.fail("cut-after:700000", times=1)
    assert behind.get("a") == content
    proxy.fail("cut-after:700000", times=1)
    assert behind.get_range("a", 1000, 2_000_000) == content[1000:2_001_000]
    assert proxy.faults == 4


def test_reading_that_cannot_go_on_does_not_look_like_the_end(behind, proxy):
    # More than fits into the buffers of three sockets on the way.
    content = os.urandom(40 * MIB)
    behind.put("a", content)
    with behind.open("a") as reader:
        start = reader.read(1_000_000)
        proxy.mode = "refuse"
        with pytest.raises(Unavailable, match="read"):
            reader.read()
    assert content.startswith(start)


def test_an_object_that_changes_while_it_is_read_is_noticed(behind, proxy, s3_options, bucket):
    content = os.urandom(40 * MIB)
    behind.put("a", content)
    with behind.open("a") as reader:
        reader.read(1000)
        client_of(s3_options).put_object(Bucket=bucket, Key="p/a", Body=content[::-1])
        proxy.fail("cut-after:10000000", times=1)
        with pytest.raises(StorageError, match="changed"):
            reader.read()


def test_a_reader_left_early_lets_its_connection_go(behind):
    behind.put("a", os.urandom(3_000_000))
    for _ in range(40):
        with behind.open("a") as reader:
            reader.read(10)
    assert behind.get_range("a", 0, 1)


def test_says_once_that_conditions_are_ignored(s3_options, bucket, caplog, monkeypatch):
    store = S3Store(bucket, "", s3_options)
    client = store._bucket.client
    put_object = client.put_object

    def ignore_the_condition(**arguments):
        return put_object(**{name: each for name, each in arguments.items() if name != "IfNoneMatch"})

    # The server at hand honours conditions; one that does not is made of it here.
    monkeypatch.setattr(client, "put_object", ignore_the_condition)
    with caplog.at_level(logging.WARNING):
        store.put("a", b"x")
        store.put("b", b"x")
        with pytest.raises(Conflict):
            store.put("a", b"y")
    assert [record.message for record in caplog.records if "If-None-Match" in record.message] == [
        f"s3://{bucket}/: the store ignores If-None-Match; keys must be unique without it"
    ]
    assert store.get("a") == b"x"
    assert raw_keys(s3_options, bucket) == ["a", "b"]


def test_an_archive_may_be_append_only(s3_options, bucket, caplog, monkeypatch):
    denied = client_of(replace(s3_options, secret_key="wrong"))
    store = S3Store(bucket, "", s3_options)
    monkeypatch.setattr(store._bucket.client, "delete_object", denied.delete_object)
    with caplog.at_level(logging.WARNING):
        store.probe()
    assert "may not delete" in caplog.text
    store.put("a", b"x")
    assert keys(store) == ["a"]
    with pytest.raises(Denied):
        store.delete("a")


def test_speaks_tls(s3_options, bucket, tmp_path, file):
    context, bundle = server_context(tmp_path)
    with FaultyProxy(s3_options.endpoint_url, tls=context) as proxy:
        trusting = replace(s3_options, endpoint_url=proxy.url, ca_bundle=bundle)
        store = S3Store(bucket, "", trusting)
        content = file.read_bytes()
        store.probe()
        store.put("small", b"x")
        store.put_file("large", file, sha256=sha256(content))
        assert store.get("large") == content
        assert b"x-amz-checksum-sha256" in proxy.requests
        for framing in (b"aws-chunked", b"STREAMING-"):
            assert framing not in proxy.requests
        proxy.fail("cut-after:1000000", times=1)
        assert store.get("large") == content
        with pytest.raises(StorageError, match="ca_bundle") as raised:
            S3Store(bucket, "", replace(trusting, ca_bundle=None)).get("small")
        assert not isinstance(raised.value, Unavailable)


def test_memory_stays_bounded(store, file, monkeypatch):
    held = {"now": 0, "most": 0}
    lock = threading.Lock()
    upload_part = store._bucket.client.upload_part

    def watch(**arguments):
        with lock:
            held["now"] += len(arguments["Body"])
            held["most"] = max(held.values())
        time.sleep(0.05)
        try:
            return upload_part(**arguments)
        finally:
            with lock:
                held["now"] -= len(arguments["Body"])

    monkeypatch.setattr(store._bucket.client, "upload_part", watch)
    file.write_bytes(os.urandom(40 * MIB))
    store.put_file("a", file, sha256=sha256(file.read_bytes()))
    assert 5 * MIB < held["most"] <= 20 * MIB


def test_names_of_buckets_do_not_matter(s3_options):
    name = new_bucket(s3_options, "dots.and-dashes")
    store = S3Store(name, "a b/é", s3_options)
    store.put("c", b"x")
    assert raw_keys(s3_options, name) == ["a b/é/c"]
    assert keys(store) == ["c"]
