"""A capture to take down."""

from pipelines.model import Capture
from pipelines.urls import urlkey

URL = "https://news.example/ships/1.html"


def capture(url, timestamp="20261123140509", **more) -> Capture:
    given = {
        "urlkey": urlkey(url), "timestamp": timestamp, "url": url, "kind": "response", "status": 200,
        "mime": "text/html", "digest": "sha1:" + "A" * 32, "sha256": "0" * 64, "segment": "s",
        "filename": "f", "offset": 0, "length": 1,
    }  # fmt: skip
    return Capture(**{**given, **more})
