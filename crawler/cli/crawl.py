"""``newswarc crawl``."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.opening import configuration
from crawler.cli.options import CollectionOption, ConfigOption, JsonOption, StoreOption

if TYPE_CHECKING:
    from crawler.config import Config
    from crawler.jobs import JobSpec
    from crawler.jobs.spec import Progress


def crawl(
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TARGET]...", help="Names or files of site profiles, or URLs.", show_default=False
        ),
    ] = None,
    *,
    store: StoreOption = None,
    collection: CollectionOption = None,
    delay: Annotated[
        str | None,
        typer.Option(metavar="SECONDS", help="Pause between two requests to one host. (default 1)"),
    ] = None,
    concurrency: Annotated[
        str | None, typer.Option(metavar="N", help="Requests under way at once. (default 16)")
    ] = None,
    hops: Annotated[
        str | None,
        typer.Option(metavar="N", help="Links to follow from what the sources announce. (default 0)"),
    ] = None,
    max_pages: Annotated[
        str | None, typer.Option(metavar="N", help="Pages after which the job ends.")
    ] = None,
    max_time: Annotated[
        str | None,
        typer.Option(metavar="SECONDS", help="Time after which the job asks for nothing more."),
    ] = None,
    due: Annotated[
        bool,
        typer.Option(
            "--due",
            help="Ask only for what is due: sources by their rhythm, pages that are new or to revisit.",
        ),
    ] = False,
    resume: Annotated[
        str | None,
        typer.Option(
            metavar="JOB", help="Go on with the job of that id, or the last one, that was interrupted."
        ),
    ] = None,
    allow_address: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CIDR", help="Network that may be asked although it is not public; may be repeated."
        ),
    ] = None,
    no_text: Annotated[bool, typer.Option("--no-text", help="Extract no clean text.")] = False,
    as_json: JsonOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show errors only.")] = False,
    config: ConfigOption = None,
) -> None:
    """Crawl news sites into an archive: originals, index, clean text.

    Ctrl-C ends the crawl and publishes what was fetched; a second one stops at once, and what is not
    published then waits for 'newswarc publish'.
    """
    settings = configuration(
        store,
        collection,
        config,
        delay=delay,
        concurrency=concurrency,
        hops=hops,
        max_pages=max_pages,
        max_time=max_time,
        allow_address=allow_address or None,
        text=False if no_text else None,
    )
    raise typer.Exit(
        run_job(_job(tuple(targets or ()), settings, resume, due=due), as_json=as_json, quiet=quiet)
    )


def _job(targets: tuple[str, ...], config: "Config", resume: str | None, *, due: bool) -> "JobSpec":
    from crawler.cli.running import prepared, resumed
    from pipelines.errors import ConfigError

    if resume is None and not targets:
        raise ConfigError("crawl: no target is named; write the name of a site profile, or an URL")
    if resume is None:
        return prepared(targets, config, due=due)
    if targets or due:
        raise ConfigError("crawl: --resume goes on with the targets of its job; leave out targets and --due")
    return resumed(resume, config)


def run_job(
    spec: "JobSpec",
    *,
    as_json: bool = False,
    quiet: bool = False,
    further: bool = True,
) -> int:
    """Run a job with its display and its summary, and return its exit code.

    *further* says whether commands that look at the result are named.
    """
    from crawler.cli.display import display_for
    from crawler.cli.running import run, told
    from crawler.cli.summary import publish_command

    config = spec.config
    last = run(spec, display_for(spec, quiet=quiet))
    if as_json:
        print(json.dumps(told(spec, last)))
    elif not quiet:
        _summarise(spec, last)
        if last.waiting:
            print(f"\nBring to the store what was fetched:\n  {publish_command(config)}")
        if further and last.segments and last.captures:
            show_further(config)
    _explain(spec, last)
    return last.exit_code


def _summarise(spec: "JobSpec", last: "Progress") -> None:
    from crawler.cli.summary import print_rows, summary

    print_rows(f"Job {last.job}", summary(spec, last))


def show_further(config: "Config", word: str = "WORD") -> None:
    """Print commands that look at what lies in the store; one of them searches for *word*."""
    from crawler.cli.summary import next_commands

    print("\nLook further:")
    for line in next_commands(config, word):
        print(f"  {line}")


def _explain(spec: "JobSpec", last: "Progress") -> None:
    """Say on standard error why the job did not end well, where it did not."""
    from crawler.cli.summary import go_on_command, held_hosts, publish_command
    from crawler.cli.words import printable
    from crawler.jobs import Outcome
    from crawler.jobs.spec import HELD

    if last.error:
        print(f"newswarc: {printable(last.error)}", file=sys.stderr)
    elif last.reason == HELD:
        print(
            f"newswarc: job: hosts cannot be asked yet: {held_hosts(last.held)}; then go on with: "
            f"{go_on_command(spec)}",
            file=sys.stderr,
        )
    elif last.exit_code == Outcome.NOTHING:
        _explain_nothing(last)
    if last.reason == "died":
        print(f"newswarc: to publish what it fetched: {publish_command(spec.config)}", file=sys.stderr)
    if last.error and last.exit_code != Outcome.INTERRUPTED:
        _show_log(spec, last)


def _explain_nothing(last: "Progress") -> None:
    from crawler.cli.words import tally
    from crawler.scope import Reason

    met = {**last.failures, **last.refusals}
    why = tally(met) or "the sources announce nothing that is in scope"
    hint = "; --allow-address names networks that may be asked" if "address" in last.failures else ""
    print(f"newswarc: job: nothing was captured ({why}){hint}", file=sys.stderr)
    for reason in Reason:
        if reason in met:
            print(f"  {reason}: {reason.meaning}", file=sys.stderr)


def _show_log(spec: "JobSpec", last: "Progress") -> None:
    from crawler.cli.running import log_tail
    from crawler.cli.words import printable

    for line in log_tail(spec.log_file):
        if last.error not in line:
            print(f"  {printable(line)}", file=sys.stderr)
    print(f"newswarc: the whole log is {spec.log_file}", file=sys.stderr)
