"""``newswarc serve``."""

import logging
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.options import CollectionOption, ConfigOption, StoreArgument

if TYPE_CHECKING:
    import socket

    from crawler.config import Config


def serve(
    store: StoreArgument = None,
    *,
    host: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Address to listen at. (default 127.0.0.1, this machine alone)"),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="Port to listen at; 0 takes a free one. (default 8700)", min=0, max=65535
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(metavar="N", help="Processes that carry out saves. (default 1)", min=0, max=64),
    ] = None,
    no_save: Annotated[
        bool, typer.Option("--no-save", help="Start no workers: what is asked for waits in the queue.")
    ] = False,
    collection: CollectionOption = None,
    config: ConfigOption = None,
) -> None:
    """Serve the archive over HTTP: save pages on demand, find and read what is archived.

    Ctrl-C or SIGTERM ends it: saves that have begun are finished first, a second one stops at once. Saving
    over HTTP needs a key, which 'newswarc keys add' makes.
    """
    from crawler.config import load

    flags = {
        "store.url": store,
        "store.collection": collection,
        "service.host": host,
        "service.port": port,
        "service.workers": workers,
    }
    settings = load(flags, config)
    _log_to_stderr()
    _serve(settings, count=0 if no_save else settings.service.workers)


def _serve(config: "Config", *, count: int) -> None:
    from crawler.service.app import create_app
    from crawler.service.context import Context
    from crawler.service.listening import listen, run
    from crawler.service.replay.app import create_replay_app
    from crawler.service.workers import Workers

    with ExitStack() as stack:
        # First of all the port: who cannot have it need not start anything.
        sockets = [listen(config.service.host, config.service.port)]
        if config.service.replay_port is not None:
            sockets.append(listen(config.service.host, config.service.replay_port))
        watched = stack.enter_context(Workers(config, count)) if count else None
        context = Context(
            config,
            wake=watched.wake if watched else lambda: None,
            saving=watched.alive if watched else lambda: False,
        )
        stack.callback(context.close)
        apps = [create_app(context), create_replay_app(context)][: len(sockets)]
        _tell(config, sockets[0])
        run(apps, sockets, context)


def _tell(config: "Config", listening: "socket.socket") -> None:
    from crawler.service.listening import address_of

    where = config.service.base_url or address_of(listening)
    print(f"serving {config.store.collection!r} of {config.store.url} at {where}", flush=True)
    if not config.service.open_save:
        _tell_of_keys(config)


def _tell_of_keys(config: "Config") -> None:
    from crawler.saves import Keys
    from crawler.state import Database

    with Database(config.state_url) as database:
        has_key = any(key.revoked is None for key in Keys(database).list())
    if not has_key:
        print("newswarc: nobody can save yet: make a key with 'newswarc keys add NAME'", file=sys.stderr)


def _log_to_stderr() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().handlers = [handler]
    logging.getLogger("uvicorn.access").setLevel(logging.INFO)
