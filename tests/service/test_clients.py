"""Programs that were written for the Internet Archive, unmodified, against a server of ours.

Each is a process of its own that knows only https://web.archive.org and https://archive.org, and reaches them
through the proxy beside this file.
"""

import json
import subprocess
import sys

import pytest

import newsite
from crawler.service.workers import Workers
from service.proxy import proxied
from service.serving import config_in, serving

SAVEPAGENOW = """
import sys, savepagenow
page = sys.argv[1]
print(savepagenow.capture(page + "?anonymous"))
print(savepagenow.capture(page + "?key", authenticate=True))
try:
    savepagenow.capture(page + "private/letters", authenticate=True)
except savepagenow.exceptions.BlockedByRobots:
    print("robots")
"""
WAYBACKPY = """
import sys
from waybackpy import WaybackMachineAvailabilityAPI, WaybackMachineSaveAPI
page = sys.argv[1] + "?waybackpy"
saved = WaybackMachineSaveAPI(page, "test", max_tries=1)
print(saved.save())
print(saved.cached_save)
print(WaybackMachineAvailabilityAPI(page, "test").newest().archive_url)
"""
SPN_CLIENT = """
import json, os, sys, spn_client
page = sys.argv[1] + "?spn-client"
pair = dict(zip(("access_key", "secret_key"), os.environ["KEY"].split(":")))
told = {"submitted": spn_client.submit(page, **pair, skip_first_archive=True)}
for _ in range(20):
    told["status"] = spn_client.check_job_status(told["submitted"]["job_id"], **pair)
    if told["status"]["state"] != "pending":
        break
told["checked"] = spn_client.check(page)
print(json.dumps(told))
"""
SPN_CLIENT_ASKING = """
import json, os, spn_client
pair = dict(zip(("access_key", "secret_key"), os.environ["KEY"].split(":")))
told = {"refused": spn_client.submit("http://10.0.0.1/", **pair)}
told["capacity"] = spn_client.capture_capacity(**pair)
told["system"] = spn_client.system_status()
print(json.dumps(told))
"""
MEMENTO = """
import sys, time, warnings
warnings.simplefilter("ignore")
from datetime import datetime
import savepagenow
from memento_client import MementoClient
page = sys.argv[1] + "?memento"
print(savepagenow.capture(page))
with MementoClient(timegate_uri="https://web.archive.org/web/", check_native_timegate=False) as client:
    print(client.get_memento_info(page, datetime(2020, 1, 1))["mementos"]["closest"]["uri"][0])
"""
ARCHIVER = """
import json, os, sys
from wayback_machine_archiver.archiver import _create_session_with_retries
from wayback_machine_archiver.clients import SPN2Client
from wayback_machine_archiver.workflow import run_archive_workflow
page = sys.argv[1]
client = SPN2Client(_create_session_with_retries(), *os.environ["KEY"].split(":"))
told = []
pages = [page + "?archiver", page + "nothing-here"]
counts = run_archive_workflow(client, pages, 0, {"if_not_archived_within": "1s"}, on_result=told.append)
print(json.dumps([counts, [[each.url, each.status, each.archive_url, each.error_code] for each in told]]))
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clients")
    settings = {
        "crawl__allow_address": "127.0.0.0/8",
        "crawl__delay": 0,
        "service__base_url": "https://web.archive.org",
        "service__open_save": True,
    }
    config = config_in(folder, **settings)
    with (
        newsite.running(newsite.daily(articles=3, seed=3)) as running,
        Workers(config, 1) as workers,
        serving(config, wake=workers.wake, saving=workers.alive) as (client, context),
        proxied((client.host, client.port), folder) as proxy,
    ):
        running.robots = "User-agent: *\nDisallow: /private/\n"
        with context.keys() as keys:
            key = keys.add("scripts", per_minute=100).text
        access, secret = key.split(":")
        environment = proxy.environment(
            KEY=key, SAVEPAGENOW_ACCESS_KEY=access, SAVEPAGENOW_SECRET_KEY=secret, NO_PROXY="127.0.0.1"
        )
        # All at once: they mostly wait.
        programs = {
            "savepagenow": SAVEPAGENOW,
            "waybackpy": WAYBACKPY,
            "spn": SPN_CLIENT,
            "spn, asking": SPN_CLIENT_ASKING,
            "archiver": ARCHIVER,
            "memento": MEMENTO,
        }
        started = {
            name: subprocess.Popen(
                [sys.executable, "-c", program, running.url],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for name, program in programs.items()
        }

        def said(name):
            out, err = started[name].communicate(timeout=60)
            assert started[name].returncode == 0, (out, err)
            return out

        yield said, running.url, client


def is_memento(address, page):
    start, _, rest = address.partition("/web/")
    timestamp, _, url = rest.partition("/")
    return start == "https://web.archive.org" and len(timestamp) == 14 and timestamp.isdigit() and url == page


def test_savepagenow(archive):
    said, page, _ = archive
    anonymous, with_key, refused = said("savepagenow").split()
    assert is_memento(anonymous, f"{page}?anonymous")
    assert is_memento(with_key, f"{page}?key")
    assert refused == "robots"


def test_waybackpy(archive):
    said, page, _ = archive
    saved, cached, available = said("waybackpy").split()
    assert is_memento(saved, f"{page}?waybackpy")
    assert available == saved
    assert cached in {"True", "False"}


def test_spn_client(archive):
    said, page, _ = archive
    told = json.loads(said("spn"))
    assert told["status"]["state"] == "success"
    assert is_memento(told["status"]["snapshot_url"], f"{page}?spn-client")
    assert f"{page}?spn-client" in told["status"]["resources"]
    assert told["checked"]["archived"]
    assert told["checked"]["snapshot_status"] == "200"


def test_spn_client_asks_how_we_are(archive):
    said, _, _ = archive
    told = json.loads(said("spn, asking"))
    assert told["refused"]["error_code"] == "error:blocked-url"
    assert told["refused"]["retry_category"] == "permanent"
    assert told["capacity"]["known"]
    assert told["capacity"]["daily_captures_limit"] == 100_000
    assert told["system"]["ok"]


def test_memento_client(archive):
    said, page, _ = archive
    saved, closest = said("memento").split()
    assert is_memento(closest, f"{page}?memento")
    assert closest == saved


def test_wayback_machine_archiver(archive):
    said, page, _ = archive
    counts, told = json.loads(said("archiver"))
    assert counts == [1, 1]
    (good,) = [each for each in told if each[1] == "success"]
    assert is_memento(good[2], f"{page}?archiver")
    (bad,) = [each for each in told if each[1] == "failed"]
    assert (bad[0], bad[3]) == (f"{page}nothing-here", "error:not-found")
