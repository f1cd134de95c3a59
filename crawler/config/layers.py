"""From flags, environment and file to one :class:`Config`, with the origin of every value."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_config_path
from pydantic import SecretStr, ValidationError

from crawler.config.model import Config
from crawler.config.problems import Location, Problem, dotted, explain, keys_of, nearest
from crawler.config.toml import TomlError, read_toml
from pipelines.errors import ConfigError

FILE_NAME = "newswarc.toml"
PREFIX = "NEWSWARC_"
FILE_VARIABLE = "NEWSWARC_CONFIG"
_PATHS: frozenset[Location] = frozenset({("store", "url"), ("state", "folder"), ("sites", "folders")})


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting, as documentation and ``--help`` need it."""

    key: str
    variable: str
    flag: str
    """Empty where there is none."""
    default: Any
    unit: str
    meaning: str
    secret: bool


@dataclass(frozen=True, slots=True)
class _Given:
    value: Any
    origin: str


def load(
    flags: Mapping[str, object] | None = None,
    file: Path | None = None,
    *,
    environ: Mapping[str, str] | None = None,
) -> Config:
    """Return the configuration: defaults, then the file, then the environment, then *flags*.

    *flags* maps dotted keys (``crawl.delay``) to values; None means that the flag was not given. *file*
    must exist where it is named; see :func:`find_file` for where one is looked for. *environ* is the
    process's environment unless given; empty variables count as not set. Relative folders in a file are
    relative to the file.

    :raises ConfigError: naming every unknown key with the nearest known one, and every value that is not
        accepted, each with its place.
    """
    environ = os.environ if environ is None else environ
    found = find_file(file, environ=environ)
    given: dict[Location, _Given] = {}
    if found is not None:
        given.update(_from_file(found))
    problems = [*_unknown_variables(environ), *_unknown_flags(flags or {})]
    given.update(_from_environment(environ))
    given.update(_from_flags(flags or {}))
    return _build(given, problems)


def find_file(file: Path | None = None, *, environ: Mapping[str, str]) -> Path | None:
    """Return the file to read: *file*, ``$NEWSWARC_CONFIG``, ``./newswarc.toml``, the user's, or None.

    :raises ConfigError: a file that was named does not exist.
    """
    named = file or (Path(environ[FILE_VARIABLE]) if environ.get(FILE_VARIABLE) else None)
    if named is not None:
        if not named.is_file():
            by = "--config" if file else FILE_VARIABLE
            raise ConfigError(f"config: {by} names {str(named)!r}, which is no file; name one that exists")
        return named
    usual = (Path(FILE_NAME), user_config_path("newswarc", appauthor=False) / FILE_NAME)
    return next((path for path in usual if path.is_file()), None)


def settings() -> list[Setting]:
    """Return every setting in the order of the documentation."""
    return [_setting_at(location) for location in _known()]


def settings_table() -> str:
    """Return the table of all settings for the documentation, as Markdown."""
    rows = ["| Setting | Default | Variable | Flag | Meaning |", "| --- | --- | --- | --- | --- |"]
    for setting in settings():
        unit = f" ({setting.unit})" if setting.unit else ""
        flag = f"`{setting.flag}`" if setting.flag else ""
        rows.append(
            f"| `{setting.key}` | {_shown_default(setting)} | `{setting.variable}` | {flag} "
            f"| {setting.meaning}{unit} |"
        )
    return "\n".join(rows) + "\n"


def value_of(config: Config, key: str) -> Any:  # noqa: ANN401 (settings are of many types)
    """Return the value of the dotted *key*; a secret is a ``SecretStr``, which does not print itself."""
    found: Any = config
    for step in key.split("."):
        found = getattr(found, step)
    return found


def _known() -> list[Location]:
    return list(keys_of(Config))


def _variable(location: Location) -> str:
    return PREFIX + "__".join(map(str, location)).upper()


def _setting_at(location: Location) -> Setting:
    model: Any = Config
    for step in location[:-1]:
        model = model.model_fields[step].annotation
    field = model.model_fields[location[-1]]
    extra = field.json_schema_extra or {}
    return Setting(
        key=dotted(location),
        variable=_variable(location),
        flag=extra.get("flag", ""),
        default=field.default if field.default_factory is None else None,
        unit=extra.get("unit", ""),
        meaning=field.description or "",
        secret=SecretStr in getattr(field.annotation, "__args__", ()),
    )


def _shown_default(setting: Setting) -> str:
    default = setting.default
    if isinstance(default, tuple):
        default = ", ".join(map(str, default))
    if default is None or default == "":
        return ""
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _from_file(path: Path) -> Iterator[tuple[Location, _Given]]:
    try:
        document = read_toml(path.read_text("utf-8-sig"))
    except (TomlError, UnicodeDecodeError, OSError) as error:
        raise ConfigError(f"config: cannot read {str(path)!r} ({error}); mend the file") from error
    for location, value in _leaves(document.values):
        line = document.line(location)
        origin = f"{path}:{line}" if line else str(path)
        if location in _PATHS:
            value = _relative_to(path.parent, value)  # noqa: PLW2901 (the same value, made absolute)
        yield location, _Given(value, origin)


def _leaves(values: Mapping[str, Any], prefix: Location = ()) -> Iterator[tuple[Location, Any]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*prefix, name))
        else:
            yield (*prefix, name), value


def _relative_to(folder: Path, value: object) -> object:
    if isinstance(value, list):
        return [_relative_to(folder, part) for part in value]
    if isinstance(value, str) and value and "://" not in value:
        return str(folder / Path(value).expanduser())
    return value


def _from_environment(environ: Mapping[str, str]) -> Iterator[tuple[Location, _Given]]:
    for location in _known():
        name = _variable(location)
        if environ.get(name, ""):
            yield location, _Given(environ[name], name)


def _unknown_variables(environ: Mapping[str, str]) -> Iterator[Problem]:
    known = [*map(_variable, _known()), FILE_VARIABLE]
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in known:
            close = nearest(name, known)
            hint = f"; did you mean {close}?" if close else f"; settings are {PREFIX}SECTION__KEY"
            yield Problem(name, "", f"is not known{hint}")


def _from_flags(flags: Mapping[str, object]) -> Iterator[tuple[Location, _Given]]:
    for location in _known():
        key = dotted(location)
        if flags.get(key) is not None:
            yield location, _Given(flags[key], _flag(key))


def _unknown_flags(flags: Mapping[str, object]) -> Iterator[Problem]:
    known = list(map(dotted, _known()))
    for key in flags:
        if key not in known:
            close = nearest(key, known)
            yield Problem(key, "flag", "is not known" + (f"; did you mean {close}?" if close else ""))


def _flag(key: str) -> str:
    return next(setting.flag for setting in settings() if setting.key == key) or f"--{key}"


def _build(given: Mapping[Location, _Given], problems: list[Problem]) -> Config:
    def origin(location: Location) -> str:
        for end in range(len(location), 0, -1):
            if location[:end] in given:
                return given[location[:end]].origin
        below = (known.origin for place, known in given.items() if place[: len(location)] == location)
        return next(below, "default")

    try:
        config = Config.model_validate(_tree(given))
    except ValidationError as error:
        problems = [*problems, *explain(error, Config, origin=origin)]
        raise _failure(problems) from error
    if problems:
        raise _failure(problems)
    config._origins.update({dotted(location): origin(location) for location in _known()})  # noqa: SLF001 (its maker)
    return config


def _tree(given: Mapping[Location, _Given]) -> dict[str, Any]:
    root: dict[str, Any] = {}
    # A table given as one value comes first, so that pydantic sees and refuses it.
    for location in sorted(given, key=len):
        branch: Any = root
        for step in location[:-1]:
            branch = branch.setdefault(step, {}) if isinstance(branch, dict) else None
        if isinstance(branch, dict):
            branch[str(location[-1])] = given[location].value
    return root


def _failure(problems: list[Problem]) -> ConfigError:
    return ConfigError("\n".join(f"config: {problem}" for problem in problems))
