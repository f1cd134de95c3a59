"""An archive to look at: two daily papers, the difficult families, and a paper whose articles change."""

import io
import re
import wave
import zlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import newsite
from crawler.discovery import AnnouncedUrl, Kind, Source, requisites
from crawler.ledger import Ledger, Settlement, State
from crawler.scope import Reason
from crawler.state import Database
from edits.generated import fixture
from newsite.families import IMAGES, families
from pipelines.model import Capture, Provenance, Tls
from pipelines.urls import urlkey
from segments.making import exchange, open_archive, record_all, response

HOSTS = {
    "audiostory": "https://audio.example",
    "bilingual": "https://twotongues.example",
    "forum": "https://forum.example",
    "discuz": "https://boards.example",
    "ainews": "https://models.example",
}
DAILY = "https://daily.example"
RIBAO = "https://ribao.example"
HARBOUR = "https://harbour.example/2026/11/quay.html"
"""Captured again and again, with edits, an error and a revisit."""
FIRST = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
TLS = Tls("tls/1.3", "TLS_AES_256_GCM_SHA384")

_QUAY = (
    (0, "Quay wall gives way after the storm", "Ines Marlow", "The harbour office counted {n} loose stones."),
    (9, "Quay wall gives way after the storm", "Ines Marlow", "The harbour office counted {n} loose stones."),
    (
        26,
        "Quay wall closed after the storm",
        "Ines Marlow",
        "The harbour office counted 41 loose stones, it said.",
    ),
    (
        51,
        "Quay wall closed until spring",
        "Ines Marlow",
        "The harbour office counted 112 loose stones, it said.",
    ),
)
_AUDIO = re.compile(r"https://[^\s\"'<>]+\.mp3")
_HOSTILE = "<script>window.struck=1</script><img src=x onerror=window.struck=1>"


def made(folder, *, harmful=True):
    """Record the archive in *folder*, one segment for each part of it."""
    archive = open_archive(folder)
    for part in (_papers(), _families(), _quay(), _harmful() if harmful else ()):
        record_all(archive, part)
    shots = fixture(12, 8, 5, captures=4).shots
    record_all(archive, [_of_shot(shot) for shot in sorted(shots, key=lambda shot: shot.when)])
    archive.close()


@dataclass
class Clock:
    now: datetime

    def __call__(self):
        return self.now


def covered(context):
    """Let the ledger of *context* know what feeds announced in the last two weeks, and what became of it."""
    moments = [datetime.now(UTC) - timedelta(days=13 - day) for day in range(14)]
    clock = Clock(moments[0])
    with Database(context.config.state_url, clock=clock) as database:
        ledger = Ledger(database, context.collection)
        for place, (name, url) in enumerate((("daily", f"{DAILY}/feed.xml"), ("ribao", f"{RIBAO}/feed.xml"))):
            clock.now = moments[0]
            site = ledger.site(name, url)
            (source,) = ledger.enter_sources(site, [Source(url, Kind.FEED)])
            for day, at in enumerate(moments):
                clock.now = at
                _announced_on(ledger, source, (site, day, 3 + (5 * day + place) % 9))
            if place == 0:
                _announced_and_gone(ledger, site, source)


def _announced_and_gone(ledger, site, source):
    (entered,) = ledger.announce(
        source, [AnnouncedUrl(HARBOUR, source.url, Kind.FEED)], [HARBOUR], job="daily-1"
    )
    _settled(ledger, site, entered.identity)
    ledger.flush()
    gone = replace(_captured(HARBOUR), status=404, timestamp="20261122180000")
    at = datetime.now(UTC) - timedelta(hours=6)
    ledger.settle(
        Settlement(site=site, identity=HARBOUR, state=State.REFUSED, reason=Reason.GONE, capture=gone, at=at)
    )
    ledger.flush()


def _announced_on(ledger, source, told):
    site, day, count = told
    urls = [f"{source.url}/{day}/{number}" for number in range(count)]
    found = [AnnouncedUrl(url, source.url, Kind.FEED) for url in urls]
    for entered in ledger.announce(source, found, urls, job="daily-1"):
        if hash_of(entered.identity) % 5:
            _settled(ledger, site, entered.identity)
    ledger.flush()


def hash_of(text):
    return zlib.crc32(text.encode())


def _settled(ledger, site, identity):
    at = datetime.now(UTC) - timedelta(hours=12)
    found = _captured(identity)
    ledger.settle(Settlement(site=site, identity=identity, state=State.CAPTURED, capture=found, at=at))


def _captured(url):
    digest = "sha1:" + "A" * 32
    return Capture(
        urlkey(url), "20261120060000", url, "response", 200, "text/html", digest, "0" * 64, "s", "f", 0, 1
    )


def recorded(url, page, when, **more):
    """The exchange of *page*, an answer of newsite, at *when*."""
    return exchange(
        0,
        b"".join([page.head, page.payload]),
        url=url,
        started=when,
        tls=TLS,
        article="text/html" in page.type,
        **more,
    )


def _papers():
    for number, (base, language) in enumerate(((DAILY, "en"), (RIBAO, "zh"))):
        paper = newsite.daily(40, seed=3, language=language)
        for place, article in enumerate(paper.latest(28)):
            when = FIRST + timedelta(minutes=7 * place, hours=number)
            source = Provenance(
                "daily-1",
                f"{base}/feed.xml",
                f"{base}/feed.xml",
                "F",
                announced={"source": f"{base}/feed.xml", "title": article.title},
            )
            page = paper.page(article.path, base=base)
            yield recorded(f"{base}{article.path}", page, when, provenance=source)


def _families():
    for number, (name, site) in enumerate(families().items()):
        base, when = HOSTS[name], FIRST + timedelta(days=1, hours=number)
        for case in site.cases:
            yield recorded(case.url(base), site.page(case.path, base=base), when)
            page = site.page(case.path, base=base)
            loaded = requisites(page.body, case.url(base))
            pictures = [address for address in loaded if address.endswith(IMAGES)]
            yield from (_picture(address, place, when) for place, address in enumerate(pictures))
            for address in set(_AUDIO.findall(page.body.decode("utf-8", "replace"))):
                yield exchange(0, response(_tone(), b"Content-Type: audio/wav"), url=address, started=when)


def _picture(url, number, when):
    content = newsite.assets.png(number + 3, side=48)
    return exchange(0, response(content, b"Content-Type: image/png"), url=url, started=when)


def _tone(seconds=240):
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(1000)
        sound.writeframes(b"\x80" * 1000 * seconds)
    return out.getvalue()


def _quay():
    pictured = "https://harbour.example/pictures/quay.png"
    drawn = newsite.assets.png(9, side=420)
    yield exchange(0, response(drawn, b"Content-Type: image/png"), url=pictured, started=FIRST)
    for hours, headline, author, told in _QUAY:
        yield recorded_html(HARBOUR, _article(headline, author, told.format(n=12), pictured), hours)
    gone = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\ngone"
    yield exchange(0, gone, url=HARBOUR, started=FIRST + timedelta(hours=60))
    _, headline, author, told = _QUAY[-1]
    yield recorded_html(HARBOUR, _article(headline, author, told, pictured), 80)


def _harmful():
    """A page that says things which must not run in anybody's browser."""
    body = _article(
        f"Ships {_HOSTILE}", f"Anne {_HOSTILE}", f"A lamp {_HOSTILE}.", "javascript:window.struck=1"
    )
    escaped = body.replace(_HOSTILE, _HOSTILE.replace("<", "&lt;"))
    yield recorded_html("https://harmful.example/ships.html?a=<b>&c='\"", escaped, 90)


def recorded_html(url, text, hours):
    wire = response(text.encode(), b"Content-Type: text/html; charset=utf-8", b'ETag: "q"')
    return exchange(0, wire, url=url, started=FIRST + timedelta(hours=hours), tls=TLS, article=True)


def _article(headline, author, told, picture):
    more = " ".join(
        f"In berth {number} lay a boat whose lamps were dark until noon." for number in range(1, 9)
    )
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>{headline} - Harbour Post</title>
<meta property="og:site_name" content="Harbour Post"><meta name="author" content="{author}">
<meta property="article:published_time" content="2026-11-20T05:30:00Z">
<meta property="article:section" content="Port"></head><body><header><nav><a href="/">Home</a></nav></header>
<article><h1>{headline}</h1><p class="byline">By {author}</p>
<figure><img src="{picture}" alt="The quay at low tide" width="640" height="400">
<figcaption>The quay at low tide, before the storm came in.</figcaption></figure>
<p>The eastern quay of the harbour lost part of its wall in the night, when the storm from the north stood
against it for six hours without a pause.</p>
<p>{told} Divers will look at what lies below the water line as soon as the swell allows it.</p>
<p>{more}</p>
<p>Fishing boats use the western basin until further notice, and the ferry leaves from the old pier at the
same hours as before.</p></article><footer>Harbour Post</footer></body></html>"""


def _of_shot(shot):
    lines = [b"Content-Type: text/html; charset=utf-8"]
    if shot.location:
        lines.append(b"Location: " + shot.location.encode())
    wire = response(shot.body.encode(), *lines, status=b"%d Told" % shot.status)
    return exchange(0, wire, url=shot.url, started=shot.when, article=shot.status == 200)
