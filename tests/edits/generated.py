"""A site with a history: articles with churn around and among their text, and known edits.

All sentences are made here. The pages go through the real extractor; nothing tells it what is churn.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from html import escape

from edits.vocabulary import ADS_EN, ADS_ZH, EN, ZH
from pipelines.edits import Sighting
from pipelines.extract import extract
from pipelines.model import Capture
from pipelines.urls import timestamp, urlkey

HOST = "https://www.courier.example"
BEGIN = datetime(2026, 11, 2, 6, 30, tzinfo=UTC)

KINDS = (
    "figure", "headline", "typo", "append", "correction", "remove", "insert", "negation", "byline", "wording",
    "restore", "move", "punctuation", "quote", "heading",
)  # fmt: skip
GRADES = {
    "figure": "substantive", "headline": "headline", "typo": "typo", "append": "appended",
    "correction": "correction", "remove": "removed", "insert": "substantive", "negation": "substantive",
    "byline": "byline", "wording": "substantive", "restore": "restored", "move": "substantive",
    "punctuation": "typo", "quote": "substantive", "heading": "substantive",
}  # fmt: skip

CORRECTIONS = (
    "Correction: An earlier version of this article gave the wrong day for the hearing.",
    "更正：本文此前版本将会议日期写错，现已改正。",
)
# From, to: in English, in Chinese.
SWAPS = {
    "figure": (("Some ", "Some 1"), ("共有", "共有1")),
    "typo": (("people", "poeple"), ("说明会", "说明绘")),
    "negation": (("came to", "did not come to"), ("参加了", "没有参加")),
    "wording": (
        ("the sum in question is", "the organisers now put the bill at"),
        ("所需资金约为", "主办者估计总支出将会超过"),
    ),
    "punctuation": ((", and the sum", " and the sum"), ("据统计，共有", "据统计共有")),
    "quote": (
        ("who has followed it for years", "who left the board last week"),
        ("地方记者", "外地电台"),
    ),
}


@dataclass(frozen=True)
class Known:
    """A real edit: of which article, first shown by which capture."""

    page: str
    timestamp: str
    kind: str


@dataclass(frozen=True)
class Shot:
    """What the server answers at one time."""

    url: str
    when: datetime
    status: int = 200
    body: str = ""
    location: str = ""

    def sighting(self):
        payload = self.body.encode()
        article = extract(payload, self.url) if self.status == 200 else None
        return Sighting(capture(self.url, self.when, payload, status=self.status), article, self.location)


@dataclass
class Fixture:
    shots: list = field(default_factory=list)
    edits: list = field(default_factory=list)
    events: list = field(default_factory=list)
    """Page, timestamp, kind of the event."""

    def sightings(self):
        return [shot.sighting() for shot in self.shots]


@dataclass
class Story:
    headline: str
    author: str
    passages: list
    chinese: bool

    def copy(self):
        return Story(self.headline, self.author, list(self.passages), self.chinese)


def fixture(articles: int, edits: int, seed: int, *, captures: int = 5) -> Fixture:
    """Return the history of a site of *articles*, with *edits* real edits."""
    rng = random.Random(seed)
    made = Fixture()
    changed = rng.sample(range(articles), edits - edits // len(KINDS))
    kinds = {number: KINDS[at % len(KINDS)] for at, number in enumerate(changed)}
    while sum(2 if kind == "restore" else 1 for kind in kinds.values()) > edits:
        kinds.popitem()
    trouble = [number for number in range(articles) if number not in kinds][: articles // 8]
    for number in range(articles):
        _article(made, number, kinds.get(number, ""), rng, captures, trouble=number in trouble)
    return made


def _article(made, number, kind, rng, captures, *, trouble):
    story = _story(rng, chinese=number % 2 == 1)
    section = "gx" if story.chinese else "news"
    url = f"{HOST}/{section}/2026/11/{number:04d}-report.html"
    template = TEMPLATES[number % len(TEMPLATES)]
    at_edit = rng.randrange(1, captures - 1)
    at_trouble = rng.randrange(1, captures - 1) if trouble else -1
    original = story.copy()
    for step in range(captures):
        when = BEGIN + timedelta(hours=7 * step, minutes=number)
        shown = _address(url, rng, template)
        if kind and step == at_edit:
            _edit(story, "wording" if kind == "restore" else kind, rng)
            made.edits.append(Known(url, timestamp(when), "wording" if kind == "restore" else kind))
        if kind == "restore" and step == at_edit + 1:
            story = original.copy()
            made.edits.append(Known(url, timestamp(when), kind))
        if step == at_trouble:
            _trouble(made, url, when, number, story)
            continue
        page = template(story, _around(story, rng, when), rng)
        made.shots.append(Shot(shown, when, body=page))


def _trouble(made, url, when, number, story):
    """Add a capture that is no version, and what is known of it."""
    kind = number // 2 % 3
    if kind == 0:
        made.shots.append(Shot(url, when, 404))
        made.events.append((url, timestamp(when), "disappeared"))
    elif kind == 1:
        made.shots.append(Shot(url, when, 302, location="/"))
        made.events.append((url, timestamp(when), "disappeared"))
    else:
        first = f"<p>{escape(story.passages[0])}</p><p>Subscribe now to continue reading. 登录后阅读全文</p>"
        title = escape(story.headline)
        page = f"<title>{title}</title><body><article><h1>{title}</h1>{first}</article></body>"
        made.shots.append(Shot(url, when, body=page))
        made.events.append((url, timestamp(when), "walled"))


def capture(url, when, payload, *, status=200):
    digest = sha256(payload + url.encode() * (not payload)).hexdigest()
    return Capture(
        urlkey(url), timestamp(when), url, "response", status, "text/html", f"sha1:{digest[:32].upper()}",
        digest, "courier-20261102000000-00000-test", "a.warc.gz", int(when.timestamp()) % 10**9, 1000,
    )  # fmt: skip


def _story(rng, *, chinese):
    words = ZH if chinese else EN
    count = rng.randrange(6, 11)
    passages = [_passage(rng, words, chinese) for _ in range(count)]
    place, who, verb, what = (rng.choice(words[name]) for name in ("place", "who", "verb", "what"))
    if chinese:
        headline = f"{place}{who}{verb}{what}"
    else:
        headline = (
            f"{place}: {who} {verb} {what}".replace(": t", ": T").replace(": a", ": A").replace(": l", ": L")
        )
    return Story(headline, rng.choice(words["name"]), passages, chinese)


def _passage(rng, words, chinese):
    def pick(name):
        return rng.choice(words[name])

    people, sum_, day = rng.randrange(12, 900), rng.randrange(2, 80), rng.randrange(1, 29)
    if chinese:
        return (
            f"{pick('place')}的{pick('who')}在十一月{day}日{pick('verb')}{pick('what')}，{pick('why')}。"
            f"据统计，共有{people}人参加了在{pick('place')}举行的说明会，所需资金约为{sum_}亿元。"
            f"{pick('tail')}，{pick('name')}对“地方记者”说。"
        )
    return (
        f"In {pick('place')}, {pick('who')} {pick('verb')} {pick('what')} {pick('why')}. "
        f"Some {people} people came to the hearing on November {day}, and the sum in question is "
        f"{sum_} million crowns. “{pick('tail')},” said {pick('name')}, who has followed it for years."
    )


def _edit(story, kind, rng):
    at = rng.randrange(1, len(story.passages) - 1)
    words = ZH if story.chinese else EN
    chinese = story.chinese
    if kind == "headline":
        story.headline += "，原因公布" if chinese else ", and says why"
    elif kind == "byline":
        story.author = next(name for name in words["name"] if name != story.author)
    elif kind in {"remove", "move"}:
        gone = story.passages.pop(at - (kind == "move"))
        story.passages += [gone] * (kind == "move")
    elif kind in {"append", "correction", "insert", "heading"}:
        new = {
            "append": ("更新：" if chinese else "Update: ") + _passage(rng, words, chinese),
            "correction": CORRECTIONS[chinese],
            "insert": _passage(rng, words, chinese),
            "heading": "## " + ("钱从何处来" if chinese else "Where the money goes"),
        }[kind]
        story.passages.insert(at if kind in {"insert", "heading"} else len(story.passages), new)
    else:
        story.passages[at] = _reworded(story.passages[at], kind, chinese)


def _reworded(text, kind, chinese):
    old, new = SWAPS[kind][chinese]
    assert old in text, (kind, text)
    return text.replace(old, new, 1)


def _address(url, rng, template):
    if rng.random() < 0.25:
        return f"{url}?utm_source={rng.choice(('feed', 'mail', 'x'))}"
    return url.replace("www.", "") if rng.random() < 0.1 else url


@dataclass
class Around:
    """What stands around and among the text in one capture."""

    ad: str
    linked_ad: str
    related: list
    views: int
    clock: str
    weather: str
    ticker: str
    readers: int
    more: str
    times: tuple


def _around(story, rng, when):
    words = ZH if story.chinese else EN
    related = []
    for _ in range(rng.randrange(3, 6)):
        place, what = rng.choice(words["place"]), rng.choice(words["what"])
        related.append(f"{place}：{what}引发热议" if story.chinese else f"{place} waits for {what}")
    ago, views, degrees = rng.randrange(2, 58), rng.randrange(100, 90_000), rng.randrange(-5, 30)
    rise = f"{rng.choice('+-')}{rng.randrange(300) / 100}%"
    index = f"{rng.randrange(2800, 3400):,}.{rng.randrange(100):02d} {rise}"
    return Around(
        ad=rng.choice(ADS_ZH if story.chinese else ADS_EN),
        linked_ad=rng.choice(ADS_ZH if story.chinese else ADS_EN),
        related=related,
        views=views,
        clock=f"更新于 {ago} 分钟前" if story.chinese else f"Updated {ago} minutes ago",
        weather=f"临江 晴 {degrees}℃" if story.chinese else f"Harwick, cloudy {degrees}°C",
        ticker=f"海滨指数 {index}" if story.chinese else f"Harbour index {index}",
        readers=rng.randrange(20, 3000),
        more=rng.choice(related),
        times=(when.strftime("%A, %d %B %Y %H:%M"), when.strftime("%Y年%m月%d日 %H:%M")),
    )


def _glyphs(text, rng):
    """Return *text* with the quotes and blanks that one of several editors' programs writes."""
    style = rng.randrange(4)
    if style == 1:
        text = text.replace("“", '"').replace("”", '"')
    if style == 2:
        text = text.replace(". ", ".\u00a0 ").replace("，", "， ")
    if style == 3:
        text = text.replace("“", "「").replace("”", "」") if "，" in text else text.replace(" ", "\n  ")
    return escape(text)


def _body(story, rng, extra=()):
    """Return the passages as elements, with *extra* lines (place, element) between them."""
    rows = [
        f"<h2>{escape(text[3:])}</h2>" if text.startswith("## ") else f"<p>{_glyphs(text, rng)}</p>"
        for text in story.passages
    ]
    for place, element in sorted(extra, reverse=True):
        rows.insert(place, element)
    return "\n".join(rows)


def _links(around):
    return "".join(
        f'<li><a href="/n/{sha256(t.encode()).hexdigest()[:8]}">{escape(t)}</a></li>' for t in around.related
    )


def _head(story, extra=""):
    return (
        f'<!DOCTYPE html><html lang="{"zh-CN" if story.chinese else "en"}"><head><meta charset="utf-8">'
        f"<title>{escape(story.headline)} - Coast Courier</title>"
        f'<meta name="author" content="{story.author}"><meta property="og:site_name" content="Coast Courier">'
        f'<meta property="og:title" content="{escape(story.headline)}">'
        f'<meta property="article:published_time" content="2026-11-02T05:00:00Z">{extra}</head>'
    )


def plain_paper(story, around, rng):
    """A newspaper: navigation, counters below the headline, an advertisement in the text, related links."""
    ad = (
        f'<div class="ad"><span>{"广告" if story.chinese else "Advertisement"}</span><p>{around.ad}</p></div>'
    )
    more = "相关阅读" if story.chinese else "Related stories"
    views = (
        f"阅读 {around.views} 次 评论 {around.readers}"
        if story.chinese
        else f"Views: {around.views} Comments: {around.readers}"
    )
    return f"""{_head(story)}<body><header><nav><a href="/">Home</a> <a href="/news">News</a></nav>
<div class="clock">{around.times[story.chinese]}</div><div>{around.weather}</div></header>
<main><article><h1>{escape(story.headline)}</h1>
<p class="byline">{"记者" if story.chinese else "By"} {story.author}</p>
<p class="meta">{views}</p>{_body(story, rng, [(2, ad)])}
<h3>{more}</h3><ul>{_links(around)}</ul></article></main>
<footer><p>Coast Courier, Quay Street 4</p></footer></body></html>"""


def crowded_paper(story, around, rng):
    """A paper that puts bare paragraphs of its own among the text: a linked advertisement, a ticker."""
    linked = f'<p><a href="https://ads.example/{rng.randrange(10**6)}">{around.linked_ad}</a></p>'
    link = f'<a href="/n/{rng.randrange(10**6)}">{escape(around.more)}</a>'
    read = f"<p>{'延伸阅读：' if story.chinese else 'Read more: '}{link}</p>"
    readers = (
        f"{around.readers}人正在阅读" if story.chinese else f"{around.readers} people are reading this now"
    )
    extra = [(1, f"<p>{around.ticker}</p>"), (3, linked), (4, read), (5, f"<p>{readers}</p>")]
    return f"""{_head(story)}<body><div id="top"><a href="/">Coast Courier</a></div>
<div class="story"><h1>{escape(story.headline)}</h1><p>{around.clock}</p>
{_body(story, rng, extra)}<p>{"分享到：微信 微博" if story.chinese else "Share this article"}</p></div>
<div class="side"><h4>{"热门文章" if story.chinese else "Most read"}</h4>
<ul>{_links(around)}</ul></div></body></html>"""


def boxed_paper(story, around, rng):
    """A paper whose advertisements look like its paragraphs: sentences, not linked, not marked."""
    extra = [(3, f"<p>{around.ad}</p>")] if rng.random() < 0.8 else []
    listed = "".join(f"<p>{escape(text)}</p>" for text in around.related)
    return f"""{_head(story)}<body><div class="wrap"><div class="entry"><h1>{escape(story.headline)}</h1>
<div class="info">{story.author} | {around.times[story.chinese]} |
{around.views} {"次浏览" if story.chinese else "views"}</div>
<div class="text">{_body(story, rng, extra)}</div>
<p>{around.views % 97} {"条评论" if story.chinese else "comments"}</p>
<div><p>{"相关新闻" if story.chinese else "Recommended stories"}</p>
{listed}</div></div></div></body></html>"""


TEMPLATES = (plain_paper, crowded_paper, boxed_paper)
