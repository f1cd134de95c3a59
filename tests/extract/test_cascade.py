import gzip
import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.errors import ProfileError
from pipelines.extract import EXTRACTOR, Article, PassageKind, Quality, Rules, extract
from pipelines.extract.rules import checked_rules

URL = "https://quay.example/harbour/the-clock"
SENTENCES = [
    "The clock above the harbour office has been four minutes slow since the winter of the great ice.",
    "Nobody has dared to set it right, because the ferries have long been running by it and not by the sun.",
    "This spring the council voted to leave it as it is and to paint a second hand in red beside the first.",
    "A watchmaker from the next island offered to mend it for nothing and was thanked and sent home again.",
    "Children learn to read both hands at school, and visitors are given a leaflet that explains the matter.",
    "On the day of the vote the clock stopped altogether, for the first time in the memory of the pilots.",
    "It was found that a gull had built its nest between the wheels, and the wheels were left in peace.",
    "Until the young birds have flown the ferries leave when the captain has finished his second coffee.",
]
ZH = "这座钟从大冰那年的冬天起就慢了四分钟，没有人敢把它拨准，因为渡轮一直按它开船，而不是按太阳。"
BY = "这项决定在春天由镇议会通过，另外画上了一根红色的指针，孩子们在学校里要学会看两根针。"


def page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html lang=en><head>{head}</head><body>{body}</body></html>".encode()


def paragraphs(sentences=SENTENCES) -> str:
    return "".join(f"<p>{sentence}</p>\n" for sentence in sentences)


CHROME = """<nav><ul><li><a href=/>Home</a><li><a href=/harbour>Harbour</a></ul></nav>
<div class="cookie-consent">We use cookies to remember you. Do you agree to those of our partners?</div>"""
TAIL = """<div class="related-stories"><h3>Related</h3>
<ul><li><a href=/a>The bakery that never opens</a></ul></div>
<footer>© The Quay. All rights reserved. 1 January 2001</footer>"""


def test_an_article_without_its_chrome():
    body = f"{CHROME}<main><article><h1>The slow clock</h1>{paragraphs()}</article></main>{TAIL}"
    article = extract(page(body, "<title>The slow clock | The Quay</title>"), URL)
    assert [passage.text for passage in article.passages] == SENTENCES
    assert article.title == "The slow clock"
    assert article.quality is Quality.FULL
    assert article.languages == ("en",)
    assert (article.method, article.extractor, article.rules) == ("structure", EXTRACTOR, "")
    assert article.published is None


def test_kinds_of_passages_in_order():
    body = f"""<div id=text>{paragraphs(SENTENCES[:2])}<h2>The <i>second</i> hand</h2>
    <blockquote><p>{SENTENCES[2]}</p></blockquote><ul><li>red paint<li>a brush</ul>
    <table><caption>Ferries</caption><tr><th>Boat<th>Leaves<tr><td>Gull<td></table>
    <pre>tick\n  tock</pre><figure><img src=a.png><figcaption>The office in May</figcaption></figure>
    {paragraphs(SENTENCES[3:])}<p>One line<br>and another, which is here to make it long.<br><br>A new
    one it is.</p><p>by Ada</p></div>"""
    found = [(passage.kind, passage.text) for passage in extract(page(body), URL).passages]
    assert found == [
        *((PassageKind.PARAGRAPH, text) for text in SENTENCES[:2]),
        (PassageKind.HEADING, "The second hand"),
        (PassageKind.QUOTE, SENTENCES[2]),
        (PassageKind.LIST, "red paint\na brush"),
        (PassageKind.CAPTION, "Ferries"),
        (PassageKind.TABLE, "Boat\tLeaves\nGull\t"),
        (PassageKind.CODE, "tick\n  tock"),
        (PassageKind.CAPTION, "The office in May"),
        *((PassageKind.PARAGRAPH, text) for text in SENTENCES[3:]),
        (PassageKind.PARAGRAPH, "One line\nand another, which is here to make it long."),
        (PassageKind.PARAGRAPH, "A new one it is."),
    ]


def test_two_languages_are_told_apart():
    body = "".join(f"<p>{english}</p><p>{ZH}</p>" for english in SENTENCES)
    article = extract(page(body), URL)
    assert [passage.language for passage in article.passages] == ["en", "zh"] * len(SENTENCES)
    assert article.languages == ("en", "zh")


def test_latin_text_that_is_not_english_is_not_taken_for_it():
    text = (
        "Die Uhr über dem Hafenamt geht seit dem Winter des Eises vier Minuten nach, und niemand stellt sie."
    )
    assert "en" not in {p.language for p in extract(page(f"<p>{text}</p>" * 9), URL).passages}


def test_a_json_blob_is_never_text():
    blob = json.dumps({"text": [[{"start": 3.29, "text": SENTENCES[0]}]], "url": "https://a.example/a.mp3"})
    article = extract(page(f"<div>{blob}</div><div style='display:none'>{blob}</div>{paragraphs()}"), URL)
    assert [passage.text for passage in article.passages] == SENTENCES


STATED = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "WebSite", "name": "The Quay"},
        {
            "@type": ["NewsArticle"],
            "headline": "The slow clock",
            "alternativeHeadline": "Four minutes",
            "author": [{"@type": "Person", "name": "Ada Lund"}, {"name": "沈雨"}, "Ada Lund"],
            "datePublished": "2026-11-23T00:30:00+08:00",
            "dateModified": "2026-11-24",
            "articleSection": ["Harbour"],
        },
    ],
}


@pytest.mark.parametrize("around", ["{}", "<!--\n{}\n//-->", "/*<![CDATA[*/{}/*]]>*/", "{};"])
def test_structured_data(around):
    told = around.format(json.dumps(STATED).replace("}]}", "},]}"))
    head = f"""<script type="application/ld+json">{told}</script><link rel=canonical href="/clock">
    <meta property="og:image" content="/clock.jpg"><meta property="og:image:alt" content="A clock">"""
    article = extract(page(f"<h1>THE SLOW CLOCK</h1>{paragraphs()}", head), URL)
    assert article.title == "THE SLOW CLOCK"
    assert article.subtitle == "Four minutes"
    assert article.authors == ("Ada Lund", "沈雨")
    assert article.site == "The Quay"
    assert article.section == "Harbour"
    assert article.canonical_url == "https://quay.example/clock"
    assert article.images[0].url == "https://quay.example/clock.jpg"
    assert article.published is not None
    assert article.published.at == datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    assert article.published.day == date(2026, 11, 23)
    assert article.published.found == "json-ld:datePublished"
    assert article.modified is not None
    assert (article.modified.day, article.modified.at) == (date(2026, 11, 24), None)


@pytest.mark.parametrize(
    ("head", "body", "day", "found"),
    [
        (
            "<meta property='article:published_time' content='2026-11-23T08:00:00Z'>",
            "",
            23,
            "meta:article:published_time",
        ),
        ("", "<time datetime='2026-11-22'>yesterday</time>", 22, "time"),
        ("", "<span class='pub-time'>发布时间：2026年11月21日 08:15</span>", 21, "text"),
        ("", "<div class=info>By Ada, November 20th, 2026</div>", 20, "text"),
    ],
)
def test_dates_by_where_they_stand(head, body, day, found):
    article = extract(page(f"<h1>Clock</h1>{body}{paragraphs()}<footer>2001-01-01 10:00</footer>", head), URL)
    assert article.published is not None
    assert (article.published.day, article.published.found) == (date(2026, 11, day), found)


def test_a_date_in_the_address():
    article = extract(page(paragraphs()), "https://quay.example/2026/11/19/clock.html")
    assert article.published is not None
    assert (article.published.day, article.published.at, article.published.found) == (
        date(2026, 11, 19),
        None,
        "url",
    )


def test_where_nothing_looks_like_an_article_trafilatura_is_asked():
    links = "".join(f"<li><a href=/{n}>Pier {n}</a></li>" for n in range(60))
    promo = f"<div class=promo><a href=/x>{SENTENCES[0]}</a></div><div class=footer>{SENTENCES[2]}</div>"
    article = extract(page(f"<ul class=menu>{links}</ul>{promo}"), URL)
    assert article.method == "trafilatura"
    assert SENTENCES[0] in article.text


def test_between_rows_of_figures_the_sentences_are_found():
    rows = "".join(f"<li><a href=/pier/{n}>Pier {n}</a></li>" for n in range(90))
    body = f"<ul class=menu>{rows}</ul><article>{paragraphs()}</article><ul class=links>{rows}</ul>"
    assert [passage.text for passage in extract(page(body), URL).passages] == SENTENCES


@pytest.mark.parametrize("tag", ["noscript", "button"])
def test_text_in_an_element_that_is_silent_elsewhere(tag):
    """Some forums serve readers without script from noscript; a button never closed holds the page."""
    body = f"<div id=app></div><{tag}><h1>The slow clock</h1>{paragraphs()}</{tag}>"
    assert [passage.text for passage in extract(page(body), URL).passages] == SENTENCES


def test_what_a_button_says_is_no_text():
    button = "<button>Subscribe to the harbour letter</button>"
    body = f"{paragraphs()}{button}<noscript><p>Switch on script</p></noscript>"
    assert [passage.text for passage in extract(page(body), URL).passages] == SENTENCES


def test_signatures_at_the_end_are_left_out():
    text = f"<p>{ZH}{BY}</p>" * 5
    body = f"<h1>钟</h1><div id=content>{text}<p>（责任编辑：沈雨）</p></div>"
    article = extract(page(body), URL)
    assert "责任编辑" not in article.text
    assert article.text.count(ZH) == 5


@pytest.mark.parametrize(
    ("published", "shown", "day"),
    [
        ("2026-11-24T01:30:00Z", "November 23, 2026", 23),
        ("2026-11-20T10:00:00Z", "November 23, 2026", 23),
        ("2026-11-20T10:00:00Z", "Updated November 23, 2026", 20),
        ("2026-11-20T10:00:00Z", "", 20),
    ],
)
def test_the_date_that_readers_are_shown(published, shown, day):
    head = f"<meta property='article:published_time' content='{published}'>"
    article = extract(page(f"<h1>Clock</h1><p>{shown}</p>{paragraphs([' '.join(SENTENCES)] * 3)}", head), URL)
    assert article.published is not None
    assert article.published.day == date(2026, 11, day)


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("<div class=byline>By <a rel=author href=/a>Ada Lund</a> and <a rel=author>Grace Holm</a></div>",
         ("Ada Lund", "Grace Holm")),
        ("<p>By Ada Lund | 23 November 2026</p>", ("Ada Lund",)),
        ("<span><a href=/authors/ada-lund>Ada Lund</a></span>", ("Ada Lund",)),
        ("<p>来源：渔港日报　记者：沈雨　编辑：林安</p>", ("沈雨",)),
        ("<div class=comment-author>Grace Holm</div>", ()),
    ],
)  # fmt: skip
def test_authors_by_where_they_stand(body, names):
    assert extract(page(f"<h1>Clock</h1>{body}{paragraphs()}"), URL).authors == names


def test_an_organisation_in_structured_data_gives_way_to_a_person():
    told = json.dumps({"@type": "NewsArticle", "author": {"@type": "Organization", "name": "The Quay"}})
    head = f'<script type="application/ld+json">{told}</script>'
    body = f"<h1>Clock</h1><p>By Ada Lund</p>{paragraphs()}"
    assert extract(page(body, head), URL).authors == ("Ada Lund",)
    assert extract(page(paragraphs(), head), URL).authors == ("The Quay",)


def test_the_stated_body_stands_in_for_an_empty_page():
    stated = json.dumps({"@type": "NewsArticle", "articleBody": "\n\n".join(SENTENCES)})
    article = extract(
        page("<div id=app></div>", f'<script type="application/ld+json">{stated}</script>'), URL
    )
    assert article.method in {"json-ld", "trafilatura"}
    assert all(sentence in article.text for sentence in SENTENCES)


def test_rules_drop_and_take():
    box = f"<div class=pilot-box><p>{ZH}</p></div>"
    content = page(f"<div class=one>{paragraphs()}{box}</div><div class=two><p>{BY}</p></div>")
    dropped = extract(content, URL, rules=Rules("quay/1", drop=(".pilot-box", "//div[@class='two']")))
    assert dropped.rules == "quay/1"
    assert [passage.text for passage in dropped.passages] == SENTENCES
    taken = extract(content, URL, rules=Rules("quay/2", take=(".absent", "div.two"), drop=()))
    assert (taken.text, taken.method) == (BY, "rules")
    both = extract(content, URL, rules=Rules("quay/3", take=("div.one",), drop=(".pilot-box",)))
    assert [passage.text for passage in both.passages] == SENTENCES


@pytest.mark.parametrize("bad", ["div[", "//p[", ""])
def test_rules_that_are_no_selectors_are_refused(bad):
    with pytest.raises(ProfileError, match="is no selector"):
        checked_rules(Rules("quay/1", drop=(bad,)))


@pytest.mark.parametrize(
    ("head", "body", "quality"),
    [
        ("<title>Just a moment...</title>", "<p>Checking your browser</p>", Quality.CHALLENGE),
        ("<title>404 Not Found</title>", "<p>There is nothing here.</p>", Quality.ERROR_PAGE),
        ("", "<form><p>Who are you?</p><input name=u><input type=password></form>", Quality.LOGIN_STUB),
        ("", "<p>Cookies. We and our partners set cookies. Do you consent?</p>", Quality.CONSENT_WALL),
        ("", f"{paragraphs()}<p>Subscribe to continue reading, for a cup of tea.</p>", Quality.PREVIEW),
        ("", "", Quality.EMPTY),
        ("", "<p><a href=/a>The boat is late again, and why it is</a></p>" * 60, Quality.LIST_PAGE),
        ("", f"{paragraphs()}<form><input type=password></form>", Quality.FULL),
    ],
)  # fmt: skip
def test_quality(head, body, quality):
    article = extract(page(body, head), URL)
    assert article.quality is quality, (article.reasons, article.text)
    assert article.reasons or quality is Quality.FULL


def test_the_same_page_gives_the_same_article():
    content = gzip.compress(page(f"{CHROME}{paragraphs()}{TAIL}"))
    headers = ((b"Content-Encoding", b"gzip"),)
    assert extract(content, URL, headers=headers) == extract(content, URL, headers=headers)


PIECES = st.sampled_from(
    [
        *b"<p>|</div>|<table><tr><td>|</tr>|<th>|<h1>|<br><br>|<svg><title>|<blockquote><li>|<pre>\n|<body>".split(
            b"|"
        ),
        *b"<frameset>|<base href=x>|</script>|'>|1700000000|=2026-02-31|&#xD800;&#0;|\xff\xfe|\0".split(b"|"),
        b"<script type='application/ld+json'>",
        b'{"@type":"Article","name":',
        b'"\\ud83d"}',
        b"<time datetime='99999-99'>",
        b"<meta property=og:title content='",
        b"<a href='http://[::1'>",
        b"<link rel=canonical href='//['>",
        "记者：".encode(),
        "发布".encode("gb18030"),
        SENTENCES[0].encode(),
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.binary(max_size=400), st.lists(PIECES, max_size=40).map(b"".join)),
    st.sampled_from(["", URL, "http://[", "https://a.example/20261399/"]),
    st.sampled_from([b"", b"gzip", b"br", b"deflate", b"zstd"]),
    st.sampled_from(
        [b"", b"text/html; charset=gbk", b"text/html; charset=utf-16", b"image/png", b"\xff; charset=\xff"]
    ),
)
@example(b'<script type="application/ld+json">' + b"[" * 100_000, URL, b"", b"")
@example(b'<script type="application/ld+json">' + b'{"@graph":[' * 500 + b"]}" * 500, URL, b"", b"")
def test_no_bytes_make_it_raise(content, url, coding, kind):
    article = extract(content, url, headers=((b"content-encoding", coding), (b"content-type", kind)))
    assert Article.from_json(article.to_json()) == article


@pytest.mark.parametrize(
    "content",
    [
        b"<p>x</p>" * 150_000,
        b"<div>" * 100_000 + SENTENCES[0].encode(),
        b"x" * 5_000_000,
        b"<p>" + b"y " * 2_000_000,
        b"<table><tr><td>" * 20_000 + b"z",
        b"<a href=x>link</a> " * 60_000,
        b"<script>" + b"{" * 3_000_000,
    ],
    ids=["many", "deep", "word", "long", "tables", "links", "script"],
)
@pytest.mark.timeout(60)
def test_large_pages_neither_raise_nor_hang(content):
    extract(content, URL)
