import random

import pytest

from pipelines.errors import ExtractionError
from pipelines.extract.fingerprint import containment, fingerprint, is_copy, is_revision, likeness, sketch

STARTS = ("har", "lam", "clo", "fer", "gul", "tid", "pil", "roo")
ENDS = ("bour", "p", "ck", "ry", "l", "e", "ot", "f", "ner", "ing", "ed", "est", "ly", "ish", "ton", "ward")
ENGLISH = [start + end for start in STARTS for end in ENDS]
CHINESE = "港灯钟渡鸥潮船屋人夜月风雨雪山水木石火土天地东西南北春夏秋冬红黄蓝白大小多少上下左右前后里外"


def story(rng, *, chinese, sentences=30):
    if chinese:
        return ["".join(rng.choices(CHINESE, k=rng.randint(15, 40))) + "。" for _ in range(sentences)]
    return [" ".join(rng.choices(ENGLISH, k=rng.randint(8, 24))) + "." for _ in range(sentences)]


def joined(sentences):
    return "\n\n".join(" ".join(sentences[at : at + 3]) for at in range(0, len(sentences), 3))


def revised(rng, sentences, share):
    """A later version: *share* of its sentences written anew, where they stood or as additions."""
    changed = list(sentences)
    fresh = story(rng, chinese=sentences[0][0] in CHINESE, sentences=len(sentences))
    for at in rng.sample(range(len(changed)), round(share * len(changed))):
        changed[at] = fresh[at]
    return changed


@pytest.mark.parametrize("chinese", [False, True])
def test_copies_revisions_and_others_are_told_apart(chinese):
    rng = random.Random(11)
    right = {"copy": 0, "revision": 0, "other": 0}
    rounds = 60
    for _ in range(rounds):
        first = story(rng, chinese=chinese)
        mark = fingerprint(joined(first))
        # Elsewhere: another paper's first and last line, other quotation marks, other paragraphs.
        tail = story(rng, chinese=chinese, sentences=1)
        copied = fingerprint(" ".join([*first, *tail]).upper().replace(".", " . "))
        right["copy"] += is_copy(mark, copied) and not is_revision(mark, copied)
        later = fingerprint(joined(revised(rng, first, rng.uniform(0.2, 0.35))))
        right["revision"] += is_revision(mark, later) and not is_copy(mark, later)
        other = fingerprint(joined(story(rng, chinese=chinese)))
        right["other"] += not is_copy(mark, other) and not is_revision(mark, other)
    assert right["other"] == rounds
    assert min(right["copy"], right["revision"]) >= 0.97 * rounds, right


def test_an_article_quoted_whole_in_a_thread_is_a_copy():
    rng = random.Random(12)
    hits = 0
    for _ in range(30):
        article, talk = story(rng, chinese=True), story(rng, chinese=True, sentences=30)
        mark, thread = fingerprint(joined(article)), fingerprint(joined([*talk[:5], *article, *talk[5:]]))
        hits += is_copy(mark, thread)
        assert containment(mark, thread) > containment(thread, mark)
    assert hits >= 27


def test_likeness_is_near_the_truth():
    rng = random.Random(13)
    for share in (0.0, 0.1, 0.5, 0.9):
        text = story(rng, chinese=False, sentences=60)
        a, b = joined(text), joined(revised(rng, text, share))
        runs = [{tuple(words[at : at + 4]) for at in range(len(words) - 3)} for words in (
            each.replace(".", "").split() for each in (a, b)
        )]  # fmt: skip
        true = len(runs[0] & runs[1]) / len(runs[0] | runs[1])
        assert likeness(fingerprint(a), fingerprint(b)) == pytest.approx(true, abs=0.2)


def test_what_does_not_count():
    plain = "The lamp on the quay has gone out again, and nobody at all knows whom to call about it today."
    assert fingerprint(plain) == fingerprint(f"  {plain.upper()}\n").replace("\n", "")
    assert fingerprint("这座钟慢了四分钟没有人敢把它拨准") == fingerprint(
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


@pytest.mark.parametrize("mark", ["x", "2:9:AAAA", "1:x:AAAA", "1:9:!", "1:9:AAAAA", "1::", "1:0:AAAAAA"])
def test_what_is_no_fingerprint_is_refused(mark):
    with pytest.raises(ExtractionError, match=r"fingerprint: .*extract the page again"):
        likeness(mark, fingerprint("one two three four five six seven eight nine ten eleven twelve"))
