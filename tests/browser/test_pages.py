"""The pages for people in a real browser: on a desk and on a phone, by day and by night, with axe-core."""

import shutil
import subprocess
import tarfile
import time
from urllib.parse import quote

import platformdirs
import pytest

from service.archived import HARBOUR, HOSTS
from service.browsing import browsing

AXE = "axe-core@4.10.3"
CLOCK = f"{HOSTS['bilingual']}/world/20261120/late-clock/dual/"
LIGHTHOUSE = f"{HOSTS['audiostory']}/interactive/90241"
HARMFUL = quote("https://harmful.example/ships.html?a=<b>&c='\"", safe="")
SIZES = {"desk": (1280, 900, "light", "en-GB"), "phone": (390, 844, "dark", "zh-CN")}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with browsing(tmp_path_factory.getbasetemp() / "pages") as (client, context):
        client.context = context
        until = time.monotonic() + 20
        while not client.get("/search?format=json").json["total"] and time.monotonic() < until:
            time.sleep(0.05)
        yield client


@pytest.fixture(scope="session")
def axe():
    """The accessibility checker, fetched once into a cache of this machine."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    folder = platformdirs.user_cache_path("newswarc-tests") / AXE
    script = folder / "axe.min.js"
    if not script.exists():
        folder.mkdir(parents=True, exist_ok=True)
        packed = subprocess.run(
            ["npm", "pack", AXE, "--silent"],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if packed.returncode:
            pytest.skip(f"axe-core cannot be fetched: {packed.stderr.strip()[-200:]}")
        with tarfile.open(folder / packed.stdout.split()[-1]) as archive:
            member = archive.extractfile("package/axe.min.js")
            assert member is not None
            script.write_bytes(member.read())
    return script.read_text("utf-8")


def path_of(site, name):
    url = quote(HARBOUR, safe="")
    capture = site.context.archive.find(HARBOUR, at="20261120060000")
    return {
        "home": "/",
        "search": "/search?q=harbour&sort=date",
        "article": f"/article?url={url}",
        "bilingual": f"/article?url={quote(CLOCK, safe='')}",
        "transcript": f"/article?url={quote(LIGHTHOUSE, safe='')}",
        "captures": f"/captures?url={url}",
        "compare": f"/compare?url={url}&a=20261120060000&b=20261121080000",
        "capture": f"/capture/{capture.segment}/{capture.offset}",
        "missing": "/article?url=https%3A%2F%2Fnowhere.example%2F",
    }[name]


NAMES = ("home", "search", "article", "bilingual", "transcript", "captures", "compare", "capture", "missing")
SMALL = ("home", "search", "bilingual", "captures")


@pytest.mark.parametrize(
    ("name", "size"), [*((name, "desk") for name in NAMES), *((name, "phone") for name in SMALL)]
)
def test_everybody_can_use_it(site, browser, axe, name, size):
    width, height, scheme, locale = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, locale=locale, bypass_csp=True
    )
    try:
        page = context.new_page()
        page.goto(f"{site.url}{path_of(site, name)}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.evaluate(axe)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        grave = [
            (each["id"], each["help"], [node["html"][:160] for node in each["nodes"][:3]])
            for each in found
            if each["impact"] in {"serious", "critical"}
        ]
        assert not grave
    finally:
        context.close()


def test_what_is_archived_runs_nothing_and_reaches_nobody(site, tab):
    with tab(site.url) as opened:
        for path in (f"/article?url={HARMFUL}", f"/captures?url={HARMFUL}", "/search?q=ships", "/"):
            opened.open(path, until="load")
            assert "harmful.example" in opened.run("document.body.textContent")
            assert opened.run("window.struck") is None
        assert opened.strayed == []


def test_pictures_are_those_of_the_archive(site, tab):
    with tab(site.url) as opened:
        opened.open(path_of(site, "article"))
        assert opened.run("document.querySelector('figure img').naturalWidth") == 420


def test_a_time_in_the_text_plays_the_recording_from_there(site, tab):
    with tab(site.url) as opened:
        opened.open(path_of(site, "transcript"))
        opened.page.locator("a.cue").nth(5).click()
        wanted = float(opened.page.locator("a.cue").nth(5).get_attribute("data-start"))
        opened.page.wait_for_function(f"document.querySelector('audio').currentTime >= {wanted - 0.1}")
        assert opened.run("location.hash") == ""


def test_without_script_by_keyboard_alone(site, browser):
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(f"{site.url}/")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.url.endswith("#content")
        page.locator("input[name=q]").fill("harbour storm")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?q=harbour+storm")
        page.locator("article.result h2 a").first.press("Enter")
        page.wait_for_url("**/article?**")
        assert page.locator("h1").first.inner_text() == "Quay wall closed until spring"
    finally:
        context.close()
