import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sites import check, load_profile
from crawler.sites.writing import Draft, Listed, profile_text, quoted, relative, write_profile
from pipelines.errors import ConfigError, ProfileError

HOME = "https://paper.example/"
PLAIN = Draft("paper", HOME, feeds=(Listed("/feed"),))


def draft(**more):
    return Draft(**{"name": "paper", "home": HOME, "feeds": (Listed("/feed"),), **more})


def test_a_whole_profile(tmp_path):
    written = draft(
        title='The "Paper"',
        languages=("zh-Hant", "en"),
        timezone="Asia/Taipei",
        hosts=(Listed("paper.example"), Listed("blog.paper.example", "3 pages")),
        feeds=(Listed("/feed", "50 entries"), Listed("/atom", "the same", used=False)),
        sections=(Listed("/world/", "World", used=False),),
        exclude=(Listed("/tag/"),),
        article=(Listed(r"^https?://[^/]+/\d{4}/", "9 of 9", used=False),),
        cron="7-59/15 * * * *",
        about=("Written by hand.",),
        notes={"timezone": "a guess", "sitemaps": "No sitemap was found."},
    )
    path = tmp_path / "new" / "folder" / "paper.toml"
    assert write_profile(written, path) == path.read_text("utf-8")
    assert path.read_text("utf-8") == (
        r"""# Written by hand.
name = "paper"
title = "The \"Paper\""
languages = ["zh-Hant", "en"]
# a guess
timezone = "Asia/Taipei"
home = "https://paper.example/"
hosts = [
    "paper.example",
    "blog.paper.example",  # 3 pages
]

feeds = [
    "/feed",  # 50 entries
    # "/atom",  # the same
]

# No sitemap was found.

# sections = [
#     "/world/",  # World
# ]

[scope]
exclude = ["/tag/"]
# article = [
#     '^https?://[^/]+/\d{4}/',  # 9 of 9
# ]

[schedule]
cron = "7-59/15 * * * *"
"""
    )
    assert check(path) == []
    profile = load_profile(path)
    assert [source.url for source in profile.sources()] == [f"{HOME}feed"]
    assert profile.sections == profile.scope.article == ()


def test_what_is_left_out_is_right_once_it_is_taken_in(tmp_path):
    pattern = r"^https?://[^/]+/\d{4}/[^'\"]"
    text = profile_text(draft(sections=(Listed("/w/", used=False),), article=(Listed(pattern, used=False),)))
    path = tmp_path / "paper.toml"
    path.write_text("\n".join(line.removeprefix("# ") for line in text.splitlines()), "utf-8")
    profile = load_profile(path)
    assert profile.scope.article == (pattern,)
    assert [entry.url for entry in profile.sections] == ["/w/"]


@given(st.text(), st.text(), st.text())
def test_any_text_comes_back(title, url, comment):
    listed = (Listed("/feed", comment), Listed(f"/{url}", comment), Listed("/x", comment, used=False))
    read = tomllib.loads(
        profile_text(draft(title=title, feeds=listed, about=(comment,), notes={"home": comment}))
    )
    assert read.get("title", "") == title
    assert read["feeds"] == ["/feed", f"/{url}"]
    assert set(read) <= {"name", "title", "timezone", "home", "feeds"}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("港湾", '"港湾"'),
        ('a "b" c', r'"a \"b\" c"'),
        (r"\d", r"'\d'"),
        (r"it's \d", '"it\'s \\\\d"'),
        ("a\nb\x7f\x00", r'"a\nb\u007f\u0000"'),
        ("\ud800", '"?"'),
    ],
)
def test_strings(text, written):
    assert quoted(text) == written


def test_nothing_is_overwritten(tmp_path):
    path = tmp_path / "paper.toml"
    path.write_text("mine")
    with pytest.raises(ConfigError, match="is there already, and is never overwritten; write --name"):
        write_profile(PLAIN, path)
    assert path.read_text() == "mine"
    dangling = tmp_path / "link.toml"
    dangling.symlink_to(tmp_path / "elsewhere.toml")
    with pytest.raises(ConfigError, match="is there already"):
        write_profile(PLAIN, dangling)
    assert not (tmp_path / "elsewhere.toml").exists()


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match=r"cannot write .*name another file with --output"):
        write_profile(PLAIN, tmp_path / "file" / "paper.toml")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"name": "No Name"}, "name .* is no name"),
        ({"home": "paper"}, "is no address"),
        ({"feeds": ()}, "names no source"),
        ({"timezone": "Mars"}, "is no time zone"),
        ({"cron": "every day"}, "is no cron expression"),
        ({"hosts": (Listed("*.co.uk"),)}, "holds every site below"),
        ({"exclude": (Listed("tag"),)}, "is no pattern"),
    ],
)
def test_what_is_no_profile_is_not_written(tmp_path, more, said):
    with pytest.raises(ProfileError, match=said):
        write_profile(draft(**more), tmp_path / "paper.toml")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "written"),
    [
        (f"{HOME}a?b=c", "/a?b=c"),
        (HOME, "/"),
        ("https://paper.example", "/"),
        ("http://paper.example/a", "http://paper.example/a"),
        ("https://blog.paper.example/a", "https://blog.paper.example/a"),
    ],
)
def test_addresses_are_written_relative_to_home(url, written):
    assert relative(url, HOME) == written
