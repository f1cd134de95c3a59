import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, func, select, update

from crawler.state import Database
from crawler.state.database import SCHEMA_VERSION, _version
from databases import KINDS, new_database
from pipelines.errors import ConfigError, JobError, NewswarcError, SpoolFull

TABLES = MetaData()
numbers = Table("numbers", TABLES, Column("number", Integer, primary_key=True))


@pytest.fixture(params=KINDS)
def url(request, tmp_path):
    with new_database(request.param, tmp_path) as found:
        yield found


@pytest.fixture
def database(url):
    with Database(url) as found:
        found.ensure(TABLES)
        yield found


def test_a_transaction_is_whole_or_not_at_all(database):
    def fail():
        with database.transaction() as connection:
            connection.execute(database.insert(numbers).values(number=1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert count(database) == 0
    with database.transaction() as connection:
        connection.execute(database.insert(numbers).values(number=1))
    assert count(database) == 1


def test_a_transaction_within_another_is_part_of_it(database, url):
    with database.transaction(), Database(url) as other:
        with database.transaction() as connection:
            connection.execute(database.insert(numbers).values(number=1))
        assert count(other) == 0
    assert count(database) == 1


def test_several_that_start_at_once_make_the_tables_once(url):
    errors = []

    def start():
        try:
            with Database(url) as database:
                database.ensure(TABLES)
        except NewswarcError as err:
            errors.append(err)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors


def test_a_database_of_another_version_is_left_alone(database, url):
    with database.transaction() as connection:
        connection.execute(update(_version).values(version=SCHEMA_VERSION + 1))
    with pytest.raises(ConfigError, match=f"version {SCHEMA_VERSION + 1}.*needs {SCHEMA_VERSION}"):
        Database(url)


def test_now_is_what_the_clock_says(url):
    moment = datetime(2026, 11, 23, 14, 5, 9, tzinfo=UTC)
    with Database(url, clock=lambda: moment) as database:
        assert database.now() == moment.timestamp()


def test_a_checkpoint_moves_the_log_into_the_file(tmp_path):
    with Database(f"sqlite:///{tmp_path / 'state.sqlite'}") as database:
        database.ensure(TABLES)
        fill(database)
        before = (tmp_path / "state.sqlite").stat().st_size
        database.checkpoint()
        assert (tmp_path / "state.sqlite").stat().st_size > before


@pytest.mark.parametrize("url", ["nonsense", "mysql://host/db", "sqlite+nodriver:///x"])
def test_urls_that_cannot_be_used(url):
    with pytest.raises(ConfigError, match=r"state: "):
        Database(url)


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match=r"cannot make the folder .*state\.folder"):
        Database(f"sqlite:///{tmp_path}/file/state.sqlite")


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "state.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(JobError, match="not a database"):
        Database(f"sqlite:///{tmp_path}/state.sqlite")


def test_a_full_disk_is_told_as_such(tmp_path):
    with Database(f"sqlite:///{tmp_path / 'state.sqlite'}") as database:
        database.ensure(TABLES)
        with database.transaction() as connection:
            connection.exec_driver_sql("pragma max_page_count = 10")
        with pytest.raises(SpoolFull, match="make room"):
            fill(database)


def fill(database):
    with database.transaction() as connection:
        connection.execute(numbers.insert(), [{"number": number} for number in range(100_000)])


def count(database):
    with database.transaction() as connection:
        return connection.execute(select(func.count()).select_from(numbers)).scalar()
