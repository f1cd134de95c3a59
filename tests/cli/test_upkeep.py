import json

import pytest

import newsite


@pytest.fixture(scope="module")
def archived(tmp_path_factory, command_in):
    """A store with one small segment, made by the real command."""
    newswarc = command_in(tmp_path_factory.mktemp("upkeep"))
    with newsite.running({"/a": "<h1>A title</h1>" + "<p>Some words of a page.</p>" * 9}) as site:
        newswarc(
            "crawl", f"{site.url}a", "--quiet", "--delay", 0, "--allow-address", "127.0.0.0/8", "--store", "s"
        )
    return newswarc


def index_of(newswarc):
    return next((newswarc.folder / "s" / "news" / "indexes").rglob("*.cdxj"))


def test_what_is_whole_is_called_whole(archived):
    assert archived("verify", "s").stdout.endswith("\nwhole\n")
    told = json.loads(archived("verify", "s", "--json").stdout)
    assert (told["ok"], told["counts"]["captures"], told["findings"]) == (True, 2, [])


def test_damage_is_named_and_mended(archived):
    path = index_of(archived)
    whole = path.read_bytes()
    path.unlink()
    damaged = archived("verify", "s", code=31)
    assert "missing_object" in damaged.stdout
    told = json.loads(archived("repair", "s", "--json").stdout)
    assert told["ok"]
    assert len(told["collections"]["news"]["mended"]) == 1
    assert path.read_bytes() == whole
    assert archived("verify", "s", "--collection", "news").stdout.endswith("\nwhole\n")


@pytest.mark.parametrize("command", ["verify", "repair"])
def test_what_is_not_there_is_not_whole(archived, command):
    assert (
        "no collection 'olds'; it has 'news'" in archived(command, "s", "--collection", "olds", code=4).stderr
    )
    assert "there is no store at 'none'" in archived(command, "none", code=4).stderr


@pytest.mark.parametrize("folder", ["indexes", "segments"])
def test_what_is_damaged_is_named_where_the_catalog_is_made_anew(archived, folder):
    path = next(each for each in (archived.folder / "s" / "news" / folder).rglob("*") if each.is_file())
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    said = archived("rebuild", "s", code=30).stderr
    path.write_bytes(whole)
    assert path.stem in said
    assert "newswarc repair" in said
    assert "pydantic" not in said
    assert archived("rebuild", "s").stdout.startswith("catalog of 'news' made from 1 segment in")


def test_publish_makes_no_store_out_of_a_slip(archived):
    assert "there is no store at 'slip'" in archived("publish", "slip", code=4).stderr
    assert not (archived.folder / "slip").exists()
