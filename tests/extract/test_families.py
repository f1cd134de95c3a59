"""The five families of sites: each page through the cascade, with its profile's rules and without."""

import random
from datetime import datetime

import pytest

from crawler.sites import load_profile
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
