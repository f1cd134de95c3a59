"""Words by which an edit is judged: notices of the editors, negations, figures, names, opposites."""

import re
from typing import Final

_NOTICE = re.compile(
    r"\W*(?:corrections?|clarifications?|corrected|erratum|errata|更正|更正声明|更正說明|更正说明|勘误|勘誤|订正|澄清)\s*"
    r"(?:\([^)]*\)|（[^）]*）|,?\s*[\w .,/-]{0,24})?\s*[:：.。|]|"
    r".{0,80}\b(?:earlier|previous|original|prior) version of (?:this|the) "
    r"(?:article|story|report|post|headline)|"
    r".{0,40}\bthis (?:article|story|report|post|headline) (?:has been|was) (?:corrected|amended)\b|"
    r".{0,30}\beditor'?’?s'?’? note\b.{0,80}\b(?:correct|amend|misstat|misspel|error)|"
    r".{0,40}(?:本文|此文|此稿|原文|前文|此前|早前|先前)[^。]{0,20}(?:版本|报道|報道|文章|稿件|标题)?[^。]{0,30}"
    r"(?:有误|有誤|错误|錯誤|更正|已改正|误写|誤寫)",
    re.IGNORECASE | re.DOTALL,
)
_UPDATE = re.compile(
    r"\W*(?:updates?|updated|latest)\b\s*(?:\([^)]*\)|[\w .,/-]{0,30})?\s*[:：]|"
    r"\W*(?:更新|最新(?:消息|进展)?|补充|後續|后续)\s*"
    r"(?:\([^)]*\)|（[^）]*）|[\d年月日时分 :：/-]{0,24})?\s*[:：】]",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d|[零〇一二两兩三四五六七八九十百千万萬亿億半倍]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def _split(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


_NUMBER_WORDS: Final = _split(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen",
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand",
    "million billion trillion dozen half quarter third first second once twice double triple percent",
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july",
    "august september october november december",
)
_NEGATIONS: Final = _split(
    "not no never none nobody nothing neither nor without cannot hardly barely deny denies denied"
)
_NEGATING_CHARACTERS: Final = frozenset("不没沒未无無非否勿别別莫")
_NEGATING_PREFIXES: Final = ("un", "in", "im", "il", "ir", "dis", "non", "non-", "mis", "anti", "de")
_SURNAMES: Final = frozenset(
    "王李张張刘劉陈陳杨楊赵趙吴吳周徐孙孫朱胡郭罗羅郑鄭谢謝宋唐许許邓鄧冯馮韩韓曹曾彭萧蔡潘袁董余叶葉"
)
_WEIGHTY: Final = frozenset("副前原代被约近超仅只都全各应须可能或和与及曾已将正拟拒")
"""Single characters that turn what a Chinese sentence says."""
_OPPOSITES: Final = frozenset(
    frozenset(pair)
    for pair in _split(
        "增减 增減 上下 升降 涨跌 漲跌 有无 有無 是否 是非 前后 前後 买卖 買賣 多少 大小 高低",
        "内外 內外 东西 東西 南北 左右 进出 進出 开关 開關 胜败 勝敗 胜负 勝負 输赢 輸贏 男女",
        "生死 伤亡 傷亡 伤死 先后 正反 正负 真假 新旧 早晚 快慢 长短 远近 加减 盈亏 入出 他她",
        "日月 年月 年日 元角 万亿 萬億 千万 百千 吨斤 省市 市县 时分",
    )
)
_OPPOSITE_WORDS: Final = frozenset(
    frozenset(pair.split("/"))
    for pair in _split(
        "increase/decrease increased/decreased increases/decreases increasing/decreasing inside/outside",
        "import/export imports/exports imported/exported imposed/opposed inflow/outflow he/she his/her",
        "him/her man/woman men/women male/female son/sister is/was are/were has/had will/would can/could",
        "may/might million/billion billion/trillion bought/sought now/not more/less most/least major/mayor",
        "employer/employee employers/employees north/south east/west appoint/disappoint accept/except",
    )
)


def is_notice(text: str) -> bool:
    """Return whether *text* says that the article was wrong and has been put right."""
    return bool(_NOTICE.match(text))


def is_update(text: str) -> bool:
    """Return whether *text* begins as an update does: ``Update:``, ``更新：``."""
    return bool(_UPDATE.match(text))


def has_figure(text: str) -> bool:
    """Return whether *text* holds a number, in figures or in words, a month or a day of the week."""
    words = {word.lower() for word in _WORD.findall(text)}
    return bool(_FIGURE.search(text) or words & _NUMBER_WORDS)


def turns_meaning(before: str, after: str) -> str:
    """Return what of the meaning may change where *before* gives way to *after*, a word or two; or ``""``."""
    if _negates(before) != _negates(after) or _is_negated(before.strip(), after.strip()):
        return "a negation"
    one, other = before.strip().lower(), after.strip().lower()
    weighty = (set(one) ^ set(other)) & _WEIGHTY
    if weighty or frozenset((one, other)) in _OPPOSITE_WORDS or _are_opposite(one, other):
        return "the sense of a word"
    return ""


def is_name(piece: str, text_before: str) -> bool:
    """Return whether *piece* holds a word that is written like a name; *text_before* stands before it.

    A capital at the beginning of a sentence tells nothing; of Chinese, the common surnames tell.
    """
    last = text_before.rstrip().rstrip("\"'“”‘’(「『")[-1:]
    starts = not last or last in ".!?。！？:：\n"
    for number, word in enumerate(_WORD.findall(piece)):
        if word[0].isupper() and not (starts and number == 0):
            return True
    return bool(set(piece) & _SURNAMES) or bool(set(text_before[-2:]) & _SURNAMES and not piece.isascii())


def _negates(text: str) -> int:
    words = [word.lower() for word in _WORD.findall(text)]
    counted: int = sum(word in _NEGATIONS or word.endswith(("n't", "n’t")) for word in words)
    return counted + sum(character in _NEGATING_CHARACTERS for character in text)


def _is_negated(one: str, other: str) -> bool:
    short, long = sorted((one.lower(), other.lower()), key=len)
    return len(short) > 2 and any(long == prefix + short for prefix in _NEGATING_PREFIXES)


def _are_opposite(one: str, other: str) -> bool:
    return len(one) == len(other) and any(
        frozenset((a, b)) in _OPPOSITES for a, b in zip(one, other, strict=True) if a != b
    )
