"""Which addresses name a store."""

from pathlib import Path

import pytest

from pipelines.errors import ConfigError
from pipelines.storage import LocalStore, MemoryStore, S3Options, S3Store, open_store


def test_paths_name_folders(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/somebody")
    for url, folder in {
        "./archive": tmp_path / "archive",
        "archive": tmp_path / "archive",
        "./odd:name": tmp_path / "odd:name",
        "/srv/archive": Path("/srv/archive"),
        "~/archive": Path("/home/somebody/archive"),
        "file:///srv/a%20b": Path("/srv/a b"),
        "file://localhost/srv": Path("/srv"),
    }.items():
        store = open_store(url)
        assert isinstance(store, LocalStore)
        assert store.url == str(folder)
    assert list(tmp_path.iterdir()) == []


def test_s3_names_bucket_and_prefix():
    options = S3Options(endpoint_url="http://127.0.0.1:1")
    for url, again in {
        "s3://bucket": "s3://bucket",
        "s3://bucket/": "s3://bucket",
        "s3://bucket/prefix/": "s3://bucket/prefix",
        "s3://bucket.with.dots/a/b c?d#e": "s3://bucket.with.dots/a/b c?d#e",
    }.items():
        store = open_store(url, s3=options)
        assert isinstance(store, S3Store)
        assert store.url == again


def test_memory_is_new_unless_it_is_named():
    first = open_store("memory:")
    assert isinstance(first, MemoryStore)
    first.put("a", b"x")
    assert list(open_store("memory:").list()) == []
    assert open_store(first.url) is first
    named = open_store("memory:trial")
    assert open_store("memory:trial") is named


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://host/archive",
        "s3:bucket",
        "s3://",
        "s3:///prefix",
        "s3://Buck et/prefix",
        "s3://bucket/a//b",
        "s3://bucket/../b",
        "file://host/srv",
        "file:srv",
        "C:\\archive",
        "odd:name",
    ],
)
def test_anything_else_is_refused(url):
    with pytest.raises(ConfigError, match=r"s3://bucket/prefix") as raised:
        open_store(url)
    assert repr(url) in str(raised.value)


def test_options_hide_secrets():
    options = S3Options(access_key="visible", secret_key="hidden-secret", session_token="hidden-token")
    assert "visible" in repr(options)
    assert "hidden" not in repr(options)


@pytest.mark.parametrize(
    "wrong",
    [
        {"part_size": 1 << 20},
        {"part_size": 6 << 30},
        {"max_attempts": 0},
        {"upload_threads": 0},
        {"read_timeout": 0},
        {"request_checksum_calculation": "sometimes"},
    ],
)
def test_options_are_checked(wrong):
    (name,) = wrong
    with pytest.raises(ConfigError, match=name):
        S3Options(**wrong)


def test_keys_come_in_pairs():
    with pytest.raises(ConfigError, match="together"):
        S3Options(access_key="alone")


def test_settings_that_boto3_refuses(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    for options, fact in (
        (S3Options(profile="nobody"), "nobody"),
        (S3Options(endpoint_url="not a url"), "not a url"),
        (S3Options(ca_bundle=tmp_path / "missing.pem"), "missing.pem"),
    ):
        with pytest.raises(ConfigError, match=fact):
            S3Store("bucket", "", options).get("a")
