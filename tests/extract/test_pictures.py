"""The pictures of an article, with captions; its section, second headline and own address."""

import time

import pytest

from extract.metadata_pages import TITLE, URL, page, said
from pipelines.extract.addresses import canonical_address
from pipelines.extract.article import Image
from pipelines.extract.body import page_blocks
from pipelines.extract.metadata import metadata
from pipelines.extract.page import open_page

DIAL = "https://quay.example/img/dial-of-the-clock.jpg"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        pytest.param(
            '<figure><img src="/img/dial-of-the-clock.jpg" alt="A dial">'
            "<figcaption>At <b>noon</b>.</figcaption></figure>",
            Image(DIAL, "At noon.", "A dial"),
            id="figure",
        ),
        pytest.param(
            '<div class="wp-caption"><img src="/img/dial-of-the-clock.jpg"><p class="wp-caption-text">'
            "At noon.</p></div>",
            Image(DIAL, "At noon."),
            id="a class that says so",
        ),
        pytest.param(
            '<p><img src="/img/dial-of-the-clock.jpg"></p><p>图为渔市的钟。沈雨桐摄</p>',
            Image(DIAL, "图为渔市的钟。沈雨桐摄"),
            id="图为",
        ),
        pytest.param(
            '<p><img src="/img/dial-of-the-clock.jpg"></p><p>图书馆明天开门。</p>', Image(DIAL), id="图书馆"
        ),
        pytest.param(
            '<img src="data:image/gif;base64,R0" data-src="/img/dial-of-the-clock.jpg">',
            Image(DIAL),
            id="late",
        ),
        pytest.param(
            '<img src="/img/blank.gif" srcset="/img/s.jpg 300w, /img/dial-of-the-clock.jpg 900w">',
            Image(DIAL),
            id="srcset",
        ),
        pytest.param(
            '<a href="/img/dial-large.jpg"><img src="/img/dial-of-the-clock.jpg"></a>',
            Image(DIAL),
            id="enlarged",
        ),
        pytest.param('<a href="/other"><img src="/img/dial-of-the-clock.jpg"></a>', None, id="a teaser"),
        pytest.param('<img src="/img/avatar-ada.jpg">', None, id="a portrait of whoever posts"),
        pytest.param('<img src="/img/dial-of-the-clock.jpg" width="16">', None, id="an ornament"),
        pytest.param(
            '<div class="related-posts"><img src="/img/dial-of-the-clock.jpg"></div>', None, id="a box beside"
        ),
        pytest.param('<img src="javascript:alert(1)">', None, id="no address"),
    ],
)
def test_pictures_and_captions(markup, expected):
    assert said(page(below=markup)).images == (() if expected is None else (expected,))


def test_pictures_before_the_headline_and_after_the_text_are_not_the_articles():
    outside = '<p><img src="/img/somewhere-else.jpg"></p>'
    assert said(page(before=outside, after=outside)).images == ()


def test_the_picture_that_is_named_first_gets_the_caption_of_the_one_that_is_shown():
    head = '<meta property="og:image" content="https://quay.example/big/dial-of-the-clock.jpg">'
    shown = '<figure><img src="/img/dial-of-the-clock-800x600.jpg"><figcaption>At noon.</figcaption></figure>'
    found = said(page(head=head, below=shown)).images
    assert found == (Image("https://quay.example/big/dial-of-the-clock.jpg", "At noon."),)


def test_references_are_relative_to_the_base_that_the_page_names():
    head = '<base href="https://files.quay.example/a/"><link rel="canonical" href="clock">'
    about = said(page(head=head, below='<img src="dial-of-the-clock.jpg">'))
    assert about.images == (Image("https://files.quay.example/a/dial-of-the-clock.jpg"),)
    assert about.canonical_url == "https://files.quay.example/a/clock"


@pytest.mark.parametrize(
    "piece",
    [
        "<p><img src=/img/dial-of-the-clock.jpg></p>",
        "<span class=author itemprop=author rel=author>Ada Lund x</span>",
        "<time class=published datetime=x></time><abbr class=published>x</abbr>",
    ],
)
def test_what_stands_there_tens_of_thousands_of_times_takes_no_time_to_speak_of(piece):
    opened = open_page(page(below=piece * 30_000).encode(), URL)
    alive = list(opened.tree.iter())
    found = page_blocks(opened.tree)[1]
    start = time.process_time()
    metadata(opened.tree, URL, found)
    assert time.process_time() - start < 2, len(alive)


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ({"head": '<meta property="article:section" content="Harbour">'}, "Harbour"),
        (
            {
                "head": '<script type="application/ld+json">{"@type": "Article", '
                '"articleSection": ["Sea"]}</script>'
            },
            "Sea",
        ),
        (
            {
                "head": '<script type="application/ld+json">{"@type": "BreadcrumbList", "itemListElement": ['
                '{"name": "Home", "item": "/"}, {"item": {"@id": "/sea", "name": "Sea"}}, '
                f'{{"name": "{TITLE}", "item": "/x"}}, {{"name": "Page 1"}}]}}</script>'
            },
            "Sea",
        ),
        ({"before": '<div class="breadcrumbs"><a>首页</a> &gt; <a>文化</a> &gt; <a>正文</a></div>'}, "文化"),
        ({"before": f'<nav id="crumbs"><a>Home</a><a>Sea</a><a>{TITLE}</a></nav>'}, "Sea"),
        ({"before": '<ol class="breadcrumb"><li><a>Home</a></li></ol>'}, ""),
    ],
)
def test_sections(parts, name):
    assert said(page(**parts)).section == name


@pytest.mark.parametrize(
    ("below", "subtitle"),
    [
        ('<p class="article-subtitle">Four minutes a day</p>', "Four minutes a day"),
        ('<h2 class="standfirst">Four minutes a day</h2>', "Four minutes a day"),
        ('<div class="subscribe">Four minutes a day</div>', ""),
        (f'<p class="subtitle">{TITLE}</p>', ""),
    ],
)
def test_second_headlines(below, subtitle):
    assert said(page(below=below)).subtitle == subtitle


@pytest.mark.parametrize(
    ("stated", "url", "address"),
    [
        (["https://quay.example/clock"], URL, "https://quay.example/clock"),
        (["https://paper.example/clock"], URL, "https://paper.example/clock"),
        (["https://quay.example/"], URL, ""),
        (["https://quay.example"], URL, ""),
        (["https://quay.example/index.html"], URL, ""),
        (["https://paper.example/"], URL, ""),
        (["https://quay.example/"], "https://quay.example/", "https://quay.example/"),
        (["https://paper.example/"], "https://quay.example/", ""),
        (["https://quay.example/"], "https://quay.example/?p=7", ""),
        (["https://quay.example/?p=7"], "https://quay.example/?p=7", "https://quay.example/?p=7"),
        (["https://quay.example/{{slug}}"], URL, ""),
        (["https://quay.example/", "https://quay.example/clock"], URL, "https://quay.example/clock"),
        (["", "https://[broken/clock"], URL, ""),
        ([], URL, ""),
    ],
)
def test_a_front_page_is_no_articles_address(stated, url, address):
    assert canonical_address(stated, url) == address
