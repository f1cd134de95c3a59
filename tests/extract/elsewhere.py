"""Texts as they turn up again: copied, syndicated, quoted whole, revised; and others of the same house."""

from random import Random

STARTS = ("har", "lam", "clo", "fer", "gul", "tid", "pil", "roo")
ENDS = ("bour", "p", "ck", "ry", "l", "e", "ot", "f", "ner", "ing", "ed", "est", "ly", "ish", "ton", "ward")
ENGLISH = [start + end for start in STARTS for end in ENDS]
CHINESE = "港灯钟渡鸥潮船屋人夜月风雨雪山水木石火土天地东西南北春夏秋冬红黄蓝白大小多少上下左右前后里外"
TRADITIONAL = str.maketrans("灯钟鸥风东红黄蓝后里", "燈鐘鷗風東紅黃藍後裡")


def story(rng: Random, *, chinese: bool, sentences: int = 30) -> list[str]:
    if chinese:
        return ["".join(rng.choices(CHINESE, k=rng.randint(15, 40))) + "。" for _ in range(sentences)]
    return [" ".join(rng.choices(ENGLISH, k=rng.randint(8, 24))) + "." for _ in range(sentences)]


def joined(sentences: list[str]) -> str:
    return "\n\n".join(" ".join(sentences[at : at + 3]) for at in range(0, len(sentences), 3))


def revised(rng: Random, sentences: list[str], share: float) -> list[str]:
    """Return a later version: *share* of the sentences written anew, left out, or with one added."""
    fresh = iter(story(rng, chinese=sentences[0][0] in CHINESE, sentences=2 * len(sentences) + 1))
    changed = set(rng.sample(range(len(sentences)), round(share * len(sentences))))
    later: list[str] = []
    for at, sentence in enumerate(sentences):
        kept = [sentence] if at not in changed else rng.choice(([next(fresh)], [], [sentence, next(fresh)]))
        later.extend(kept)
    return [*later, next(fresh)]


def again(rng: Random, first: list[str], how: str) -> str:
    """Return the text *first* as it turns up again."""
    chinese = first[0][0] in CHINESE
    more = story(rng, chinese=chinese, sentences=rng.randint(2, 8) * len(first))
    if how == "two addresses":
        return joined([*more[:1], *first]).upper().replace(".", " . ")
    if how == "syndicated":
        return joined([more[0], *first[: round(len(first) * rng.uniform(0.5, 0.9))]])
    if how == "other characters":
        return joined(first).translate(TRADITIONAL).replace("。", "．")
    if how == "quoted in a thread":
        return joined([*more[: len(more) // 4], *first, *more[len(more) // 4 :]])
    if how == "revised":
        return joined(revised(rng, first, rng.uniform(0.2, 0.4)))
    if how == "another of the house":
        return joined([*first[: len(first) // 10], *more[: len(first)]])
    raise ValueError(how)


KINDS = {
    "two addresses": "copy",
    "syndicated": "copy",
    "other characters": "copy",
    "quoted in a thread": "copy",
    "revised": "revision",
    "another of the house": "different",
}
