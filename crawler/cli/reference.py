"""What docs/ says about the command line, made from the code: ``python -m crawler.cli.reference docs``.

Each page has a part between two comments that is written here; a test holds the pages to it.
"""

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from crawler.cli import app
from crawler.config import settings_table
from crawler.jobs import Outcome
from crawler.scope import Reason
from pipelines import errors
from pipelines.errors import NewswarcError
from pipelines.fixity import Damage

BEGIN = "<!-- written by python -m crawler.cli.reference -->"
END = "<!-- end -->"

_OTHER_CODES = {
    0: ("Done", "all is well"),
    1: (
        "Unexpected",
        "an error that newswarc does not know, with its traceback; also a reader that went away",
    ),
    2: ("Usage", "an unknown command, option or argument"),
    10: ("Silent", "coverage: a source is silent for longer than its habit, or fails for more than two days"),
    14: ("Left", "takedown: something of what was to be purged is left in the store"),
    15: ("Not saved", "save: a page could not be saved, and it was told why"),
    130: ("Ctrl-C", "a command other than crawl, demo and save was interrupted"),
}
_OUTCOMES = {
    Outcome.DONE: "the job ended, and everything is in the store",
    Outcome.NOTHING: "the job ended without one capture",
    Outcome.INTERRUPTED: "the job was interrupted by Ctrl-C or SIGTERM, or waits for hosts that asked for "
    "patience; what was fetched is kept, and it can go on",
}


def exit_codes() -> str:
    """Return the table of exit codes."""
    rows = [(code, name, meaning) for code, (name, meaning) in _OTHER_CODES.items()]
    rows += [(outcome, f"job: {outcome.name.lower()}", _OUTCOMES[outcome]) for outcome in Outcome]
    rows += [(kind.exit_code, f"`{kind.__name__}`", _first_line(kind)) for kind in _kinds(NewswarcError)]
    rows += [
        (damage.exit_code, f"verify: `{damage}`", "found and named by verify, or left by repair")
        for damage in Damage
        if not damage.note
    ]
    rows.sort(key=lambda row: row[0])
    return _table(("Code", "Name", "Meaning"), [(str(int(code)), *rest) for code, *rest in rows])


def reasons() -> str:
    """Return the table of reason codes."""
    return _table(("Code", "Meaning"), [(f"`{reason.value}`", reason.meaning) for reason in Reason])


def commands() -> str:
    """Return every command with its arguments and options."""
    root: Any = typer.main.get_command(app)
    parts = [
        "",
        *(part for name, command in _commands(root, "newswarc") for part in _described(name, command)),
    ]
    return "\n".join(parts)


PAGES: Mapping[str, Callable[[], str]] = {
    "exit-codes.md": exit_codes,
    "reasons.md": reasons,
    "configuration.md": settings_table,
    "commands.md": commands,
}


def updated(page: str, content: str) -> str:
    """Return *page* with *content* as its written part. Raises ``ValueError`` where it has none."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page lacks {BEGIN} or {END}")
    return f"{before}{BEGIN}\n{content.rstrip()}\n{END}{after}"


def _kinds(kind: type[NewswarcError]) -> Iterator[type[NewswarcError]]:
    yield kind
    for below in kind.__subclasses__():
        if below.__module__ == errors.__name__:
            yield from _kinds(below)


def _first_line(kind: type) -> str:
    return (inspect.getdoc(kind) or "").splitlines()[0]


def _commands(group: Any, name: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - Click's, wherever Typer has it
    for each, command in group.commands.items():
        if hasattr(command, "commands"):
            if command.invoke_without_command:
                yield f"{name} {each}", command
            yield from _commands(command, f"{name} {each}")
        else:
            yield f"{name} {each}", command


def _described(name: str, command: Any) -> Iterator[str]:  # noqa: ANN401 - Click's, wherever Typer has it
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    options = [each for each in command.params if each.param_type_name == "option"]
    usage = " ".join([name, *map(_argument, arguments)])
    yield f"## {name}\n\n    {usage}{' [OPTIONS]' if options else ''}\n"
    yield f"{inspect.cleandoc(command.help or '')}\n"
    rows = [(f"`{_argument(each)}`", each.help or "") for each in arguments]
    rows += [(f"`{_option(each)}`", _help(each)) for each in options if each.name != "help"]
    yield _table(("Argument or option", "Meaning"), rows)


def _argument(argument: Any) -> str:  # noqa: ANN401 - Click's, wherever Typer has it
    name = str(argument.metavar).replace("...", "…")
    return name if argument.nargs != -1 or name.endswith("…") else f"{name}…"


def _option(option: Any) -> str:  # noqa: ANN401 - Click's, wherever Typer has it
    if option.is_flag:
        return str(option.opts[-1])
    return f"{option.opts[-1]} {option.metavar}"


def _help(option: Any) -> str:  # noqa: ANN401 - Click's, wherever Typer has it
    default = option.default
    shown = f" (default {default})" if isinstance(default, str | int) and default is not False else ""
    return f"{option.help or ''}{shown}"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    cells = [head, ("---",) * len(head), *(tuple(cell.replace("|", "\\|") for cell in row) for row in rows)]
    return "\n".join(f"| {' | '.join(row)} |" for row in cells) + "\n"


if __name__ == "__main__":
    for file, content in PAGES.items():
        path = Path(sys.argv[1]) / file
        path.write_text(updated(path.read_text("utf-8"), content()), "utf-8")
