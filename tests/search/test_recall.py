"""Questions with known answers: what each must find, and what it must not."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import QueryError
from pipelines.search import SearchIndex, ask
from pipelines.storage import MemoryStore
from search.making import publish, row, urls

TEXTS = {
    "nvidia": "英伟达H20芯片的出口再次受到限制，供应商感到意外。",
    "nvidia-en": "英伟达公司说，它的 H20 chips fall under new export controls.",
    "trad": "英偉達的晶片銷往台灣，軟體業者關注後續發展，裡面還有許多細節。",
    "name": "约翰·史密斯昨天抵达北京，与赵括明会面。",
    "comma": "这座城市以芯片，出口和港口闻名。",
    "customs": "中华为国之重，税改在即。",
    "huawei": "华为发布了新手机。",
    "english": "The state-of-the-art e-mail system of O'Brien's firm isn't running in the U.S. or the café.",
    "numbers": "In 2026 it sold 1,000 boats, 1,000,000 oars and 30.5 tons of rope; inflation was 4.5.",
    "wide": "共有１０００艘船，价格上涨３０％，ＧＰＴ－４也来了。",
    "emoji": "The harbour cheered 👍🏽 and the ferry sank 🚢.",
    "rare": "𠮷野家与𡃁仔在香港开店。",
    "curly": "China’s exporters don’t agree; “Côte d’Ivoire” does.",
    "covid": "COVID-19 cases rose on the Straße.",
    "two passages": ("他们谈到了人工", "智能手机卖得很好"),
    "korean": "서울에서 만난 반도체 기업",
    "japanese": "東京のラーメン店が増えている。",
}

QUESTIONS = {
    # Two characters, the commonest words there are.
    "芯片": {"nvidia", "comma"},
    "出口": {"nvidia", "comma"},
    "税改": {"customs"},
    "税": {"customs"},
    # As a word and inside another one: both are found.
    "华为": {"huawei", "customs"},
    # Of a name that no dictionary has, the whole and its parts.
    "英伟达": {"nvidia", "nvidia-en", "trad"},
    "赵括明": {"name"},
    "括明": {"name"},
    # Across punctuation: a name's dot is none, a comma parts a phrase but not words.
    "约翰史密斯": {"name"},
    "约翰•史密斯": {"name"},
    "史密斯": {"name"},
    "芯片出口": {"nvidia", "comma"},
    '"芯片，出口"': {"comma"},
    '"芯片出口"': set(),
    '"芯片的出口"': {"nvidia"},
    # Traditional and Simplified.
    "英偉達": {"nvidia", "nvidia-en", "trad"},
    "台湾": {"trad"},
    "臺灣": {"trad"},
    "里面": {"trad"},
    "裏面": {"trad"},
    "软体": {"trad"},
    "発展": set(),
    # Scripts mixed.
    "英伟达 H20": {"nvidia", "nvidia-en"},
    "英伟达H20": {"nvidia", "nvidia-en"},
    '"英伟达 H20"': {"nvidia"},
    '"H20 chips"': {"nvidia-en"},
    "h20芯片": {"nvidia"},
    "Ｈ２０": {"nvidia", "nvidia-en"},
    # English.
    "export control": {"nvidia-en"},
    "Exported": {"nvidia-en", "curly"},
    '"export controls"': {"nvidia-en"},
    '"export control"': set(),
    "email": {"english"},
    "e-mail": {"english"},
    "e‑mail": {"english"},
    "mail": {"english"},
    "state-of-the-art": {"english"},
    '"state of the art"': {"english"},
    "OBrien": {"english"},
    "o’brien": {"english"},
    "run": {"english"},
    "US": {"english"},
    "U.S.": {"english"},
    "cafe": {"english"},
    "café": {"english"},
    "isn't": {"english"},
    "china": {"curly"},
    "don't": {"curly"},
    "cote d'ivoire": {"curly"},
    "covid": {"covid"},
    "covid-19": {"covid"},
    "covid19": {"covid"},
    "strasse": {"covid"},
    # Numbers.
    "1000": {"numbers", "wide"},
    "1,000": {"numbers", "wide"},
    "１０００": {"numbers", "wide"},
    "1000000": {"numbers"},
    "30": {"wide"},
    "３０": {"wide"},
    "30.5": {"numbers"},
    "4.5": {"numbers"},
    "000": set(),
    "gpt-4": {"wide"},
    "GPT4": {"wide"},
    # What is rare.
    "👍": {"emoji"},
    "🚢": {"emoji"},
    "𠮷野家": {"rare"},
    "𡃁仔": {"rare"},
    "𡃁": {"rare"},
    # No phrase and no word reaches from one passage to the next.
    "人工智能": set(),
    "智能": {"two passages"},
    '"人工 智能"': set(),
    # Without dictionaries of their own.
    "반도체": {"korean"},
    "ラーメン": {"japanese"},
    "東京": {"japanese"},
}


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recall")
    store = MemoryStore()
    places = {name: f"https://paper.example/{name.replace(' ', '-')}" for name in TEXTS}
    publish(store, folder, [row(text, path=places[name]) for name, text in TEXTS.items()])
    made = SearchIndex(folder / "index")
    made.sync(store, "news")
    return made


@pytest.mark.parametrize("question", QUESTIONS)
def test_finds_what_it_must_and_no_more(index, question):
    assert set(urls(index, question, limit=100)) == {name.replace(" ", "-") for name in QUESTIONS[question]}


def test_a_word_comes_before_what_merely_holds_its_characters(index):
    assert urls(index, "华为") == ["huawei", "customs"]


@given(
    st.lists(
        st.sampled_from([*"芯片税的·ー。-()«", "H20", "title:", "author:a", "👍", "é", '"', " ", "OR "]),
        max_size=20,
    )
)
def test_whatever_is_asked_is_answered(index, pieces):
    try:
        answer = ask(index, "".join(pieces))
    except QueryError:
        return
    assert answer.total <= len(TEXTS)


def test_every_two_characters_that_stand_together_are_found(index):
    missed = []
    for name, text in TEXTS.items():
        for passage in [text] if isinstance(text, str) else text:
            pairs = [a + b for a, b in pairwise(passage) if "\u4e00" <= min(a, b) <= max(a, b) <= "\u9fff"]
            missed += [pair for pair in pairs if name.replace(" ", "-") not in urls(index, pair, limit=100)]
    assert missed == []
