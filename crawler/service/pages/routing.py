"""Routes whose errors are pages: not archived, taken down, or a question that cannot be answered."""

from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from crawler.service.context import Context
from crawler.service.errors import Refused
from crawler.service.pages.layout import render
from pipelines.errors import ConfigError, NotArchived, NotFound, QueryError
from pipelines.model import Capture
from pipelines.takedown import Standing, Takedown

_Answering = Callable[[Request], Coroutine[Any, Any, Response]]
_BAD: Final = (QueryError, ConfigError)
_NOT_THERE: Final = (NotArchived, NotFound)


class Blocked(Exception):
    """What is asked for was taken down, and the reason is told (451)."""

    def __init__(self, takedown: Takedown | None) -> None:
        super().__init__("taken down")
        self.takedown = takedown


class Wrong(Exception):
    """A request that cannot be answered as it stands (400); the message is for who sent it."""


class Missing(Exception):
    """The archive has nothing of what is asked for (404); *url* is its address, where it has one."""

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.url = url


def page_route(context: Context) -> type[APIRoute]:
    """Return the kind of route that answers its errors with pages."""

    class PageRoute(APIRoute):
        def get_route_handler(self) -> _Answering:
            answer = super().get_route_handler()

            async def answered(request: Request) -> Response:
                try:
                    return await answer(request)
                except Exception as error:
                    told = _told(context, request, error)
                    if told is None:
                        raise
                    return told

            return answered

    return PageRoute


def shown(context: Context, capture: Capture | None, url: str = "") -> Capture:
    """Return *capture* where it may be shown. Raises ``Missing`` (404) and ``Blocked`` (451)."""
    if capture is None:
        raise Missing(url)
    standing, takedown = context.standing(capture)
    if standing is Standing.BLOCKED:
        raise Blocked(takedown)
    if standing is Standing.HIDDEN:
        raise Missing(url)
    return capture


def _told(context: Context, request: Request, error: Exception) -> Response | None:
    if isinstance(error, Missing):
        return _page(context, request, 404, url=error.url)
    if isinstance(error, Blocked):
        takedown = error.takedown
        return _page(context, request, 451, reason=takedown.reason if takedown else "", takedown=takedown)
    if isinstance(error, Refused):
        return _page(context, request, error.status, message=error.message, headers=error.headers)
    if isinstance(error, RequestValidationError):
        names = ", ".join(sorted({str(each["loc"][-1]) for each in error.errors()}))
        return _page(context, request, 400, message=names)
    return _told_of_archive(context, request, error)


def _told_of_archive(context: Context, request: Request, error: Exception) -> Response | None:
    if isinstance(error, _NOT_THERE):
        return _page(context, request, 404)
    if isinstance(error, (Wrong, *_BAD)):
        return _page(context, request, 400, message=str(error))
    return None


def _page(
    context: Context,
    request: Request,
    status: int,
    *,
    headers: dict[str, str] | None = None,
    **values: object,
) -> Response:
    given = {"message": "", "url": "", "reason": "", "takedown": None, **values}
    return render(context, request, "error.html", status=status, headers=headers, code=status, **given)
