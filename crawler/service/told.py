"""How a save is told to clients: the answers of Save Page Now, and what our own pages say."""

from typing import Any, Final

from crawler.saves import Save, Stage, State
from crawler.service.context import Context
from crawler.service.errors import body
from pipelines.model import Capture

MOST_LISTED: Final = 500
"""Resources, and outlinks, in one answer (Save Page Now's own limit)."""

DOING: Final = {
    Stage.QUEUED: "waiting for its turn",
    Stage.PAGE: "fetching the page",
    Stage.REQUISITES: "fetching what the page needs",
    Stage.ARTICLE: "reading the article",
    Stage.PUBLISHING: "bringing it to the store",
    Stage.INDEXING: "entering it in the search index",
    Stage.DONE: "done",
}


def status(context: Context, save: Save) -> dict[str, Any]:
    """Return *save* as a status request is answered. Asks the catalog: for a thread."""
    if save.pending:
        return {**_head(save, "pending"), **_progress(save)}
    if save.state is State.ERROR:
        told = body(save.error or "error:job-failed", save.message, exception=save.message)
        return {**told, **_head(save, "error"), **_http(save)}
    told = {**_head(save, "success"), "original_url": save.final_url or save.url, "timestamp": save.timestamp}
    told |= {"duration_sec": _duration(save), "outlinks": _outlinks(save), **_http(save)}
    if save.message:
        told["message"] = save.message
    if not save.options.skip_first:
        told["first_archive"] = _is_first(context, save)
    return told


def unknown(job: str) -> dict[str, Any]:
    """Return the answer for a job that is not known: not "pending" for ever."""
    return body("error:job-failed", f"there is no job {job}, or it ended long ago", job_id=job, resources=[])


def address(save: Save) -> str | None:
    """Return the path at which what *save* captured is read, None where there is nothing."""
    if save.state is not State.SUCCESS or save.timestamp is None:
        return None
    return f"/web/{save.timestamp}/{save.final_url or save.url}"


def _head(save: Save, state: str) -> dict[str, Any]:
    return {"status": state, "job_id": save.id, "resources": list(save.resources[:MOST_LISTED])}


def _progress(save: Save) -> dict[str, Any]:
    return {"url": save.url, "stage": save.stage.value, "fetched": save.fetched, "of": save.of}


def _http(save: Save) -> dict[str, Any]:
    return {} if save.status is None else {"http_status": save.status}


def _duration(save: Save) -> float:
    if save.finished is None:
        return 0.0
    return round((save.finished - (save.started or save.created)).total_seconds(), 3)


def _outlinks(save: Save) -> Any:  # noqa: ANN401 - one of two forms of JSON
    listed = list(save.outlinks.items())[:MOST_LISTED]
    if save.options.outlinks:
        return {url: job for url, job in listed if job}
    return [url for url, _ in listed]


def _is_first(context: Context, save: Save) -> bool:
    found: Capture | None = next(context.archive.catalog.find(save.final_url or save.url), None)
    return found is None or found.timestamp == save.timestamp
