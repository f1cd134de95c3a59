"""Replay on a port, and so in an origin, of its own."""

from fastapi import Depends, FastAPI

from crawler.service.auth import reading
from crawler.service.context import Context
from crawler.service.errors import answer_errors
from crawler.service.memento import memento_router
from pipelines.version import VERSION


def create_replay_app(context: Context) -> FastAPI:
    """Return an application of the paths below ``/web/`` alone; *context* stays the caller's."""
    app = FastAPI(title="newswarc replay", version=VERSION, docs_url=None, redoc_url=None, openapi_url=None)
    answer_errors(app)
    app.include_router(memento_router(context, replaying=True), dependencies=[Depends(reading(context))])
    return app
