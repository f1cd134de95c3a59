"""Where objects are kept: a folder, an S3 bucket, or memory, behind one contract.

For ``segments``, ``catalog``, ``archive`` and the crawler, which take an :class:`ObjectStore` and do not ask
which one it is. :mod:`pipelines.storage.contract` says what each promises.
"""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pipelines.errors import ConfigError, StorageError
from pipelines.storage.contract import ObjectInfo, ObjectStore
from pipelines.storage.keys import check_key
from pipelines.storage.local import LocalStore
from pipelines.storage.memory import MemoryStore
from pipelines.storage.s3 import S3Options, S3Store

__all__ = [
    "LocalStore",
    "MemoryStore",
    "ObjectInfo",
    "ObjectStore",
    "S3Options",
    "S3Store",
    "open_store",
]

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,254}")


def open_store(url: str, *, s3: S3Options | None = None) -> ObjectStore:
    """Return the store at *url*; nothing is read or sent yet.

    *url* is a folder's path (``./archive``, ``/srv/archive``, ``~/archive``), ``file:///srv/archive``,
    ``s3://bucket/prefix`` (reached as *s3* says) or ``memory:``, a new empty store for tests. Raises
    ``ConfigError`` for anything else.
    """
    scheme = _SCHEME.match(url)
    match scheme[0].lower() if scheme else "":
        case "" if url:
            return LocalStore(Path(url).expanduser())
        case "file:":
            return LocalStore(_folder(url))
        case "s3:":
            return _bucket(url, s3)
        case "memory:":
            name = url.partition(":")[2]
            return MemoryStore.named(name) if name else MemoryStore()
        case _:
            raise _refusal(url)


def _folder(url: str) -> Path:
    parts = urlsplit(url)
    if (
        parts.netloc not in {"", "localhost"}
        or not parts.path.startswith("/")
        or parts.query
        or parts.fragment
    ):
        raise _refusal(url)
    return Path(unquote(parts.path))


def _bucket(url: str, options: S3Options | None) -> S3Store:
    slashes, bucket, prefix = url[3:5], *url[5:].partition("/")[::2]
    prefix = prefix.strip("/")
    if slashes != "//" or not _BUCKET.fullmatch(bucket):
        raise _refusal(url)
    try:
        return S3Store(check_key(bucket), prefix and check_key(prefix), options)
    except StorageError as error:
        raise _refusal(url) from error


def _refusal(url: str) -> ConfigError:
    return ConfigError(
        f"storage: {url!r} is no store; give a folder (./archive, /srv/archive, file:///srv/archive), "
        "s3://bucket/prefix or memory:"
    )
