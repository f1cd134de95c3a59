import json
import subprocess
import sys

import pytest

from crawler.sites.registry import BUILT_IN

HEAVY = ("scrapy", "twisted", "pyarrow", "sqlalchemy", "pydantic", "boto3", "lxml", "trafilatura")


def test_help_imports_nothing_heavy():
    code = f"import sys, crawler.cli; print([name for name in {HEAVY} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert found.stdout == "[]\n"


def test_version_and_help(newswarc):
    assert newswarc("--version").stdout.startswith("newswarc ")
    commands = (
        "crawl",
        "export",
        "list",
        "show",
        "cat",
        "verify",
        "repair",
        "publish",
        "demo",
        "config",
        "sites",
    )
    told = newswarc("--help").stdout
    assert [command for command in commands if command not in told] == []


def test_config_shows_values_and_where_they_come_from(newswarc, tmp_path):
    (tmp_path / "newswarc.toml").write_text('[crawl]\ndelay = "500ms"\n\n[store.s3]\nsecret_key = "hidden"\n')
    env = {"NEWSWARC_CRAWL__HOPS": "2"}
    told = json.loads(newswarc("config", "--store", "s3://bucket/x", "--json", env=env).stdout)
    assert told["crawl.delay"] == {"value": 0.5, "origin": "newswarc.toml:2"}
    assert told["crawl.hops"] == {"value": 2, "origin": "NEWSWARC_CRAWL__HOPS"}
    assert told["store.url"] == {"value": "s3://bucket/x", "origin": "--store"}
    assert told["store.collection"] == {"value": "news", "origin": "default"}
    assert told["store.s3.secret_key"]["value"] == "********"

    plain = newswarc("config").stdout
    assert "crawl.delay\t0.5\tnewswarc.toml:2\n" in plain
    assert "hidden" not in plain


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"NEWSWARC_CRAWL__HOP": "2"}, "did you mean NEWSWARC_CRAWL__HOPS?"),
        ({"NEWSWARC_CRAWL__HOPS": "two"}, "must be a whole number"),
    ],
)
def test_a_wrong_variable_is_named(newswarc, env, said):
    assert said in newswarc("config", env=env, code=2).stderr


def test_sites_are_listed_and_checked(newswarc, tmp_path):
    assert "daily\tbuilt in\n" in newswarc("sites", "list").stdout
    (tmp_path / "sites").mkdir()
    mine = tmp_path / "sites" / "mine.toml"
    mine.write_text('name = "mine"\nhome = "https://mine.example"\nfeed = ["/rss"]\n')
    listed = json.loads(newswarc("sites", "list", "--json").stdout)
    assert {"name": "mine", "path": "sites/mine.toml", "built_in": False} in listed

    done = newswarc("sites", "check", BUILT_IN / "daily.toml", mine, code=2)
    assert done.stdout.splitlines() == [f"{BUILT_IN / 'daily.toml'}: ok", f"{mine}: wrong"]
    assert f"feed ({mine}:3) is not known; did you mean feeds?" in done.stderr
