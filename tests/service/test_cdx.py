"""The CDX server beside a plain list of the captures that it was given."""

import json
import random
import tracemalloc
from base64 import b32encode
from hashlib import sha1
from itertools import groupby
from urllib.parse import urlencode

import pytest

from catalog.making import capture, manifest_of, name_of
from crawler.service.captures import in_blocks
from crawler.service.cdx_pages import BLOCK_ROWS
from crawler.service.cdx_query import Budget, parse_query, resume_key
from crawler.service.cdx_rows import captures_of, rows_of
from pipelines.catalog import Match, Part, Place, Query
from pipelines.errors import QueryError
from pipelines.takedown import Action, Kind, Target
from segments.making import open_archive
from service.serving import config_in, serving

HOSTS = ("paper.example", "www.paper.example", "news.paper.example", "paperboat.example")
COUNT = 5000


def captures():
    rng = random.Random(5)
    name = name_of(1)
    for offset in range(COUNT):
        revisit = rng.random() < 0.3
        url = f"https://{rng.choice(HOSTS)}/berth/{rng.randrange(60)}"
        yield capture(
            name,
            offset,
            url,
            f"202611{rng.randrange(1, 29):02d}{rng.randrange(24):02d}{rng.randrange(60):02d}00",
            content=str(rng.randrange(300)),
            kind="revisit" if revisit else "response",
            status=rng.choice([200, 304]) if revisit else rng.choice([200, 200, 404]),
            mime=rng.choice(["text/html", "image/png"]),
        )


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cdx")
    known = sorted(captures(), key=Place.of)
    archive = open_archive(folder)
    archive.catalog.enter([Part(manifest_of(name_of(1), known), known)])
    with serving(config_in(folder), archive=archive) as (client, context):
        yield client, context, known


def row(found):
    mime = "warc/revisit" if found.kind == "revisit" else found.mime
    status = "-" if found.unmodified else str(found.status)
    digest = found.digest.removeprefix("sha1:")
    return " ".join([found.urlkey, found.timestamp, found.url, mime, status, digest, str(found.length)])


def lines(client, **asked):
    answer = client.get("/cdx/search/cdx?" + urlencode(asked, doseq=True))
    assert answer.status == 200, answer.body
    return answer.body.decode().splitlines()


DIGEST = b32encode(sha1(b"7").digest()).decode()
WHOLE = {"url": "paper.example", "matchType": "domain"}


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({"url": "http://www.paper.example/berth/7"}, lambda c: c.urlkey == "example,paper)/berth/7"),
        ({"url": "paper.example/berth/1*"}, lambda c: c.urlkey.startswith("example,paper)/berth/1")),
        ({"url": "*.paper.example"}, lambda c: c.urlkey.startswith(("example,paper)", "example,paper,"))),
        ({"url": "paper.example", "matchType": "host"}, lambda c: c.urlkey.startswith("example,paper)")),
        ({**WHOLE, "from": "2026112", "to": "20261127"}, lambda c: "20261120" <= c.timestamp < "20261128"),
        ({**WHOLE, "filter": "statuscode:[45].."}, lambda c: c.status == 404),
        ({**WHOLE, "filter": "!statuscode:200"}, lambda c: c.status != 200),
        ({**WHOLE, "filter": "mimetype:image"}, lambda _: False),
        ({**WHOLE, "filter": "statuscode:404"}, lambda c: c.status == 404),
        ({**WHOLE, "filter": "statuscode:304"}, lambda _: False),
        ({**WHOLE, "filter": ["statuscode:404", "statuscode:200"]}, lambda _: False),
        ({**WHOLE, "filter": "=mimetype:warc/revisit"}, lambda c: c.kind == "revisit"),
        ({**WHOLE, "filter": "mimetype:image/png"}, lambda c: c.kind == "response" and c.mime == "image/png"),
        ({**WHOLE, "filter": f"digest:{DIGEST}"}, lambda c: c.digest == f"sha1:{DIGEST}"),
        (
            {**WHOLE, "filter": ["=status:200", "mime:.*/png"]},
            lambda c: c.status == 200 and row(c).count("image/"),
        ),
        ({**WHOLE, "filter": "3:text/.*"}, lambda c: c.kind == "response" and c.mime == "text/html"),
    ],
)
def test_what_is_asked_for_comes_in_order(served, asked, wanted):
    client, _, known = served
    inside = [c for c in known if c.urlkey.startswith(("example,paper)", "example,paper,"))]
    assert lines(client, **asked) == [row(each) for each in inside if wanted(each)]


def test_first_last_offset_and_closest(served):
    client, _, known = served
    url = "https://paper.example/berth/7"
    found = [each for each in known if each.urlkey == "example,paper)/berth/7"]
    assert lines(client, url=url, limit=3) == [*map(row, found[:3])]
    assert lines(client, url=url, limit=-3) == [*map(row, found[-3:])]
    assert lines(client, url=url, fastLatest="true") == [row(found[-1])]
    assert lines(client, url=url, offset=2, limit=2) == [*map(row, found[2:4])]
    assert lines(client, url=url, sort="reverse", limit=2) == [*map(row, found[:-3:-1])]
    near = lines(client, url=url, sort="closest", closest="20261114", limit=5)
    times = [line.split()[1] for line in near]
    distance = {
        each.timestamp: abs(int(each.timestamp[6:8]) * 24 + int(each.timestamp[8:10]) - 14 * 24)
        for each in found
    }
    assert [distance[time] for time in times] == sorted(distance.values())[:5]


def test_adjacent_captures_that_agree_are_collapsed_and_counted(served):
    client, _, known = served
    asked = {**WHOLE, "collapse": "timestamp:8", "showSkipCount": "true", "lastSkipTimestamp": "true"}
    inside = [c for c in known if c.urlkey.startswith(("example,paper)", "example,paper,"))]
    wanted = []
    for _, group in groupby(inside, key=lambda each: each.timestamp[:8]):
        run = list(group)
        wanted.append(f"{row(run[0])} {len(run) - 1} {run[-1].timestamp}")
    assert lines(client, **asked) == wanted
    assert lines(client, **asked, limit=-2) == wanted[-2:]
    assert lines(client, **WHOLE, collapse=["urlkey"], fl="urlkey") == sorted({c.urlkey for c in inside})
    first, *_ = [list(group) for _, group in groupby(inside, key=lambda each: each.urlkey)]
    repeats = [sum(other.digest == each.digest for other in first[:at]) for at, each in enumerate(first)]
    told = lines(client, url=first[0].url, showDupeCount="true")
    assert [int(line.split()[7]) for line in told] == repeats


def test_an_answer_that_was_cut_is_taken_up_again(served):
    client, _, known = served
    inside = [row(c) for c in known if c.urlkey.startswith(("example,paper)", "example,paper,"))]
    for more in ({}, {"sort": "reverse"}, {"output": "json"}):
        found, key = [], ""
        while True:
            asked = {**WHOLE, **more, "limit": 900, "showResumeKey": "true"} | (
                {"resumeKey": key} if key else {}
            )
            part = lines(client, **asked)
            if "output" in more:
                table = json.loads("".join(part))
                cut = table[-2] == []
                found += [" ".join(values) for values in (table[1:-2] if cut else table[1:])]
                key = table[-1][0] if cut else ""
            else:
                cut = part[-2] == ""
                found += part[:-2] if cut else part
                key = part[-1] if cut else ""
            if not cut:
                break
        assert found == (inside[::-1] if "sort" in more else inside)


def test_collapsed_answers_are_taken_up_behind_the_whole_group(served):
    client, _, _ = served
    whole = lines(client, **WHOLE, collapse="urlkey")
    found, key = [], {}
    while True:
        part = lines(client, **WHOLE, collapse="urlkey", limit=7, showResumeKey="true", **key)
        if len(part) < 2 or part[-2]:
            assert found + part == whole
            return
        found, key = found + part[:-2], {"resumeKey": part[-1]}


def test_pages_are_disjoint_and_whole_and_end_empty(served):
    client, _, known = served
    inside = [row(c) for c in known if c.urlkey.startswith(("example,paper)", "example,paper,"))]
    count = int(lines(client, **WHOLE, pageSize=1, showNumPages="true")[0])
    assert count == -(-len(inside) // BLOCK_ROWS) > 1
    pages = [lines(client, **WHOLE, pageSize=1, page=number) for number in range(count)]
    assert [line for page in pages for line in page] == inside
    november = {"from": "20261110", "to": "2026112"}
    parts = [lines(client, **WHOLE, **november, pageSize=1, page=number) for number in range(count)]
    assert [line for part in parts for line in part] == lines(client, **WHOLE, **november)
    assert all(0 < len(part) < len(page) for part, page in zip(parts, pages, strict=True))
    # Not by way of the page before.
    fresh = {"url": "http://paper.example", "matchType": "domain"}
    assert lines(client, **fresh, pageSize=1, page=1) == pages[1]
    answer = client.get("/cdx?" + urlencode({**WHOLE, "page": count, "pageSize": 1, "output": "json"}))
    assert (answer.status, answer.body) == (200, b"")
    empty = client.get(
        "/cdx?" + urlencode({**WHOLE, "page": 0, "filter": "statuscode:999", "output": "json"})
    )
    assert empty.json == []


def test_forms_of_an_answer(served):
    client, _, known = served
    url = "https://paper.example/berth/7"
    found = [each for each in known if each.urlkey == "example,paper)/berth/7"]
    table = client.get(f"/cdx?output=json&url={url}").json
    assert table[0] == ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
    assert table[1:] == [row(each).split() for each in found]
    assert client.get("/cdx?url=nowhere.example&output=json").body == b"[]\n"
    assert client.get("/cdx?url=nowhere.example").body == b""
    packed = client.get(f"/cdx?url={url}", accept_encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert (
        client.get(f"/cdx?url={url}&gzip=false", accept_encoding="gzip").headers["Content-Encoding"] is None
    )
    first = json.loads(client.get(f"/trial/cdx?url={url}&output=json").body.splitlines()[0])
    assert (first["url"], first["digest"], first["offset"]) == (
        found[0].url,
        found[0].digest,
        str(found[0].offset),
    )
    key, time, fields = client.get(f"/trial/cdx?url={url}&limit=1").body.decode().split(" ", 2)
    assert (key, time, json.loads(fields)["filename"]) == (
        found[0].urlkey,
        found[0].timestamp,
        found[0].filename,
    )
    link = client.get(f"/trial/cdx?url={url}&limit=1&output=link").body.decode()
    assert link.startswith(
        f'<{client.url}/web/{found[0].timestamp}/{found[0].url}>; rel="memento"; datetime="'
    )
    # Of pywb's filters those without a sign look for a part.
    assert len(client.get(f"/trial/cdx?url={url}&filter=mime:html").body.splitlines()) == sum(
        "html" in row(each) for each in found
    )
    assert client.get(f"/trial/cdx?url={url}&showNumPages=true").json == {
        "pages": 1,
        "pageSize": 10,
        "blocks": 1,
    }


def test_revisits_are_resolved(served):
    client, context, known = served
    for each in known:
        if each.unmodified and (original := context.archive.catalog.original(each)):
            break
    asked = {
        "url": each.url,
        "from": each.timestamp,
        "to": each.timestamp,
        "fl": "mimetype,statuscode,orig.offset",
    }
    plain, told = lines(client, **asked), lines(client, **asked, resolveRevisits="true")
    assert "warc/revisit - " in " ".join(plain)
    assert f"{original.mime} {original.status} {original.offset}" in told


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "url=",
        "url=a.example&matchType=all",
        "url=a.example&from=2026-11",
        "url=a.example&limit=many",
        "url=a.example&limit=-99999999",
        "url=a.example&sort=up",
        "url=a.example*&sort=closest&closest=2026",
        "url=a.example&fl=urlkey,colour",
        "url=a.example&filter=colour:red",
        "url=a.example&filter=status",
        "url=a.example&filter=statuscode:(",
        "url=a.example&collapse=colour",
        "url=a.example&output=xml",
        "url=a.example&page=-1",
        "url=a.example&pageSize=100000",
        "url=a.example&showPagedIndex=true",
        "url=a.example&resumeKey=odd",
        "url=a.example&" + "&".join(["filter=statuscode:200"] * 30),
        "url=a.example&filter=urlkey:" + "a" * 600,
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(served, asked):
    client, _, _ = served
    answer = client.get(f"/cdx/search/cdx?{asked}")
    assert (answer.status, answer.headers["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert answer.body.decode().startswith(("cdx: ", "The"))


def test_an_expression_that_backtracks_without_end_is_stopped(served):
    client, _, _ = served
    answer = client.get(
        "/cdx?" + urlencode({**WHOLE, "filter": r"original:(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)\1\2x"})
    )
    assert answer.status == 400
    assert b"too long" in answer.body
    with pytest.raises(QueryError, match="too long"):
        parse_query([("url", "a"), ("filter", "original:((a|aa)+)+c")]).filters[0].passes(
            "a" * 5000, Budget(0.05)
        )


def test_a_resume_key_of_the_internet_archive_is_understood():
    found = parse_query([("url", "a.example"), ("resumeKey", "org%2Carchive%29%2F+19980109140106%21")])
    assert (found.after.urlkey, found.after.timestamp) == ("org,archive)/", "19980109140106")
    assert found.after.segment > "z"
    place = Place("example,a)/?q=a+b", "20261123140509", "trial-1", 7)
    assert parse_query([("url", "a.example"), ("resumeKey", resume_key(place))]).after == place
    assert parse_query([("url", "*.a.example")]).match is Match.DOMAIN


@pytest.mark.parametrize("reverse", [False, True])
def test_blocks_of_captures_are_joined_without_a_seam(tmp_path, reverse):
    """Also where many are of one second, in several segments."""
    archive = open_archive(tmp_path)
    for serial in range(1, 4):
        name = name_of(serial)
        seconds = (2, 2, 2, 2, 2, 2, 3, 3, 3, 1) * 5
        known = [
            capture(name, offset, f"https://paper.example/{offset % 2}", f"2026110100000{second}")
            for offset, second in enumerate(seconds)
        ]
        archive.catalog.enter([Part(manifest_of(name, known), known)])
    wanted = [*archive.catalog.all()]
    found = [*in_blocks(archive.catalog, Query(match=Match.PREFIX, reverse=reverse))]
    archive.close()
    assert len(wanted) == 150
    assert found == (wanted[::-1] if reverse else wanted)


def test_memory_does_not_grow_with_an_answer(served):
    _, context, _ = served
    query = parse_query([*WHOLE.items()])
    peaks = []
    for collect in (lambda found: sum(1 for _ in found), lambda found: len(list(found))):
        tracemalloc.start()
        assert collect(rows_of(context, query, captures_of(context.archive.catalog, query))) > 0.7 * COUNT
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[0] < peaks[1] / 2


def test_what_is_taken_down_is_not_listed(served):
    client, context, _ = served
    gone, blocked = "https://paper.example/berth/3", "https://paper.example/berth/4"
    before = lines(client, **WHOLE)
    register = context.register
    given = {"who": "the harbour master", "reason": "a name"}
    hidden = register.add(Action.HIDE, Target(Kind.URL, gone), **given)
    closed = register.add(Action.BLOCK, Target(Kind.URL, blocked), **given)
    try:
        context.refresh()
        keys = ("example,paper)/berth/3 ", "example,paper)/berth/4 ")
        assert lines(client, **WHOLE) == [line for line in before if not line.startswith(keys)]
        assert lines(client, url=gone) == []
        answer = client.get(f"/cdx?url={blocked}")
        assert answer.status == 451
        assert b"AdministrativeAccessControlException" in answer.body
    finally:
        for entry in (hidden, closed):
            register.lift(entry.id, **given)
        context.refresh()
