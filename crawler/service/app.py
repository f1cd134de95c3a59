"""The service as an ASGI application."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from fastapi import Depends, FastAPI
from fastapi.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crawler.service.auth import reading
from crawler.service.available import available_router
from crawler.service.cdx import cdx_router
from crawler.service.context import Context
from crawler.service.errors import answer_errors
from crawler.service.events import Watch, events_router
from crawler.service.memento import memento_router
from crawler.service.pages.routes import pages_router, static_router
from crawler.service.save import save_router
from pipelines.version import VERSION

_SERVER: Final = f"newswarc/{VERSION}".encode()


def create_app(context: Context) -> FastAPI:
    """Return the whole service over *context*, which the caller closes.

    While it runs, the catalog and the take-downs follow the store.
    """
    app = _application(context)
    watch = Watch(context)
    app.include_router(events_router(context, watch))
    app.include_router(save_router(context, watch))
    may_read = [Depends(reading(context))]
    for router in (available_router(context), cdx_router(context), memento_router(context)):
        app.include_router(router, dependencies=may_read)
    app.include_router(static_router())
    app.include_router(pages_router(context), dependencies=may_read)

    @app.get("/healthz")
    def healthz() -> Response:
        return _health(context)

    return app


def _application(context: Context) -> FastAPI:
    @asynccontextmanager
    async def running(_app: FastAPI) -> AsyncIterator[None]:
        following = asyncio.create_task(context.follow())
        try:
            yield
        finally:
            context.stopping.set()
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following

    # No pages that fetch their scripts from elsewhere: /docs of FastAPI does.
    app = FastAPI(title="newswarc", version=VERSION, lifespan=running, docs_url=None, redoc_url=None)
    answer_errors(app)
    app.add_middleware(_Named)
    return app


def _health(context: Context) -> Response:
    """Tell whether the archive can be read; by exception where it cannot."""
    with context.saves() as saves:
        waiting = saves.standing().waiting
    _ = context.register
    context.archive.catalog.mark("version")
    return JSONResponse({"status": "ok", "version": VERSION, "waiting": waiting})


class _Named:
    """Says in every answer which program it is of."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (b"server", _SERVER)]
            await send(message)

        await self._app(scope, receive, named)
