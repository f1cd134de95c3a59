"""A file as one line of an evaluation: text, title, authors, date."""

import gzip
import zlib
from pathlib import Path

import orjson

from pipelines.errors import ExtractionError
from pipelines.extract.article import Article
from pipelines.extract.cascade import extract
from pipelines.extract.dates import shown
from pipelines.extract.moments import written

_GZIP = b"\x1f\x8b"


def extracted_line(request: bytes) -> bytes:
    """Return the answer to *request*, both one JSON object.

    A request has ``id``, ``path`` and, if known, ``url``; an answer ``id``, ``text``, ``title``, ``author``
    (a list) and ``date``. That is the date which readers of the page are given: of publication, or of the
    last change where only this is shown; ISO 8601, with time and offset where the page gives both, or null.
    The file at ``path`` is a page as a server sends it, or the same in gzip.

    :raises ExtractionError: *request* is not such an object, or its file cannot be read.
    """
    try:
        asked = orjson.loads(request)
        name, path, url = asked["id"], Path(asked["path"]), asked.get("url") or ""
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise ExtractionError(
            f'extraction: {request[:200]!r} is no request; write {{"id": …, "path": …, "url": …}}'
        ) from error
    article = extract(_body(path), url)
    return orjson.dumps(
        {
            "id": name,
            "text": article.text,
            "title": article.title,
            "author": article.authors,
            "date": date_line(article),
        }
    )


def date_line(article: Article) -> str | None:
    """Return the date of *article* as an answer has it."""
    found = shown(article.published, article.modified)
    return None if found is None else written(found)


def _body(path: Path) -> bytes:
    try:
        body = path.read_bytes()
        return gzip.decompress(body) if body[:2] == _GZIP else body
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise ExtractionError(f"extraction: {str(path)!r} cannot be read ({error}); mend its path") from error
