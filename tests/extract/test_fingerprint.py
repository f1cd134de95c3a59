import random
from collections import Counter
from itertools import product
from time import process_time

import pytest

from extract.elsewhere import CHINESE, KINDS, again, joined, revised, story
from pipelines.errors import ExtractionError
from pipelines.extract.fingerprint import containment, fingerprint, is_copy, is_revision, likeness, sketch


def relation(one, other):
    return "copy" if is_copy(one, other) else "revision" if is_revision(one, other) else "different"


def test_copies_revisions_and_others_are_told_apart():
    rng = random.Random(11)
    rounds = 60
    said = Counter()
    for (how, truth), number in product(KINDS.items(), range(rounds)):
        first = story(rng, chinese=number % 2 == 0, sentences=rng.randint(15, 60))
        said[how, relation(fingerprint(joined(first)), fingerprint(again(rng, first, how)))] += 1
        said["all", truth] += 1
    right = {how: said[how, truth] / rounds for how, truth in KINDS.items()}
    assert min(right.values()) >= 0.9, right
    assert min(right[how] for how in KINDS if how not in ("syndicated", "revised")) >= 0.99, right
    for kind in ("copy", "revision", "different"):
        hits = sum(said[how, kind] for how, truth in KINDS.items() if truth == kind)
        assert hits / said["all", kind] >= 0.95, said
        assert hits / sum(said[how, kind] for how in KINDS) >= 0.93, said


def test_an_article_quoted_whole_in_a_long_thread_is_found_in_it():
    rng = random.Random(12)
    for number in range(20):
        article = story(rng, chinese=number % 2 == 0)
        talk = story(rng, chinese=number % 2 == 0, sentences=270)
        mark, thread = fingerprint(joined(article)), fingerprint(joined([*talk[:50], *article, *talk[50:]]))
        other = fingerprint(joined(story(rng, chinese=number % 2 == 0)))
        assert is_copy(mark, thread)
        assert containment(mark, thread) > containment(thread, mark)
        assert not is_copy(other, thread)


@pytest.mark.parametrize("unit", ["港灯渡鸥", "harbour lamp ", "a", "\U00020000漢"])
def test_a_huge_text_takes_no_longer_than_it_may(unit):
    rng = random.Random(14)
    text = "".join(rng.choices(CHINESE, k=100)) + unit * (4_000_000 // len(unit))
    started = process_time()
    fingerprint(text)
    assert process_time() - started < 1.5


def test_likeness_is_near_the_truth():
    rng = random.Random(13)
    for share in (0.0, 0.1, 0.5, 0.9):
        text = story(rng, chinese=False, sentences=60)
        a, b = joined(text), joined(revised(rng, text, share))
        runs = [{tuple(words[at : at + 4]) for at in range(len(words) - 3)} for words in (
            each.replace(".", "").split() for each in (a, b)
        )]  # fmt: skip
        true = len(runs[0] & runs[1]) / len(runs[0] | runs[1])
        assert likeness(fingerprint(a), fingerprint(b)) == pytest.approx(true, abs=0.12)


def test_what_does_not_count():
    plain = "The lamp on the quay has gone out again, and nobody at all knows whom to call about it today."
    assert fingerprint(plain) == fingerprint(f"  {plain.upper()}\n").replace("\n", "")
    assert fingerprint("这座钟慢了四分钟没有人敢把它拨准") == fingerprint(
        "这座钟慢了四分钟，没有人敢把它拨准。"
    )
    assert fingerprint("這座鐘慢了四分鐘，沒有人敢把它撥準。") == fingerprint(
        "这座钟慢了四分钟，没有人敢把它拨准。"
    )
    assert fingerprint("ＡＢＣ " * 3 + plain) == fingerprint("abc " * 3 + plain)


@pytest.mark.parametrize("text", ["", "   ", "too short to tell", "灯塔"])
def test_too_little_text_has_none(text):
    assert fingerprint(text) == ""
    assert likeness("", fingerprint("a b c d e f g h i j k l m n o p")) == 0.0
    assert not is_copy("", "")


def test_of_a_short_text_all_runs_are_kept():
    mark = fingerprint("one two three four five six seven eight nine ten eleven twelve")
    assert sketch(mark).runs == len(sketch(mark).hashes) == 9
    assert likeness(mark, mark) == 1.0


@pytest.mark.parametrize("mark", ["x", "1:9:AAAAAA", "2:x:AAAA", "2:9:!", "2:9:AAAAA", "2::", "2:0:AAAAAA"])
def test_what_is_no_fingerprint_is_refused(mark):
    with pytest.raises(ExtractionError, match=r"fingerprint: .*extract the page again"):
        likeness(mark, fingerprint("one two three four five six seven eight nine ten eleven twelve"))
