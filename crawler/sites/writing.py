"""A first site profile as the text of a TOML file, with a comment at each guess that says what it rests on.

::

    draft = Draft("daily", "https://daily.example/", feeds=(Listed("/feed.xml", "50 entries"),))
    write_profile(draft, Path("sites/daily.toml"))
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError

from crawler.config.problems import Problem, explain
from crawler.config.toml import TomlError, read_toml
from crawler.sites.model import SiteProfile
from pipelines.errors import ConfigError, ProfileError

_LONGEST_COMMENT = 160
# TOML allows no control character but the tab in a comment.
_NOT_IN_COMMENT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff]+")


@dataclass(frozen=True, slots=True)
class Listed:
    """One element of a list in the profile."""

    value: str
    comment: str = ""
    used: bool = True
    """If not, it is written as a comment: found, and left out for the reason that *comment* gives."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a profile is to say; the keys are those of :class:`crawler.sites.SiteProfile`."""

    name: str
    home: str
    title: str = ""
    languages: tuple[str, ...] = ()
    timezone: str = "UTC"
    hosts: tuple[Listed, ...] = ()
    feeds: tuple[Listed, ...] = ()
    sitemaps: tuple[Listed, ...] = ()
    sections: tuple[Listed, ...] = ()
    include: tuple[Listed, ...] = ()
    exclude: tuple[Listed, ...] = ()
    article: tuple[Listed, ...] = ()
    cron: str = ""
    about: tuple[str, ...] = ()
    """Comments at the head of the file."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """By key: what stands above it as a comment."""


def profile_text(draft: Draft) -> str:
    """Return *draft* as TOML 1.0, checked as ``newswarc sites check`` would. Raises ``ProfileError``."""
    text = "\n".join(_lines(draft)) + "\n"
    problems = list(_problems(text, draft.name))
    if problems:
        raise ProfileError("\n".join(f"site profile: {problem}" for problem in problems))
    return text


def write_profile(draft: Draft, path: Path) -> str:
    """Write *draft* to *path*, which must not exist yet, and return the text; missing folders are made.

    Raises ``ProfileError`` where the draft is no profile, ``ConfigError`` where *path* is there already or
    cannot be written.
    """
    text = profile_text(draft)
    require_free(path)
    with _reported(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("x", encoding="utf-8", newline="\n")
    try:
        with _reported(path), file:
            file.write(text)
    except ConfigError:
        with suppress(OSError):
            path.unlink()
        raise
    return text


@contextmanager
def _reported(path: Path) -> Iterator[None]:
    """Translate what the operating system says of writing to *path*."""
    try:
        yield
    except OSError as error:
        raise ConfigError(
            f"site profile: cannot write {str(path)!r} ({error.strerror or error}); "
            "name another file with --output"
        ) from error


def require_free(path: Path) -> None:
    """Raise ``ConfigError`` where there is something at *path*: no profile is ever overwritten."""
    if path.exists() or path.is_symlink():
        raise _taken(path)


def relative(url: str, front: str) -> str:
    """Return *url* as a profile with the home *front* writes it: without the host, where it is the same."""
    parts, home = urlsplit(url), urlsplit(front)
    if (parts.scheme, parts.netloc) != (home.scheme, home.netloc):
        return url
    return parts._replace(scheme="", netloc="").geturl() or "/"


def quoted(text: str) -> str:
    """Return *text* as a TOML string. What no file in UTF-8 may hold is replaced."""
    legal = text.encode("utf-8", "replace").decode()
    if "\\" in legal and "'" not in legal and legal.isprintable():
        return f"'{legal}'"
    # JSON's escapes are TOML's, but for the one control character that JSON leaves as it is.
    return json.dumps(legal, ensure_ascii=False).replace("\x7f", "\\u007f")


def _taken(path: Path) -> ConfigError:
    return ConfigError(
        f"site profile: {str(path)!r} is there already, and is never overwritten; "
        "write --name for another name or --output for another file"
    )


def _lines(draft: Draft) -> Iterator[str]:
    yield from map(_comment, draft.about)
    yield from _entry(draft, "name", quoted(draft.name))
    yield from _entry(draft, "title", quoted(draft.title) if draft.title else "")
    tags = ", ".join(map(quoted, draft.languages))
    yield from _entry(draft, "languages", f"[{tags}]" if tags else "")
    yield from _entry(draft, "timezone", quoted(draft.timezone))
    yield from _entry(draft, "home", quoted(draft.home))
    yield from _list(draft, "hosts", draft.hosts)
    for key, listed in (("feeds", draft.feeds), ("sitemaps", draft.sitemaps), ("sections", draft.sections)):
        if listed or key in draft.notes:
            yield ""
            yield from _list(draft, key, listed)
    scope = (("include", draft.include), ("exclude", draft.exclude), ("article", draft.article))
    yield from _table("scope", [line for key, listed in scope for line in _list(draft, key, listed)])
    yield from _table("schedule", _entry(draft, "cron", quoted(draft.cron) if draft.cron else ""))


def _table(name: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield the table *name* with *lines*; its head is a comment where they all are."""
    held = list(lines)
    if held:
        yield ""
        yield f"[{name}]" if any(not line.startswith("#") for line in held) else f"# [{name}]"
        yield from held


def _entry(draft: Draft, key: str, value: str) -> Iterator[str]:
    if key in draft.notes:
        yield _comment(draft.notes[key])
    if value:
        yield f"{key} = {value}"


def _list(draft: Draft, key: str, listed: Iterable[Listed]) -> Iterator[str]:
    """Yield a list, an element a line where there are comments; it is one itself where nothing is used."""
    elements = list(listed)
    if key in draft.notes:
        yield _comment(draft.notes[key])
    if not elements:
        return
    if all(each.used and not each.comment for each in elements):
        yield f"{key} = [{', '.join(quoted(each.value) for each in elements)}]"
        return
    mark = "" if any(each.used for each in elements) else "# "
    yield f"{mark}{key} = ["
    for each in elements:
        out = "" if each.used or mark else "# "
        said = f"  {_comment(each.comment)}" if each.comment else ""
        yield f"{mark}    {out}{quoted(each.value)},{said}"
    yield f"{mark}]"


def _comment(text: str) -> str:
    words = _NOT_IN_COMMENT.sub(" ", text).strip()
    return f"# {words if len(words) <= _LONGEST_COMMENT else words[: _LONGEST_COMMENT - 1] + '…'}"


def _problems(text: str, name: str) -> Iterator[Problem]:
    try:
        document = read_toml(text)
        SiteProfile.model_validate(document.values)
    except TomlError as error:
        yield Problem("", f"{name}.toml", f"would not be readable ({error})")
    except ValidationError as error:
        yield from explain(error, SiteProfile, origin=lambda _: f"{name}.toml")
