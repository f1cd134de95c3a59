"""The files below pages/, and the filling of ``{{name}}`` in them."""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

SLOT = re.compile(r"\{\{(\w+)\}\}")


@cache
def read(path: str) -> str:
    """Return the text of the file at *path* below pages/."""
    return (files("newsite") / "pages" / path).read_text(encoding="utf-8")


@cache
def load(path: str) -> Any:
    """Return the JSON value of the file at *path* below pages/; callers do not change it."""
    return json.loads(read(path))


def fill(template: str, values: Mapping[str, str]) -> str:
    """Replace each ``{{name}}``; raises KeyError for a name without a value."""
    return SLOT.sub(lambda slot: values[slot[1]], template)
