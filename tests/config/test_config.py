import json
from ipaddress import ip_network
from pathlib import Path

import pytest
from pydantic import ValidationError

from crawler.config import Config, Crawl, Store, find_file, load, settings, settings_table, value_of
from crawler.config.toml import TomlError, read_toml
from crawler.config.units import read_bytes, read_seconds
from pipelines.errors import ConfigError


@pytest.fixture(autouse=True)
def _nobodys_files(tmp_path, monkeypatch):
    """Tests see neither the user's configuration nor one in the repository."""
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def write(text: str, name: str = "newswarc.toml") -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def message(flags=None, file=None, environ=None) -> str:
    with pytest.raises(ConfigError) as caught:
        load(flags, file, environ=environ or {})
    return str(caught.value)


def test_defaults_hold_without_any_source():
    config = load(environ={})
    assert (config.store.url, config.store.collection) == ("archive", "news")
    assert config.crawl.delay == 1.0
    assert config.crawl.max_body == 64 * 2**20
    assert config.crawl.workers >= 1
    assert config.segments.max_bytes == 10**9
    assert set(config.origins.values()) == {"default"}


def test_flags_win_over_environment_over_file_over_defaults():
    write("[crawl]\ndelay = 1.5\nhops = 1\nretries = 1\n")
    config = load(
        {"crawl.delay": 0.1, "crawl.hops": None}, environ={"NEWSWARC_CRAWL__HOPS": "2", "OTHER": "x"}
    )
    assert (config.crawl.delay, config.crawl.hops, config.crawl.retries) == (0.1, 2, 1)
    assert config.origins["crawl.delay"] == "--delay"
    assert config.origins["crawl.hops"] == "NEWSWARC_CRAWL__HOPS"
    assert config.origins["crawl.retries"] == "newswarc.toml:4"
    assert config.origins["crawl.timeout"] == "default"


def test_every_setting_can_come_from_the_environment():
    given = {
        "store.s3.secret_key": "sesame",
        "crawl.allow_address": "127.0.0.1, fd00::/8",
        "crawl.max_pages": "none",
    }
    given |= {"segments.max_bytes": "2GB", "sites.folders": "a:b", "crawl.text": "no", "state.folder": "/s"}
    environ = {"NEWSWARC_" + key.upper().replace(".", "__"): value for key, value in given.items()}
    config = load(environ=environ)
    assert config.crawl.allow_address == (ip_network("127.0.0.1/32"), ip_network("fd00::/8"))
    assert config.crawl.max_pages is None
    assert config.segments.max_bytes == 2 * 10**9
    assert config.sites.folders == (Path("a"), Path("b"))
    assert config.crawl.text is False
    assert config.state_folder == Path("/s")
    assert config.store.s3.secret_key.get_secret_value() == "sesame"
    assert {key for key, origin in config.origins.items() if origin != "default"} == set(given)


def test_an_empty_variable_counts_as_not_set():
    assert load(environ={"NEWSWARC_STORE__URL": ""}).origins["store.url"] == "default"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[crawl]\n\ndealy = 3\n", "crawl.dealy (newswarc.toml:3) is not known; did you mean crawl.delay?"),
        ("[stroe]\nurl = 'x'\n", "stroe (newswarc.toml:2) is not known; did you mean store?"),
        (
            "[crawl]\ncollection = 'x'\n",
            "crawl.collection (newswarc.toml:2) is not known; did you mean store.collection?",
        ),
        ("crawl = 3\n", "crawl (newswarc.toml:1) = 3 must be a table with keys, not one value"),
        ("[crawl]\nhops = 'two'\n", "crawl.hops (newswarc.toml:2) = 'two' must be a whole number"),
        ("[crawl]\nhops = -1\n", "crawl.hops (newswarc.toml:2) = -1 must be greater than or equal to 0"),
        (
            "[crawl]\ndelay = 'soon'\n",
            "= 'soon' is no duration; write seconds, or 250ms, 90s, 15m, 1h30m, 2d",
        ),
        ("[crawl]\ndelay = nan\n", "crawl.delay (newswarc.toml:2) = nan must be"),
        (
            "[crawl]\nmax_body = 'big'\n",
            "= 'big' is no size; write bytes, or a number with KB, MB, GB, KiB, MiB, GiB",
        ),
        (
            "[crawl]\nallow_address = [\n  '10.0.0.0/8',\n  'lan',\n]\n",
            "crawl.allow_address[1] (newswarc.toml:2) = 'lan' is no network",
        ),
        ("[crawl]\ncontact = 'me'\n", "= 'me' is no contact; write a mail address or an http(s) URL"),
        ('[crawl]\nuser_agent = "a\\nb"\n', "cannot stand in a header"),
        ("[segments]\ndurability = 'none'\n", "= 'none' must be 'fsync' or 'write'"),
        (
            "[store]\nurl = 'ftp://x'\n",
            "store.url (newswarc.toml:2) = 'ftp://x' is no store; write a folder or s3://bucket/prefix",
        ),
        (
            "[store]\ncollection = '../x'\n",
            "store.collection (newswarc.toml:2) = '../x' is no name of a collection",
        ),
        (
            "[store.s3]\nendpoint_url = 'host:9000'\n",
            "store.s3.endpoint_url (newswarc.toml:2) = 'host:9000' is no endpoint",
        ),
        ("[crawl\n", "config: cannot read 'newswarc.toml'"),
    ],
)
def test_a_wrong_file_is_refused_with_key_line_and_remedy(text, expected):
    write(text)
    assert expected in message()


def test_all_problems_are_told_at_once():
    write("[crawl]\ndealy = 1\nhops = 'two'\n")
    told = message(
        {"crawl.dely": 1}, environ={"NEWSWARC_CRAWL__HOPPS": "1", "NEWSWARC_STORE__URL": "gopher://x"}
    )
    assert len(told.splitlines()) == 5
    assert "NEWSWARC_CRAWL__HOPPS is not known; did you mean NEWSWARC_CRAWL__HOPS?" in told
    assert "crawl.dely (flag) is not known; did you mean crawl.delay?" in told
    assert "store.url (NEWSWARC_STORE__URL) = 'gopher://x' is no store" in told


def test_a_secret_is_never_shown():
    write("[store.s3]\nsecret_key = 12345678\n")
    assert "12345678" not in message()
    config = load({"store.s3.secret_key": "sesame"}, Path(write("", "empty.toml")), environ={})
    assert "sesame" not in repr(config)
    assert "sesame" not in json.dumps(config.model_dump(mode="json"))


def test_the_file_is_looked_for_in_order(tmp_path):
    assert find_file(environ={}) is None
    user = tmp_path / "xdg" / "newswarc" / "newswarc.toml"
    user.parent.mkdir(parents=True)
    user.write_text("[crawl]\nhops = 1\n")
    assert load(environ={}).crawl.hops == 1
    write("[crawl]\nhops = 2\n")
    assert load(environ={}).crawl.hops == 2
    by_variable = write("[crawl]\nhops = 3\n", "v.toml")
    environ = {"NEWSWARC_CONFIG": str(by_variable)}
    assert load(environ=environ).crawl.hops == 3
    named = write("[crawl]\nhops = 4\n", "n.toml")
    assert load(file=named, environ=environ).crawl.hops == 4


@pytest.mark.parametrize(
    ("file", "environ"), [(Path("absent.toml"), {}), (None, {"NEWSWARC_CONFIG": "absent.toml"})]
)
def test_a_named_file_must_exist(file, environ):
    assert "names 'absent.toml', which is no file" in message(file=file, environ=environ)


def test_folders_in_a_file_are_relative_to_it():
    path = write(
        "[store]\nurl = 'store'\n[state]\nfolder = '/abs'\n[sites]\nfolders = ['s', '/t']\n", "etc/n.toml"
    )
    config = load(file=path, environ={})
    assert config.store.url == "etc/store"
    assert config.state.folder == Path("/abs")
    assert config.sites.folders == (Path("etc/s"), Path("/t"))
    assert load(file=write("[store]\nurl = 's3://b/p'\n", "etc/s.toml"), environ={}).store.url == "s3://b/p"


def test_state_lies_in_a_local_store_and_beside_a_remote_one(tmp_path):
    assert load({"store.url": "a/b"}, environ={}).state_folder == Path("a/b/.newswarc")
    assert load({"store.url": "file:///srv/x"}, environ={}).state_folder == Path("/srv/x/.newswarc")
    one, two = (
        load({"store.url": "s3://bucket/p", "store.s3.endpoint_url": url}, environ={}).state_folder
        for url in (None, "http://127.0.0.1:9000")
    )
    assert one.parent == two.parent == tmp_path / "state" / "newswarc"
    assert one != two
    assert one.name.startswith("bucket-p-")


def test_the_agent_carries_the_contact_once():
    assert Crawl(user_agent="x/1", contact="a@b.example").agent == "x/1 (+a@b.example)"
    assert Crawl(user_agent="x/1 (a@b.example)", contact="a@b.example").agent == "x/1 (a@b.example)"
    assert Crawl(user_agent="x/1").agent == "x/1"


def test_configuration_is_frozen_and_strict_when_built_directly():
    with pytest.raises(ValidationError):
        Config().crawl.delay = 2  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Store(urll="x")  # type: ignore[call-arg]


def test_every_setting_is_documented():
    listed = settings()
    assert len(listed) == len({each.key for each in listed}) == len(load(environ={}).origins)
    for each in listed:
        assert each.meaning, each.key
        assert f"`{each.key}`" in settings_table()
        value_of(Config(), each.key)
        if isinstance(each.default, float) or each.key.endswith(("bytes", "body")):
            assert each.unit, each.key
    assert {each.flag for each in listed} >= {"--store", "--collection", "--delay", "--concurrency", "--hops"}
    assert [each.key for each in listed if each.secret] == ["store.s3.access_key", "store.s3.secret_key"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1GB", 10**9),
        ("64 MiB", 64 * 2**20),
        ("1.5k", 1500),
        ("2KiB", 2048),
        ("17", 17),
        ("3 b", 3),
        ("1tb", 10**12),
    ],
)
def test_sizes(text, expected):
    assert read_bytes(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("90s", 90), ("1h30m", 5400), ("250ms", 0.25), ("2d", 172_800), ("1.5", 1.5), (" 1 h ", 3600)],
)
def test_durations(text, expected):
    assert read_seconds(text) == expected


@pytest.mark.parametrize("text", ["", "h", "1x", "1h x", "-3s", "1 GB"])
def test_what_is_no_duration(text):
    with pytest.raises(ValueError, match="is no duration"):
        read_seconds(text)


def test_lines_of_keys_in_every_form_of_toml():
    document = read_toml(
        '# [a]\na.b = """\n[c]\nx = 1\n"""\n"q r" = [ # [\n  "]", { z = 1 },\n]\n[t]\nk = \'\'\'x\'\'\'\n'
        "[[l]]\nn = 1\n[[l]]\nn = 2\n[l.sub]\nm = 3\n[[l.deep]]\nd = 4\n"
    )
    assert document.line(("a", "b")) == 2
    assert document.line(("c", "x")) is None
    assert document.line(("q r", 1, "z")) == 6
    assert document.line(("t", "k")) == 10
    assert document.line(("l", 0, "n")) == 12
    assert document.line(("l", 1, "n")) == 14
    assert document.line(("l", 1, "sub", "m")) == 16
    assert document.line(("l", 1, "deep", 0, "d")) == 18
    with pytest.raises(TomlError, match="line 2"):
        read_toml("a = 1\nb = ]\n")
