"""The five families of sites: each page through the cascade, with its profile's rules and without."""

import random
from datetime import UTC, date, datetime

import pytest

from crawler.sites import load_profile
from extract.discuz_pages import MAKERS, thread
from extract.family_pages import DATE, PAGES
from newsite.families import NAMES, family
from pipelines.extract import NO_RULES, Article, PassageKind, Quality, extract, open_page
from pipelines.extract.threads import read_thread

CASES = [case for name in NAMES for case in family(name).cases]
BASE = "http://family.example"


def rules_of(case):
    return load_profile(case.family).rules_at(datetime.fromisoformat(case.published))


def read(case, rules):
    headers = ((b"Content-Type", case.type.encode()),)
    return extract(case.html(BASE), case.url(BASE), headers=headers, rules=rules)


@pytest.fixture(scope="module", params=[False, True], ids=["bare", "rules"])
def ruled(request):
    return request.param


@pytest.fixture(scope="module", params=CASES, ids=str)
def case(request):
    return request.param


@pytest.fixture(scope="module")
def article(case, ruled):
    return read(case, rules_of(case) if ruled else NO_RULES)


def test_every_paragraph_once_in_order_and_nothing_else(article, case):
    beside = {*case.extra.get("headings", ()), *case.extra.get("captions", ())}
    # The publication may name who took a picture in the caption's own line.
    texts = [p.text for p in article.passages if p.text not in beside and p.kind is not PassageKind.CAPTION]
    assert texts == list(case.paragraphs)


def test_headings_and_captions_stay(article, case):
    texts = "\n".join(passage.text for passage in article.passages)
    assert [each for each in case.extra.get("headings", ()) if each not in texts] == []


def test_nothing_of_the_chrome(article, case):
    assert [each for each in case.absent if each in article.text] == []


def test_the_text_is_called_whole(article):
    assert article.quality is Quality.FULL


def test_headlines_in_each_language(article, case):
    assert article.title == case.title
    others = [title.text for title in article.titles[1:]]
    assert others == ([case.title_other] if case.title_other else [])
    assert len({title.language for title in article.titles}) == len(article.titles)


def test_people(article, case):
    assert article.authors == case.authors
    if case.family != "forum":  # where the poster is both
        assert article.translators == tuple(case.extra.get("translators", ()))


def test_dates(article, case):
    expected = datetime.fromisoformat(case.published)
    assert article.published is not None
    assert article.published.day == expected.date()
    assert article.published.at in (None, expected)


def test_languages(article, case):
    assert sorted(article.languages) == sorted(case.languages)


def test_each_paragraph_is_parallel_to_its_translation(article, case):
    if "parallel" not in case.extra:
        assert all(passage.parallel == () for passage in article.passages)
        return
    places = {passage.text: place for place, passage in enumerate(article.passages)}
    right = 0
    for one, other in zip(case.paragraphs[::2], case.paragraphs[1::2], strict=True):
        right += article.passages[places[one]].parallel == (places[other],)
        assert article.passages[places[other]].parallel in ((places[one],), ())
    assert right == case.extra["parallel"]


@pytest.mark.parametrize("case", family("audiostory").cases, ids=str)
def test_transcripts_keep_their_times(case):
    article = read(case, NO_RULES)
    assert article.method == "transcript"
    assert article.transcript is not None
    assert article.transcript.audio == case.extra["audio"]
    starts = [[cue.start for cue in paragraph] for paragraph in article.transcript.paragraphs]
    assert starts == case.extra["starts"]


@pytest.mark.parametrize("case", family("discuz").cases, ids=str)
def test_posts_have_poster_and_time(case):
    page = open_page(case.html(BASE), case.url(BASE), headers=((b"Content-Type", case.type.encode()),))
    thread = read_thread(page.tree, page.text)
    assert thread is not None
    told = [
        {
            "author": post.author,
            "published": post.published.stated,
            "paragraphs": [block.text for block in post.blocks],
        }
        for post in thread.posts
    ]
    wanted = [
        {**post, "published": datetime.fromisoformat(post["published"])} for post in case.extra["posts"]
    ]
    for post, right in zip(told, wanted, strict=True):
        assert post["author"] == right["author"]
        assert post["paragraphs"] == right["paragraphs"]
        at = right["published"]
        assert post["published"] == f"{at.year}-{at.month}-{at.day} {at:%H:%M}" or (
            post["published"] == f"{at:%Y-%m-%d %H:%M}"
        )


# Made anew: other text, counts and details of the templates than the fixtures have.


def ruled_by(name, ruled):
    return load_profile(name).rules_at(datetime(2026, 11, 20, tzinfo=UTC)) if ruled else NO_RULES


def read_made(page, ruled):
    headers = ((b"Content-Type", b"text/html; charset=utf-8"),)
    url = "http://family.example/2026/11/8731.html"
    return extract(page.html.encode(), url, headers=headers, rules=ruled_by(page.family, ruled))


@pytest.fixture(scope="module", params=PAGES, ids=lambda param: f"{param[0].__name__}-{param[1]}")
def made(request, ruled):
    make, how = request.param
    pages = [make(random.Random(f"{how}{seed}"), how) for seed in range(4)]
    return [(page, read_made(page, ruled)) for page in pages]


def test_of_pages_made_anew_the_text_is_whole_and_nothing_else(made):
    for page, article in made:
        beside = {*page.headings, *page.captions}
        texts = [passage.text for passage in article.passages]
        assert [text for text in texts if text not in beside] == list(page.paragraphs)
        assert [each for each in (*page.headings, *page.captions) if each not in texts] == []
        assert article.quality is Quality.FULL


def test_of_pages_made_anew_the_metadata_are_right(made, ruled):
    for page, article in made:
        assert article.title == page.title
        assert [title.text for title in article.titles[1:]] == [page.title_other] * bool(page.title_other)
        assert article.translators == page.translators
        assert article.published is not None
        assert article.published.day == datetime.fromisoformat(DATE).date()
        # Hexo signs in data that nobody sees: a rule knows where.
        if ruled or "Hexo" not in page.html:
            assert article.authors == page.authors


def test_of_pages_made_anew_translations_are_parallel(made):
    for page, article in made:
        places = {passage.text: place for place, passage in enumerate(article.passages)}
        wanted = {(places[one], places[other]) for one, other in page.pairs}
        found = {(place, other) for place, each in enumerate(article.passages) for other in each.parallel}
        assert found == wanted | {(other, one) for one, other in wanted}


def test_of_pages_made_anew_transcripts_keep_their_times(made):
    for page, article in made:
        told = article.transcript.paragraphs if article.transcript else ()
        assert tuple(tuple(cue.start for cue in paragraph) for paragraph in told) == page.starts


@pytest.fixture(scope="module", params=MAKERS)
def boards(request, ruled):
    template = request.param
    pages = [thread(random.Random(f"{template}{seed}"), template) for seed in range(6)]
    path = "archiver/?tid-9.html" if template == "archiver" else "thread-9-1-1.html"
    return [
        (
            board,
            extract(
                board.html,
                f"http://bbs.example/{path}",
                headers=((b"Content-Type", board.type.encode()),),
                rules=ruled_by("discuz", ruled),
            ),
        )
        for board in pages
    ]


def test_of_every_template_of_discuz_all_posts_come_and_nothing_else(boards):
    for board, article in boards:
        texts = [line for passage in article.passages for line in passage.text.split("\n")]
        assert texts == [text for post in board.posts for text in post.paragraphs]
        assert article.quality is Quality.FULL
        assert article.method == "discuz"


def test_of_every_template_of_discuz_the_metadata_are_right(boards):
    for board, article in boards:
        first = board.posts[0]
        assert article.title == board.title
        assert article.authors == (first.author,)
        assert article.published is not None
        year, month, day = map(int, first.at.split()[0].split("-"))
        assert article.published.day == date(year, month, day)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_damaged_pages_are_read_as_well(case):
    rng = random.Random(case.path)
    whole = case.html(BASE)
    for _ in range(12):
        page = bytearray(whole[: rng.randrange(len(whole))])
        for _ in range(20):
            at = rng.randrange(len(whole))
            page[at : at + rng.randrange(9)] = rng.randbytes(rng.randrange(4))
        article = extract(bytes(page), case.url(BASE), headers=((b"Content-Type", case.type.encode()),))
        assert Article.from_json(article.to_json()) == article
        assert article.method in {"", "structure", "trafilatura", "json-ld", "transcript", "discuz"}
