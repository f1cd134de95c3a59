import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipelines.archive import Archive
from pipelines.model import Capture
from pipelines.storage import open_store
from pipelines.warc.reader import read_records

PROJECT = Path(__file__).with_name("foreign_project.py")
ROOT = PROJECT.parents[2]


@dataclass
class Kept:
    """One exchange as the WARC holds it."""

    fields: list[tuple[str, str]]
    response: bytes
    request: bytes = b""
    interim: bytes = b""
    metadata: str = ""

    def get(self, name: str) -> str | None:
        return next((value for key, value in self.fields if key == name), None)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.fields if key == name]


@dataclass
class Crawled:
    brought: dict[str, Any]
    stats: dict[str, Any]
    kept: dict[str, list[Kept]]
    captures: list[Capture]
    log: list[dict[str, Any]]
    store: Path
    errors: str = ""


@pytest.fixture(scope="session")
def crawl_with_addon(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Crawled]:
    """Run the foreign project over requests, and read back what its archive holds."""

    def crawl(
        requests: Sequence[dict[str, Any]],
        archive: dict[str, Any] | None = None,
        store: Path | None = None,
        **settings: Any,
    ) -> Crawled:
        store = store or tmp_path_factory.mktemp("store")
        settings["ARCHIVE"] = {"store.url": str(store), "segments.min_free": 0, **(archive or {})}
        run = subprocess.run(
            [sys.executable, str(PROJECT)],
            input=json.dumps({"settings": settings, "requests": list(requests)}),
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(store)},
            timeout=200,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        told = json.loads(run.stdout.splitlines()[-1])
        return read_back(store, told, run.stderr)

    return crawl


def read_back(store: Path, told: dict[str, Any], errors: str) -> Crawled:
    archive = Archive(open_store(str(store)), "news", store / ".newswarc")
    archive.sync()
    kept: dict[str, list[Kept]] = {}
    log: list[dict[str, Any]] = []
    for warc in sorted(store.glob("news/archive/**/*.warc.gz")):
        read_warc(warc, kept, log)
    crawled = Crawled(told["brought"], told["stats"], kept, [*archive.catalog.all()], log, store, errors)
    archive.close()
    return crawled


def read_warc(warc: Path, kept: dict[str, list[Kept]], log: list[dict[str, Any]]) -> None:
    by_id: dict[str, Kept] = {}
    with warc.open("rb") as file:
        for record in read_records(file):
            block = record.block.read()
            url = record.get("WARC-Target-URI") or ""
            if record.kind in {"response", "revisit"}:
                by_id[record.get("WARC-Record-ID") or ""] = one = Kept(list(record.fields), block)
                kept.setdefault(url, []).append(one)
            elif record.kind == "request":
                by_id[record.get("WARC-Concurrent-To") or ""].request = block
            elif record.kind == "metadata" and "msgtype=response" in (record.get("Content-Type") or ""):
                by_id[record.get("WARC-Concurrent-To") or ""].interim = block
            elif record.kind == "metadata":
                by_id[record.get("WARC-Concurrent-To") or ""].metadata = block.decode()
            elif "crawl-log" in url:
                log += [json.loads(line) for line in block.splitlines()]
