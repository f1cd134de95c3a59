"""Which language a passage is in, by script and little words.

Own code instead of a library: what is asked of a news page is answered by the script for a dozen languages,
and by the commonest words for those in Latin letters, without a model to load. Nothing is said where that
does not tell.
"""

import re
from collections import Counter
from collections.abc import Sequence

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_WORDS = re.compile(r"[^\W\d_]+")
_SCRIPTS = {
    "ja": re.compile("[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9d]"),
    "ko": re.compile("[\uac00-\ud7af\u1100-\u11ff\u3130-\u318f]"),
    "cyrillic": re.compile("[\u0400-\u052f]"),
    "arabic": re.compile("[\u0600-\u06ff\u0750-\u077f]"),
    "he": re.compile("[\u0590-\u05ff]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "hi": re.compile("[\u0900-\u097f]"),
    "bn": re.compile("[\u0980-\u09ff]"),
    "ta": re.compile("[\u0b80-\u0bff]"),
    "ka": re.compile("[\u10a0-\u10ff]"),
    "hy": re.compile("[\u0530-\u058f]"),
    "km": re.compile("[\u1780-\u17ff]"),
    "my": re.compile("[\u1000-\u109f]"),
    "bo": re.compile("[\u0f00-\u0fff]"),
}
_LETTERS = {
    "uk": frozenset("іїєґ"), "be": frozenset("ў"), "sr": frozenset("ђћџљњј"), "kk": frozenset("әғқңөұүһ"),
    "fa": frozenset("پچژگک"), "ur": frozenset("ٹڈڑںے"), "ug": frozenset("ېۈۇۆ"),
}  # fmt: skip
"""Letters that tell languages of one script apart; without any, it is the first of :data:`_FIRST`."""
_FIRST = {"cyrillic": ("ru", ("uk", "be", "sr", "kk")), "arabic": ("ar", ("ug", "ur", "fa"))}
_LITTLE = {
    "en": "the of and to that with was for by from are this it is its have has not as be at an in on he they "
    "a i you we do so no if my me can will his her or but per se",
    "de": "der die das und den dem des ein eine nicht mit von zu auf für ist im sich auch als es wird",
    "fr": "le la les des et est une un du que qui dans pour pas sur au avec ce il elle sont par plus",
    "es": "el la los las de que y en un una por con para del se no es al lo como más su pero fue",
    "it": "il lo la i gli le di che e un una per con del della non è si al da nel sono come più anche dei",
    "pt": "o a os as de que e do da em um uma para com não no na por dos das se mais como foi ao são",
    "nl": "de het een en van is dat op te in voor niet met zijn er aan ook als door naar bij maar om werd",
    "sv": "och att det som en på är av för med den till inte har om ett var de från men vi hade kan",
    "da": "og at det er en til på som med af for de der den har ikke et var fra men vi havde om kan",
    "no": "og å det er en til på som med av for de at den har ikke et var fra men vi hadde om kan ble",
    "fi": "ja on ei se että hän ovat oli kun niin myös mutta joka tai kuin mitä jos sen vain ole",
    "pl": "i w na z się nie do że jest to o jak po za od przez ale są dla być oraz jego był który",
    "cs": "a v na se je že s z do o k i za by ale jako po pro jsou byl ve jeho nebo která které",
    "hu": "a az és hogy nem egy is van meg ez de csak már még volt mint el ki vagy azt lesz kell",
    "ro": "și de în la a cu pe nu că este un o din care mai pentru ce sunt fost fi după sau prin al",
    "tr": "ve bir bu da de için ile olarak çok daha gibi ama olan kadar sonra ne en olduğu var değil ise",
    "vi": "và của là có các cho không được trong người với một những này đã khi đến để từ về ở",
    "id": "yang dan di dari untuk dengan ini itu pada tidak dalam akan adalah oleh juga ke karena sudah",
    "ms": "yang dan di dari untuk dengan ini itu pada tidak dalam akan adalah oleh juga ke kerana telah",
}  # fmt: skip
_TOLD: dict[str, tuple[str, ...]] = {}
for _language, _spelled in _LITTLE.items():
    for _little in _spelled.split():
        _TOLD[_little] = (*_TOLD.get(_little, ()), _language)
_SHARE = 0.08
"""Part of the words that must be a language's little words for a text to be in it; prose has 0.25."""
_KINDS = 3
"""Different little words that a text has at least in another language than English."""
_LONG = 200
"""Characters from which a passage in Latin letters is judged by itself, not by the page."""
_READ = 20_000
"""Characters of a passage that are read; no passage that long is in another language further down."""
_OWN = 5
"""Little words from which a shorter one is judged by itself as well."""


def languages(texts: Sequence[str]) -> list[str]:
    """Return the language of each of *texts*, which stand on one page, as BCP 47; ``und`` where unknown.

    Chinese is ``zh-Hant`` where its characters are the traditional ones, else ``zh``. A text in Latin letters
    that is too short to tell is taken to be in the language of the page's other such texts.
    """
    texts = [text[:_READ] for text in texts]
    scripts = [_script(text) for text in texts]
    whole = _latin([text for text, script in zip(texts, scripts, strict=True) if script == "latin"])
    return [
        script if script != "latin" else _of_one(text, whole)
        for text, script in zip(texts, scripts, strict=True)
    ]


def ranked(found: Sequence[str], weights: Sequence[int]) -> tuple[str, ...]:
    """Return the languages in *found* but ``und``, the one with the most weight first."""
    total: Counter[str] = Counter()
    for language, weight in zip(found, weights, strict=True):
        total[language] += weight
    return tuple(language for language, _ in total.most_common() if language != "und")


def _script(text: str) -> str:
    if text.isascii():
        return "latin" if _LATIN.search(text) else "und"
    latin = len(_LATIN.findall(text))
    han = _HAN.findall(text)
    other, most = _other(text) if len(text) > 2 * latin + len(han) or len(han) < len(text) // 2 else ("", 0)
    if other and most * 3 >= latin and most * 10 >= len(han):
        return _of_script(other, text)
    if len(han) * 3 >= latin and han:
        return "zh-Hant" if _is_traditional("".join(han)) else "zh"
    return "latin" if latin * 2 > len(text) - text.count(" ") else "und"


def _other(text: str) -> tuple[str, int]:
    """Return the script, neither Latin nor Han, with most letters in *text*, and how many those are."""
    counts = ((name, len(pattern.findall(text))) for name, pattern in _SCRIPTS.items())
    name, most = max(counts, key=lambda each: each[1])
    return (name, most) if most else ("", 0)


def _of_script(script: str, text: str) -> str:
    if script not in _FIRST:
        return script
    first, others = _FIRST[script]
    letters = Counter(text.lower())
    marked = {name: sum(letters[letter] for letter in _LETTERS[name]) for name in others}
    best = max(marked, key=lambda name: marked[name])
    return best if marked[best] * 100 > len(text) else first


def _is_traditional(han: str) -> bool:
    """Whether more characters are missing from the simplified set (GB 2312) than from the traditional (Big5).

    A name may hold one that is missing in either; running text in traditional characters lacks a quarter.
    """
    unlike = len(han) - len(han.encode("gb2312", "ignore")) // 2
    like = len(han) - len(han.encode("big5", "ignore")) // 2
    return unlike > 2 * like and unlike * 25 > len(han)


def _of_one(text: str, whole: str) -> str:
    alone, little = _judged([text])
    return alone if len(text) > _LONG or (little >= _OWN and alone != "und") else whole


def _latin(texts: Sequence[str]) -> str:
    return _judged(texts)[0]


def _judged(texts: Sequence[str]) -> tuple[str, int]:
    """Return the language whose little words are most, and how many they are."""
    words: Counter[str] = Counter()
    for text in texts:
        words.update(_WORDS.findall(text.lower()))
    little: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for word in words.keys() & _TOLD.keys():
        for language in _TOLD[word]:
            little[language] += words[word]
            kinds[language] += 1
    if not little:
        return "und", 0
    most = max(little.values())
    # A tie of a few words is more often English than not, and one letter alone is often no word.
    best = max(little, key=lambda each: (little[each], kinds[each], each))
    language = "en" if little["en"] == most else best
    sure = most > words.total() * _SHARE and (language == "en" or kinds[language] >= _KINDS)
    return (language if sure else "und"), most
