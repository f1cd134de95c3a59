import io
import random
from xml.etree import ElementTree as ET

import pytest

from newsite.families import family
from pipelines.extract import Passage, PassageKind
from pipelines.extract.anchors import anchors
from pipelines.extract.parallel import align, parallel_texts, with_parallels
from pipelines.extract.tmx import write_tmx_pairs

CASES = [case for name in ("bilingual", "forum") for case in family(name).cases]
PAIRS = [pair for case in CASES for pair in zip(case.paragraphs[::2], case.paragraphs[1::2], strict=True)]


def units(rng, *, lost, merged):
    """Return both sides as lists of (numbers of their sentences' pairs, text), some lost or run together."""
    chosen = rng.sample(range(len(PAIRS)), rng.randint(10, len(PAIRS)))

    def side(which, between):
        found = []
        for number in chosen:
            if rng.random() < lost:
                continue
            if found and rng.random() < merged:
                numbers, text = found[-1]
                found[-1] = (numbers | {number}, text + between + PAIRS[number][which])
            else:
                found.append(({number}, PAIRS[number][which]))
        return found

    return chosen, side(0, " "), side(1, "")


def page(rng, shape, **odds):
    """Return a page's passages and which of them are pairs: in turns, or one language after the other."""
    chosen, english, chinese = units(rng, **odds)
    marked = [("en", *each) for each in english] + [("zh", *each) for each in chinese]
    if shape == "turns":
        marked.sort(key=lambda each: (min(map(chosen.index, each[1])), each[0]))
    passages = [Passage(text, language) for language, _, text in marked]
    pairs = {
        (one, other)
        for one, (language, numbers, _) in enumerate(marked)
        for other, (other_language, other_numbers, _) in enumerate(marked)
        if (language, other_language) == ("en", "zh") and numbers & other_numbers
    }
    return passages, pairs


def found_in(passages):
    return {
        (place, other)
        for place, passage in enumerate(with_parallels(passages))
        if passage.language == "en"
        for other in passage.parallel
    }


@pytest.mark.parametrize(
    ("shape", "odds", "least"),
    [
        ("turns", {"lost": 0, "merged": 0}, 0.995),
        ("blocks", {"lost": 0, "merged": 0}, 0.995),
        ("turns", {"lost": 0.04, "merged": 0}, 0.97),
        ("turns", {"lost": 0, "merged": 0.08}, 0.96),
        ("blocks", {"lost": 0, "merged": 0.08}, 0.96),
        # Passages of about one length without a number or name: which of them is missing cannot be told.
        ("blocks", {"lost": 0.04, "merged": 0}, 0.90),
    ],
)
def test_pairs_are_right(shape, odds, least):
    rng = random.Random(7)
    hits = found = there = 0
    for _ in range(25):
        passages, pairs = page(rng, shape, **odds)
        got = found_in(passages)
        hits, found, there = hits + len(got & pairs), found + len(got), there + len(pairs)
    assert hits / found >= least
    assert hits / there >= least


def test_both_sides_name_each_other():
    rng = random.Random(3)
    passages = with_parallels(page(rng, "blocks", lost=0, merged=0.2)[0])
    assert any(len(passage.parallel) > 1 for passage in passages)
    for place, passage in enumerate(passages):
        assert all(place in passages[other].parallel for other in passage.parallel)


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
        ("The OpenAI office in Beijing", "OpenAI在北京的办公室", {"openai", "beijing"}),
        ("the tide and the gull", "潮水与鸥", set()),
    ],
)
def test_anchors(english, chinese, shared):
    assert set(anchors(english) & anchors(chinese)) == shared


def test_parallel_text_as_tmx():
    passages = with_parallels(page(random.Random(3), "turns", lost=0, merged=0)[0])
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
