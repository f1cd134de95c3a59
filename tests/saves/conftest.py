"""A queue to test, on SQLite and on PostgreSQL, with a clock that stands still."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import NullPool, create_engine

from crawler.frontier.owner import disclaim, new_owner
from crawler.saves import Keys, Saves
from crawler.state import Database
from databases import KINDS, new_database


class Clock:
    def __init__(self):
        self.now = datetime(2026, 11, 24, 14, 5, 9, tzinfo=UTC)

    def __call__(self):
        return self.now

    def pass_seconds(self, seconds):
        self.now += timedelta(seconds=seconds)


class Worker:
    """Leases as a worker of this process, or of one that is gone."""

    def __init__(self, queue):
        self.queue, self.owner = queue, new_owner()

    def lease(self, most=1, seconds=60, **options):
        return self.queue.lease(owner=self.owner, most=most, seconds=seconds, **options)

    def die(self):
        disclaim(self.owner)


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
def queue(database):
    return Saves(database, "news")


@pytest.fixture
def keys(database):
    return Keys(database)


@pytest.fixture
def new_worker(queue):
    return lambda: Worker(queue)


@pytest.fixture
def worker(new_worker):
    return new_worker()
