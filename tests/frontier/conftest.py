"""A store to test, on SQLite and on PostgreSQL."""

import asyncio
import warnings
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import NullPool, create_engine

from crawler.frontier import FrontierStore
from crawler.state import Database
from databases import KINDS, new_database
from frontier.engine import Crawl


class Clock:
    def __init__(self):
        self.now = datetime(2026, 11, 23, 14, 5, 9, tzinfo=UTC)

    def __call__(self):
        return self.now

    def pass_seconds(self, seconds):
        self.now += timedelta(seconds=seconds)


@pytest.fixture(autouse=True)
def current_loop():
    """A current event loop: what another test of this process ran with asyncio.run has taken it away."""
    try:
        with warnings.catch_warnings(action="ignore"):
            asyncio.get_event_loop()
    except RuntimeError:
        # It stays, as the one does that asyncio makes by itself: what a crawl began in it is never awaited.
        asyncio.set_event_loop(asyncio.new_event_loop())


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory):
    with new_database("postgresql", tmp_path_factory.mktemp("postgresql")) as found:
        yield found


@pytest.fixture(params=KINDS)
def url(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'state.sqlite'}"
        return
    # Emptied, not made anew: a new database takes PostgreSQL a second.
    found = request.getfixturevalue("postgresql")
    engine = create_engine(found, poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("set lock_timeout = '10s'")
        connection.exec_driver_sql("drop schema public cascade")
        connection.exec_driver_sql("create schema public")
    engine.dispose()
    yield found


@pytest.fixture
def database(url, clock):
    with Database(url, clock=clock) as found:
        yield found


@pytest.fixture
def store(database):
    return FrontierStore(database)


@pytest.fixture
def crawl(url):
    found = Crawl(url).open()
    yield found
    found.scheduler.close("shutdown")
