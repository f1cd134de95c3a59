"""What is wrong with a TOML file, variable or flag, in words: key, value, place and accepted form."""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import get_args

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_core import ErrorDetails

Location = tuple[int | str, ...]

_WANTED = {
    "int": "must be a whole number",
    "float": "must be a number",
    "bool": "must be true or false",
    "string": "must be text in quotes",
    "model": "must be a table with keys, not one value",
    "tuple": "must be a list",
    "list": "must be a list",
    "date": "must be a date, YYYY-MM-DD",
}
_LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where."""

    key: str
    """Dotted, with list positions in brackets: ``rules[0].take``; empty for the file as a whole."""
    origin: str
    """``newswarc.toml:12``, the name of a variable, or a flag."""
    message: str
    """Value, fact and remedy."""

    def __str__(self) -> str:
        place = f" ({self.origin})" if self.origin else ""
        return f"{self.key}{place} {self.message}" if self.key else f"{self.origin}: {self.message}"


def dotted(location: Location) -> str:
    """Return *location* as a person writes it: ``rules[0].take``."""
    parts = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return "".join(parts).removeprefix(".")


def explain(
    error: ValidationError, model: type[BaseModel], *, origin: Callable[[Location], str]
) -> list[Problem]:
    """Return each error that pydantic found in input for *model*; *origin* tells where a key was given."""
    return [_problem(detail, model, origin) for detail in error.errors(include_url=False)]


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that *word* was probably meant to be."""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.55)
    return found[0] if found else None


def keys_of(model: type[BaseModel], prefix: Location = ()) -> Iterator[Location]:
    """Yield the location of every leaf of *model*; sections are walked, lists are leaves."""
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from keys_of(field.annotation, (*prefix, name))
        else:
            yield (*prefix, name)


def _problem(detail: ErrorDetails, model: type[BaseModel], origin: Callable[[Location], str]) -> Problem:
    location = _without_tags(detail["loc"], model)
    place = origin(location)
    key = dotted(location)
    if detail["type"] == "extra_forbidden":
        return Problem(key, place, f"is not known{_suggestion(location, model)}")
    if detail["type"] == "missing":
        return Problem(key, place, "is missing")
    shown = "" if _is_secret(location, model) or not location else f"= {_short(detail['input'])} "
    return Problem(key, place, shown + _fact(detail))


def _fact(detail: ErrorDetails) -> str:
    if detail["type"] == "value_error":
        return str(detail.get("ctx", {}).get("error", detail["msg"]))
    kind = detail["type"].partition("_")[0]
    if kind in _WANTED and detail["type"].endswith(("_type", "_parsing", "_from_float")):
        return _WANTED[kind]
    return re.sub(r"^\w+ should ", "must ", detail["msg"])


def _short(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= _LONGEST_SHOWN else shown[: _LONGEST_SHOWN - 1] + "…"


def _suggestion(location: Location, model: type[BaseModel]) -> str:
    parent, name = location[:-1], str(location[-1])
    owner = _model_at(model, parent)
    siblings = list(owner.model_fields) if owner else []
    close = nearest(name, siblings)
    if close:
        return f"; did you mean {dotted((*parent, close))}?"
    elsewhere = [leaf for leaf in keys_of(model) if leaf[-1] == name]
    if elsewhere:
        return f"; did you mean {dotted(elsewhere[0])}?"
    return f"; {dotted(parent) or 'this file'} knows {', '.join(siblings)}" if siblings else ""


def _model_at(model: type[BaseModel], location: Location) -> type[BaseModel] | None:
    """Return the model whose fields stand below *location*."""
    found: type[BaseModel] | None = model
    for step in location:
        if isinstance(step, int):
            continue
        if found is None or step not in found.model_fields:
            return None
        found = _model_in(found.model_fields[step].annotation)
    return found


def _model_in(annotation: object) -> type[BaseModel] | None:
    """Return the model in ``Model``, ``Model | None``, ``tuple[Model, ...]`` or ``Annotated[…]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for found in map(_model_in, get_args(annotation)) if found), None)


def _without_tags(location: Location, model: type[BaseModel]) -> Location:
    """Return *location* without what pydantic appends to tell the branches of a union apart."""
    kept: list[int | str] = []
    for step in location:
        owner = _model_at(model, tuple(kept))
        if owner is None and isinstance(step, str):
            break
        kept.append(step)
    return tuple(kept)


def _is_secret(location: Location, model: type[BaseModel]) -> bool:
    owner = _model_at(model, location[:-1])
    field = owner.model_fields.get(str(location[-1])) if owner and location else None
    return field is not None and SecretStr in (field.annotation, *get_args(field.annotation))
