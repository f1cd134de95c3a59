"""What clients are told when something cannot be done: JSON, or a page for browsers, never a traceback."""

import logging
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from crawler.service.pages import page, wants_page
from pipelines.errors import (
    ConfigError,
    NewswarcError,
    NotArchived,
    NotFound,
    StorageError,
    TakedownError,
)

logger = logging.getLogger(__name__)

_STATUSES: Final[tuple[tuple[type[NewswarcError], int, str], ...]] = (
    (NotArchived, 404, "error:not-found"),
    (NotFound, 404, "error:not-found"),
    (TakedownError, 451, "error:blocked-url"),
    (ConfigError, 400, "error:bad-request"),
    (StorageError, 503, "error:service-unavailable"),
    (NewswarcError, 500, "error:internal-server-error"),
)
"""The first kind that fits tells status and code."""


class Refused(Exception):
    """A request that is answered with an error: HTTP *status*, SPN's *code*, and what a person is told.

    *retry_after* are seconds after which it may be tried again, where that makes sense.
    """

    def __init__(self, status: int, code: str, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.headers = {} if retry_after is None else {"Retry-After": str(max(1, round(retry_after + 0.5)))}
        if status == HTTPStatus.UNAUTHORIZED:
            self.headers["WWW-Authenticate"] = "LOW"


def answer_errors(app: FastAPI) -> None:
    """Let *app* answer every error in the same form."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(NewswarcError, _newswarc)
    app.add_exception_handler(Exception, _unexpected)


def body(code: str, message: str, **more: object) -> dict[str, Any]:
    """Return an error as SPN writes it."""
    return {"status": "error", "status_ext": code, "message": message, **more}


def _answer(request: Request, status: int, told: dict[str, Any], headers: dict[str, str]) -> Response:
    if wants_page(request):
        phrase = HTTPStatus(status).phrase
        return page("error.html", status=status, headers=headers, phrase=phrase, message=told["message"])
    return JSONResponse(told, status, headers)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return _answer(request, error.status, body(error.code, error.message), error.headers)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    codes = {404: "error:not-found", 405: "error:method-not-allowed"}
    code = codes.get(error.status_code, "error:bad-request")
    return _answer(request, error.status_code, body(code, str(error.detail)), dict(error.headers or {}))


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    wrong = "; ".join(f"{'.'.join(map(str, each['loc'][1:]))}: {each['msg']}" for each in error.errors())
    return _answer(request, 400, body("error:bad-request", f"service: {wrong}"), {})


def _newswarc(request: Request, error: Exception) -> Response:
    assert isinstance(error, NewswarcError)
    status, code = next((status, code) for kind, status, code in _STATUSES if isinstance(error, kind))
    if status < 500 or status == 451:
        return _answer(request, status, body(code, str(error)), {})
    # It may name folders and databases: these are for who runs the service.
    logger.error("service: %s %s: %s", request.method, request.url.path, error)
    headers = {"Retry-After": "10"} if status == 503 else {}
    message = "the archive cannot be used for now; the service's log tells why"
    return _answer(request, status, body(code, message), headers)


def _unexpected(request: Request, error: Exception) -> Response:
    logger.error("service: %s %s failed", request.method, request.url.path, exc_info=error)
    message = "something went wrong inside the service; its log tells what"
    return _answer(request, 500, body("error:internal-server-error", message), {})
