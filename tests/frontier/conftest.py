"""A store to test, on SQLite and on PostgreSQL."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.frontier import FrontierStore
from crawler.state import Database
from databases import KINDS, new_database


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


@pytest.fixture(params=KINDS)
def url(request, tmp_path):
    with new_database(request.param, tmp_path) as found:
        yield found


@pytest.fixture
def database(url, clock):
    with Database(url, clock=clock) as found:
        yield found


@pytest.fixture
def store(database):
    return FrontierStore(database)
