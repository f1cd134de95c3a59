"""Saves of a loopback site, carried out by real workers into one archive."""

import time
from contextlib import contextmanager

from crawler.config import load
from crawler.recorder.archives import open_archive
from crawler.saves import SaveOptions, Saves
from crawler.state import Database
from crawler.worker import WorkerProcess
from newsite import Page

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360f8cfc00000030101"
    "00c9fe92ef0000000049454e44ae426082"
)
SENTENCES = "".join(
    f"<p>Sentence {n} of a story that is long enough to be read as one, with a word or two more.</p>"
    for n in range(9)
)


def pages(parts=30, name="story", links=()):
    """Return a page with *parts* requisites, by path: two stylesheets, one imported, the rest images."""
    images = [f"/{name}/{n}.png" for n in range(parts - 3)]
    shown, styled = images[:-1], images[-1]
    body = "".join(f"<img src='{path}' alt=''>" for path in shown)
    linked = "".join(f"<a href='{link}'>on</a>" for link in links)
    html = (
        f"<!doctype html><html><head><title>The {name} of the ferry</title>"
        f"<link rel=stylesheet href=/{name}/a.css><script src=/{name}/a.js></script></head>"
        f"<body><article><h1>The {name} of the ferry</h1>{SENTENCES}{body}{linked}</article></body></html>"
    )
    site = {
        f"/{name}": Page(html.encode()),
        f"/{name}/a.css": Page(b"@import 'b.css'; /* url(no.png) */", type="text/css"),
        f"/{name}/b.css": Page(f"body {{ background: url({styled}) }}".encode(), type="text/css"),
        f"/{name}/a.js": Page(b"let a = 1;", type="text/javascript"),
    }
    site |= {
        path: Page(PNG + path.encode(), type="image/png", etag=f'"{path}"') for path in images[: parts - 3]
    }
    return site


class Working:
    """Saves into an archive in *folder*."""

    def __init__(self, folder, **flags):
        self.folder = folder
        self.config = load(
            {
                "store.url": str(folder / "store"),
                "crawl.delay": 0,
                "crawl.allow_address": ["127.0.0.0/8"],
                "crawl.retries": 0,
                "crawl.workers": 1,
                "segments.min_free": 0,
                **{name.replace("__", "."): value for name, value in flags.items()},
            },
            environ={},
        )
        self.config.state_folder.mkdir(parents=True, exist_ok=True)
        self.database = Database(self.config.state_url)
        self.saves = Saves(self.database, self.config.store.collection)

    @contextmanager
    def worker(self, *, slots=4, drain=False, log_level="INFO"):
        log = self.folder / "worker.log"
        worker = WorkerProcess(self.config, slots=slots, drain=drain, log_file=log, log_level=log_level)
        with worker:
            assert worker.ready(30), (worker.error, self.log())
            yield worker

    def log(self):
        path = self.folder / "worker.log"
        return path.read_text()[-6000:] if path.exists() else ""

    def add(self, url, **options):
        return self.saves.add(url, SaveOptions(**options)).id

    def ended(self, id_, worker, timeout=30):
        """Return the save once it has ended."""
        end = time.monotonic() + timeout
        worker.wake()
        while time.monotonic() < end:
            save = self.saves.get(id_)
            if not save.pending:
                return save
            assert worker.poll() is None, (worker.error, self.log())
            time.sleep(0.005)
        raise TimeoutError(f"{self.saves.get(id_)}\n{self.log()}")

    def archive(self):
        return open_archive(self.config)

    def captures(self):
        """Return all captures of the archive, as a fresh catalog sees them."""
        archive = self.archive()
        try:
            archive.sync(full=True)
            return [*archive.catalog.all()]
        finally:
            archive.close()

    def close(self):
        self.database.close()
