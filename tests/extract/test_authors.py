"""Who wrote an article, by each of the places that say so."""

import json

import pytest

from extract.metadata_pages import page, said
from pipelines.extract.body import page_blocks
from pipelines.extract.metadata import metadata
from pipelines.extract.names import people
from pipelines.extract.page import open_page
from pipelines.extract.structured import Structured


def structured(author, **more):
    node = {"@type": "NewsArticle", "author": author, **more}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


ADA, BO = {"@type": "Person", "name": "Ada Lund"}, {"@type": "Person", "name": "Bo Grünfeld"}
QUAY = {"@type": "Organization", "name": "Quay Newsroom"}
FAQ = (
    '<script type="application/ld+json">{"@type": "FAQPage", "mainEntity": [{"@type": "Question"}]}</script>'
)


@pytest.mark.parametrize(
    ("parts", "names"),
    [
        pytest.param({"head": structured([ADA, BO])}, ("Ada Lund", "Bo Grünfeld"), id="structured"),
        pytest.param({"head": FAQ + structured(ADA)}, ("Ada Lund",), id="structured, after questions"),
        pytest.param(
            {"head": structured(QUAY)}, ("Quay Newsroom",), id="an organisation where nobody else is"
        ),
        pytest.param(
            {"head": structured(QUAY), "below": "<p class=byline>By ADA LUND</p>"},
            ("ADA LUND",),
            id="by-line",
        ),
        pytest.param(
            {"head": '<meta name="citation_author" content="Lund, Ada">'}, ("Ada Lund",), id="as in a catalog"
        ),
        pytest.param(
            {"head": '<meta name="author" content="page.head.extra.author">', "below": "<p>By Ada Lund</p>"},
            ("Ada Lund",),
            id="a template not filled in",
        ),
        pytest.param(
            {"below": "<small>WRITTEN BY</small><p>AL</p><p>Ada Lund</p>"},
            ("Ada Lund",),
            id="label, initials",
        ),
        pytest.param({"after": "<h3>Author</h3><p>Search titles only</p>"}, (), id="a form's label"),
        pytest.param(
            {"below": "<p class=author-name>Ada Lund</p><p class=author-description>Licensed Pilot</p>"},
            ("Ada Lund",),
            id="what she does is no name",
        ),
        pytest.param(
            {"below": f"<div class=author-box><b>Ada Lund</b><p>{'She knows the harbour. ' * 14}</p></div>"},
            ("Ada Lund",),
            id="a box that tells of her",
        ),
        pytest.param(
            {"below": "<p>Ada Lund</p><p>Harbour correspondent</p>"}, ("Ada Lund",), id="a line beside a role"
        ),
        pytest.param(
            {"below": "<p>Ada Lund</p><p>May 4, 2026</p>"}, ("Ada Lund",), id="a line beside a date"
        ),
        pytest.param(
            {"below": "<p>Stefan</p>", "after": '<img src="/s.jpg" alt="Stefan">'},
            ("Stefan",),
            id="a portrait",
        ),
        pytest.param(
            {"below": "<p>Fish Market</p><p>May 4, 2026</p>"}, (), id="words of the text are no name"
        ),
        pytest.param(
            {"below": "<p>Skip To Content</p><p>May 4, 2026</p>"}, (), id="a link of the page's frame"
        ),
        pytest.param({"below": "<p>作者：沈雨桐 记者：林安</p>"}, ("沈雨桐", "林安"), id="Chinese labels"),
        pytest.param(
            {"after": '<a href="/graphs/contributors">several hundred commits</a>'},
            (),
            id="a phrase in a link",
        ),
    ],
)
def test_authors(parts, names):
    assert said(page(**parts)).authors == names


@pytest.mark.parametrize(
    ("stated", "site", "names"),
    [
        (
            ["Ada Lund and Bo Grünfeld, The Harbour Gazette"],
            "Town Harbour Gazette",
            ("Ada Lund", "Bo Grünfeld"),
        ),
        (["Lund & Sons"], "Lund & Sons", ("Lund & Sons",)),
        (["Ada Lund", "The Quay"], "The Quay", ("Ada Lund",)),
        (["Ada Lund, Master Horticulturalist & Garden Educator"], "", ("Ada Lund",)),
        (["ADA LUND", "Ada Lund"], "", ("Ada Lund",)),
        (["Dr. Ada Lund", "ada.lund@quay.example"], "", ("Dr. Ada Lund",)),
        (["Former Member"], "", ("Former Member",)),
        (["Ada Lund, Ph.D. and Bo Grünfeld"], "", ("Ada Lund, Ph.D", "Bo Grünfeld")),
        (["沈雨桐、林安 编辑"], "", ("沈雨桐", "林安 编辑")),
        (["更新于2026年6月9日", "发布", "来源：渔港日报", "責任編輯", "佚名"], "", ()),
        (["LinkedIn Twitter Facebook Email"], "", ()),
    ],
)
def test_names_among_what_is_written_around_them(stated, site, names):
    assert people(stated, site=site) == names


OPENING = '<meta itemprop="datePublished" content="{at}"><span itemprop="author">Clara</span>'
POST = (
    '<article data-author="Bo"><time datetime="2026-05-04T10:00:00+00:00"></time>'
    "<div class=bbWrapper>Ask the harbour office, they keep spare lamps behind the door.</div></article>"
)


@pytest.mark.parametrize(
    ("at", "author", "minute"),
    [("2026-05-04T09:00:00+00:00", "Clara", 0), ("2026-05-04T10:30:00+00:00", "Bo", 60)],
)
def test_who_opened_a_thread_whose_first_post_is_written_in_another_form(at, author, minute):
    source = f"<html><body class=template-thread_view>{OPENING.format(at=at)}{POST}</body></html>"
    opened = open_page(source.encode(), "https://quay.example/threads/1")
    about = metadata(opened.tree, opened.url, page_blocks(opened.tree)[1])
    structure = Structured(opened, opened.tree)
    published = structure.published(about)
    assert published is not None
    assert published.at is not None
    assert (structure.authors(about), published.at.hour * 60) == ((author,), 540 + minute)
