"""Our own server in a thread of the test, and a client that changes nothing of what is said."""

import http.client
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

import uvicorn

from crawler.config import load
from crawler.service.app import create_app
from crawler.service.context import Context
from crawler.service.listening import listen


def config_in(folder, **settings):
    """The configuration of an archive below *folder*, as ``segments.making.open_archive`` makes one."""
    given = {
        "store.url": str(folder / "store"),
        "store.collection": "trial",
        "state.folder": str(folder / "state"),
        "segments.min_free": 0,
        "service.refresh": 0.2,
        **{name.replace("__", "."): value for name, value in settings.items()},
    }
    return load(given, environ={})


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


class Client:
    """Asks one server; each request over a connection of its own, nothing followed."""

    def __init__(self, host, port):
        self.host, self.port = host, port
        self.url = f"http://{host}:{port}"

    def ask(self, method, path, body=None, headers=()):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.ask("GET", path, headers=_named(headers))

    def post(self, path, form, **headers):
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, urlencode(form).encode(), {**kind, **_named(headers)})

    def post_json(self, path, content, **headers):
        kind = {"Content-Type": "application/json"}
        return self.ask("POST", path, json.dumps(content).encode(), {**kind, **_named(headers)})


def _named(headers):
    return {name.replace("_", "-"): value for name, value in headers.items()}


@contextmanager
def serving(config, *, make=create_app, **more):
    """Give a client to a server for *config* (more: of :class:`Context`), and the context itself."""
    context = Context(config, **more)
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(make(context), log_config=None, ws="none", lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield Client(*listening.getsockname()[:2]), context
    finally:
        context.stopping.set()
        server.should_exit = True
        thread.join(20)
        listening.close()
        context.close()
