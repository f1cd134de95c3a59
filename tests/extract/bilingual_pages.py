"""Bilingual articles with known pairs: own sentences, with numbers, dates and names filled in."""

from dataclasses import dataclass
from pathlib import Path
from random import Random

from pipelines.extract import Passage


def _tabled(table: str) -> tuple[tuple[str, str], ...]:
    return tuple((one, other) for one, _, other in (each.strip().partition("|") for each in table.split(";")))


_LINES = (Path(__file__).parent / "bilingual_sentences.txt").read_text("utf-8").splitlines()
PAIRS = tuple(zip(_LINES[::2], _LINES[1::2], strict=True))
WEEKDAYS = _tabled(
    "Monday|周一;Tuesday|周二;Wednesday|周三;Thursday|周四;Friday|周五;Saturday|周六;Sunday|周日"
)
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
CITIES = _tabled("""London|伦敦; Paris|巴黎; Tokyo|东京; Lisbon|里斯本; Oslo|奥斯陆; Beijing|北京; Lima|利马;
    Port Merrow|梅罗港; Washington|华盛顿; Tallinn|塔林; Cairo|开罗; Chengdu|成都""")
PEOPLE = _tabled("""Imani Stavros|伊曼妮·斯塔夫罗斯; Theodora Nakamura|西奥多拉·中村; Li Wenqing|李文清;
    Pavel Iversen|帕维尔·伊弗森; Zhou Min|周敏; Anneke Dorst|安内克·多斯特（Anneke Dorst）;
    Rosa Quill|罗莎·奎尔; Cao Ruolan|曹若兰""")
FIRMS = _tabled("""Tidewell|Tidewell; Merrow Labs|Merrow Labs; Northgate|诺斯盖特; Kelpline|Kelpline;
    OpenHarbor|OpenHarbor; Grey Gull|灰鸥""")
NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True)
class Noise:
    """How the two languages of a page differ."""

    lost: float = 0.0
    """Part of the paragraphs that one of them lacks."""
    merged: float = 0.0
    """Part of the paragraphs that are run together with the one before, in one of them."""
    cut: float = 0.0
    """Part of one side that is missing at its end."""
    swapped: bool = False
    """Whether headline and byline stand in another order on one side."""


Unit = tuple[str, str]
"""A paragraph in English and in Chinese."""


def page(
    rng: Random, shape: str, noise: Noise, *, paragraphs: int = 0
) -> tuple[list[Passage], set[tuple[int, int]]]:
    """Return a page of news and its pairs (English, Chinese): in ``turns``, or in ``blocks``."""
    units = [_paragraph(rng) for _ in range(paragraphs or rng.randint(8, 40))]
    if noise.swapped:
        person, city = rng.choice(PEOPLE), rng.choice(CITIES)
        units[:0] = [sentence(rng), (f"By {person[0]}, in {city[0]}", f"{person[1]}发自{city[1]}")]
    return page_of(rng, shape, units, noise)


def units(rng: Random, count: int) -> list[Unit]:
    """Return so many different paragraphs."""
    found: dict[str, Unit] = {}
    while len(found) < count:
        unit = _paragraph(rng)
        found[unit[0]] = unit
    return list(found.values())


def paragraphs(rng: Random, count: int, *, language: str) -> list[str]:
    """Return so many different paragraphs in ``en`` or ``zh``."""
    return [unit[language == "zh"] for unit in units(rng, count)]


def page_of(
    rng: Random, shape: str, units: list[Unit], noise: Noise
) -> tuple[list[Passage], set[tuple[int, int]]]:
    """Return a page of these paragraphs, and its pairs."""
    english, chinese = (
        _side(rng, [(number, unit[which]) for number, unit in enumerate(units)], noise, between)
        for which, between in enumerate((" ", ""))
    )
    changed = rng.choice((english, chinese))
    if noise.swapped:
        changed[0], changed[1] = changed[1], changed[0]
    del changed[round(len(changed) * (1 - noise.cut)) :]
    marked = [("en", *each) for each in english] + [("zh", *each) for each in chinese]
    if shape == "turns":
        marked.sort(key=lambda each: (min(each[1]), each[0]))
    passages = [Passage(text, language) for language, _, text in marked]
    pairs = {
        (one, other)
        for one, (language, numbers, _) in enumerate(marked)
        for other, (second, others, _) in enumerate(marked)
        if (language, second) == ("en", "zh") and numbers & others
    }
    return passages, pairs


def _side(
    rng: Random, units: list[tuple[int, str]], noise: Noise, between: str
) -> list[tuple[set[int], str]]:
    found: list[tuple[set[int], str]] = []
    for number, text in units:
        if rng.random() < noise.lost / 2:
            continue
        if found and number > 2 * noise.swapped and rng.random() < noise.merged / 2:
            numbers, before = found[-1]
            found[-1] = numbers | {number}, before + between + text
        else:
            found.append(({number}, text))
    return found


def _paragraph(rng: Random) -> tuple[str, str]:
    said = [sentence(rng) for _ in range(rng.choice((1, 1, 2, 2, 3, 4)))]
    return " ".join(one for one, _ in said), "".join(other for _, other in said)


def sentence(rng: Random) -> Unit:
    """Return one in both languages."""
    english, chinese = rng.choice(PAIRS)
    slots = {name: make(rng) for name, make in SLOTS.items()}
    return (
        english.format(**{name: value[0] for name, value in slots.items()}),
        chinese.format(**{name: value[1] for name, value in slots.items()}),
    )


def _count(rng: Random) -> tuple[str, str]:
    number = rng.choice((rng.randint(21, 999), rng.randint(10, 99) * 100, rng.randint(2, 90) * 10_000))
    return f"{number:,}", f"{number // 10_000}万" if number >= 10_000 else str(number)


def _money(rng: Random) -> tuple[str, str]:
    number = rng.randint(11, 99)
    return rng.choice(
        ((f"${number / 10} billion", f"{number}亿美元"), (f"${number} million", f"{number}00万美元"))
    )


def _percent(rng: Random) -> tuple[str, str]:
    number = rng.randint(3, 96)
    return rng.choice(((f"{number} percent", f"{number}%"), (f"{number}.5%", f"百分之{number}.5")))


def _small(rng: Random) -> tuple[str, str]:
    number = rng.randint(2, 9)
    digits = "两三四五六七八九"
    return rng.choice(((NUMBERS[number - 2], digits[number - 2]), (str(number + 9), str(number + 9))))


def _date(rng: Random) -> tuple[str, str]:
    month, day = rng.randint(1, 12), rng.randint(1, 28)
    return f"{MONTHS[month - 1]} {day}", f"{month}月{day}日"


def _month(rng: Random) -> tuple[str, str]:
    month = rng.randint(1, 12)
    return MONTHS[month - 1], f"{month}月"


def _year(rng: Random) -> tuple[str, str]:
    return (str(rng.randint(1890, 2060)),) * 2


SLOTS = {
    "weekday": lambda rng: rng.choice(WEEKDAYS), "city": lambda rng: rng.choice(CITIES),
    "person": lambda rng: rng.choice(PEOPLE), "firm": lambda rng: rng.choice(FIRMS),
    "count": _count, "money": _money, "percent": _percent, "small": _small, "date": _date,
    "month": _month, "year": _year,
}  # fmt: skip
