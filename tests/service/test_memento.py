"""TimeGate, TimeMaps and the choice of a capture (RFC 7089)."""

import re

import pytest

from crawler.service.captures import full_timestamp
from pipelines.takedown import Action, Kind, Target
from segments.making import response
from service.reading import SITE, at, page, reading, taken_down

BODY = b"<!doctype html><p>The tide is in.</p>"
MOVED = response(b"", b"Location: https://news.example/", status=b"301 Moved Permanently")
URL = f"{SITE}/"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    captured = [
        page(0, response(BODY)),
        page(20, response(b"<p>It is out.</p>")),
        # In the second in which the page was fetched, its older address led there.
        page(40, MOVED).__class__(**{**_fields(page(40, MOVED)), "url": "http://news.example/"}),
        page(40, response(b"<p>It is in again.</p>")),
        page(45, MOVED).__class__(**{**_fields(page(45, MOVED)), "url": "http://www.news.example/"}),
        page(10, response(b"<p>lost", status=b"404 Not Found"), "/lamp.png"),
        page(30, response(b"\x89PNG\r\n\x1a\n", b"Content-Type: image/png"), "/lamp.png"),
        page(32, response(b"upper"), "/Pier"),
        page(35, response(b"lower"), "/pier"),
        page(36, response(b"alone"), "/Quay"),
        page(31, response(b"odd"), "/odd?a=1&b=%E6%B8%AF#x"),
    ]
    with reading(tmp_path_factory.mktemp("memento"), captured) as found:
        yield found


def _fields(exchange):
    return {name: getattr(exchange, name) for name in exchange.__slots__}


def place(answer):
    assert answer.status == 302, answer.body
    return re.fullmatch(r"http://127\.0\.0\.1:\d+(/web/.*)", answer.headers["Location"])[1]


def links(value):
    """From relation to the addresses and times that have it."""
    found = {}
    for url, rest in re.findall(r"<([^>]*)>((?:; \w+=\"[^\"]*\")*)", value):
        told = dict(re.findall(r'; (\w+)="([^"]*)"', rest))
        for relation in told["rel"].split():
            found.setdefault(relation, []).append((url, told.get("datetime")))
    return found


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        (None, 40),
        ("Mon, 23 Nov 2026 14:05:09 GMT", 0),
        ("Mon, 23 Nov 2026 14:05:18 GMT", 0),
        ("Mon, 23 Nov 2026 14:05:20 GMT", 20),
        ("Mon, 02 Jan 2006 15:04:05 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 40),
    ],
)
def test_the_timegate_leads_to_the_nearest(served, wanted, number):
    client, _ = served
    for gate in ("/web/", "/web/timegate/"):
        answer = client.get(f"{gate}{URL}", **({"Accept-Datetime": wanted} if wanted else {}))
        assert place(answer) == f"/web/{at(number)}/{URL}"
        assert answer.headers["Vary"] == "accept-datetime"
        assert answer.headers["Memento-Datetime"] is None
        assert {"original", "timemap", "first", "last"} <= links(answer.headers["Link"]).keys()


@pytest.mark.parametrize(
    "wanted",
    ["yesterday", "2026-11-23", "Mon, 23 Nov 2026 14:05:09 CET", "Mon, 99 Nov 2026 14:05:09 GMT", ""],
)
def test_a_date_that_is_none_is_refused(served, wanted):
    client, _ = served
    answer = client.get(f"/web/{URL}", **{"Accept-Datetime": wanted})
    assert (answer.status, answer.json["status_ext"]) == (400, "error:bad-request")


def test_a_memento_tells_of_those_around_it(served):
    client, _ = served
    answer = client.get(f"/web/{at(20)}/{URL}")
    assert answer.status == 200
    assert answer.headers["Memento-Datetime"] == "Mon, 23 Nov 2026 14:05:29 GMT"
    assert answer.headers["Content-Location"] == f"/web/{at(20)}/{URL}"
    told = links(answer.headers["Link"])
    assert told["original"] == [(URL, None)]
    assert told["timegate"] == [(f"{client.url}/web/{URL}", None)]
    assert told["timemap"] == [(f"{client.url}/web/timemap/link/{URL}", None)]
    assert (
        told["first"]
        == told["prev"]
        == [(f"{client.url}/web/{at(0)}/{URL}", "Mon, 23 Nov 2026 14:05:09 GMT")]
    )
    assert told["next"][0][1] == "Mon, 23 Nov 2026 14:05:49 GMT"
    assert told["last"][0][1] == "Mon, 23 Nov 2026 14:05:54 GMT"


@pytest.mark.parametrize("digits", ["2", "2026", "20261123", "2026112314050", "20260231", "20261123140508"])
def test_an_inexact_time_leads_to_the_exact_one(served, digits):
    client, _ = served
    for kind in ("", "id_", "mp_"):
        assert place(client.get(f"/web/{digits}{kind}/{URL}")) == f"/web/{at(0)}{kind}/{URL}"


def test_times_outside_of_the_calendar_are_moved_into_it():
    assert full_timestamp("20260231") == "20260228000000"
    assert full_timestamp("99999999999999") == "99991231235959"
    assert full_timestamp("0") == "00010101000000"
    assert full_timestamp("20261") == "20261001000000"


def test_redirects_between_forms_of_an_address_make_no_loop(served):
    client, _ = served
    for start in (
        URL,
        "http://news.example/",
        "http://www.news.example/",
        "news.example",
        "https://NEWS.example",
    ):
        path, seen = f"/web/{start}", []
        while (answer := client.get(path)).status in {301, 302}:
            seen.append(path)
            path = answer.headers["Location"].removeprefix(client.url)
            assert path not in seen
        assert (answer.status, b"in again" in answer.body) == (200, True)
    # The redirect itself is there for who asks for it.
    assert client.get(f"/web/{at(40)}id_/http://news.example/").status == 301


def test_what_a_page_needs_is_not_answered_with_an_old_error(served):
    client, _ = served
    url = f"{SITE}/lamp.png"
    assert place(client.get(f"/web/{at(12)}/{url}")) == f"/web/{at(10)}/{url}"
    assert place(client.get(f"/web/{at(12)}im_/{url}")) == f"/web/{at(30)}im_/{url}"
    assert client.get(f"/web/{at(10)}/{url}").status == 404


def test_addresses_that_differ_in_case_are_told_apart(served):
    client, _ = served
    assert place(client.get(f"/web/{at(35)}id_/{SITE}/Pier")) == f"/web/{at(32)}id_/{SITE}/Pier"
    assert client.get(f"/web/{at(32)}id_/{SITE}/Pier").body == b"upper"
    assert client.get(f"/web/{at(35)}id_/{SITE}/pier").body == b"lower"
    # Where there is no other one it is what was meant.
    assert client.get(f"/web/{at(36)}id_/{SITE}/quay").body == b"alone"


@pytest.mark.parametrize(
    "form",
    [
        "https://news.example/odd?a=1&b=%E6%B8%AF",
        "https:/news.example/odd?a=1&b=%E6%B8%AF",
        "news.example/odd?b=%E6%B8%AF&a=1",
        "https%3A%2F%2Fnews.example%2Fodd%3Fa%3D1%26b%3D%25E6%25B8%25AF",
        "HTTPS://news.example/odd?a=1&b=%e6%b8%af",
    ],
)
def test_addresses_are_understood_as_clients_write_them(served, form):
    client, _ = served
    assert client.get(f"/web/{at(31)}id_/{form}").body == b"odd"


def test_timemaps_hold_every_memento(served):
    client, _ = served
    answer = client.get(f"/web/timemap/link/{URL}")
    assert answer.headers["Content-Type"] == "application/link-format"
    told = links(answer.body.decode())
    times = ["09", "29", "49", "49", "54"]
    assert [when for _, when in told["memento"]] == [f"Mon, 23 Nov 2026 14:05:{each} GMT" for each in times]
    assert told["timegate"] == [(f"{client.url}/web/{URL}", None)]
    assert not answer.body.decode().rstrip().endswith(",")
    table = client.get(f"/web/timemap/json/{URL}").json
    assert [row[1] for row in table] == ["timestamp", *(f"202611231405{each}" for each in times)]
    assert client.get(f"/web/timemap/cdx/{URL}").body == client.get(f"/cdx?url={URL}").body
    listed = client.get(f"/web/*/{URL}").body.decode()
    assert listed.count(f"{client.url}/web/2026") == len(times)


def test_what_is_not_there_is_404(served):
    client, _ = served
    for path in ("2026/", "", "timemap/link/", "*/", "2026id_/"):
        answer = client.get(f"/web/{path}https://nowhere.example/")
        assert answer.status == 404
        assert b"Traceback" not in answer.body
    assert client.get("/web/").status == 400
    assert client.get("/web/2026/" + "a" * 9000).status == 400


def test_what_is_taken_down_is_not_shown(served):
    client, context = served
    hide = (Action.HIDE, Target(Kind.URL, URL, last=at(20)))
    with taken_down(context, hide):
        assert place(client.get(f"/web/{at(0)}/{URL}")) == f"/web/{at(40)}/{URL}"
        assert at(0).encode() not in client.get(f"/web/timemap/link/{URL}").body
        assert f"/web/{at(0)}" not in client.get(f"/web/{at(40)}/{URL}").headers["Link"]
        assert at(0).encode() not in client.get(f"/web/*/{URL}").body
    with taken_down(context, (Action.HIDE, Target(Kind.HOST, "news.example"))):
        for path in (f"2026/{URL}", URL, f"timemap/link/{URL}", f"{at(0)}id_/{URL}"):
            assert client.get(f"/web/{path}").status == 404
    with taken_down(context, (Action.BLOCK, Target(Kind.URL, URL, last=at(0)))):
        answer = client.get(f"/web/{at(0)}/{URL}")
        assert (answer.status, answer.json["status_ext"]) == (451, "error:blocked-url")
        assert "a name" in answer.json["message"]
        assert place(client.get(f"/web/2026/{URL}")) == f"/web/{at(20)}/{URL}"
    assert client.get(f"/web/{at(0)}/{URL}").status == 200


def test_replay_has_an_origin_of_its_own_where_it_is_given_a_port(tmp_path):
    with reading(tmp_path, [page(0, response(BODY))], service__replay_port=8799) as (client, _):
        answer = client.get(f"/web/{at(0)}/{URL}?q=1&r=%C3%A9")
        assert answer.status == 307
        assert answer.headers["Location"] == f"http://127.0.0.1:8799/web/{at(0)}/{URL}?q=1&r=%C3%A9"
        assert client.get(f"/web/{at(0)}id_/{URL}").body == BODY
        assert client.get(f"/web/{URL}").headers["Location"] == f"http://127.0.0.1:8799/web/{at(0)}/{URL}"


def test_nothing_archived_becomes_a_service_worker(served):
    client, _ = served
    assert client.get(f"/web/{at(0)}id_/{URL}", **{"Service-Worker": "script"}).status == 403
