import time
from secrets import token_hex

import pytest

from service.serving import config_in, serving


@pytest.fixture(name="until")
def until_fixture():
    def until(condition, *, seconds=30):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "it did not come to it"
            time.sleep(0.02)

    return until


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    config = config_in(tmp_path_factory.mktemp("service"))
    with serving(config) as (client, context):
        client.context = context
        yield client


@pytest.fixture
def service(running):
    """The server with an empty queue and a key that has asked for nothing."""
    with running.context.saves() as saves, saves.database.transaction() as connection:
        connection.exec_driver_sql("delete from saves_queue")
    with running.context.keys() as keys:
        running.key = keys.add(f"desk-{token_hex(4)}").text
    running.low = {"Authorization": f"LOW {running.key}"}
    return running
