"""``newswarc sites new``: looks at a live site, and writes its first profile."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.opening import configuration
from crawler.cli.options import ConfigOption, JsonOption

if TYPE_CHECKING:
    from crawler.config import Config
    from crawler.jobs.questions import Answer, Question, Survey
    from crawler.sites.writing import Draft, Listed
    from crawler.visits import Limits


def new_site(
    url: Annotated[str, typer.Argument(metavar="URL", help="The site's front page.", show_default=False)],
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            metavar="FILE",
            help="File to write, which must not exist. (default NAME.toml in the first folder for profiles)",
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option("--name", metavar="NAME", help="Name of the profile. (default by the host)"),
    ] = None,
    allow_address: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CIDR", help="Network that may be asked although it is not public; may be repeated."
        ),
    ] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Look at a live site, and write a first profile: feeds, sitemaps, sections, languages, schedule.

    The site is asked some 25 times at most, as politely as in a crawl, which takes about half a minute. What
    the profile guesses has a comment that says what it rests on. No file is ever overwritten.
    """
    from crawler.jobs.findings import draft
    from crawler.jobs.survey import survey
    from crawler.sites.writing import write_profile

    settings = configuration(None, None, config, allow_address=allow_address or None)
    name, path = _place(url, name, output, settings)
    known = survey(url, settings, tell=_tell)
    if known.front is None:
        explain(known)
        raise typer.Exit(_nothing())
    made = draft(known, name=name, now=datetime.now(UTC), limits=_limits(settings))
    write_profile(made, path)
    if as_json:
        print(json.dumps(_told(made, known, path), ensure_ascii=False))
    else:
        _show(made, known, path, settings)


def _place(url: str, name: str | None, output: Path | None, config: "Config") -> tuple[str, Path]:
    """Return name and file of the new profile, before anybody is asked for anything.

    Raises ``ConfigError`` where they do not fit or the file is there, ``ProfileError`` where *name* is none.
    """
    from crawler.jobs.findings import name_of
    from crawler.sites import adhoc_profile
    from crawler.sites.writing import Draft, Listed, profile_text, require_free
    from pipelines.errors import ConfigError

    adhoc_profile(url)
    name = name or (output.stem if output else name_of(url))
    profile_text(Draft(name, url, sections=(Listed(url),)))
    folder = next(iter(config.sites.folders), Path("sites"))
    path = output or folder / f"{name}.toml"
    if path.name != f"{name}.toml":
        raise ConfigError(
            f"site profile: the profile {name!r} cannot lie in {str(path)!r}; write --output "
            f"{path.parent / name}.toml"
        )
    require_free(path)
    return name, path


def _limits(config: "Config") -> "Limits":
    from crawler.visits import Limits

    minimum, maximum = (timedelta(seconds=each) for each in (config.visits.minimum, config.visits.maximum))
    return Limits(minimum=minimum, maximum=maximum, idle=max(maximum, Limits().idle))


def _tell(questions: Sequence["Question"]) -> None:
    wanted = ", ".join(dict.fromkeys(str(question.wanted) for question in questions))
    print(f"asking for {_addresses(len(questions))}: {wanted}", file=sys.stderr)


def _addresses(count: int) -> str:
    return f"{count} address{'' if count == 1 else 'es'}"


def _nothing() -> int:
    from crawler.jobs import Outcome

    return int(Outcome.NOTHING)


def explain(known: "Survey") -> None:
    """Say on standard error why the site could not be read."""
    from crawler.cli.words import printable

    *_, last = known
    print(f"newswarc: survey: {printable(last.url)} {_fate(last)}", file=sys.stderr)


def _fate(answer: "Answer") -> str:
    """Return what became of a question whose answer is of no use, as the rest of a sentence."""
    from crawler.cli.words import printable
    from crawler.scope import Reason

    meaning = next((f" ({reason.meaning})" for reason in Reason if reason == answer.reason), "")
    if answer.status is None:
        detail = f": {printable(answer.detail.removeprefix(f'{answer.reason}: '))}" if answer.detail else ""
        return f"could not be read: {answer.reason}{meaning}{detail}"
    if answer.status != 200:
        return f"answered {answer.status}: {answer.reason or 'nothing to read'}{meaning}"
    said = printable(answer.content_type.partition(";")[0]) or "no media type"
    return f"is no page with links, but {said}; write the address of the site's front page"


def _told(made: "Draft", known: "Survey", path: Path) -> dict[str, Any]:
    """Return what ``--json`` says."""
    keys = ("name", "home", "title", "languages", "timezone", "cron", "notes")
    lists = ("hosts", "feeds", "sitemaps", "sections", "include", "exclude", "article")
    return {
        "file": str(path),
        **{key: getattr(made, key) for key in keys},
        **{key: [asdict(each) for each in getattr(made, key)] for key in lists},
        "requests": known.requests,
        "asked": [
            {
                "url": answer.question.url,
                "wanted": answer.question.wanted,
                "origin": answer.question.origin,
                "led_to": answer.url,
                "status": answer.status,
                "reason": answer.reason or None,
                "kind": answer.kind,
                "announced": len(answer.found.urls),
            }
            for answer in known
        ],
    }


def _show(made: "Draft", known: "Survey", path: Path, config: "Config") -> None:
    from crawler.cli.summary import print_rows
    from crawler.cli.words import command, printable

    rows = [(label, printable(value)) for label, value in _rows(made, known)]
    print_rows(f"Written: {path}", rows)
    named = made.name if path.parent in config.sites.folders else str(path)
    print("\nLook it through, then:")
    for words in (("sites", "check", str(path)), ("crawl", named), ("schedule", "run", named)):
        print(f"  {command('newswarc', *words)}")
    if config.origins["crawl.allow_address"].startswith("--"):
        networks = ", ".join(f'"{each}"' for each in config.crawl.allow_address)
        print(
            f"\nBefore that, let the configuration (newswarc.toml) allow the address, below [crawl]:\n"
            f"  allow_address = [{networks}]"
        )


def _rows(made: "Draft", known: "Survey") -> Iterator[tuple[str, str]]:
    from crawler.cli.words import counted

    yield "title", made.title
    yield "languages", f"{', '.join(made.languages) or 'unknown'} ({made.notes.get('languages', '')})"
    yield "time zone", f"{made.timezone} ({made.notes.get('timezone', '').partition('; ')[2]})"
    yield "hosts", ", ".join(each.value for each in made.hosts)
    for label, listed in (("feed", made.feeds), ("sitemap", made.sitemaps), ("section", made.sections)):
        for each in listed:
            if each.used or label != "section":
                yield label if each.used else "left out", _line(each)
    commented = [each.value for each in made.sections if not each.used]
    left_out = f"{counted(len(commented), 'section')}, superfluous or of no use"
    yield "comments", left_out if commented else ""
    yield "schedule", f"{made.cron} ({made.notes.get('cron', '')})"
    yield "not there", ", ".join(_missing(known))
    yield "asked", _addresses(known.requests)


def _missing(known: "Survey") -> Iterator[str]:
    """Yield the usual places that have nothing of use, each with what it answered."""
    from urllib.parse import urlsplit

    for answer in known:
        if answer.question.origin == "the usual place" and not answer.is_source:
            yield f"{urlsplit(answer.question.url).path} ({answer.status or answer.reason})"


def _line(listed: "Listed") -> str:
    return f"{listed.value}  {listed.comment}"
