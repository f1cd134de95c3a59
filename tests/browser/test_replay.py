"""Archived pages in Chromium: they show whole, run nothing, and reach nothing but the archive."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

import newsite
from browser.pages import honest, hostile
from browser.soup import soup
from crawler.service.replay.app import create_replay_app
from crawler.service.replay.document import Document
from crawler.service.replay.places import Places
from crawler.service.replay.policy import replay_headers
from crawler.service.workers import Workers
from pipelines.urls import moment
from segments.making import exchange, open_archive, record_all, response
from service.serving import config_in, serving

SITE = "https://harbour.example"
AT = "20261123140509"
WRITE_PICTURES = "NEWSWARC_WRITE_PICTURES" in os.environ
"""Whether the picture in the documentation is made anew."""


def archive_of(folder, pages):
    """An archive of *pages*, from URL to body and media type, all captured in seconds one after the other."""
    archive = open_archive(folder)
    record_all(
        archive,
        [
            exchange(number, response(body, b"Content-Type: " + kind.encode()), url=url)
            for number, (url, (body, kind)) in enumerate(pages.items())
        ],
    )
    archive.close()
    return config_in(folder)


@dataclass(frozen=True)
class Saved:
    """A site that is gone, and the server that has it."""

    client: object
    site: str
    timestamp: str

    def path(self, page, *, at=""):
        return f"/web/{at or self.timestamp}/{self.site}{page}"


@pytest.fixture(scope="module")
def harbour(tmp_path_factory):
    """Two pages, saved on demand; their site does not answer any more."""
    pages = {path: newsite.Page(body, type=kind) for path, (body, kind) in honest().items()}
    settings = {"crawl__allow_address": "127.0.0.0/8", "crawl__delay": 0, "service__open_save": True}
    config = config_in(tmp_path_factory.mktemp("harbour"), **settings)
    with newsite.running(pages) as site, Workers(config, 1) as workers:
        with serving(config, wake=workers.wake, saving=workers.alive) as (client, _):
            told = [saved(client, f"{site.url}{page}") for page in ("story/lamps.html", "story/second.html")]
        base = site.url.rstrip("/")
    with serving(config, make=create_replay_app) as (client, _):
        yield Saved(client, base, told[0]["timestamp"])


def saved(client, url):
    job = client.post("/save", {"url": url}).json["job_id"]
    ending = time.monotonic() + 60
    while (told := client.get(f"/save/status/{job}").json)["status"] == "pending":
        assert time.monotonic() < ending
        time.sleep(0.05)
    assert told["status"] == "success", told
    return told


def test_a_saved_page_shows_with_images_styles_and_fonts_while_its_site_is_gone(harbour, tab):
    with tab(harbour.client.url) as shown:
        answer = shown.open(harbour.path("/story/lamps.html"))
        assert (answer.status, shown.strayed) == (200, [])
        widths = shown.run("Object.fromEntries([...document.images].map(i => [i.id, i.naturalWidth]))")
        assert widths == {"plain": 60, "set": 60, "lazy": 60, "picture": 60, "vector": 40}
        assert (
            shown.run("getComputedStyle(document.querySelector('.mast')).backgroundColor")
            == "rgb(24, 64, 96)"
        )
        # A stylesheet that a script would have switched on.
        assert shown.run("getComputedStyle(paragraph).borderLeftColor") == "rgb(200, 120, 0)"
        assert shown.run("[...document.fonts].map(f => f.family + ' ' + f.status)") == ["Harbour loaded"]
        assert "/5.png" in shown.run("getComputedStyle(styled).backgroundImage")
        line = shown.page.inner_text("newswarc-banner")
        assert f"captured {moment(harbour.timestamp):%Y-%m-%d %H:%M:%S} UTC" in line
        assert "not archived" not in line
        picture = shown.page.screenshot()
        assert len(picture) > 20_000
        if WRITE_PICTURES:
            (Path(__file__).parents[2] / "docs" / "images" / "replay.png").write_bytes(picture)
        failed = [url for url in shown.asked if harbour.client.get(_path(url, harbour.client)).status != 200]
        assert failed == []


def _path(url, client):
    return url.removeprefix(client.url)


def test_links_lead_on_inside_the_archive(harbour, tab):
    with tab(harbour.client.url) as shown:
        shown.open(harbour.path("/story/lamps.html"))
        with shown.page.expect_navigation():
            shown.page.click("#next")
        assert shown.page.url.endswith(f"/{harbour.site}/story/second.html#foot")
        assert "We wait." in shown.page.inner_text("#foot")
        with shown.page.expect_navigation():
            shown.page.click("newswarc-banner >> text=other captures")
        assert "Captures of" in shown.page.inner_text("h1")
        assert shown.strayed == []


@pytest.fixture(scope="module")
def evil():
    with newsite.running({"/*": lambda _: newsite.Page(b"window.ran=1", type="text/javascript")}) as site:
        yield site


def poked(shown):
    """Do what a reader may do by mistake."""
    for name in ("#script", "#tab", "#data", "#ping", "#vb", "#blob", "#send", "x-odd", "svg text"):
        for node in shown.page.query_selector_all(name):
            node.dispatch_event("click")
    shown.page.wait_for_timeout(100)


def test_a_hostile_page_runs_nothing_and_reaches_nothing(evil, tab, tmp_path):
    url = f"{SITE}/hostile.html"
    config = archive_of(tmp_path, {url: (hostile(evil.url.rstrip("/")).encode(), "text/html")})
    evil.reset()
    with serving(config, make=create_replay_app) as (client, _), tab(client.url) as shown:
        for kind in ("", "mp_", "if_", "id_", "im_"):
            shown.open(f"/web/{AT}{kind}/{url}", until="load")
            if kind not in {"id_", "im_"}:
                assert "all that is left" in shown.page.inner_text("#text")
            if kind != "id_":  # the links of a payload as it was recorded are those of its day
                poked(shown)
            assert shown.run("window.ran") is None
            assert shown.page.url.startswith(client.url)
    assert (shown.strayed, shown.said) == ([], [])
    assert [*evil.exchanges] == []


@pytest.mark.parametrize("held", ["policy", "rewriting", "nothing"])
def test_rewriting_and_policy_each_hold_alone(evil, tab, tmp_path, held):
    """Unchanged below the policy, and rewritten without one; without either the page does what it wants."""
    url = f"{SITE}/hostile.html"
    source = hostile(evil.url.rstrip("/"))
    config = archive_of(tmp_path, {url: (source.encode(), "text/html")})
    with serving(config, make=create_replay_app) as (client, _):
        rewritten = client.get(f"/web/{AT}/{url}").body.decode()

    def bare(_context):
        app = FastAPI(openapi_url=None)

        @app.get("/page")
        def answer():
            page = rewritten if held == "rewriting" else source
            return HTMLResponse(
                page, headers=replay_headers("http://archive.example") if held == "policy" else {}
            )

        return app

    evil.reset()
    with serving(config, make=bare) as (client, _), tab(client.url) as shown:
        shown.open("/page", until="commit")
        shown.page.wait_for_timeout(500)
        if held == "nothing":
            assert any("/fetched" in each for each in shown.strayed)
            assert len({*shown.strayed}) > 10
            return
        poked(shown)
        assert shown.run("window.ran") is None
        strayed = [each for each in shown.strayed if each.startswith(evil.url)]
    assert (strayed, [*evil.exchanges]) == ([], [])


RAN = b"<script>window.ran=1</script>"
XHTML = b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>" + RAN + b"</html>"
LIARS = {
    "text": (RAN + b"<img src=x onerror=window.ran=1>", "text/plain"),
    "png": (RAN, "image/png"),
    "octets": (b"<html>" + RAN, "application/octet-stream"),
    "xhtml": (XHTML, "application/xhtml+xml"),
    "xml": (XHTML, "application/xml"),
    "svg": (
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='window.ran=1'>" + RAN + b"</svg>",
        "image/svg+xml",
    ),
    "gif": (b"GIF89a/*<html><script>window.ran=1</script>*/=1;window.ran=1", "text/html"),
    "utf16": (b"\xef\xbb\xbf" + RAN, "text/html; charset=utf-16"),
    "utf7": (b"+ADw-script+AD4-window.ran=1+ADw-/script+AD4-", "text/html; charset=utf-7"),
    "script": (b"window.ran=1", "text/javascript"),
    "json": (b'{"a":"' + RAN + b'"}', "application/json"),
    "pdf": (b"%PDF-1.4\n" + RAN, "application/pdf"),
    "none": (b"<html>" + RAN, ""),
}


@pytest.fixture(scope="module")
def liars(tmp_path_factory):
    pages = {f"{SITE}/{name}": answer for name, answer in LIARS.items()}
    with serving(archive_of(tmp_path_factory.mktemp("liars"), pages), make=create_replay_app) as (client, _):
        yield client


@pytest.mark.parametrize("name", LIARS)
def test_lying_media_types_run_nothing(liars, tab, name):
    number = [*LIARS].index(name)
    with tab(liars.url) as shown:
        for modifier in ("", "im_", "id_"):
            path = f"/web/{int(AT) + number}{modifier}/{SITE}/{name}"
            answer = liars.get(path)
            assert answer.status == 200
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
            saved = modifier == "id_" and name in {"pdf", "octets"}
            if saved or "attachment" in (answer.headers["Content-Disposition"] or ""):
                continue  # a browser offers to save it
            shown.open(path, until="load")
            assert shown.run("window.ran") is None
        assert shown.strayed == []


def test_no_soup_of_markup_runs_once_it_is_rewritten(browser):
    """Without any policy: what is written must be read back by a browser as it was meant."""
    context = browser.new_context()
    shown = context.new_page()
    shown.route("**/*", lambda route: route.abort())
    ran = {"as it was": 0, "rewritten": 0}
    for seed in range(15):
        source = soup(seed, (12, 60, 400)[seed % 3])
        document = Document.parsed(source, f"{SITE}/", encoding="utf-8")
        rewritten = "".join(document.written(Places("http://archive.example/web/", AT)))
        for name, text in (("as it was", source), ("rewritten", rewritten)):
            shown.evaluate("window.ran = undefined")
            shown.set_content(text, wait_until="commit")
            shown.wait_for_timeout(20)
            ran[name] += bool(shown.evaluate("window.ran"))
            shown.goto("about:blank")
    context.close()
    assert ran["as it was"] > 4
    assert ran["rewritten"] == 0
