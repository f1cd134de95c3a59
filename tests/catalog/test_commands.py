"""``newswarc sync``, ``rebuild`` and ``index merge``, as a user runs them."""

import json

import pytest
from typer.testing import CliRunner

from catalog.making import capture, name_of, publish
from crawler.cli import app
from pipelines.errors import NotArchived
from pipelines.storage import LocalStore


@pytest.fixture
def folder(tmp_path):
    store = LocalStore(tmp_path / "archive")
    for serial in (1, 2):
        name = name_of(serial, collection="news")
        publish(store, name, [capture(name, 0, f"https://paper.example/{serial}", "20261120000000")])
    return tmp_path / "archive"


def run(*arguments):
    done = CliRunner().invoke(app, [str(each) for each in arguments])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0
    return done.stdout


def test_sync(folder):
    assert "2 new segments" in run("sync", folder)
    assert json.loads(run("sync", folder, "--json"))["segments"] == 0
    name = name_of(3, day="20240101", collection="news")
    publish(LocalStore(folder), name, [capture(name, 0, "https://paper.example/3", "20240101000000")])
    assert json.loads(run("sync", folder, "--json"))["segments"] == 0
    assert json.loads(run("sync", folder, "--full", "--json"))["segments"] == 1


def test_rebuild_also_after_a_damage(folder):
    run("sync", folder)
    listed = run("list", folder)
    assert listed.count("\n") == 2
    assert "made from 2 segments" in run("rebuild", folder)
    (path,) = (folder / ".newswarc" / "catalog").glob("*.sqlite")
    path.write_bytes(b"no database" * 100)
    assert json.loads(run("rebuild", folder, "--json"))["segments"] == 2
    assert run("list", folder) == listed


def test_index_merge(folder):
    told = json.loads(run("index", "merge", folder, "--json"))
    assert (told["lines"], told["blocks"], told["segments"]) == (2, 1, 2)
    assert (folder / told["key"] / "cluster.idx").read_text().startswith("example,paper)/1 20261120000000\t")


def test_where_there_is_nothing(tmp_path):
    for command in (["sync"], ["rebuild"], ["index", "merge"]):
        with pytest.raises(NotArchived):
            run(*command, tmp_path / "none")
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotArchived):
        run("rebuild", tmp_path / "empty")
