"""The save API, with the real queue behind it; the test itself is the worker that carries saves out."""

from datetime import timedelta

import pytest

from crawler.saves import Stage
from service.serving import config_in, serving
from service.working import OWNER, CarriedOut, Failing, begun, post, succeed

PAGE = "https://news.example/ships/1.html"


def test_a_save_from_post_to_success(service):
    asked = post(service, {"url": PAGE})
    assert asked.status == 200
    assert asked.json["url"] == PAGE
    job = asked.json["job_id"]
    assert job.startswith("spn2-")
    pending = service.get(f"/save/status/{job}").json
    assert (pending["status"], pending["job_id"], pending["resources"]) == ("pending", job, [])

    (save,) = begun(service)
    with service.context.saves() as saves:
        saves.progress(job, owner=OWNER, stage=Stage.REQUISITES, resources=[PAGE], fetched=1, of=3)
    pending = service.get(f"/save/status/{job}").json
    assert pending["resources"] == [PAGE]
    assert (pending["stage"], pending["fetched"], pending["of"]) == ("requisites", 1, 3)

    style = "https://news.example/style.css"
    outlinks = {"https://news.example/2": None, "https://news.example/3": None}
    succeed(service, save, final_url=f"{PAGE}?to", resources=[PAGE, style], outlinks=outlinks)
    done = service.get(f"/save/status/{job}").json
    assert done["status"] == "success"
    assert done["original_url"] == f"{PAGE}?to"
    assert done["timestamp"] == "20261123140510"
    assert done["resources"] == [PAGE, style]
    assert done["outlinks"] == [*outlinks]
    assert done["first_archive"] is True
    assert isinstance(done["duration_sec"], float)


def test_status_of_several_jobs_is_a_list_and_one_that_is_not_known_is_an_error(service):
    jobs = [post(service, {"url": f"{PAGE}?{number}"}).json["job_id"] for number in range(2)]
    lost = "spn2-" + "0" * 40
    told = service.post("/save/status", {"job_ids": f"{jobs[0]}, {jobs[1]},{lost}"}).json
    assert [each["status"] for each in told] == ["pending", "pending", "error"]
    assert [each["job_id"] for each in told] == [*jobs, lost]
    assert service.post("/save/status", {"job_id": jobs[0]}).json["status"] == "pending"
    assert service.get(f"/save/status/{lost}").status == 404
    assert service.get("/save/status/no-such").json["status"] == "error"
    assert service.post("/save/status", {}).status == 400


def test_outlinks_are_saves_of_their_own(service):
    job = post(service, {"url": PAGE, "capture_outlinks": "1"}).json["job_id"]
    (save,) = begun(service)
    assert save.options.outlinks == 100
    with service.context.saves() as saves:
        child = saves.add("https://news.example/2", parent=job)
    succeed(service, save, outlinks={child.url: child.id, "https://news.example/3": None})
    assert service.get(f"/save/status/{job}").json["outlinks"] == {child.url: child.id}
    told = service.post("/save/status", {"job_id_outlinks": job}).json
    assert [each["job_id"] for each in told] == [child.id]


def test_parameters_mean_what_the_document_says(service):
    form = {
        "url": "news.example/ships/1.html#part",
        "capture_all": "on",
        "capture_outlinks": "True",
        "skip_first_archive": "1",
        "if_not_archived_within": "3d 5h 20m,120",
        "capture_cookie": "a=b",
        "use_user_agent": "Desk/1",
        "capture_screenshot": "1",
        "target_password": "hidden",
        "js_behavior_timeout": "0",
    }
    asked = post(service, form).json
    assert asked["url"] == "http://news.example/ships/1.html"
    assert "capture_screenshot" in asked["message"]
    assert "hidden" not in asked["message"]
    (save,) = begun(service)
    options = save.options
    assert (options.error_pages, options.outlinks, options.skip_first) == (True, 0, True)
    lasting = timedelta(days=3, hours=5, minutes=20).total_seconds()
    assert (options.unless_within, options.outlinks_unless_within) == (lasting, 120)
    assert (options.cookie, options.user_agent) == ("a=b", "Desk/1")


def test_json_is_taken_as_well_and_told_with_the_status_that_fits(service):
    asked = service.post_json("/save", {"url": PAGE, "requisites": False, "outlinks": 3}, **service.low)
    assert asked.status == 200
    (save,) = begun(service)
    assert (save.options.requisites, save.options.outlinks, save.options.unless_within) == (False, 3, 3600)
    for wrong in (
        {"url": "ftp://news.example/"},
        {"url": PAGE, "outlinks": 101},
        {"url": PAGE, "outlinks": "x"},
    ):
        refused = service.post_json("/save", wrong, **service.low)
        assert (refused.status, refused.json["status"]) == (400, "error")
    assert service.ask("POST", "/save", b"[1]", {"Content-Type": "application/json"}).status == 400
    assert service.ask("POST", "/save", b"{", {"Content-Type": "application/json"}).status == 400


def test_multipart_forms_are_read(service):
    body = b'--x\r\nContent-Disposition: form-data; name="url"\r\n\r\n' + PAGE.encode() + b"\r\n--x--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=x", **service.low}
    assert service.ask("POST", "/save", body, headers).json["url"] == PAGE


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://news.example/", "error:invalid-url-syntax"),
        ("https://me:secret@news.example/", "error:invalid-url-syntax"),
        ("https://news.example/" + "a" * 3000, "error:invalid-url-syntax"),
        ("https://news.example:99999/", "error:invalid-url-syntax"),
        ("", "error:invalid-url-syntax"),
        ("http://127.0.0.1/", "error:blocked-url"),
        ("http://0x7f000001/", "error:blocked-url"),
        ("http://[::ffff:10.0.0.1]/", "error:blocked-url"),
        ("http://169.254.169.254/latest/meta-data", "error:blocked-url"),
    ],
)
def test_urls_are_refused_before_anything_is_queued(service, url, code):
    refused = post(service, {"url": url})
    assert refused.status == 200  # as Save Page Now does it
    assert (refused.json["status"], refused.json["status_ext"]) == ("error", code)
    assert refused.json["message"]
    assert begun(service) == []


@pytest.mark.parametrize("form", [{"if_not_archived_within": "soon"}, {"use_user_agent": "a\r\nX: b"}])
def test_parameters_that_cannot_be_meant_are_refused(service, form):
    refused = post(service, {"url": PAGE, **form})
    assert refused.json["status_ext"] == "error:bad-request"
    assert begun(service) == []


def test_saving_needs_a_key(service):
    wrong = service.key[:-1] + ("0" if service.key[-1] != "0" else "1")
    for headers in ({}, {"Authorization": f"LOW {wrong}"}, {"Authorization": "LOW nobody:x"}):
        refused = service.post("/save", {"url": PAGE}, **headers)
        assert refused.status == 401
        assert refused.json["message"] == "You need to be logged in to use Save Page Now."
        assert service.get(f"/save/{PAGE}", **headers).status == 401
    assert begun(service) == []
    with service.context.keys() as keys:
        keys.revoke(service.key.partition(":")[0])
    assert post(service, {"url": PAGE}).status == 401


def test_without_a_key_where_that_is_allowed(tmp_path):
    with serving(config_in(tmp_path, service__open_save=True)) as (client, _):
        for number in range(4):
            assert client.post("/save", {"url": f"{PAGE}?{number}"}).status == 200
        over = client.post("/save", {"url": f"{PAGE}?more"})
        assert over.status == 429
        assert int(over.headers["Retry-After"]) >= 1


def test_limits_are_told_with_the_time_to_wait(service):
    with service.context.keys() as keys:
        slow = {"Authorization": f"LOW {keys.add('slow', per_minute=2).text}"}
        narrow = {"Authorization": f"LOW {keys.add('narrow', concurrent=1).text}"}
    for key, allowed in ((slow, 2), (narrow, 1)):
        for number in range(allowed):
            assert service.post("/save", {"url": f"{PAGE}?{number}"}, **key).status == 200
        over = service.post("/save", {"url": f"{PAGE}?over"}, **key)
        assert over.status == 429
        assert over.json["status_ext"] == "error:user-session-limit"
        assert 1 <= int(over.headers["Retry-After"]) <= 61
    told = service.get("/save/status/user?_t=1", **narrow).json
    assert (told["available"], told["processing"], told["daily_captures"]) == (0, 1, 1)
    assert told["daily_captures_limit"] == 100_000
    assert service.get("/save/status/user").status == 401


def test_one_url_ten_times_a_day_and_no_waiting_for_tomorrow(service):
    for _ in range(10):
        assert "job_id" in post(service, {"url": PAGE}).json
        (save,) = begun(service)
        succeed(service, save)
    over = post(service, {"url": PAGE})
    assert (over.status, over.json["status_ext"]) == (200, "error:too-many-daily-captures")
    assert "Retry-After" not in over.headers


def test_an_address_behind_save_leads_to_the_capture(service):
    written = "https://news.example/a//b%2Fc?q=%E6%B8%AF&x=http://other.example/"
    with CarriedOut(service, timestamp="20261123140510"):
        led = service.get(f"/save/{written}", **service.low)
    assert led.status == 302
    path = f"/web/20261123140510/{written}"
    assert led.headers["Location"] == f"{service.url}{path}"
    assert led.headers["Content-Location"] == path
    assert f'<{service.url}{path}>; rel="memento"' in led.headers["Link"]
    with CarriedOut(service, reused=True):
        led = service.get(f"/save/{PAGE}", Accept="application/json", **service.low)
    assert (led.status, led.json["timestamp"]) == (200, "20261123140510")
    assert led.headers["Content-Location"] == f"/web/20261123140510/{PAGE}"
    assert led.headers["X-Page-Cache"] == "HIT"
    with CarriedOut(service):
        assert (
            service.get("/save/https:/news.example/one", **service.low)
            .headers["Location"]
            .endswith("/https://news.example/one")
        )


def test_an_address_that_cannot_be_saved_says_why(service):
    with Failing(service, "error:blocked-url", "save: robots.txt forbids it"):
        failed = service.get(f"/save/{PAGE}", **service.low)
    assert failed.status == 520
    assert failed.json["status_ext"] == "error:blocked-url"
    by_robots = "RobotAccessControlException: Blocked By Robots"
    assert failed.headers["X-Archive-Wayback-Runtime-Error"] == by_robots
    with Failing(service, "error:not-found", "save: 404"):
        failed = service.get(f"/save/{PAGE}?2", **service.low)
    assert failed.headers["X-Archive-Wayback-Runtime-Error"] == "error:not-found"
    with service.context.saves() as saves:
        job = saves.recent()[0].id
    told = service.get(f"/save/status/{job}").json
    assert (told["status"], told["status_ext"], told["exception"]) == (
        "error",
        "error:not-found",
        "save: 404",
    )


def test_the_system_tells_whether_it_works(service, tmp_path):
    told = service.get("/save/status/system")
    assert (told.status, told.json["status"]) == (200, "ok")
    with serving(config_in(tmp_path), saving=lambda: False) as (idle, _):
        assert idle.get("/save/status/system").status == 502


def test_long_requests_and_unknown_paths_get_an_answer_in_the_same_form(service):
    assert service.post("/save", {"url": "x" * 300_000}).status == 413
    for answer, status in ((service.get("/nothing"), 404), (service.ask("PUT", "/save"), 405)):
        assert answer.status == status
        assert answer.json["status"] == "error"
    assert b"<h1>" in service.get("/nothing", Accept="text/html").body


def test_health_and_what_a_broken_state_database_tells(tmp_path, caplog):
    with serving(config_in(tmp_path)) as (client, context):
        assert client.get("/healthz").json["status"] == "ok"
        with context.saves() as saves, saves.database.transaction() as connection:
            connection.exec_driver_sql("drop table saves_queue")
        broken = client.get("/healthz")
    assert broken.status == 500
    assert b"saves_queue" not in broken.body
    assert str(tmp_path).encode() not in broken.body
    assert "saves_queue" in caplog.text
