"""The pages for people: what they say, that nothing archived gets out unescaped, and that take-downs hold."""

import csv
import io
import json
import re
import time
import zipfile
from importlib.resources import files

import pytest
from lxml import html

from crawler.service.pages.layout import words
from crawler.shown import hides_of
from pipelines.takedown import Action, Kind, Target
from pipelines.warc.reader import read_record
from service.archived import DAILY, HARBOUR, HOSTS
from service.browsing import at, browsing, capture_page, page, text

HARMFUL = "https://harmful.example/ships.html?a=<b>&c='\""
CLOCK = f"{HOSTS['bilingual']}/world/20261120/late-clock/dual/"
LIGHTHOUSE = f"{HOSTS['audiostory']}/interactive/90241"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.getbasetemp() / "pages"


@pytest.fixture(scope="module")
def site(folder):
    with browsing(folder) as (client, context):
        client.context = context
        until = time.monotonic() + 20
        while not client.get("/search?format=json").json["total"] and time.monotonic() < until:
            time.sleep(0.05)
        yield client


@pytest.fixture
def takedown(site):
    """Take something down, for the test."""
    entries = []

    def take(action, kind, value):
        entries.append(
            site.context.register.add(action, Target(kind, value), who="desk", reason="Court <order> 7")
        )
        site.context.refresh()

    yield take
    for entry in entries:
        site.context.register.lift(entry.id, who="desk", reason="the test is over")
    site.context.refresh()


def all_paths(site):
    return [
        "/",
        at("/search", q="harbour"),
        at("/article", url=HARBOUR),
        at("/article", url=CLOCK),
        at("/article", url=LIGHTHOUSE),
        at("/article", url=HARMFUL),
        at("/captures", url=HARBOUR),
        at("/captures", url=HARMFUL),
        at("/captures", url="https://daily.example/*"),
        at("/compare", url=HARBOUR, a="20261120060000", b="20261121080000"),
        capture_page(site, HARMFUL),
        "/captures",
    ]


# --- all of them ------------------------------------------------------------------------------------


def test_every_page_keeps_browsers_from_running_or_fetching_anything_else(site):
    for path in all_paths(site):
        answer = site.get(path)
        assert answer.status == 200, path
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        tree = html.document_fromstring(answer.body.decode())
        scripted = bool(tree.xpath("//script"))
        assert scripted == ("script-src 'self'" in policy)
        assert not tree.xpath("//@style | //style | //@*[starts-with(name(), 'on')]")
        loaded = tree.xpath("//link/@href[not(../@rel='next')] | //script/@src | //img/@src | //audio/@src")
        assert all(each.startswith("/") for each in loaded), loaded


def test_what_a_page_says_is_never_markup(site):
    for path in all_paths(site):
        tree = page(site, path)
        assert not tree.xpath("//script[not(@src)] | //img[@onerror] | //*[@src='x']"), path
        assert not [each for each in tree.xpath("//@href | //@src") if "javascript:" in each.lower()], path
    assert "<script>window.struck=1</script>" in text(page(site, at("/article", url=HARMFUL)))


def test_links_to_the_live_web_carry_nothing_with_them(site):
    for path in all_paths(site):
        for link in page(site, path).xpath("//a[starts-with(@href, 'http')]"):
            assert set(link.get("rel", "").split()) == {"noopener", "noreferrer", "nofollow"}, path


def test_all_texts_are_there_in_chinese(site):
    said = set()
    for file in (files("crawler.service") / "templates").iterdir():
        source = file.read_text("utf-8")
        said.update(re.findall(r'\b_\(\s*"((?:[^"\\]|\\.)*)"', source))
        said.update(many for many in re.findall(r'\b_n\([^"]*"[^"]*",\s*"([^"]*)"', source))
    assert len(said) > 150
    known = words("zh")
    assert not {each.replace('\\"', '"') for each in said} - known.keys()
    assert words("en").keys() <= known.keys()
    for english, chinese in known.items():
        assert set(re.findall(r"{\w+}", english)) == set(re.findall(r"{\w+}", chinese))


def test_the_language_is_the_readers_until_it_is_switched(site):
    path = at("/search", q="harbour")
    assert "篇文章" in text(page(site, path, Accept_Language="fr, zh-CN;q=0.8, en;q=0.3"))
    answer = site.get(path + "&lang=zh", Accept_Language="en")
    assert answer.headers["Set-Cookie"].startswith("lang=zh;")
    assert "篇文章" in text(page(site, path, Accept_Language="en", Cookie="lang=zh"))
    tree = page(site, path, Cookie="lang=zh")
    assert tree.get("lang") == "zh-Hans"
    (switch,) = tree.xpath("//nav/a[@hreflang='en']/@href")
    assert switch == f"{path}&lang=en"


def test_where_the_service_lies_below_a_path_links_do_too(folder, site):
    with browsing(folder, service__base_url="https://archive.example/news") as (client, _):
        tree = page(client, at("/article", url=HARBOUR))
        links = tree.xpath("//header//a/@href | //form/@action | //link/@href | //img/@src")
        assert all(each.startswith("/news/") for each in links), links
        assert "https://archive.example/news/web/2026" in text(tree)


# --- search -----------------------------------------------------------------------------------------


def test_results_show_what_was_asked_for(site):
    tree = page(site, at("/search", q="harbour storm"))
    first = tree.xpath("//article[@class='result']")[0]
    assert first.xpath(".//h2/a/@href")[0].startswith("/article?url=https%3A%2F%2Fharbour.example")
    assert {each.text.lower() for each in first.xpath(".//mark")} == {"harbour", "storm"}
    assert "3 versions" in text(first)


def test_facets_narrow_down_and_filters_can_be_removed(site):
    tree = page(site, at("/search", q="harbour"))
    (link,) = tree.xpath("//aside//a[span='daily.example']/@href")
    narrowed = page(site, link)
    hosts = {each.text for each in narrowed.xpath("//span[@class='site']")}
    assert hosts == {"daily.example"}
    (chip,) = narrowed.xpath("//a[@class='chip']/@href")
    assert chip == at("/search", q="harbour")


def test_the_chart_is_a_drawing_and_a_table(site):
    tree = page(site, at("/search", q="harbour"))
    drawn = {each.split(": ")[0] for each in tree.xpath("//svg//title/text()")}
    listed = tree.xpath("//section[@class='over-time']//tbody//a")
    assert drawn == {each.text for each in listed}
    found = page(site, listed[0].get("href"))
    assert 0 < len(found.xpath("//article[@class='result']")) <= 10


def test_pages_follow_one_another_without_a_gap(site):
    found, path = [], "/search?q=harbour&sort=date&limit=3"
    while path:
        tree = page(site, path)
        found += tree.xpath("//article[@class='result']/h2/a/@href")
        path = next(iter(tree.xpath("//a[@rel='next']/@href")), None)
    wanted = site.get("/search?q=harbour&sort=date&limit=100&format=json").json
    assert len(found) == len(set(found)) == len(wanted["results"]) == wanted["articles"] > 10


def test_json_and_csv(site):
    told = site.get(at("/search", q="quay", limit="100", format="json")).json
    assert told["results"][0]["url"].startswith("https://")
    assert told["results"][0]["memento"].startswith(f"{site.url}/web/2026")
    answer = site.get(at("/search", q="quay", format="csv"))
    rows = list(csv.DictReader(io.StringIO(answer.body.decode())))
    assert {row["url"] for row in rows} == {each["url"] for each in told["results"]}


@pytest.mark.parametrize(
    "query", ["q=harb*", "sort=best", "limit=0", "after=yesterday", "next=x", "q=" + "a" * 1001]
)
def test_a_question_that_cannot_be_asked_is_told_why(site, query):
    tree = page(site, f"/search?{query}", status=400)
    assert len(text(tree.xpath("//p[@class='wrong']")[0])) > 10


# --- an article -------------------------------------------------------------------------------------


def test_an_article_with_its_facts_and_its_history(site):
    tree = page(site, at("/article", url=HARBOUR))
    assert text(tree.xpath("//h1")[0]) == "Quay wall closed until spring"
    said = text(tree)
    assert "112 loose stones" in said
    assert "meta:article:published_time" in said
    versions = tree.xpath("//ol[@class='versions']/li")
    assert [text(each).split()[0] for each in versions[:2]] == ["back", "disappeared"]
    assert len(versions) == 5
    (picture,) = tree.xpath("//figure/img/@src")
    assert picture == "/web/20261120060000im_/https://harbour.example/pictures/quay.png"
    assert site.get(picture).body.startswith(b"\x89PNG")


def test_an_earlier_version_says_that_there_is_a_later_one(site):
    tree = page(site, at("/article", url=HARBOUR, at="20261120"))
    assert text(tree.xpath("//h1")[0]) == "Quay wall gives way after the storm"
    assert "There is a later version" in text(tree)


def test_two_languages_stand_side_by_side(site):
    tree = page(site, at("/article", url=CLOCK))
    rows = tree.xpath("//div[@class='parallel']")
    assert len(rows) >= 5
    for row in rows:
        left, right = row.xpath("./div")
        assert left.xpath(".//@lang")[0] == "en"
        assert right.xpath(".//@lang")[0].startswith("zh")
    single = page(site, at("/article", url=CLOCK, view="single"))
    assert not single.xpath("//div[@class='parallel']")


def test_a_transcript_plays_the_archived_recording(site):
    tree = page(site, at("/article", url=LIGHTHOUSE))
    (audio,) = tree.xpath("//audio/@src")
    assert site.get(audio).body.startswith(b"RIFF")
    cues = tree.xpath("//a[@class='cue']")
    assert len(cues) > 10
    assert cues[0].get("href") == f"{audio}#t={cues[0].get('data-start')}"


def test_an_article_to_take_along(site):
    told = site.get(at("/article", url=HARBOUR, format="json")).json
    assert told["article"]["title"] == "Quay wall closed until spring"
    assert told["capture"]["url"] == HARBOUR
    assert site.get(at("/article", url=HARBOUR, format="markdown")).body.startswith(b"# Quay wall closed")
    answer = site.get(at("/article", url=HARBOUR, format="wacz"))
    with zipfile.ZipFile(io.BytesIO(answer.body)) as package:
        pages = package.read("pages/pages.jsonl").decode().splitlines()
        assert json.loads(pages[1])["url"] == HARBOUR
        assert b"pictures/quay.png" in package.read("indexes/index.cdx.gz") or len(package.namelist()) > 3
    page(site, at("/article", url=HARBOUR, format="docx"), status=400)


def test_what_was_never_read_leads_to_its_captures(site):
    answer = site.get(at("/article", url="https://harbour.example/pictures/quay.png"))
    assert answer.status == 303
    assert answer.headers["Location"].startswith("/captures?url=")


def test_what_is_not_archived_can_be_saved(site):
    for path in ("/article", "/captures"):
        tree = page(site, at(path, url="https://nowhere.example/"), status=404)
        assert tree.xpath("//a[@class='button']/@href") == [at("/save", url="https://nowhere.example/")]


# --- captures ---------------------------------------------------------------------------------------


def test_the_calendar_and_the_list(site):
    tree = page(site, at("/captures", url=HARBOUR))
    days = tree.xpath("//div[@class='month']//td/a")
    assert [(each.text, each.get("title")) for each in days] == [
        ("20", "2 captures"),
        ("21", "1 capture"),
        ("22", "2 captures"),
        ("23", "1 capture"),
    ]
    rows = [text(row) for row in tree.xpath("//table[@class='folds']/tbody/tr")]
    assert [row.split()[2] for row in rows] == ["200", "404", "200", "200", "200", "200"]
    assert "first" in rows[-1]
    assert "same" in rows[-2]
    assert "changed" in rows[1]
    day = page(site, days[0].get("href").partition("#")[0])
    assert len(day.xpath("//table[@class='folds']/tbody/tr")) == 2


def test_two_captures_compared(site):
    tree = page(site, at("/compare", url=HARBOUR, a="20261121080000", b="20261120060000"))
    assert [text(each) for each in tree.xpath("//h2/del | //h2/ins")] == ["gives way", "closed"]
    assert {text(each) for each in tree.xpath("//p[@class='changed']//ins")} == {"41", ", it said"}
    none = page(site, at("/compare", url=HARBOUR, a="20261120060000", b="20261120150000"))
    assert "Nothing differs" in text(none)
    page(site, at("/compare", url=HARBOUR, a="2026", b=""), status=400)
    page(site, at("/compare", url=HARBOUR, a="20250101000000", b="20261120060000"), status=404)


def test_addresses_by_their_beginning(site):
    tree = page(site, at("/captures", url=f"{DAILY}/*"))
    assert len(tree.xpath("//tbody/tr")) == 28


def test_a_capture_as_it_was_recorded(site):
    path = capture_page(site, f"{HARBOUR}")
    tree = page(site, path)
    said = text(tree)
    assert "Verified just now" in said
    assert "Same content as" in said
    first = page(site, tree.xpath("//dl[@class='facts']//a/@href")[0])
    heads = [each.text for each in first.xpath("//pre")]
    assert heads[0].startswith("HTTP/1.1 200 OK\nContent-Type: text/html")
    assert heads[1].startswith("GET /ships/0.html HTTP/1.1\n")
    assert "tls/1.3 TLS_AES_256_GCM_SHA384" in text(first)


def test_a_capture_tells_which_feed_announced_it(site):
    url = site.get(at("/search", site="daily.example", format="json")).json["results"][0]["url"]
    said = text(page(site, capture_page(site, url)))
    assert f"source: {DAILY}/feed.xml" in said


def test_the_record_alone(site):
    answer = site.get(capture_page(site, HARMFUL) + "/record")
    record = read_record(io.BytesIO(answer.body))
    assert record.get("WARC-Target-URI") == HARMFUL
    assert record.finish() == len(answer.body)


@pytest.mark.parametrize("place", ["nonsense/0", "trial-20261124011030-00003-4e734453/0", "{segment}/7"])
def test_a_place_without_a_capture(site, place):
    segment = site.context.archive.find(HARBOUR).segment
    page(site, f"/capture/{place.format(segment=segment)}", status=404)


# --- home, take-downs, bounds -----------------------------------------------------------------------


def test_home_tells_what_is_new_what_changed_and_what_went(site):
    tree = page(site, "/")
    sites = [each.text for each in tree.xpath("//div[@class='sites']//h3/a")]
    assert {"daily.example", "ribao.example", "harbour.example"} <= set(sites)
    assert len(tree.xpath("//table[@class='heat']/tbody/tr[1]/td")) == 14
    said = text(tree)
    assert "Quay wall closed until spring" in said
    assert HARBOUR in [each.text for each in tree.xpath("//ul[contains(@class, 'changes')]//a")]
    assert tree.xpath("//form[@method='post']/@action") == ["/save"]


def test_tickers_and_rotating_boxes_are_no_edits(site):
    """The generated paper has a line of stock figures in each capture; nobody edited that."""
    links = page(site, "/").xpath("//ul[contains(@class, 'changes')]/li/a/@href")
    courier = [link for link in links if link.startswith("/compare") and "courier" in link]
    assert courier
    for link in courier:
        tree = page(site, link)
        changed = [
            text(each) for each in tree.xpath("//p[@class='changed' or @class='added' or @class='removed']")
        ]
        headline = tree.xpath("//div[@class='difference']/h2/ins")
        assert headline or [each for each in changed if not re.search(r"index [\d,.]+", each)], link


@pytest.mark.parametrize("kind", [Kind.URL, Kind.HOST, Kind.PREFIX, Kind.PAYLOAD])
def test_what_is_hidden_is_as_if_it_were_not_there(site, takedown, kind):
    captures = list(site.context.archive.catalog.find(HARBOUR))
    path = f"/capture/{captures[0].segment}/{captures[0].offset}"
    values = {Kind.URL: HARBOUR, Kind.HOST: "harbour.example", Kind.PREFIX: "https://harbour.example/2026/"}
    for value in [values[kind]] if kind in values else {each.digest for each in captures}:
        takedown(Action.HIDE, kind, value)
    assert hides_of(site.context.register, HARBOUR)
    for hidden in (
        at("/article", url=HARBOUR),
        at("/captures", url=HARBOUR),
        at("/compare", url=HARBOUR, a="20261120060000", b="20261121080000"),
        path,
        f"{path}/record",
    ):
        page(site, hidden, status=404)
    for other in ("/", at("/search", q="quay storm"), at("/captures", url="https://harbour.example/2026/*")):
        assert "quay.html" not in site.get(other).body.decode().replace(f'value="{HARBOUR}', "")


def test_what_is_blocked_tells_why(site, takedown):
    path = capture_page(site, HARBOUR)
    takedown(Action.BLOCK, Kind.URL, HARBOUR)
    for blocked in (at("/article", url=HARBOUR), at("/captures", url=HARBOUR), path):
        tree = page(site, blocked, status=451)
        assert text(tree.xpath("//blockquote")[0]) == "Court <order> 7"


def test_reading_may_need_a_key(folder, site):
    with browsing(folder, service__public_read=False) as (client, context):
        assert client.get("/").status == 401
        assert client.get("/static/pages.css").status == 200
        with context.keys() as keys:
            key = keys.add("desk").text
        assert client.get("/captures", Authorization=f"LOW {key}").status == 200
