"""The availability API over a real archive, and who may read at all."""

import base64
import json
from contextlib import contextmanager
from dataclasses import replace

import pytest

from crawler.saves import Keys
from crawler.service.context import STALE_AFTER
from crawler.state import Database
from pipelines.errors import ManifestError
from pipelines.takedown import Action, Kind, Register, Target
from segments.making import exchange, open_archive, page, record_all, response
from service.serving import config_in, serving

URL = "https://news.example/ships/1.html"
WHO = {"who": "A. Keeper", "reason": "asked for"}


def recorded(folder, *exchanges):
    archive = open_archive(folder)
    kept = record_all(archive, exchanges)
    archive.close()
    return [each.capture for each in kept]


def captured(number, *, day, status=b"200 OK"):
    found = exchange(number, response(page(number), status=status), url=URL)
    return replace(found, started=found.started.replace(day=day))


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with four_captures(tmp_path_factory.mktemp("available")) as client:
        yield client


@contextmanager
def four_captures(folder):
    recorded(
        folder,
        captured(1, day=3),
        captured(2, day=13),
        captured(3, day=14, status=b"404 Not Found"),
        captured(4, day=23),
    )
    with serving(config_in(folder)) as (client, context):
        client.context = context
        yield client


def closest(client, query):
    return client.get(f"/wayback/available?{query}").json["archived_snapshots"].get("closest")


def test_the_nearest_capture_is_told_with_where_it_is_read(service):
    told = service.get(f"/wayback/available?url={URL}").json
    assert told == {
        "url": URL,
        "archived_snapshots": {
            "closest": {
                "status": "200",
                "available": True,
                "url": f"{service.url}/web/20261123140513/{URL}",
                "timestamp": "20261123140513",
            }
        },
    }
    assert closest(service, f"url={URL}&timestamp=202611")["timestamp"] == "20261103140510"
    assert service.get(f"/wayback/available?url={URL}&timestamp=2026").json["timestamp"] == "2026"


def test_scheme_may_be_left_out_and_what_is_not_there_is_an_empty_answer(service):
    assert closest(service, "url=news.example/ships/1.html")["timestamp"] == "20261123140513"
    assert service.get("/wayback/available?url=other.example").json == {
        "url": "other.example",
        "archived_snapshots": {},
    }


def test_a_good_capture_comes_before_a_nearer_error_unless_that_is_asked_for(service):
    near = f"url={URL}&timestamp=20261114140512"
    assert closest(service, near)["timestamp"] == "20261113140511"
    assert closest(service, f"{near}&status_code=404")["timestamp"] == "20261114140512"
    assert closest(service, f"url={URL}&status_code=500") is None


def test_a_form_may_be_posted_and_a_function_called(service):
    assert service.post("/wayback/available", {"url": URL}).json["archived_snapshots"]["closest"]["available"]
    script = service.get(f"/wayback/available?url={URL}&callback=show.it")
    assert script.headers["Content-Type"].startswith("text/javascript")
    name, _, rest = script.body.removeprefix(b"/**/").partition(b"(")
    assert name == b"show.it"
    assert json.loads(rest.removesuffix(b");"))["url"] == URL
    assert service.get(f"/wayback/available?url={URL}&callback=alert(1)//").status == 400


@pytest.mark.parametrize("query", ["", "url=", f"url={URL}&timestamp=2026x", f"url={URL}&status_code=x"])
def test_questions_that_cannot_be_answered_are_refused(service, query):
    refused = service.get(f"/wayback/available?{query}")
    assert (refused.status, refused.json["status_ext"]) == (400, "error:bad-request")


def test_what_is_taken_down_while_we_serve_is_gone_and_what_is_left_is_told(tmp_path, until):
    other = open_archive(tmp_path)  # as another machine has it
    register = Register(other.store, "trial")
    with four_captures(tmp_path) as service:
        register.add(Action.HIDE, Target(Kind.URL, URL, first="20261120"), **WHO)
        until(lambda: closest(service, f"url={URL}")["timestamp"] == "20261113140511")
        register.add(Action.BLOCK, Target(Kind.URL, URL), **WHO)
        until(lambda: closest(service, f"url={URL}") is None)
    other.close()


def test_what_another_machine_publishes_is_found(service, tmp_path, until):
    elsewhere = "https://elsewhere.example/"
    other = open_archive(tmp_path / "other", store=service.context.archive.store)
    record_all(other, [exchange(7, url=elsewhere)])
    other.close()
    until(lambda: closest(service, f"url={elsewhere}") is not None)


def test_nothing_is_shown_where_take_downs_cannot_be_read(tmp_path):
    with four_captures(tmp_path) as service:
        service.context.archive.store.put("trial/takedowns/20261124000000-damaged.json", b"{")
        with pytest.raises(ManifestError):
            service.context.refresh()
        assert closest(service, f"url={URL}") is not None  # for as long as a minute
        service.context._refreshed -= STALE_AFTER + 1
        refused = service.get(f"/wayback/available?url={URL}")
    assert refused.status == 503
    assert b"take-down" not in refused.body


def test_reading_needs_a_key_where_it_is_not_public(tmp_path):
    recorded(tmp_path, captured(1, day=3))
    config = config_in(tmp_path, service__public_read=False)
    with Database(config.state_url) as database:
        key = Keys(database).add("reader").text
    path = f"/wayback/available?url={URL}"
    with serving(config) as (client, _):
        closed = client.get(path)
        assert closed.status == 401
        assert closed.headers["WWW-Authenticate"].startswith("Basic")
        assert client.get(f"/web/2026/{URL}").status == 401
        assert client.get(f"/cdx?url={URL}").status == 401
        assert client.get(path, Authorization="LOW reader:wrong").status == 401
        assert client.get(path, Authorization=f"LOW {key}").status == 200
        basic = base64.b64encode(key.encode()).decode()
        assert client.get(path, Authorization=f"Basic {basic}").status == 200
        # What a browser sends along by itself must not be enough to change anything.
        assert client.post("/save", {"url": URL}, Authorization=f"Basic {basic}").status == 401


def test_links_lead_where_clients_reach_us(tmp_path):
    recorded(tmp_path, captured(1, day=3))
    with serving(config_in(tmp_path, service__base_url="https://archive.example/news/")) as (client, _):
        assert closest(client, f"url={URL}")["url"].startswith("https://archive.example/news/web/2026")
