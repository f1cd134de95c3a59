"""``newswarc save``."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.opening import configuration
from crawler.cli.options import CollectionOption, ConfigOption, JsonOption, StoreOption

if TYPE_CHECKING:
    from crawler.config import Config
    from crawler.saves import Save

NOT_SAVED = 15
"""Exit code where an URL could not be saved."""


def save(
    urls: Annotated[
        list[str] | None,
        typer.Argument(metavar="[URL]...", help="Addresses of pages.", show_default=False),
    ] = None,
    *,
    requisites: Annotated[
        bool,
        typer.Option("--requisites/--no-requisites", help="Save what the page needs to be shown. (default)"),
    ] = True,
    outlinks: Annotated[
        int, typer.Option(metavar="N", help="Save up to so many pages that it links to.", min=0, max=100)
    ] = 0,
    error_pages: Annotated[
        bool, typer.Option("--error-pages", help="Save a page that answers with a status of 400 or above.")
    ] = False,
    file: Annotated[
        str | None,
        typer.Option(metavar="LIST", help="File with one address a line, or - for standard input."),
    ] = None,
    if_not_archived_within: Annotated[
        str | None,
        typer.Option(metavar="DURATION", help="Take a capture that is younger instead: 1h, 3d, 90s."),
    ] = None,
    allow_address: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CIDR", help="Network that may be asked although it is not public; may be repeated."
        ),
    ] = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """Archive pages now, with all that is needed to show them, and print where each is to be read.

    It needs no server; the workers of one that runs take part. Ctrl-C finishes what has begun; the rest stays
    in the queue, for the next 'newswarc save' or 'newswarc serve'.
    """
    from crawler.cli.saving import carry_out
    from crawler.jobs import Outcome
    from crawler.saves import SaveOptions

    settings = configuration(store, collection, config, allow_address=allow_address or None)
    options = SaveOptions(
        requisites=requisites,
        outlinks=outlinks,
        error_pages=error_pages,
        unless_within=_seconds(if_not_archived_within),
    )
    named = [*(urls or ()), *(_listed(file) if file else ())]
    wanted, refused = _checked(named, settings)
    report = _Report(settings, as_json=as_json)
    for url, why in refused:
        report.refuse(url, why)
    interrupted = bool(wanted) and carry_out(settings, wanted, options, report.end)
    report.close()
    if interrupted:
        raise typer.Exit(int(Outcome.INTERRUPTED))
    if report.failed:
        raise typer.Exit(NOT_SAVED)


def _seconds(text: str | None) -> float | None:
    from crawler.config.units import LONGEST_SECONDS, read_seconds
    from pipelines.errors import ConfigError

    if text is None:
        return None
    try:
        value = read_seconds(text)
    except ValueError as error:
        raise ConfigError(f"save: --if-not-archived-within: {text!r} {error}") from error
    if not isinstance(value, float | int) or not 0 <= value <= LONGEST_SECONDS:
        raise ConfigError(f"save: --if-not-archived-within: {text!r} is no duration; write 90s, 1h or 3d")
    return float(value)


def _listed(name: str) -> Iterator[str]:
    from pipelines.errors import ConfigError

    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"save: cannot read {name!r} ({error}); name a text file of addresses") from error
    lines = (line.strip() for line in text.splitlines())
    return (line for line in lines if line and not line.startswith("#"))


def _checked(named: Iterable[str], config: "Config") -> tuple[list[str], list[tuple[str, str]]]:
    """Return the URLs as they are saved, each once, and those that cannot be, with the reason."""
    from crawler.recorder.addresses import AddressPolicy
    from crawler.saves import SaveRefused, check_url
    from pipelines.errors import ConfigError

    allows = AddressPolicy(map(str, config.crawl.allow_address)).allows
    wanted: dict[str, None] = {}
    refused: list[tuple[str, str]] = []
    for url in named:
        try:
            wanted[check_url(url, allows=allows)] = None
        except SaveRefused as err:
            refused.append((url, str(err)))
    if not wanted and not refused:
        raise ConfigError("save: no address is named; write the URL of a page, or --file LIST")
    return list(wanted), refused


class _Report:
    """Prints what became of each save: at once, or at the end where the answer is one JSON document."""

    def __init__(self, config: "Config", *, as_json: bool) -> None:
        service = config.service
        host = f"[{service.host}]" if ":" in service.host else service.host
        self._base = service.base_url or f"http://{host}:{service.port}"
        self._as_json = as_json
        self._told: list[dict[str, Any]] = []
        self.failed = 0

    def refuse(self, url: str, why: str) -> None:
        """Tell that *url* was not taken."""
        self._fail(url, why)
        self._told.append({"url": url, "status": "error", "message": why})

    def end(self, save: "Save") -> None:
        """Tell what became of *save*, or that it was left in the queue."""
        address = f"{self._base}/web/{save.timestamp}/{save.final_url or save.url}"
        if save.error:
            self._fail(save.url, f"{save.message} ({save.error})")
        elif not save.pending and not self._as_json:
            print(f"{save.timestamp}  {address}", flush=True)
        self._told.append(_object(save, address))

    def close(self) -> None:
        """Print the document, where there is one."""
        if self._as_json:
            print(json.dumps(self._told, indent=1))

    def _fail(self, url: str, why: str) -> None:
        from crawler.cli.words import printable

        self.failed += 1
        print(f"newswarc: {printable(url)}: {printable(why)}", file=sys.stderr, flush=True)


def _object(save: "Save", address: str) -> dict[str, Any]:
    from crawler.saves import State

    good = save.state is State.SUCCESS
    return {
        "url": save.url,
        "job_id": save.id,
        "parent": save.parent,
        "status": "pending" if save.pending else save.state.value,
        "timestamp": save.timestamp,
        "original_url": save.final_url,
        "address": address if good else None,
        "http_status": save.status,
        "unchanged": save.revisit,
        "reused": save.reused,
        "resources": list(save.resources),
        "outlinks": dict(save.outlinks),
        "segments": list(save.segments),
        "error": save.error,
        "message": save.message,
    }


__all__ = ["NOT_SAVED", "save"]
