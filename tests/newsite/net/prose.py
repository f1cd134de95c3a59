"""Titles and paragraphs for thousands of small pages, from a pool of the daily's sentences."""

import random
from datetime import UTC, datetime
from functools import cache

from newsite.net.model import Language
from newsite.stories import Stories

POOL = 48
AT = datetime(2026, 1, 1, tzinfo=UTC)
# Besides the lead; a Chinese paragraph has fewer bytes, also in UTF-8.
COUNTS = {"en": (5, 11), "zh": (9, 15)}
LEADS = {
    "en": "Report {key} of this newspaper, version {edition}: {title}.",
    "zh": "本报第{key}号报道，第{edition}版：{title}。",
}


class Prose:
    """Writes of one language; the same for the same seed and key."""

    def __init__(self, language: Language, seed: int) -> None:
        self._language = language
        self._stories = Stories(language, seed=seed, count=POOL, until=AT)
        self._pool = [text for number in range(POOL) for text in self._stories.article(number).paragraphs]
        self.name = str(self._stories.words["name"])

    def title(self, key: int) -> str:
        return self._stories.title(key)

    def paragraphs(self, key: int, title: str, *, edition: int = 1) -> list[str]:
        """Return a good 2 kB of paragraphs, the first of which no other story or edition has."""
        chance = random.Random(key * 64 + edition)
        lead = LEADS[self._language].format(key=key, edition=edition, title=title)
        return [lead, *chance.sample(self._pool, chance.randrange(*COUNTS[self._language]))]


@cache
def prose(language: Language, seed: int) -> Prose:
    """Return the writer of that language and seed."""
    return Prose(language, seed)
