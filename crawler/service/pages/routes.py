"""All pages for people, as one router."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse

from crawler.service.context import Context
from crawler.service.pages.article import add_article
from crawler.service.pages.capture import add_capture
from crawler.service.pages.captures import add_captures
from crawler.service.pages.following import Searching
from crawler.service.pages.home import add_home
from crawler.service.pages.layout import static
from crawler.service.pages.routing import page_route
from crawler.service.pages.search import add_search
from crawler.service.pages.versions import Histories

_TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


def pages_router(context: Context) -> APIRouter:
    """Return the pages. While the application runs, the search index follows the store."""
    index, histories = Searching(context), Histories(context)

    @asynccontextmanager
    async def following(_app: Any) -> AsyncIterator[None]:  # noqa: ANN401 - whatever it is included in
        task = asyncio.create_task(index.follow())
        try:
            yield
        finally:
            context.stopping.set()
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    router = APIRouter(route_class=page_route(context), include_in_schema=False, lifespan=following)
    add_home(router, context, index, histories)
    add_search(router, context, index)
    add_article(router, context, histories)
    add_captures(router, context)
    add_capture(router, context)
    return router


def static_router() -> APIRouter:
    """Return the files that pages load. They are nobody's secret: no key is asked for."""
    router = APIRouter(include_in_schema=False)

    @router.get("/static/{name}")
    def file(name: str) -> Response:
        try:
            content = static(name)
        except KeyError:
            return PlainTextResponse("not found", 404)
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(content, media_type=_TYPES[name.rpartition(".")[2]], headers=headers)

    return router
