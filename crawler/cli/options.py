"""Options and arguments that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

StoreOption = Annotated[
    str | None,
    typer.Option("--store", metavar="STORE", help="Folder, or s3://bucket/prefix. (default ./archive)"),
]
StoreArgument = Annotated[
    str | None,
    typer.Argument(metavar="[STORE]", help="Folder, or s3://bucket/prefix; else the configuration's."),
]
CollectionOption = Annotated[
    str | None,
    typer.Option("--collection", metavar="NAME", help="Collection inside the store. (default news)"),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Configuration file. (default ./newswarc.toml if there)"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer in JSON on standard output.")]
StoreOrUrl = Annotated[
    str | None, typer.Argument(metavar="[STORE]", help="Folder, or s3://bucket/prefix; may be left out.")
]
AtOption = Annotated[
    str | None,
    typer.Option(
        "--at", metavar="TIMESTAMP", help="4 to 14 digits, UTC: the capture nearest to it. Else the latest."
    ),
]
