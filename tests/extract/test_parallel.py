import io
import random
from dataclasses import replace
from time import process_time
from xml.etree import ElementTree as ET

import pytest

from extract.bilingual_pages import Noise, page, page_of
from newsite.families import family
from pipelines.extract import Passage, PassageKind
from pipelines.extract.anchors import anchors
from pipelines.extract.parallel import align, parallel_texts, with_parallels
from pipelines.extract.tmx import write_tmx_pairs

CASES = [case for name in ("bilingual", "forum") for case in family(name).cases]
PAIRS = [pair for case in CASES for pair in zip(case.paragraphs[::2], case.paragraphs[1::2], strict=True)]
"""Prose with few numbers and names, in short paragraphs of about one length."""


def prose(rng, shape, *, lost=0.0, merged=0.0):
    """Return a page of such prose, and its pairs."""
    return page_of(rng, shape, rng.sample(PAIRS, rng.randint(10, len(PAIRS))), Noise(2 * lost, 2 * merged))


def found_in(passages):
    return {
        (place, other)
        for place, passage in enumerate(with_parallels(passages))
        if passage.language == "en"
        for other in passage.parallel
    }


def scores(make, rounds):
    """Return precision and recall of the pairs in *rounds* pages that *make* gives."""
    hits = found = there = 0
    for _ in range(rounds):
        passages, pairs = make()
        got = found_in(passages)
        hits, found, there = hits + len(got & pairs), found + len(got), there + len(pairs)
    return hits / found, hits / there


@pytest.mark.parametrize("shape", ["turns", "blocks"])
@pytest.mark.parametrize(
    "noise",
    [
        Noise(),
        Noise(lost=0.15),
        Noise(merged=0.1),
        Noise(lost=0.1, merged=0.08),
        Noise(lost=0.05, merged=0.05, cut=0.3),
        Noise(lost=0.05, merged=0.05, swapped=True),
    ],
    ids=["whole", "lost", "merged", "lost and merged", "one side cut off", "headline and byline swapped"],
)
def test_pairs_of_news_are_right(shape, noise):
    rng = random.Random(5)
    assert min(scores(lambda: page(rng, shape, noise), 20)) >= 0.98


@pytest.mark.parametrize(
    ("shape", "odds", "precision", "recall"),
    [
        ("turns", {}, 0.995, 0.995),
        ("blocks", {}, 0.995, 0.995),
        ("turns", {"lost": 0.04}, 0.99, 0.99),
        ("turns", {"merged": 0.08}, 0.98, 0.97),
        ("blocks", {"merged": 0.08}, 0.98, 0.96),
        # Of passages that are about one length without a number or name it cannot be told which is missing:
        # then fewer are told, not wrong ones.
        ("blocks", {"lost": 0.04}, 0.98, 0.94),
    ],
)
def test_pairs_of_plain_prose_are_right(shape, odds, precision, recall):
    rng = random.Random(7)
    got = scores(lambda: prose(rng, shape, **odds), 25)
    assert got[0] >= precision
    assert got[1] >= recall


def test_what_is_alike_in_all_passages_is_not_guessed_at():
    english = [
        f"The {word} lamp burned until the morning came." for word in ("red", "old", "big", "odd", "wet")
    ]
    chinese = [f"那盏{word}的灯一直亮到了早上天明。" for word in ("红色", "老旧", "巨大", "古怪", "潮湿")]
    lost = [Passage(text, "en") for text in english] + [Passage(text, "zh") for text in chinese[:2]]
    assert align(lost) == ()


def test_other_articles_side_by_side_are_not_parallel():
    rng = random.Random(9)
    for _ in range(15):
        english = [each for each in page(rng, "blocks", Noise())[0] if each.language == "en"]
        chinese = [each for each in page(rng, "blocks", Noise())[0] if each.language == "zh"]
        assert align([*english, *chinese]) == ()


def test_both_sides_name_each_other():
    rng = random.Random(3)
    passages = with_parallels(page(rng, "blocks", Noise(merged=0.4))[0])
    assert any(len(passage.parallel) > 1 for passage in passages)
    for place, passage in enumerate(passages):
        assert all(place in passages[other].parallel for other in passage.parallel)


def test_short_passages_of_unknown_script_belong_to_their_language():
    passages = [Passage(*each) for one, other in PAIRS for each in ((one, "en"), (other, "zh-Hant"))]
    passages[5] = replace(passages[5], language="zh")
    assert [each.parallel for each in with_parallels(passages)[4:6]] == [(5,), (4,)]


def test_both_scripts_of_one_language_are_aligned():
    both = [(other, other.translate(str.maketrans("这个时们钟来", "這個時們鐘來"))) for _, other in PAIRS[:8]]
    passages = [
        Passage(each, language)
        for pair in both
        for each, language in zip(pair, ("zh-Hans", "zh-Hant"), strict=True)
    ]
    assert all(each.parallel == (place ^ 1,) for place, each in enumerate(with_parallels(passages)))


def test_a_long_page_takes_no_longer_than_it_may():
    passages, _ = page(random.Random(1), "blocks", Noise(), paragraphs=300)
    started = process_time()
    align([*passages, *(replace(each) for each in passages if each.language == "en")])
    assert process_time() - started < 2


@pytest.mark.parametrize(
    "texts",
    [
        [(one, "en") for one, _ in PAIRS],
        [(one, "en") for one, _ in PAIRS[:10]] + [(PAIRS[0][1], "zh")],
        [(one, "en") for one, _ in PAIRS[:8]] + [(other * 4, "zh") for _, other in PAIRS[8:16]],
        [],
        [("—", "und")],
    ],
    ids=["one language", "a quotation", "other lengths", "nothing", "no language"],
)
def test_texts_that_do_not_say_the_same(texts):
    assert align([Passage(text, language) for text, language in texts]) == ()


def test_headings_are_parallel_to_headings():
    one, other = PAIRS[0], PAIRS[1]
    passages = [
        Passage("The second hand", "en", PassageKind.HEADING),
        Passage(one[0], "en"),
        Passage(other[0], "en"),
        Passage("第二根指针", "zh", PassageKind.HEADING),
        Passage(one[1], "zh"),
        Passage(other[1], "zh"),
    ]
    assert [passage.parallel for passage in with_parallels(passages)] == [(3,), (4,), (5,), (0,), (1,), (2,)]


@pytest.mark.parametrize(
    ("english", "chinese", "shared"),
    [
        ("in 1931, for twelve years", "1931年，十二年", {"1931", "12"}),
        ("twenty-one of ninety", "九十个里的二十一个", {"21", "90"}),
        ("3.5 million people", "350万人", {"3.5e+06"}),
        ("In February she said “no”", "二月，她说“不”", {"2", "“"}),
        ("two hundred thousand tons", "二十万吨", {"200000"}),
        ("a $1.2 trillion plan for March 4", "3月4日的1.2万亿美元方案", {"1.2e+12", "$", "3", "4"}),
        ("12.5% of the third year", "第三年的百分之12.5", {"12.5", "%", "3"}),
        ("on Wednesday", "周三", {"=wednesday"}),
        ("The OpenAI office in Beijing", "OpenAI在北京的办公室", {"openai", "=beijing"}),
        ("The governments’ policies", "政府的政策", {"=government", "=policy"}),
        ("A national history", "國家的歷史", {"=national", "=history"}),
        ("the tide and the gull", "潮水与鸥", set()),
    ],
)
def test_anchors(english, chinese, shared):
    assert set(anchors(english) & anchors(chinese)) == shared


@pytest.mark.parametrize(
    "unit", ["1", "一", "万", "1,", "十亿", "two hundred ", "9" * 400 + "万亿", "1 ", "- "]
)
def test_numbers_without_end_are_bounded(unit):
    started = process_time()
    anchors(unit * 50_000)
    anchors("港" + unit * 50_000)
    assert process_time() - started < 1


def test_parallel_text_as_tmx():
    passages = with_parallels(prose(random.Random(3), "turns")[0])
    texts = list(parallel_texts(passages))
    assert len(texts) == len(passages) // 2
    sink = io.BytesIO()
    odd = {"en": 'a < b & "c"\x00', "zh-Hant": "甲"}
    assert write_tmx_pairs(
        [*((each, {}) for each in texts), (odd, {"url": "https://a.example/?b&c"})], sink
    ) == (len(texts) + 1)
    tree = ET.fromstring(sink.getvalue())
    assert (tree.tag, tree.get("version"), tree.find("header").get("segtype")) == ("tmx", "1.4", "paragraph")
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    read = [{tuv.get(language): tuv.findtext("seg") for tuv in unit.iter("tuv")} for unit in tree.iter("tu")]
    assert read[:-1] == texts
    assert read[-1] == {"en": 'a < b & "c"\ufffd', "zh-Hant": "甲"}
    assert list(tree.iter("prop"))[-1].text == "https://a.example/?b&c"
