"""Which URLs are one page: tracking parameters, session ids, and its AMP, mobile, print and forum forms.

::

    identity = Identity(["paper.example"], drop=["refer"])
    identity.of("http://www.paper.example/a-1/amp/?utm_source=x")     # https://paper.example/a-1/

Pure; above :mod:`pipelines.hostnames` and nothing else. An identity is compared and kept, never
fetched. Where it is not certain that two URLs are one page they stay two: fetching a page twice costs a
request, a wrong merge loses an article.
"""

import re
from collections.abc import Iterable
from typing import Final

from pipelines.hostnames import normal_host, registered_domain

_MOST_AUTHORITIES = 10_000
_TWINS = ("www.", "m.", "mobile.", "amp.", "wap.")

_URL = re.compile(r"(?i:https?)://([^/?#\\\x00-\x20\x7f]+)([^?#\x00-\x20\x7f]*)(\?[^#\x00-\x20\x7f]*)?(#.*)?")
_AMP_CACHE = re.compile(
    r"https?://(?:www\.google\.[a-z.]{2,6}/amp|[a-z0-9-]+\.cdn\.ampproject\.org/[a-z])/(?:s/)?(?=[^/]+\.[^/]+/)",
    re.IGNORECASE,
)
"""Copies of a page under the host that shows them; its own address stands behind, without a scheme."""
_AUTHORITY = re.compile(r"(?:([^@]*)@)?(\[[0-9A-Fa-f:.]+\]|[^\s:@<>\[\]^|%\"`{}\\]+)(?::(\d*))?")
# What needs none of the work below: the path of nearly every article.
_PLAIN_PATH = re.compile(r"(?:/(?!\.)(?![^/]*\.amp\b)[A-Za-z0-9._~!$&'*+,=:@-]*)+")
_NAMED_PATH = re.compile(
    r"/(?:amp|print)/?$|^/amp/|/archiver/|/(?:thread|forum|viewthread|forumdisplay)\b", re.IGNORECASE
)
# One pass from left to right, so that what is decoded never joins with what follows into a new escape.
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})|[^A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")

_PATH_SESSION = re.compile(r";jsessionid=[^/;]*|/\((?:[A-Z]\([A-Za-z0-9_-]{8,}\))+\)(?=/)", re.IGNORECASE)
# What stands before /amp or /print must look like an article's: below /tag/ they are words, below a date
# they are a page of that day.
_ARTICLE = re.compile(r"(?!\d{1,4}$|\d{4}-\d\d(?:-\d\d)?$)[^0-9%._-]*[0-9%._-]")
_AMP_NAME = re.compile(r"(?<=[^/])\.amp(?=\.html?$|$)", re.IGNORECASE)

_TRACKERS = (
    # Advertisements and mailings, named by who appends them: Google, Meta, Microsoft, Yandex, X, TikTok…
    "gad_source gad_campaignid mibextid __tn__ trk trkinfo",
    "fbclid gclid gclsrc dclid gbraid wbraid srsltid msclkid yclid ysclid ymclid twclid ttclid igshid igsh",
    "li_fat_id epik rb_clickid irclickid s_kwcid wickedid tblci dicbo oborigurl cjevent _openstat",
    "mc_cid mc_eid mc_tc mkt_tok vero_id vero_conv oly_enc_id oly_anon_id _hsenc _hsmi __hstc __hssc __hsfp",
    "hsctatracking ml_subscriber ml_subscriber_hash _branch_match_id",
    # Statistics.
    "_ga _gl _gac xtor wt_mc wt_zmc wtrid cmpid ncid ocid s_cid sref ftcamp soc_src soc_trk guccounter",
    "smid smtyp ito wprov",
    "guce_referrer guce_referrer_sig ns_campaign ns_mchannel ns_source ns_linkname ns_fee",
    # Sharing: X, WeChat, Alibaba, Bilibili, Toutiao, Discuz!.
    "__twitter_impression ref_src ref_url share_token sharetoken share_source share_medium share_plat",
    "share_tag share_session_id share_from share_times isappinstalled nsukey wx_header spm spm_id_from",
    "vd_source from_spmid bsh_bid unique_k tt_from fromuid",
    # The viewers of AMP caches, translators, and those who look whether one is a person.
    "amp_js_v amp_gsa usqp _x_tr_sl _x_tr_tl _x_tr_hl _x_tr_pto _x_tr_hist",
    "__cf_chl_tk __cf_chl_rt_tk __cf_chl_f_tk __cf_chl_jschl_tk__",
    # AT Internet; others begin so that tell pages apart.
    "at_medium at_campaign at_campaign_type at_format at_creation at_variant at_channel at_network at_term",
    "at_platform at_emailtype at_send_date at_recipient_id at_recipient_list at_bbc_team",
)
_TRACKING: Final = frozenset(name for names in _TRACKERS for name in names.split())
_TRACKING_STARTS = (
    "utm_",
    "at_custom",
    "at_link",
    "at_ptr",
    "wt.",
    "pk_",
    "mtm_",
    "piwik_",
    "hsa_",
    "aspsessionid",
)
_SHARED = (
    "rss|feed|newsletter|email|share|shared|sharing|twitter|facebook|fb|linkedin|whatsapp|telegram|"
    "weibo|wechat|weixin|qq|qzone|timeline|singlemessage|groupmessage"
)
_YES = r"|1|true|yes|y|on"
# A parameter that is dropped for some of its values only.
_VALUES: Final = {
    name: re.compile(values, re.IGNORECASE)
    for names, values in (
        ("from ref", _SHARED),
        ("cmp", r"(?:share|soc|twt|fb|oth|ema|edit|ip)[\w-]*"),
        ("scm", r"\d+\.[\w.-]+"),
        ("wfr", "spider"),
        ("for", "pc"),
        ("phpsessid jsessionid sessid session_id sessionid oscsid zenid", r"[\w,.!:-]{8,}"),
        ("sid s", r"[0-9a-f]{32}"),
        ("amp", _YES),
        ("outputtype", "amp|amp-type"),
        ("print printable", _YES),
        ("mobile", "1|true|yes"),
        ("view mode", "print|mobile"),
        ("pagewanted", "print"),
    )
    for name in names.split()
}

_THREAD = re.compile(r"(.*/)thread-(\d+)-(\d+)-\d+\.html?")
_FORUM = re.compile(r"(.*/)forum-(\d+)-(\d+)\.html?")
_ARCHIVER = re.compile(r"(.*/)archiver/(?:(?:index\.php)?\?)?(tid|fid)-(\d+)\.html")
_SCRIPT = re.compile(r"(.*/)(forum|viewthread|forumdisplay)\.php")
_MODS = {"tid": "viewthread", "fid": "forumdisplay"}
_NUMBERS = {mod: name for name, mod in _MODS.items()}
# In a thread's address these say how the reader came and in which skin it is shown, never what is shown.
_DISCUZ_DROPPED = frozenset(("extra", "highlight", "mobile", "_dsign", "fromguid"))
_DISCUZ_SESSION = re.compile(r"[A-Za-z0-9]{6}")

_Parameters = list[tuple[str, str]]


class Identity:
    """Tells which URLs of a site are one page.

    *hosts* are the site's, as a profile names them (``example.com``, ``*.example.com``): only for these and
    what shares their registered domain are ``www.example.com`` and ``m.example.com`` the same as
    ``example.com``.
    *drop* and *keep* are names of query parameters, in any case, that never or always tell pages apart here;
    *keep* wins over everything, also over the parameters that are dropped everywhere.
    """

    def __init__(
        self, hosts: Iterable[str] = (), *, drop: Iterable[str] = (), keep: Iterable[str] = ()
    ) -> None:
        names = {normal_host(host.strip().removeprefix("*.").partition(":")[0]) for host in hosts} - {"", "*"}
        self._hosts = frozenset(names)
        self._domains = frozenset(map(registered_domain, names))
        self._keep = frozenset(name.lower() for name in keep)
        self._dropped = (_TRACKING | {name.lower() for name in drop}) - self._keep
        self._authorities: dict[str, str] = {}

    def of(self, url: str) -> str:
        """Return the identity of *url*: a text like an URL, the same for two URLs of one page.

        The identity of an identity is itself. What is no http or https URL, or none that can be read, comes
        back as it is. Never raises.
        """
        if cached := _AMP_CACHE.match(url):
            url = f"http://{url[cached.end() :]}"
        match = _URL.fullmatch(url)
        if match is None:
            return url
        authority, path, query, fragment = match.groups()
        start = self._authorities.get(authority) or self._start(authority)
        if not start:
            return url
        bare = query is None and fragment is None
        if bare and _PLAIN_PATH.fullmatch(path) and not _NAMED_PATH.search(path):
            return start + path
        return start + self._rest(path or "/", query or "", fragment or "")

    def _start(self, authority: str) -> str:
        # A page full of foreign links must not fill the memory.
        if len(self._authorities) >= _MOST_AUTHORITIES:
            self._authorities.clear()
        match = _AUTHORITY.fullmatch(authority)
        host = normal_host(match[2]) if match else ""
        if match is None or not host.strip("."):
            start = ""
        else:
            user = f"{_escaped(match[1])}@" if match[1] else ""
            port = "" if match[3] in {None, "", "80", "443"} else f":{match[3]}"
            start = f"https://{user}{self._one_of_twins(host)}{port}"
        self._authorities[authority] = start
        return start

    def _one_of_twins(self, host: str) -> str:
        while host.startswith(_TWINS):
            bare = host.partition(".")[2]
            known = bare in self._hosts or f"www.{bare}" in self._hosts
            if not known and registered_domain(bare) not in self._domains:
                break
            host = bare
        return host

    def _rest(self, path: str, query: str, fragment: str) -> str:
        path = _page_path(path)
        parameters = self._kept(_parameters(query))
        if "archiver/" in path or ".php" in path or ".htm" in path:
            path, parameters = self._discuz(path, parameters)
        parameters.sort(key=_name)
        joined = "&".join(name + value for name, value in parameters)
        # What stands behind #! is the address of a page to a script.
        script = _escaped(fragment) if fragment.startswith("#!") and fragment != "#!" else ""
        return f"{path}?{joined}{script}" if joined else path + script

    def _kept(self, parameters: _Parameters) -> _Parameters:
        return [(name, value) for name, value in parameters if self._tells(name.lower(), value[1:])]

    def _tells(self, name: str, value: str) -> bool:
        if name in self._keep:
            return True
        if name in self._dropped or name.startswith(_TRACKING_STARTS):
            return False
        noise = _VALUES.get(name)
        return noise is None or not noise.fullmatch(value)

    def _discuz(self, path: str, parameters: _Parameters) -> tuple[str, _Parameters]:
        """Return the ``forum.php`` form of a Discuz! thread or board, whichever of its addresses this is."""
        thread = _rewritten(path, parameters) or _scripted(path, parameters)
        if thread is None:
            return path, parameters
        script, named, others = thread
        return script, [*named, *(pair for pair in others if self._tells_in_discuz(*pair))]

    def _tells_in_discuz(self, name: str, value: str) -> bool:
        if name in self._keep:
            return True
        if name == "page":
            return value not in {"", "=", "=0", "=1"}
        return name not in _DISCUZ_DROPPED and not (name == "sid" and _DISCUZ_SESSION.fullmatch(value[1:]))


def _name(parameter: tuple[str, str]) -> str:
    return parameter[0]


def _parameters(query: str) -> _Parameters:
    """Return the parameters of *query* in order: each name, and its value with the ``=`` if there is one."""
    # A feed that is escaped twice has &amp; between parameters.
    pieces = (piece.removeprefix("amp;").partition("=") for piece in _escaped(query[1:]).split("&") if piece)
    return [(name, mark + value) for name, mark, value in pieces]


def _page_path(path: str) -> str:
    """Return *path* in normal form (RFC 3986 §6.2.2), without session ids and the marks of AMP and print."""
    path = _escaped(path)
    if ";" in path or "(" in path:
        path = _PATH_SESSION.sub("", path)
    if "/." in path:
        path = _without_dots(path)
    before = ""
    while before != path:
        before = path
        path = _AMP_NAME.sub("", _without_variant(path))
    return path


def _without_variant(path: str) -> str:
    page, _, last = path.removesuffix("/").rpartition("/")
    if path.startswith("/amp/") and _ARTICLE.match(last) and page != "/amp/":
        return path.removeprefix("/amp")
    if last.lower() not in {"amp", "print"} or not _ARTICLE.match(page.rpartition("/")[2]):
        return path
    return page + "/" * path.endswith("/")


def _without_dots(path: str) -> str:
    """Return *path* without ``.`` and ``..`` segments (RFC 3986 §5.2.4)."""
    kept: list[str] = []
    *segments, last = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if last == "..":
        del kept[-1:]
    kept.append("" if last in {".", ".."} else last)
    return "/" + "/".join(kept)


def _escaped(text: str) -> str:
    """Return *text* percent-encoded one way: upper case, only what has to be, the rest as UTF-8."""
    return _ESCAPE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    digits: str | None = match[1]
    if digits is None:
        return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogatepass"))
    character = chr(int(digits, 16))
    return character if _UNRESERVED.match(character) else f"%{digits.upper()}"


def _rewritten(path: str, parameters: _Parameters) -> tuple[str, _Parameters, _Parameters] | None:
    """Return script, what names the page, and the other parameters of an address rewritten by Discuz!."""
    for form, name in ((_THREAD, "tid"), (_FORUM, "fid")):
        if match := form.fullmatch(path):
            number, page = match[2], match[3]
            return f"{match[1]}forum.php", _named(name, number), [("page", f"={page}"), *parameters]
    whole = path + "?" + parameters[0][0] if len(parameters) == 1 and not parameters[0][1] else path
    # Only the archiver's first pages: the later ones are cut elsewhere than the thread's own.
    if match := _ARCHIVER.fullmatch(whole):
        return f"{match[1]}forum.php", _named(match[2], match[3]), []
    return None


def _scripted(path: str, parameters: _Parameters) -> tuple[str, _Parameters, _Parameters] | None:
    """Return the same of an address of ``forum.php`` or the scripts before it."""
    script = _SCRIPT.fullmatch(path)
    values = {name: value[1:] for name, value in parameters}
    if script is None or len(values) != len(parameters):
        return None
    mod = values.pop("mod", "") if script[2] == "forum" else script[2]
    name = _NUMBERS.get(mod, "")
    if not values.get(name, "").isdecimal():
        return None
    others = [pair for pair in parameters if pair[0] not in {"mod", name}]
    if name == "tid":
        others = [pair for pair in others if pair[0] != "fid"]  # the thread's board, whichever it is in
    return f"{script[1]}forum.php", _named(name, values[name]), others


def _named(name: str, number: str) -> _Parameters:
    return [("mod", f"={_MODS[name]}"), (name, f"={number}")]
