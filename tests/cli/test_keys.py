"""``newswarc keys``, as whoever runs the service uses it."""

import json

from crawler.saves import Keys
from crawler.state import Database


def checked(folder, text):
    with Database(f"sqlite:///{folder / 'archive' / '.newswarc' / 'state.sqlite'}") as database:
        return Keys(database).check(*text.split(":"))


def configured(folder):
    (folder / "newswarc.toml").write_text(
        f'[state]\ndatabase = "sqlite:///{folder}/archive/.newswarc/state.sqlite"\n'
    )


def test_a_key_is_made_listed_and_revoked(newswarc, tmp_path):
    configured(tmp_path)
    made = newswarc("keys", "add", "anna", "--per-minute", "3", "--per-day", 40)
    text = made.stdout.removesuffix("\n")
    assert text.startswith("anna:")
    assert "only time that it is shown" in made.stderr
    key = checked(tmp_path, text)
    assert (key.per_minute, key.per_day, key.concurrent) == (3, 40, None)

    other = json.loads(newswarc("keys", "add", "bob", "--concurrent", 5, "--json").stdout)
    assert checked(tmp_path, f"bob:{other['secret']}").concurrent == 5

    listed = newswarc("keys", "list", "--json").stdout
    anna, bob = json.loads(listed)
    assert (anna["name"], anna["per_minute"], anna["per_day"], anna["concurrent"]) == ("anna", 3, 40, None)
    assert anna["last_used"] >= anna["created"]
    assert bob["revoked"] is None
    assert text.split(":")[1] not in listed

    assert newswarc("keys", "revoke", "anna").stdout == "revoked: anna\n"
    assert checked(tmp_path, text) is None
    names = [line.split("\t") for line in newswarc("keys", "list").stdout.splitlines()]
    assert [(row[0], bool(row[-1])) for row in names] == [("anna", True), ("bob", False)]

    again = newswarc("keys", "revoke", "anna", code=2)
    assert (
        again.stderr
        == "newswarc: keys: there is no key 'anna' that counts; 'newswarc keys list' names them all\n"
    )


def test_what_cannot_be_a_key_is_told(newswarc, tmp_path):
    configured(tmp_path)
    newswarc("keys", "add", "anna")
    taken = newswarc("keys", "add", "anna", code=2)
    assert taken.stdout == ""
    assert "keys: there is a key 'anna' already; revoke it or take another name" in taken.stderr
    assert "'a:b' cannot be a key's name" in newswarc("keys", "add", "a:b", code=2).stderr


def test_looking_makes_no_state(newswarc, tmp_path):
    assert "there is no key; 'newswarc keys add NAME' makes one" in newswarc("keys", "list").stderr
    assert newswarc("keys", "list", "--json").stdout == "[]\n"
    newswarc("keys", "revoke", "anna", code=2)
    assert list(tmp_path.iterdir()) == []
