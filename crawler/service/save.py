"""Save Page Now 2 for this archive ("Save Page Now 2 Public API Docs", 2025-10-22).

A form's ``POST /save`` is answered as the Internet Archive answers it: with status 200 even where the URL is
refused for good, the reason in ``status_ext``; who sends JSON gets 400 or 429 then. Where waiting helps it is
always 429 with ``Retry-After``. ``GET /save/<url>`` waits for the capture and leads to it. Ids are secret
enough: who knows one may see how that save goes.
"""

import re
from dataclasses import asdict
from typing import Any, Final
from urllib.parse import unquote

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from crawler.saves import Code, Key, Limits, Refusal, Save, SaveRefused, check_url
from crawler.service import told
from crawler.service.asked import Asked, asked, parameters
from crawler.service.auth import UNKNOWN, key_of, writer
from crawler.service.context import Context
from crawler.service.errors import Refused
from crawler.service.events import Watch
from crawler.service.pages import page, wants_page
from crawler.service.told import DOING

WAIT_SECONDS: Final = 110.0
"""How long ``GET /save/<url>`` waits: its clients give up after two minutes."""
OVERLOADED_AFTER: Final = 60.0
"""Seconds that a save has waited for its turn when the service calls itself overloaded."""
MOST_JOBS: Final = 500
"""Jobs that one request may ask for."""
_OVERLOADED: Final = "Save Page Now servers are temporarily overloaded. Your captures may be delayed."
LIMITS: Final = Limits()
"""For keys that have none of their own."""


def save_router(context: Context, watch: Watch) -> APIRouter:
    """Return all that saves and tells how saves go, but for the events."""
    router = APIRouter()
    _add_asking(router, context)
    _add_telling(router, context)
    _add_address(router, context, watch)
    return router


def _add_asking(router: APIRouter, context: Context) -> None:
    @router.get("/save")
    @router.get("/save/")
    def form(request: Request, url: str = "") -> Response:
        return _form(context, request, url=url)

    @router.post("/save")
    @router.post("/save/")
    async def save(request: Request) -> Response:
        given = await parameters(request)
        return await run_sync(_save, context, request, given)


def _add_telling(router: APIRouter, context: Context) -> None:
    @router.get("/save/status/user")
    def user(request: Request) -> dict[str, int]:
        return _user(context, request)

    @router.get("/save/status/system")
    def system() -> Response:
        return _system(context)

    @router.post("/save/status")
    @router.post("/save/status/")
    async def statuses(request: Request) -> Response:
        given = await parameters(request)
        return await run_sync(_statuses, context, request, given)

    @router.get("/save/status/{job}")
    def status(request: Request, job: str) -> Response:
        return _status(context, request, job)


def _add_address(router: APIRouter, context: Context, watch: Watch) -> None:
    @router.get("/save/{url:path}")
    async def save_address(request: Request) -> Response:
        given = _address_of(request)
        key = await run_sync(writer, context, request)
        save = await run_sync(_added, context, key, asked({"url": given}))
        save = await watch.ended(save.id, within=WAIT_SECONDS) or save
        return await run_sync(_led_to, context, request, save)


# --- asking -----------------------------------------------------------------------------------------


def _save(context: Context, request: Request, given: dict[str, str]) -> Response:
    try:
        key = writer(context, request, typed=given.get("key", ""))
        wanted = asked(given)
        save = _added(context, key, wanted)
    except Refused as refused:
        if wants_page(request):
            return _form(context, request, url=given.get("url", ""), refused=refused)
        if refused.status == 401 or "Retry-After" in refused.headers or _is_json(request):
            raise
        return JSONResponse({"status": "error", "status_ext": refused.code, "message": refused.message})
    if wants_page(request):
        return RedirectResponse(f"{context.base_url(request)}/save/status/{save.id}", 303)
    answer: dict[str, Any] = {"url": save.url, "job_id": save.id}
    if wanted.message:
        answer["message"] = wanted.message
    return JSONResponse(answer)


def _added(context: Context, key: Key, wanted: Asked) -> Save:
    """Put a save into the queue. Raises ``Refused`` where the URL or a limit forbids it. For a thread."""
    try:
        url = check_url(wanted.url, allows=context.addresses.allows)
    except SaveRefused as err:
        raise Refused(400, str(err.error), str(err)) from err
    with context.saves() as saves:
        found = LIMITS.admit(saves, key, url, wanted.options)
    if isinstance(found, Refusal):
        waits = None if found.status_ext == Code.TOO_MANY_DAILY_CAPTURES else found.retry_after_seconds
        raise Refused(429, str(found.status_ext), found.message, retry_after=waits)
    context.wake()
    return found


def _form(context: Context, request: Request, *, url: str, refused: Refused | None = None) -> Response:
    return page(
        "save.html",
        status=refused.status if refused else 200,
        headers=refused.headers if refused else None,
        base=context.base_url(request),
        url=url,
        message=refused.message if refused else "",
        needs_key=not context.config.service.open_save,
    )


def _is_json(request: Request) -> bool:
    return request.headers.get("Content-Type", "").lower().startswith("application/json")


def _address_of(request: Request) -> str:
    """Return the address behind ``/save/`` as it was written: escapes, query and all."""
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    text = raw.partition(b"/save/")[2].decode("ascii", "replace")
    if re.match(r"https?%3a", text, re.IGNORECASE):  # the whole address is escaped
        text = unquote(text)
    query = request.scope["query_string"].decode("ascii", "replace")
    return f"{text}?{query}" if query else text


def _led_to(context: Context, request: Request, save: Save) -> Response:
    """Return what leads to the capture of *save*, or says why there is none."""
    found = told.address(save)
    if found is None:
        raise _not_led(save)
    # The address stands as it was asked for: a redirect must not escape it once more.
    base, path = context.base_url(request), _ascii(found)
    headers = {
        "Content-Location": path,
        "Link": f'<{save.final_url or save.url}>; rel="original", <{base}{path}>; rel="memento"',
        "Cache-Control": "no-store",
    }
    if save.reused:
        headers["X-Page-Cache"] = "HIT"
    if "application/json" in request.headers.get("Accept", ""):
        answer = {"url": save.url, "job_id": save.id, "timestamp": save.timestamp}
        return JSONResponse(answer, headers=headers)
    return Response(status_code=302, headers={**headers, "Location": f"{base}{path}"})


def _not_led(save: Save) -> Refused:
    if save.pending:
        return Refused(504, "error:soft-time-limit-exceeded", f"save: {save.id} is still {DOING[save.stage]}")
    # 520, since clients take 502 to 504 for our own trouble and try again at once.
    refused = Refused(520, save.error or "error:job-failed", save.message)
    # savepagenow tells a refusal by robots.txt by this very text.
    by_robots = "robots.txt" in save.message
    told_by = "RobotAccessControlException: Blocked By Robots" if by_robots else f"{refused.code}"
    refused.headers["X-Archive-Wayback-Runtime-Error"] = told_by
    return refused


def _ascii(path: str) -> str:
    return "".join(each if each.isascii() and each > " " else _escaped(each) for each in path)


def _escaped(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode())


# --- telling ----------------------------------------------------------------------------------------


def _status(context: Context, request: Request, job: str) -> Response:
    with context.saves() as saves:
        save = saves.get(job)
    if wants_page(request):
        if save is None:
            raise Refused(404, "error:not-found", told.unknown(job)["message"])
        return _status_page(context, request, save)
    if save is None:
        return JSONResponse(told.unknown(job), 404)
    return JSONResponse(told.status(context, save), headers={"Cache-Control": "no-store"})


def _status_page(context: Context, request: Request, save: Save) -> Response:
    base = context.base_url(request)
    path = told.address(save)
    return page(
        "status.html",
        base=base,
        save=save,
        good=path is not None,
        address=f"{base}{path}",
        doing=f"{DOING[save.stage]}: {save.fetched} of {save.of}" if save.of else DOING[save.stage],
        resources=save.resources[: told.MOST_LISTED],
    )


def _statuses(context: Context, request: Request, given: dict[str, str]) -> Response:
    """Return the status of one job, of several as a list, or of all outlinks of one."""
    if "job_id" in given:
        return _status(context, request, given["job_id"].strip())
    with context.saves() as saves:
        if "job_id_outlinks" in given:
            parent = given["job_id_outlinks"].strip()
            if saves.get(parent) is None:
                return JSONResponse(told.unknown(parent), 404)
            return JSONResponse([told.status(context, child) for child in saves.children(parent)])
        jobs = [job for part in given.get("job_ids", "").split(",") if (job := part.strip())]
        if not jobs or len(jobs) > MOST_JOBS:
            message = f"save: name a job_id, up to {MOST_JOBS} job_ids, or job_id_outlinks"
            raise Refused(400, "error:bad-request", message)
        found = [(job, saves.get(job)) for job in jobs]
    return JSONResponse([told.status(context, save) if save else told.unknown(job) for job, save in found])


def _user(context: Context, request: Request) -> dict[str, int]:
    key = key_of(context, request)
    if key is None:
        raise Refused(401, "error:unauthorized", UNKNOWN)
    with context.saves() as saves:
        return asdict(LIMITS.allowance(saves, key))


def _system(context: Context) -> Response:
    with context.saves() as saves:
        standing = saves.standing()
    told_of = {"recent_captures": standing.done_today, "queues": {"saves": standing.waiting}}
    # Another machine's workers may be at it.
    if not context.saving() and not standing.running:
        told_of["status"] = "No saves are carried out for now: no worker is running."
        return JSONResponse(told_of, 502)
    overloaded = standing.oldest_waiting_seconds > OVERLOADED_AFTER
    return JSONResponse({"status": _OVERLOADED if overloaded else "ok", **told_of})
