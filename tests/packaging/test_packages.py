"""What an installed newswarc consists of."""

import configparser
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_package_is_named_in_setup_cfg():
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    named = set(setup["options"]["packages"].split())
    there = {
        ".".join(init.parent.relative_to(ROOT).parts)
        for top in ("crawler", "pipelines")
        for init in (ROOT / top).rglob("__init__.py")
    }
    assert named == there | {"newsite", "newsite.net"}


def test_files_stay_within_400_lines():
    tops = ("crawler", "pipelines", "tests", "bench")
    sources = [path for top in tops for path in (ROOT / top).rglob("*.py")]
    long = {str(path.relative_to(ROOT)): path.read_text().count("\n") for path in sources}
    assert {path: lines for path, lines in long.items() if lines > 400} == {}
