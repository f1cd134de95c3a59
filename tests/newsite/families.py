"""The five families of sites that must come out clean: real markup, own sentences, and the expected text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from newsite import assets, templates
from newsite.message import Page, Request

NAMES = ("audiostory", "bilingual", "forum", "discuz", "ainews")
TYPES = {".xml": "application/xml; charset=utf-8"}
IMAGES = (".png", ".gif", ".jpg")


@dataclass(frozen=True)
class Expected:
    """An article page, and what clean extraction makes of it. Times are ISO 8601 with their offset."""

    family: str
    name: str
    path: str
    title: str
    title_other: str | None
    """The headline in the page's other language, where it has one."""
    authors: tuple[str, ...]
    published: str
    languages: tuple[str, ...]
    paragraphs: tuple[str, ...]
    """Running text in order; ``extra["headings"]`` and ``extra["captions"]`` may stand between."""
    absent: tuple[str, ...]
    """Strings that are in the page and must not be in its clean text."""
    extra: Mapping[str, Any] = field(default_factory=dict)

    def url(self, base: str) -> str:
        return base.rstrip("/") + self.path

    def html(self, base: str = "http://family.example") -> bytes:
        """Return the page as served when the site is at *base*, in its own encoding."""
        return self._served(base).body

    @property
    def type(self) -> str:
        """The Content-Type as served."""
        return self._served("http://family.example").type

    def _served(self, base: str) -> Page:
        page = family(self.family).page(self.path, base=base)
        assert page is not None
        return page

    def __str__(self) -> str:
        return f"{self.family}-{self.name}"


class Family:
    """One small site."""

    def __init__(self, name: str) -> None:
        self.name = name
        declared = templates.load(f"{name}/site.json")
        self.title: str = declared["title"]
        self.charset: str = declared["charset"]
        self._type: str = declared["type"]
        self._aliases: dict[str, str] = declared["aliases"]
        self.cases = tuple(_expected(name, file) for file in _expectations(name))
        self._files = {**declared["routes"], **{case.path: f"{case.name}.html" for case in self.cases}}

    def answer(self, request: Request) -> Page | None:
        return self.page(request.target, base=request.base) or self.page(request.path, base=request.base)

    def page(self, path: str, *, base: str = "http://family.example") -> Page | None:
        """Return the page at *path* (with its query) when the site is at *base*; None where there is none."""
        if path == "/robots.txt":
            return Page(b"User-agent: *\nDisallow: /private/\n", type="text/plain")
        if path.endswith(IMAGES):
            return Page(assets.png(len(path)), type="image/png")
        name = self._files.get(self._aliases.get(path, path))
        if name is None:
            return None
        root = base.rstrip("/")
        text = templates.fill(templates.read(f"{self.name}/{name}"), {"base": root, "path": path})
        suffix = name[name.rindex(".") :]
        if suffix in TYPES:
            return Page(text.encode(), type=TYPES[suffix], gzip=True)
        return Page(text.encode(self.charset), type=self._type, gzip=len(name) % 2 == 0)

    def __repr__(self) -> str:
        return f"Family({self.name!r})"


@cache
def family(name: str) -> Family:
    """Return the family's site; raises ValueError for a name that is not one of NAMES."""
    if name not in NAMES:
        raise ValueError(f"newsite: no family {name!r}; there are {', '.join(NAMES)}")
    return Family(name)


def families() -> dict[str, Family]:
    """Return all five by name, as *hosts* of a NewsSite."""
    return {name: family(name) for name in NAMES}


def _expectations(name: str) -> list[str]:
    entries = (files("newsite") / "pages" / name).iterdir()
    return sorted(entry.name for entry in entries if entry.name.endswith(".expect.json"))


def _expected(name: str, file: str) -> Expected:
    said = templates.load(f"{name}/{file}")
    return Expected(
        family=name,
        name=file.removesuffix(".expect.json"),
        path=said["path"],
        title=said["title"],
        title_other=said["title_other"],
        authors=tuple(said["authors"]),
        published=said["published"],
        languages=tuple(said["languages"]),
        paragraphs=tuple(said["paragraphs"]),
        absent=tuple(said["absent"]),
        extra=said["extra"],
    )
