"""From the parameters of a save, as Save Page Now names them, to what is to be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

import orjson
from fastapi import Request

from crawler.config.units import LONGEST_SECONDS, read_seconds
from crawler.saves import SaveOptions
from crawler.service.errors import Refused

MOST_OUTLINKS: Final = 100
"""What ``capture_outlinks`` means, and as many as a save may have saves of its own."""
RECENT_SECONDS: Final = 3600.0
"""Age below which a capture is the answer where ``if_not_archived_within`` is not given."""

_LONGEST_BODY: Final = 256 * 1024
_ON = {"1", "on"}
_UNKNOWN_HERE: Final = {
    "capture_screenshot": "capture_screenshot: no screenshots are made here",
    "outlinks_availability": "outlinks_availability: ask /wayback/available for each outlink",
    "email_result": "email_result: no mail is sent; ask for the status",
    "target_username": "target_username: login forms are not filled in; capture_cookie may do",
    "delay_wb_availability": "delay_wb_availability: captures can be read at once",
}
"""Parameters that are read and not obeyed, and what the client is told of that."""

Parameters = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client wants saved."""

    url: str
    options: SaveOptions
    message: str = ""
    """What of it is not done."""


async def parameters(request: Request) -> dict[str, str]:
    """Return the parameters in the body of *request*: a form's, or those of a JSON object.

    Raises ``Refused`` (400, 413) where it is neither, or too long.
    """
    content = await _body(request)
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return _of_json(content)
    if kind == "multipart/form-data":
        return await _of_multipart(request, content)
    try:
        return dict(parse_qsl(content.decode(), keep_blank_values=True, max_num_fields=100))
    except ValueError as error:
        raise Refused(400, "error:bad-request", f"service: the form cannot be read ({error})") from error


def asked(given: Parameters) -> Asked:
    """Return what *given* asks for. Raises ``Refused`` (400) where a value cannot be meant."""
    main, outlinks = _within(given.get("if_not_archived_within", ""))
    options = SaveOptions(
        requisites=given.get("requisites", "1") in _ON,
        outlinks=_outlinks(given),
        error_pages=_is_on(given, "capture_all"),
        unless_within=main,
        outlinks_unless_within=outlinks,
        skip_first=_is_on(given, "skip_first_archive"),
        user_agent=_header(given, "use_user_agent"),
        cookie=_header(given, "capture_cookie"),
    )
    left_out = [
        text for name, text in _UNKNOWN_HERE.items() if given.get(name, "").strip() not in {"", "0", "off"}
    ]
    return Asked(given.get("url", ""), options, "; ".join(left_out))


def seconds(text: str) -> float:
    """Return the seconds that *text* means: ``120``, ``3d 5h 20m``. Raises ``Refused`` (400)."""
    try:
        value = read_seconds(text)
    except ValueError as error:
        raise Refused(400, "error:bad-request", f"service: {text!r} {error}") from error
    assert isinstance(value, float | int)
    if not 0 <= value <= LONGEST_SECONDS:
        raise Refused(400, "error:bad-request", f"service: {text!r} is no duration; write 120, or 3d 5h 20m")
    return float(value)


def _within(text: str) -> tuple[float, float | None]:
    main, _, outlinks = text.partition(",")
    return (
        seconds(main) if main.strip() else RECENT_SECONDS,
        seconds(outlinks) if outlinks.strip() else None,
    )


def _outlinks(given: Parameters) -> int:
    if "outlinks" not in given:
        return MOST_OUTLINKS if _is_on(given, "capture_outlinks") else 0
    text = given["outlinks"]
    if not (text.isascii() and text.isdigit() and int(text) <= MOST_OUTLINKS):
        told = f"service: outlinks: {text!r} is no number from 0 to {MOST_OUTLINKS}"
        raise Refused(400, "error:bad-request", told)
    return int(text)


def _is_on(given: Parameters, name: str) -> bool:
    return given.get(name, "") in _ON


def _header(given: Parameters, name: str) -> str | None:
    value = given.get(name, "").strip()
    if not value:
        return None
    if not (value.isascii() and value.isprintable()) or len(value) > 4096:
        told = f"service: {name} cannot stand in a header; write up to 4096 printable ASCII characters"
        raise Refused(400, "error:bad-request", told)
    return value


async def _body(request: Request) -> bytes:
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > _LONGEST_BODY:
            told = f"service: the request is longer than {_LONGEST_BODY} bytes"
            raise Refused(413, "error:bad-request", told)
    return bytes(content)


def _of_json(content: bytes) -> dict[str, str]:
    try:
        given = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise Refused(400, "error:bad-request", f"service: the body is no JSON ({error})") from error
    if not isinstance(given, dict):
        raise Refused(400, "error:bad-request", "service: the body is no JSON object")
    return {name: _as_text(value) for name, value in given.items() if value is not None}


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


async def _of_multipart(request: Request, content: bytes) -> dict[str, str]:
    sent = False

    async def again() -> dict[str, Any]:
        nonlocal sent
        assert not sent
        sent = True
        return {"type": "http.request", "body": content, "more_body": False}

    async with Request(request.scope, again).form(max_files=0, max_fields=100) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}
