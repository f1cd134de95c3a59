"""Edits found among churn, and what comparing two texts costs beside difflib and diff-match-patch.

    PYTHONPATH=tests python -m bench.edits [--articles 200] [--edits 40] [--seeds 11 12 13] [--texts]

The site is that of tests/edits: generated pages, half Chinese, read by the real extractor. Beside ours stands
what a comparison of the clean text alone would report. Times are CPU of one process; the ratios within one
run do not depend on the machine. diff-match-patch is compared where ``fast_diff_match_patch`` is installed,
and without a time limit, with which its answer would depend on the machine.
"""

import argparse
import difflib
import random
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise

from edits.generated import GRADES, Fixture, fixture
from pipelines.edits import Reading, Sighting, difference, grouped, histories
from pipelines.edits.furniture import Line
from pipelines.edits.sighting import page_key
from pipelines.edits.wording import plain
from pipelines.extract import PassageKind

SLOWEST = 20_000
"""Characters above which difflib is not asked: it takes minutes."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--edits", type=int, default=40)
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12, 13])
    parser.add_argument("--texts", action="store_true", help="compare long texts, and no site")
    asked = parser.parse_args()
    if asked.texts:
        compare_texts()
        return
    print("seed  captures  real  found  missed  invented  right grade  by text alone   extract ms  edits ms")
    for seed in asked.seeds:
        compare_site(fixture(asked.articles, asked.edits, seed), seed)


def compare_site(made: Fixture, seed: int) -> None:
    began = time.process_time()
    sightings = made.sightings()
    extracted = time.process_time()
    found = dict(histories(sightings))
    ended = time.process_time()
    edits = {
        (key, edit.after.first.capture.timestamp): edit for key, each in found.items() for edit in each.edits
    }
    real = {(page_key(known.page), known.timestamp): known.kind for known in made.edits}
    right = sum(place in edits and edits[place].grade == GRADES[kind] for place, kind in real.items())
    count = len(sightings)
    print(
        f"{seed:4}  {count:8}  {len(real):4}  {len(real.keys() & edits.keys()):5}  "
        f"{len(real.keys() - edits.keys()):6}  {len(edits.keys() - real.keys()):8}  {right:11}  "
        f"{by_text_alone(sightings):13}  {1000 * (extracted - began) / count:11.2f}  "
        f"{1000 * (ended - extracted) / count:8.2f}"
    )


def by_text_alone(sightings: Sequence[Sighting]) -> int:
    """Return how many edits there would be, did every change of the clean text count."""
    return sum(
        one.text != other.text
        for group in grouped(sightings).values()
        for one, other in pairwise([each.article for each in group if each.article])
    )


def compare_texts() -> None:
    rng = random.Random(1)
    print("text            kB   ours ms   difflib ms   diff-match-patch ms")
    for name, chinese in (("English", False), ("Chinese", True)):
        for kilobytes in (4, 20, 200):
            old = paragraphs(rng, kilobytes * 1000, chinese=chinese)
            for kind, new in (
                ("edited", edited(rng, old)),
                ("unlike", paragraphs(rng, kilobytes * 1000, chinese=chinese)),
            ):
                row = [
                    f"{1000 * seconds:9.1f}" if seconds is not None else "        -"
                    for seconds in timed(old, new)
                ]
                print(f"{name} {kind:6} {kilobytes:4} {row[0]}    {row[1]}      {row[2]}")


def timed(old: Sequence[str], new: Sequence[str]) -> list[float | None]:
    one, other = reading(old), reading(new)
    whole, rest = "\n".join(old), "\n".join(new)
    small = len(whole) <= SLOWEST
    by_peer = find_spec("fast_diff_match_patch") is not None and (small or len(set(old) & set(new)) > 0)
    return [
        taken(lambda: difference(one, other)),
        taken(lambda: difflib.SequenceMatcher(None, whole, rest, autojunk=False).get_opcodes())
        if small
        else None,
        taken(lambda: peer(whole, rest)) if by_peer else None,
    ]


def peer(one: str, other: str) -> object:
    library = import_module("fast_diff_match_patch")
    return library.diff(one, other, timelimit=0, checklines=True, as_patch=False)


def taken(function: Callable[[], object]) -> float:
    began = time.process_time()
    function()
    return time.process_time() - began


def reading(texts: Sequence[str]) -> Reading:
    return Reading("", (), tuple(Line(text, plain(text), PassageKind.PARAGRAPH) for text in texts))


def paragraphs(rng: random.Random, size: int, *, chinese: bool) -> list[str]:
    """Return texts of *size* bytes together."""
    found: list[str] = []
    while sum(len(text.encode()) for text in found) < size:
        found.append("".join(sentence(rng, chinese=chinese) for _ in range(4)))
    return found


def sentence(rng: random.Random, *, chinese: bool) -> str:
    if chinese:
        return "".join(chr(0x4E00 + int(rng.paretovariate(0.6)) % 3000) for _ in range(24)) + "。"
    words = ("".join(rng.choice("aeioulnrstm") for _ in range(rng.randrange(2, 9))) for _ in range(14))
    return " ".join(words) + ". "


def edited(rng: random.Random, texts: Sequence[str]) -> list[str]:
    """Return *texts* with a change in every tenth, one moved and one gone."""
    changed = [text.replace("e", "o", 2) + "了" if rng.random() < 0.1 else text for text in texts]
    changed.append(changed.pop(0))
    del changed[len(changed) // 2]
    return changed


if __name__ == "__main__":
    main()
