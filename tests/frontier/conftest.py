"""A store to test, on the database that FRONTIER_TEST_URL names; by default SQLite in a new folder."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from crawler.frontier import FrontierStore
from crawler.frontier.schema import SCHEMA


class Clock:
    def __init__(self):
        self.now = datetime(2026, 11, 23, 14, 5, 9, tzinfo=UTC)

    def __call__(self):
        return self.now

    def pass_seconds(self, seconds):
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def url(tmp_path):
    return os.environ.get("FRONTIER_TEST_URL", f"sqlite:///{tmp_path / 'state.sqlite'}")


@pytest.fixture
def store(url, clock):
    with FrontierStore(url, clock=clock) as found:
        yield found
        SCHEMA.drop_all(found._engine) if "sqlite" not in url else None
