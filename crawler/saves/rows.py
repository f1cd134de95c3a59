"""Saves as rows, and rows as saves."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row

from crawler.saves.model import Failed, Result, Save, SaveOptions, Stage, State


def row_of(
    save_id: str, url: str, options: SaveOptions, *, asker: Mapping[str, str | None]
) -> dict[str, Any]:
    """Return the row of a new save; *asker* has its collection, key and parent."""
    told = options.to_dict()
    cookie = told.pop("cookie", None)
    key, parent = asker["key"], asker["parent"]
    return {
        "id": save_id,
        **asker,
        "lane": lanes_of(key or "")[parent is not None],
        "url": url,
        "target": target_of(url),
        "twin": _digest(json.dumps([asker["collection"], key, parent, url, told, cookie], sort_keys=True)),
        "options": json.dumps(told),
        "cookie": cookie and _storable(cookie),
        "state": State.WAITING,
        "stage": Stage.QUEUED,
        "attempts": 0,
        "resources": "[]",
        "fetched": 0,
        "of": 0,
        "revisit": False,
        "reused": False,
        "outlinks": "{}",
        "message": "",
        "segments": "[]",
    }


def lanes_of(key: str) -> tuple[str, str]:
    """Return the lanes of what *key* asks for, and of the outlinks of that.

    Outlinks take turns among themselves, so that they do not keep what their own user asks for.
    """
    return key, f"{key}/outlinks"


def target_of(url: str) -> bytes:
    """Return what stands for *url* in an index."""
    return _digest(url)


def columns_of(result: Result | Failed) -> dict[str, Any]:
    """Return the columns that *result* changes."""
    changed: dict[str, Any] = {**result}
    for name in changed.keys() & {"resources", "segments"}:
        changed[name] = json.dumps(list(changed[name]))
    if "outlinks" in changed:
        changed["outlinks"] = json.dumps(dict(changed["outlinks"]))
    if "message" in changed:
        changed["message"] = _storable(changed["message"])
    return changed


def save_of(row: Row[Any]) -> Save:
    """Return the save that *row* is."""
    return Save(
        id=row.id,
        url=row.url,
        key=row.key,
        host=row.host,
        options=replace(SaveOptions.from_dict(json.loads(row.options)), cookie=row.cookie),
        parent=row.parent,
        state=State(row.state),
        stage=Stage(row.stage),
        created=datetime.fromtimestamp(row.created, UTC),
        started=_time(row.started),
        finished=_time(row.finished),
        attempts=row.attempts,
        resources=tuple(json.loads(row.resources)),
        fetched=row.fetched,
        of=row.of,
        timestamp=row.timestamp,
        final_url=row.final_url,
        status=row.status,
        revisit=row.revisit,
        reused=row.reused,
        outlinks=json.loads(row.outlinks),
        error=row.error,
        message=row.message,
        segments=tuple(json.loads(row.segments)),
    )


def _storable(text: str) -> str:
    # PostgreSQL has no text with a null character, UTF-8 none with half a character.
    return text.replace("\0", "�").encode("utf-8", "replace").decode()


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]


def _time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
