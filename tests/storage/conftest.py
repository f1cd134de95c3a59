"""Stores to test."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from pipelines.storage import LocalStore, MemoryStore, ObjectStore, S3Options, S3Store
from s3server import new_bucket, running_s3
from s3server.faults import FaultyProxy


@pytest.fixture(scope="session")
def s3_options() -> Iterator[S3Options]:
    with running_s3() as options:
        # The least part size, so that a file of a few MiB goes up in several parts.
        yield replace(options, part_size=5 << 20, max_attempts=2, read_timeout=20)


@pytest.fixture
def bucket(s3_options):
    return new_bucket(s3_options)


@pytest.fixture(params=["memory", "local", "s3"])
def store(request, tmp_path) -> ObjectStore:
    match request.param:
        case "memory":
            return MemoryStore()
        case "local":
            return LocalStore(tmp_path / "store")
        case _:
            options = request.getfixturevalue("s3_options")
            return S3Store(request.getfixturevalue("bucket"), "some/prefix", options)


@pytest.fixture
def proxy(s3_options) -> Iterator[FaultyProxy]:
    with FaultyProxy(s3_options.endpoint_url) as found:
        yield found
