"""Pages, stylesheets and images as replay sends them."""

import re
import time

import pytest

from browser.pages import hostile
from crawler.service.replay.attributes import srcset
from crawler.service.replay.document import Document
from crawler.service.replay.markup import start_tag
from crawler.service.replay.media import Kind, kind_of
from crawler.service.replay.places import Places
from crawler.service.replay.policy import policy
from crawler.service.replay.stylesheet import LONGEST, decoded_style, rewritten_style, style_references
from pipelines.takedown import Action, Target
from pipelines.takedown import Kind as Rule
from segments.making import response
from service.reading import SITE, at, page, reading, taken_down

CHINESE = """<html><head><meta charset="gb2312"><title>港口</title></head><body>
<p>潮水退了，灯还亮着。</p><a href="/查?q=潮水">查</a><img src="灯.png"></body></html>"""
NEEDS = """<!doctype html><html><head><link rel="stylesheet" href="a.css"></head><body>
<img src="there.png"><img src="gone.png"><img src="gone.png"><script src="gone.js"></script>
<img srcset="there.png 1x, gone2.png 2x" src="there.png"><audio src="gone.mp3"></audio></body></html>"""
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    captured = [
        page(0, response(CHINESE.encode("gb18030"), b"Content-Type: text/html"), "/zh/"),
        page(1, response(NEEDS.encode()), "/needs"),
        page(2, response(b"@import url(b.css); p{color:red}", b"Content-Type: text/css"), "/a.css"),
        page(3, response(PNG, b"Content-Type: image/png"), "/there.png"),
        page(4, response(b"old", status=b"404 Not Found"), "/gone.png"),
        page(20, response(PNG, b"Content-Type: image/png"), "/there.png"),
        page(
            21,
            response(
                '@charset "gb18030"; p::before{content:"灯"}'.encode("gb18030"), b"Content-Type: text/css"
            ),
            "/zh.css",
        ),
        page(22, response(b"", b"Location: /there.png", status=b"302 Found"), "/moved.png"),
        page(23, response(b"<p>not here</p>", status=b"404 Not Found"), "/error"),
        page(24, response(b""), "/empty"),
        page(25, response(b"<frameset cols=*><frame src=/one><frame src=/two></frameset>"), "/frames"),
        page(27, b"HTTP/1.1 304 Not Modified\r\nContent-Type: text/html\r\n\r\n", "/unknown"),
        page(28, response(b"<p>" + b"a" * 9_000_000), "/long"),
        page(29, b"<html><p>without a head</html>", "/headless"),
        page(26, response(b"<meta http-equiv=refresh content='0;url=/there'><p>moving"), "/moving"),
    ]
    with reading(tmp_path_factory.mktemp("replay"), captured) as found:
        yield found


def shown(client, number, path, kind=""):
    answer = client.get(f"/web/{at(number)}{kind}/{SITE}{path}")
    return answer.body.decode()


def test_a_page_in_gb18030_comes_as_utf8(served):
    client, _ = served
    answer = client.get(f"/web/{at(0)}/{SITE}/zh/")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    text = answer.body.decode()
    assert "潮水退了，灯还亮着。" in text
    assert "gb2312" not in text
    # A path is UTF-8 whatever the page is in, a query is in what the page is.
    assert f"{client.url}/web/{at(0)}/{SITE}/%E6%9F%A5?q=%B3%B1%CB%AE" in text
    assert f"im_/{SITE}/zh/%E7%81%AF.png" in text


def test_what_a_page_needs_is_addressed_at_its_own_time_and_counted_where_it_is_missing(served):
    client, context = served
    text = shown(client, 1, "/needs")
    assert f'href="{client.url}/web/{at(2)}cs_/{SITE}/a.css"' in text
    assert f'src="{client.url}/web/{at(3)}im_/{SITE}/there.png"' in text
    assert f'srcset="{client.url}/web/{at(3)}im_/{SITE}/there.png 1x"' in text
    assert "2 parts of it not archived" in text  # gone.png and gone.mp3: scripts are not needed
    with taken_down(context, (Action.HIDE, Target(Rule.URL, f"{SITE}/there.png", last=at(3)))):
        assert f'src="{client.url}/web/{at(20)}im_/{SITE}/there.png"' in shown(client, 1, "/needs")
    with taken_down(context, (Action.HIDE, Target(Rule.URL, f"{SITE}/there.png"))):
        assert "3 parts of it not archived" in shown(client, 1, "/needs")


def test_inner_pages_have_no_banner(served):
    client, _ = served
    assert "newswarc-banner" in shown(client, 1, "/needs")
    text = shown(client, 1, "/needs", "if_")
    assert "newswarc-banner" not in text


def test_stylesheets_lead_into_the_archive(served):
    client, _ = served
    assert (
        shown(client, 2, "/a.css", "cs_")
        == f'@import url("{client.url}/web/{at(2)}cs_/{SITE}/b.css"); p{{color:red}}'
    )
    answer = client.get(f"/web/{at(21)}cs_/{SITE}/zh.css")
    assert (answer.headers["Content-Type"], "灯" in answer.body.decode()) == ("text/css; charset=utf-8", True)


def test_redirects_and_errors_stay_what_they_were(served):
    client, _ = served
    answer = client.get(f"/web/{at(22)}im_/{SITE}/moved.png")
    assert (answer.status, answer.headers["Location"]) == (
        302,
        f"{client.url}/web/{at(22)}im_/{SITE}/there.png",
    )
    wrong = client.get(f"/web/{at(23)}/{SITE}/error")
    assert (wrong.status, "the server answered 404" in wrong.body.decode()) == (404, True)
    assert "newswarc-banner" in shown(client, 24, "/empty")
    assert shown(client, 25, "/frames").count("frame: https://news.example/") == 2
    assert f'href="{client.url}/web/{at(26)}/{SITE}/there"' in shown(client, 26, "/moving")


def test_what_cannot_be_shown_as_a_page_is_sent_as_what_it_is(served):
    client, _ = served
    assert client.get(f"/web/{at(27)}/{SITE}/unknown").status == 304
    long = client.get(f"/web/{at(28)}/{SITE}/long")
    assert (long.headers["Content-Type"], len(long.body)) == ("text/plain; charset=utf-8", 9_000_003)
    headless = client.get(f"/web/{at(29)}/{SITE}/headless")
    assert headless.status == 200


def written(source, url=f"{SITE}/a/page", known=None):
    places = Places("http://archive.example/web/", "20261123140509", known or {})
    return "".join(Document.parsed(source, url, encoding="utf-8").written(places))


def test_nothing_of_a_hostile_page_leads_out():
    text = written(hostile("http://evil.example"))
    inside = re.sub(r"http://archive\.example/web/\d{14}[a-z_]*/http://evil\.example", "", text)
    # What is left stands in texts and in rules without meaning.
    assert not re.search(
        r"""(?:href|src|srcset|poster|data|action|ping|content)\s*=\s*["'][^"']*evil""", inside
    )
    assert not re.search(r"url\([^)]*evil", inside)
    tags = re.sub(r"<style.*?</style>|data:image/svg[^\"]*", "", text, flags=re.DOTALL)
    for word in (
        r"<script",
        r"\son\w+=",
        r"<iframe",
        r"<object",
        r"<embed",
        r"<base",
        r"<template",
        "http-equiv",
        "srcdoc",
    ):
        assert not re.search(word, tags, re.IGNORECASE), word


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ('<a href="#x">', '<a href="#x">'),
        (
            '<a href="b?c=1&amp;d=2#e">',
            'href="http://archive.example/web/20261123140509/https://news.example/a/b?c=1&amp;d=2#e"',
        ),
        ('<a href="mailto:a@b.example">', '<a href="mailto:a@b.example">'),
        ('<a href="java\nscript:x()">t</a>', "<a>t</a>"),
        ('<img src="data:image/png;base64,AA">', '<img src="data:image/png;base64,AA">'),
        ('<img src="data:text/html,x">', "<img>"),
        ('<img data-src="//cdn.example/i.png" src="/blank.gif">', "im_/https://cdn.example/i.png"),
        (
            '<img file="data/1.jpg" zoomfile="data/2.jpg" src="none.gif">',
            "im_/https://news.example/a/data/1.jpg",
        ),
        ('<img data-src="true" src="i.png">', "im_/https://news.example/a/i.png"),
        ('<p style="background:url(i.png)">', "im_/https://news.example/a/i.png"),
        (
            "<td background=i.png>",
            'background="http://archive.example/web/20261123140509im_/https://news.example/a/i.png"',
        ),
        ('<base href="/c/"><a href=d>', "/https://news.example/c/d"),
        ("<plaintext><script>x", "<pre>"),
        ("<noscript><p>shown</p></noscript>", "<p>shown</p>"),
        ('<p title="&lt;/p&gt;&quot; onclick=x">', '<p title="&lt;/p&gt;&quot; onclick=x">'),
        ("<p>a &amp;lt; b", "<p>a &amp;lt; b"),
        ("<form action=/x><input name=a>", '<form method="dialog">'),
        ("<style>p{content:'</style><b>after</b>", "<b>after</b>"),
        ('<html lang="zh"><body class="a b">t', '<html lang="zh">'),
        ("<link rel=stylesheet href=s.css title=Night disabled>t", 'utf-8"></head><body>t<'),
        ("<link rel='alternate stylesheet' title=Night href=s.css>", '/s.css" title="Night">'),
        ("<link rel=stylesheet media=print onload=this.media='all' href=s.css>", '/s.css">'),
        ("<link rel=preload as=style href=s.css>t", 'utf-8"></head><body>t<'),
        ("<video src=v.mp4 autoplay>", 'oe_/https://news.example/a/v.mp4" controls="">'),
    ],
)
def test_markup_is_kept_but_for_what_runs_or_leads_out(source, wanted):
    assert wanted in written(source)


def test_the_mode_of_a_page_is_kept():
    assert written("<!DOCTYPE html><p>t").startswith("<!DOCTYPE html><html>")
    assert written("<p>t").startswith("<html>")
    assert written('<!doctype html><p title="a">').count("doctype") == 1


@pytest.mark.parametrize(
    "source", ["", "\0", "<", "<html", "<!-- x", "<p>" * 5000, "&#xD800;<b \x01=1>", "<\x00script>x"]
)
def test_odd_markup_is_survived(source):
    text = written(source)
    assert "<script" not in text
    text.encode()


def test_the_alphabet_of_names_is_plain():
    assert start_tag("p", [("a b", "1"), ('x"', "1"), ("ok", '"<&')]) == '<p ok="&quot;&lt;&amp;">'


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("a.png", [("a.png", "")]),
        ("a.png 1x, b.png 2x", [("a.png", "1x"), ("b.png", "2x")]),
        ("a.png, b.png 2x", [("a.png", ""), ("b.png", "2x")]),
        ("a,b.png 1x,c.png 640w", [("a,b.png", "1x"), ("c.png", "640w")]),
        (" , a.png  100w 50h ,\n", [("a.png", "100w 50h")]),
        ("data:image/png;base64,AA 1x, b.png 2x", [("data:image/png;base64,AA", "1x"), ("b.png", "2x")]),
        ("", []),
    ],
)
def test_sets_of_images_are_read_as_browsers_do(value, wanted):
    assert [*srcset(value)] == wanted


@pytest.mark.parametrize(
    ("style", "wanted"),
    [
        ("a{b:url(x.png)}", 'a{b:url("[im_ x.png]")}'),
        ("@import 'x.css' screen;", '@import "[cs_ x.css]" screen;'),
        ("@import url(x.css);a{b:url( 'y' )}", '@import url("[cs_ x.css]");a{b:url( "[im_ y]" )}'),
        (
            "@media print{a{b:image-set('x' 1x, url(y) 2x)}}",
            '@media print{a{b:image-set("[im_ x]" 1x, url("[im_ y]") 2x)}}',
        ),
        (
            "@namespace svg url(http://www.w3.org/2000/svg);a{b:url(x)}",
            '@namespace svg url(http://www.w3.org/2000/svg);a{b:url("[im_ x]")}',
        ),
        (
            "a{b:image-set('x' 1x, url(y) 2x, 'z' type('t') 3x)}",
            'a{b:image-set("[im_ x]" 1x, url("[im_ y]") 2x, "[im_ z]" type("t") 3x)}',
        ),
        (
            "@import url(x) supports(a: url(y)) layer('z');",
            '@import url("[cs_ x]") supports(a: url("[im_ y]")) layer("z");',
        ),
        ("a{b:\\75 rl(x)}", 'a{b:url("[im_ x]")}'),
        ("/* url(x) */a{content:'url(y)'}", '/* url(x) */a{content:"url(y)"}'),
        ("a{b:url(x", 'a{b:url("[im_ x]")}'),
        ("a::after{content:'</style><script>'}", "a::after{content:'\\3C /style>\\3C script>'}"),
        ("(" * 5000 + "url(x)", ""),
        ("a" * (LONGEST + 1), ""),
    ],
)
def test_styles_are_rewritten(style, wanted):
    assert (
        rewritten_style(
            style, lambda reference, kind: f"[{kind} {reference}]".replace(" ", "\u00a0")
        ).replace("\u00a0", " ")
        == wanted
    )


def test_references_and_charsets_of_styles():
    assert style_references("@import 'a';b{c:url(d) url(d)}") == ["a", "d"]
    assert decoded_style("灯".encode("gb18030"), "gb2312") == "灯"
    assert decoded_style(b"\xef\xbb\xbfa", "latin-1") == "a"


@pytest.mark.parametrize(
    ("start", "mime", "modifier", "wanted"),
    [
        (PNG, "text/plain", "im_", (Kind.MEDIA, "image/png")),
        (b"<html>", "image/png", "", (Kind.MEDIA, "image/png")),
        (b"<svg xmlns=x>", "text/plain", "im_", (Kind.SVG, "image/svg+xml")),
        (b"<html>", "-", "", (Kind.HTML, "text/html")),
        (b"<html>", "text/html", "im_", (Kind.TEXT, "text/plain")),
        (b"<a/>", "application/xml", "", (Kind.TEXT, "text/plain")),
        (b"body{}", "text/html", "cs_", (Kind.STYLE, "text/css")),
        (b"x", "application/x-shockwave-flash", "", (Kind.DOWNLOAD, "application/octet-stream")),
        (b"wOF2....", "application/octet-stream", "im_", (Kind.MEDIA, "font/woff2")),
        (b"MZ", "image/svg+xml; x", "", (Kind.DOWNLOAD, "application/octet-stream")),
    ],
)
def test_bytes_are_what_they_are(start, mime, modifier, wanted):
    assert kind_of(start, mime, modifier) == wanted


def test_looking_at_bytes_takes_no_time():
    started = time.process_time()
    for start in (b"<!-- -->" * 500, b" " * 4096, b"<!--" * 1000, b"<?x?>" * 800, b"<!DOCTYPE svg [" * 250):
        for modifier in ("", "im_"):
            kind_of(start, "-", modifier)
        written(start.decode())
    assert time.process_time() - started < 1


def test_a_host_that_is_none_gets_into_no_policy():
    assert "img-src http://a.example:80/web/ data:" in policy("http://a.example:80")
    assert "img-src 'self' data:" in policy("http://a; script-src *")


def test_svg_is_cleaned(tmp_path):
    drawn = (
        b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" onload="x()">'
        b"<script>x()</script><style>a{fill:url(http://evil.example/f)}</style><text>&b;</text>"
        b'<image xlink:href="http://evil.example/i.png"/><use href="#p"/>'
        b'<set attributeName="onclick" to="x()"/>'
        b'<rect fill="url(http://evil.example/g)"/><foreignObject><b/></foreignObject></svg>'
    )
    with reading(tmp_path, [page(0, response(drawn, b"Content-Type: image/svg+xml"), "/i.svg")]) as (
        client,
        _,
    ):
        text = shown(client, 0, "/i.svg", "im_")
        assert client.get(f"/web/{at(0)}im_/{SITE}/i.svg").headers["Content-Type"] == "image/svg+xml"
    for word in ("script", "onload", "ENTITY", "<set", "foreignObject", "x()"):
        assert word not in text
    assert 'href="#p"' in text
    assert text.count("evil.example") == text.count("/http://evil.example") == 3
