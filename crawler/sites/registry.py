"""Finds, reads and checks site profiles: the user's folders first, then the built-in ones."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError

from crawler.config.problems import Location, Problem, explain, nearest
from crawler.config.toml import Document, TomlError, read_toml
from crawler.sites.model import SiteProfile
from crawler.sites.tables import SourceEntry
from pipelines.errors import ProfileError

BUILT_IN = Path(__file__).parent
_WEB = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ProfileEntry:
    """A profile that can be named, unread."""

    name: str
    path: Path
    built_in: bool


def profile_for(target: str, folders: Iterable[Path] = ()) -> SiteProfile:
    """Return the profile that *target* on the command line means: a URL's ad-hoc one, or a name or file.

    :raises ProfileError: there is none, or it is wrong.
    """
    return adhoc_profile(target) if _WEB.match(target) else load_profile(target, folders)


def load_profile(name_or_path: str | Path, folders: Iterable[Path] = ()) -> SiteProfile:
    """Return the profile of that name in *folders* or built in, or in the file of that path.

    What ends in ``.toml`` or holds a slash is a path.

    :raises ProfileError: it is not found, or wrong; the message names every problem with key and line.
    """
    path = find_profile(name_or_path, folders)
    profile, problems = _read(path)
    if profile is None:
        raise ProfileError("\n".join(f"site profile: {problem}" for problem in problems))
    return profile


def check(path: Path) -> list[Problem]:
    """Return everything that is wrong with the profile at *path*; empty if it can be used."""
    return _read(path)[1]


def find_profile(name_or_path: str | Path, folders: Iterable[Path] = ()) -> Path:
    """Return the file of the profile of that name or path, unread; see :func:`load_profile`.

    :raises ProfileError: there is none.
    """
    folders = tuple(folders)
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or text.endswith(".toml") or "/" in text:
        path = Path(name_or_path)
        if not path.is_file():
            raise ProfileError(f"site profile: {text!r} is no file; write the path of one, a name or a URL")
        return path
    entries = {entry.name: entry.path for entry in list_profiles(folders)}
    if text in entries:
        return entries[text]
    close = nearest(text, entries)
    places = ", ".join(f"{str(folder)!r}" for folder in folders)
    where = f"in {places} or built in" if places else "built in"
    hint = f"did you mean {close!r}?" if close else "write a profile's name, its file, or a URL with https://"
    raise ProfileError(f"site profile: no profile is called {text!r} {where}; {hint}")


def list_profiles(folders: Iterable[Path] = ()) -> list[ProfileEntry]:
    """Return the profiles that can be named, by name; a user's hides the built-in one of the same name."""
    found: dict[str, ProfileEntry] = {}
    for folder in (*folders, BUILT_IN):
        for path in sorted(folder.glob("*.toml")):
            found.setdefault(path.stem, ProfileEntry(path.stem, path, built_in=folder == BUILT_IN))
    return [found[name] for name in sorted(found)]


def adhoc_profile(url: str) -> SiteProfile:
    """Return a profile for a bare *url*: its page as a section, in the scope of its host.

    For a site's root, the feeds and sitemaps that robots.txt and the page name are sources too. With and
    without ``www.`` are one host here.

    :raises ProfileError: *url* is no http or https URL.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        hosts = _twins(host, f":{port}" if port else "")
        return SiteProfile(
            name=re.sub(r"[^a-z0-9.]+", "-", f"{host}-{port}" if port else host).strip("-.")[:80] or "site",
            home=url,
            hosts=hosts,
            sections=(SourceEntry(url=url),),
            discover=not parts.path.strip("/") and not parts.query,
        )
    except ValueError as error:
        raise ProfileError(f"site profile: {url!r} is no address; write the whole URL, https://…") from error


def _twins(host: str, port: str) -> tuple[str, ...]:
    name = f"[{host}]" if ":" in host else host
    if ":" in host or host.replace(".", "").isdigit() or "." not in host:
        return (name + port,)
    other = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
    return (name + port, other + port)


def _read(path: Path) -> tuple[SiteProfile | None, list[Problem]]:
    try:
        document = read_toml(path.read_text("utf-8-sig"))
    except OSError as error:
        said = (error.strerror or str(error)).lower()
        return None, [Problem("", str(path), f"cannot be read ({said}); name another file")]
    except (TomlError, UnicodeDecodeError) as error:
        return None, [Problem("", str(path), f"cannot be read ({error}); mend the file")]
    name_problems = _name_problems(document, path)
    try:
        profile = SiteProfile.model_validate(document.values)
    except ValidationError as error:
        found = explain(error, SiteProfile, origin=lambda location: _place(path, document, location))
        return None, [*name_problems, *found]
    return (None, name_problems) if name_problems else (profile, [])


def _name_problems(document: Document, path: Path) -> list[Problem]:
    name = document.values.get("name")
    if not isinstance(name, str) or name == path.stem:
        return []
    return [
        Problem(
            "name",
            _place(path, document, ("name",)),
            f"= {name!r} is not the file's; write name = {path.stem!r}",
        )
    ]


def _place(path: Path, document: Document, location: Location) -> str:
    line = document.line(location)
    return f"{path}:{line}" if line else str(path)
