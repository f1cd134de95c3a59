"""Names of authors in what pages write around them: by-line words, roles, dates, addresses, labels."""

import re
from collections.abc import Iterable
from html import unescape

_BY = re.compile(
    r"^\s*(?:(?:written|posted|published|authored|reported|words|story|text|article|reviewed|created|"
    r"shared|started|asked|post|topic|thread)\s+by|by-?line|by|von|par|por|via|about the authors?|authors?|"
    r"作者|文|记者|記者|撰文|本报记者|通讯员)"
    r"(?:\s*[:：|/丨]\s*|\s+|$|(?-i:(?<=[yY])(?=[A-Z][a-z])))",
    re.IGNORECASE,
)
_NOT_NAME = re.compile(
    r"\s*(?:[|•·»«]|\s[-–—/]+\s|\d|\b(?:updated|published|posted|reviewed|minutes?|views?)\b|"
    r"\b(?-i:on|in|at|last)\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|"
    r"\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?\s+\d).*",
    re.IGNORECASE | re.DOTALL,
)
_DEGREE = (
    r"(?:jr|sr|m\.?\s?d|ph\.?\s?d|dvm|d\.?o|rn|rd|rdn|ldn|cpa|cfp|mba|dds|esq|ms|ma|msc|mph|lcsw|psy\.?d|"
    r"facs|facp|cpp|psp)\b"
)
_SPLIT = re.compile(rf"\s*(?:[;；|、，]|,(?!\s*{_DEGREE})|\s(?:and|und|et|y)\s|\s&\s|/)\s*", re.IGNORECASE)
_NOUNS = (
    r"writers?|editors?|reporters?|journalists?|correspondents?|columnists?|contributors?|founders?|"
    r"co-founders?|managers?|directors?|specialists?|analysts?|strategists?|marketers?|authors?|members?|"
    r"moderators?|administrators?|ceo|cto|cmo|officers?|engineers?|consultants?|producers?|ambassador"
)
_TRADES = (
    r"bloggers?|photographers?|developers?|designers?|researchers?|scientists?|professors?|lecturers?|"
    r"teachers?|educators?|coach|trainers?|therapists?|nurses?|dietitians?|nutritionists?|physicians?|"
    r"psychologists?|counsell?ors?|attorneys?|lawyers?|economists?|advis[eo]rs?|planners?|agents?|brokers?|"
    r"experts?|chefs?|presidents?|chair(?:wo)?man|partners?|owners?|hosts?|horticulturists?|horticulturalists?|"
    r"veterinarians?|fellows?|students?|interns?|grader|executives?|head of \w+|vp|coordinators?|architects?"
)
"""What a part of its own says of the person before it, and what in one part with a name may be a name."""
_RANK = (
    r"senior|staff|chief|lead|head|deputy|associate|assistant|contributing|freelance|managing|executive|"
    r"guest|tech|news|content|co-?|seo"
)
_ROLE = re.compile(rf"(?:^|\s+)(?:(?:{_RANK})[\s-]*)*\b(?:{_NOUNS})\b.*$", re.IGNORECASE)
_OCCUPATION = re.compile(rf"\b(?:{_NOUNS}|{_TRADES})\b", re.IGNORECASE)
_NOBODY = re.compile(
    r"https?:|^@|www\.|\.com\b|@|^\w+(?:\.\w+){3,}$|[{}<>=]|"
    r"^(?:translat|翻译|翻譯|译者|譯者|編譯|编译|编辑|編輯|责任编辑|責任編輯|来源|來源|更新|发布|發布|發佈|发表|發表|"
    r"发帖|發帖|时间|時間|日期|阅读|閱讀|浏览|瀏覽|评论|評論|回复|回覆|点击|點擊|字号|分享|楼主|樓主|匿名|佚名|未知|原创|转载)|"
    r"^(?:admin|administrator|"
    r"discuz! team|comsenz ui team|by|author|share|follow|comments?|find|reply|read more|learn more|home|bio|"
    r"view profile|profile|more|see all|all posts|posts|user|guest|unknown|null|undefined|none|"
    r"offline|log ?in|sign ?in|sign ?up|register|my account|account|subscribe|contact us|anonymous|webmaster|"
    r"online|new|op|the|editorial|editor|updated|published|post|posted|our team|team|first name|last name|"
    r"my profile|name|"
    r"facebook|twitter|bluesky|linkedin|mastodon|instagram|youtube|tiktok|email|print)$|"
    r"\b(?:ago|comments?|read more|about|all posts|posts by|view all|full bio|recent posts|followers?|"
    r"facebook|linkedin|whatsapp)\b",
    re.IGNORECASE,
)
_FULL = re.compile(
    r"(?:(?:Dr|Prof|Mr|Mrs|Ms)\.? )?[^\W\d_a-z][\w'’.-]*"
    r"(?: (?:de|da|di|del|della|der|den|van|von|bin|al|el|la|le|du|dos|ter|zu|y))*"
    r"(?: [^\W\d_a-z][\w'’.-]*){1,3}"
)
_REVERSED = re.compile(r"([^\W\d_][\w'’.-]*(?: [\w'’.-]+)?), ([^\W\d_][\w'’.-]*(?: [\w'’.-]+){0,2})")
_MOST = 60
_LONGEST = 1000


def people(values: Iterable[str], *, site: str = "") -> tuple[str, ...]:
    """Return the names in *values*, each once, without by-line words, roles, dates and addresses.

    Of a name in capitals and in usual letters the latter stands. The name of the *site* is one name, whatever
    it is made of, and none where there are others.
    """
    names: dict[str, str] = {}
    own = name_key(site)
    for value in (value[:_LONGEST] for value in values):
        if "@" in value[1:] or "://" in value:
            continue
        whole = own and name_key(value) == own
        for number, part in enumerate([value] if whole else _SPLIT.split(_bare(value))):
            name = _name(part)
            if name and not (number and (_OCCUPATION.search(part) or _is_of(part, site))):
                key = name_key(name)
                if key not in names or names[key].isupper():
                    names[key] = name
    if own and len(names) > 1:
        names.pop(own, None)
    return tuple(names.values())


def _is_of(part: str, site: str) -> bool:
    """Whether *part* is the *site*'s name, or some words of it: "The Gazette" of the "Harbour Gazette"."""
    words = set(part.casefold().split()) - {"the"}
    return bool(words) and words <= set(site.casefold().split())


def is_full(text: str) -> bool:
    """Whether *text* is written as forename and surname are: two to four words with capitals."""
    return len(text) <= _MOST and _FULL.fullmatch(text) is not None


def in_order(name: str) -> str:
    """Return *name* as it is spoken where it is written ``Lund, Ada``, as catalogs do."""
    match = _REVERSED.fullmatch(name)
    return f"{match[2]} {match[1]}" if match else name


def until_name_ends(text: str) -> str:
    """Return *text* up to a date, a number or a mark after which no name goes on."""
    return _NOT_NAME.sub("", text)


def has_role(text: str) -> bool:
    """Whether *text* says what somebody does."""
    return _OCCUPATION.search(text) is not None


def name_key(name: str) -> str:
    """Return what two spellings of *name* have in common: its letters and figures in lower case."""
    return re.sub(r"[\W_]+", "", name).casefold()


def _bare(value: str) -> str:
    """Return *value* as one line without what leads to a name."""
    bare = " ".join(unescape(value).split())
    for _ in range(3):
        shorter = _BY.sub("", bare, count=1)
        if shorter == bare:
            break
        bare = shorter
    return bare


def _name(part: str) -> str:
    part = _BY.sub("", part.strip())
    name = part if _is_handle(part) else _without_role(_NOT_NAME.sub("", part))
    name = name.strip(" .,:：-–—/()|•·\u200b")
    if not 1 < len(name) <= _MOST or len(name.split()) > 6 or _NOBODY.search(name):
        return ""
    return name if any(letter.isalpha() for letter in name) else ""


def _without_role(name: str) -> str:
    """Return *name* without what its bearer does; "Harbour Contributor" is a name, since no other is left."""
    bare = _ROLE.sub("", name)
    return bare if " " in bare.strip() or "(" in name or not bare.strip() else name


def _is_handle(part: str) -> bool:
    """Whether *part* is one word, as members of forums call themselves; figures are then part of it."""
    return len(part) <= 30 and " " not in part and any(letter.isalpha() for letter in part)
