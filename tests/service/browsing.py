"""The pages for people over an archive to look at, with what they link to."""

import asyncio
from contextlib import asynccontextmanager, contextmanager, suppress
from urllib.parse import quote

from fastapi import Depends, FastAPI
from lxml import html

from crawler.service.auth import reading
from crawler.service.context import Context
from crawler.service.errors import answer_errors
from crawler.service.events import Watch
from crawler.service.memento import memento_router
from crawler.service.pages.routes import pages_router, static_router
from crawler.service.save import save_router
from service import archived
from service.serving import config_in, serving


def pages_app(context: Context) -> FastAPI:
    app = FastAPI(lifespan=_following(context))
    answer_errors(app)
    app.include_router(static_router())
    for router in (pages_router(context), memento_router(context)):
        app.include_router(router, dependencies=[Depends(reading(context))])
    app.include_router(save_router(context, Watch(context)))
    return app


def _following(context):
    @asynccontextmanager
    async def running(_app):
        task = asyncio.create_task(context.follow())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    return running


@contextmanager
def browsing(folder, *, harmful=True, **settings):
    """Give a client to the pages over the archive in *folder*, made where there is none, and the context."""
    is_new = not (folder / "store").exists()
    if is_new:
        archived.made(folder, harmful=harmful)
    config = config_in(folder, service__open_save=True, **settings)
    with serving(config, make=pages_app) as (client, context):
        context.refresh()
        if is_new:
            archived.covered(context)
        yield client, context


def at(path, **parameters):
    pairs = "&".join(f"{name}={quote(value, safe='')}" for name, value in parameters.items())
    return f"{path}?{pairs}" if pairs else path


def page(site, path, *, status=200, **headers):
    answer = site.get(path, **headers)
    assert answer.status == status, answer.body[-600:]
    return html.document_fromstring(answer.body.decode())


def text(element):
    return " ".join(element.text_content().split())


def capture_page(site, url):
    capture = site.context.archive.find(url)
    return f"/capture/{capture.segment}/{capture.offset}"
