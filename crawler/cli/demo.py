"""``newswarc demo``: the main job without internet, against a site that comes with the package."""

import re
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from crawler.cli.crawl import run_job, show_further
from crawler.cli.opening import archive_of

if TYPE_CHECKING:
    from crawler.config import Config

_FOLDER = "newswarc-demo"
_HOME = re.compile(r"^home = .*$", re.MULTILINE)
_POLITENESS = re.compile(r"^\[politeness\]\n(?:[^\[\n].*\n)*", re.MULTILINE)


def demo(
    *,
    store: Annotated[
        str, typer.Option("--store", metavar="STORE", help="Where the archive is made.")
    ] = _FOLDER,
    articles: Annotated[
        int, typer.Option("--articles", metavar="N", min=1, max=100_000, help="Articles of the daily paper.")
    ] = 100,
    keep_serving: Annotated[
        bool, typer.Option("--keep-serving", help="Serve the site on until Ctrl-C.")
    ] = False,
) -> None:
    """Crawl a demonstration site on this machine: a daily paper and five kinds of difficult pages.

    The site is served from this process; nothing outside is asked.
    """
    import newsite
    from crawler.cli.running import prepared

    families = newsite.families()
    with newsite.running(newsite.daily(articles=articles), hosts=families, journal=False) as site:
        homes = {"daily": site.url, **{name: site.at(name) for name in families}}
        with _profiles(homes) as folder:
            config = _configuration(store, folder)
            code = run_job(prepared(tuple(homes), config), further=False)
        if code == 0:
            _show_articles(config)
            code = _verify(config)
            show_further(config, "lighthouse")
        if keep_serving:
            _serve_on(homes)
    raise typer.Exit(code)


@contextmanager
def _profiles(homes: dict[str, str]) -> Iterator[Path]:
    """Give a folder with the built-in profiles of *homes*, moved to these addresses."""
    from crawler.sites.registry import BUILT_IN

    with tempfile.TemporaryDirectory(prefix="newswarc-demo-") as folder:
        for name, home in homes.items():
            declared = (BUILT_IN / f"{name}.toml").read_text("utf-8")
            # Their other addresses are relative, and nobody is disturbed by haste here.
            moved = _POLITENESS.sub("", _HOME.sub(f'home = "{home}"', declared, count=1))
            (Path(folder) / f"{name}.toml").write_text(moved, "utf-8")
        yield Path(folder)


def _configuration(store: str, profiles: Path) -> "Config":
    from crawler.config import load

    return load(
        {
            "store.url": store,
            "sites.folders": [str(profiles)],
            "crawl.delay": 0,
            "crawl.allow_address": ["127.0.0.0/8"],
        }
    )


def _show_articles(config: "Config") -> None:
    from crawler.cli.words import printable

    with archive_of(config) as archive:
        seen: dict[str, str] = {}
        for row in archive.articles():
            if row.article.title:
                quality = "" if row.article.quality == "full" else f" ({row.article.quality})"
                # One of each site: they are as different as can be.
                seen.setdefault(urlsplit(row.capture.url).netloc, row.article.title + quality)
    print("\nSome of the articles:")
    for title in seen.values():
        print(f"  {printable(title)}")


def _verify(config: "Config") -> int:
    from crawler.cli.upkeep import verified

    report = verified(config, None)
    print("\nVerified:")
    for line in report.lines():
        print(f"  {line}")
    return report.exit_code


def _serve_on(homes: dict[str, str]) -> None:
    print("\nServing until Ctrl-C:")
    for name, home in homes.items():
        print(f"  {name:<10} {home}")
    with suppress(KeyboardInterrupt):
        signal.pause()
