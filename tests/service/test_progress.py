"""How saves are told of while they go: events for programs, a page without script for people."""

import json
import socket
import threading
from secrets import token_hex

from crawler.saves import Stage
from service.working import OWNER, begun, post, succeed

PAGE = "https://news.example/ships/1.html"


def test_a_browser_saves_without_script(service):
    html = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    form = service.get("/save", **html)
    assert form.headers["Content-Type"].startswith("text/html")
    assert b'name="url"' in form.body
    assert b"<script" not in form.body
    refused = service.post("/save", {"url": PAGE, "key": "desk:wrong"}, **html)
    assert refused.status == 401
    assert b"You need to be logged in" in refused.body
    assert PAGE.encode() in refused.body  # nobody types it twice
    taken = service.post("/save", {"url": PAGE, "key": service.key}, **html)
    assert taken.status == 303
    path = taken.headers["Location"].removeprefix(service.url)
    waiting = service.get(path, **html)
    assert b'http-equiv="refresh"' in waiting.body
    assert b"waiting for its turn" in waiting.body
    (save,) = begun(service)
    succeed(service, save)
    done = service.get(path, **html)
    assert f"{service.url}/web/20261123140510/{PAGE}".encode() in done.body
    assert b"refresh" not in done.body
    assert "default-src 'none'" in done.headers["Content-Security-Policy"]


def test_what_others_wrote_is_escaped_in_pages(service):
    odd = "https://news.example/<script>alert(1)</script>"
    page = service.post("/save", {"url": odd, "key": "x"}, Accept="text/html")
    assert b"<script>" not in page.body


def test_progress_is_told_as_it_goes(service):
    job = post(service, {"url": PAGE}).json["job_id"]
    with socket.create_connection((service.host, service.port), timeout=20) as connection:
        connection.sendall(f"GET /save/events/{job} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        lines = connection.makefile("rb")
        assert _event(lines) == ("progress", "queued")
        (save,) = begun(service)
        with service.context.saves() as saves:
            saves.progress(job, owner=OWNER, stage=Stage.PAGE)
        assert _event(lines) == ("progress", "page")
        succeed(service, save)
        name, told = _event(lines, whole=True)
        assert (name, told["status"], told["timestamp"]) == ("done", "success", "20261123140510")
    assert service.get("/save/events/spn2-" + "0" * 40).status == 404


def test_many_wait_at_once_and_each_is_told_of_its_own(service):
    with service.context.keys() as keys:
        low = {"Authorization": f"LOW {keys.add(f'many-{token_hex(4)}', per_minute=99, concurrent=99).text}"}
    said = {}

    def wait(number):
        job = service.post("/save", {"url": f"{PAGE}?{number}"}, **low).json["job_id"]
        said[number] = service.get(f"/save/events/{job}").body

    waiting = [threading.Thread(target=wait, args=(number,)) for number in range(30)]
    for each in waiting:
        each.start()
    ended = 0
    while any(each.is_alive() for each in waiting):
        for save in begun(service):
            succeed(service, save, timestamp=f"202611231405{ended:02d}")
            ended += 1
    for number, body in said.items():
        assert body.count(b"event: done") == 1, body
        assert f"{PAGE}?{number}".encode() in body.rpartition(b"event: done")[2]


def _event(lines, *, whole=False):
    while not (line := lines.readline()).startswith(b"event: "):
        assert line
    told = json.loads(lines.readline().removeprefix(b"data: "))
    return line.decode().split()[1], (told if whole else told["stage"])
