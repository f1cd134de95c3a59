"""One bucket as its reader, uploader and store see it."""

import logging
from threading import Lock
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pipelines.errors import Conflict, NotFound, StorageError
from pipelines.storage.keys import MAX_KEY_BYTES
from pipelines.storage.s3.client import connect
from pipelines.storage.s3.errors import reported
from pipelines.storage.s3.examination import Abilities, examine
from pipelines.storage.s3.options import S3Options
from pipelines.storage.s3.reader import ObjectReader

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef

log = logging.getLogger(__name__)


class Bucket:
    """Requests to one bucket, below *prefix*, and what is known of its store."""

    def __init__(self, name: str, prefix: str, options: S3Options) -> None:
        self.name = name
        self.prefix = f"{prefix}/" if prefix else ""
        self.options = options
        self._lock = Lock()
        self._examining = Lock()
        self._client: S3Client | None = None
        self._abilities: Abilities | None = None
        self._seen = False

    @property
    def client(self) -> "S3Client":
        """The one client, which threads may share; made at first use."""
        with self._lock:
            if self._client is None:
                self._client = connect(self.options)
            return self._client

    def url(self, key: str = "") -> str:
        """Return the address of *key*, for messages."""
        return f"s3://{self.name}/{self.prefix}{key}"

    def place(self, key: str) -> dict[str, Any]:
        """Return bucket and full key as boto3 takes them. Raises ``StorageError`` if that gets too long."""
        full = self.prefix + key
        if len(full.encode()) > MAX_KEY_BYTES:
            raise StorageError(
                f"storage: {self.url(key)!r} is longer than {MAX_KEY_BYTES} bytes; shorten the prefix"
            )
        return {"Bucket": self.name, "Key": full}

    def abilities(self, *, anew: bool = False) -> Abilities:
        """Return what the store can do, found out by trial once, or again if *anew*."""
        with self._examining:
            if self._abilities is None or anew:
                self._abilities = examine(
                    self.client,
                    self.name,
                    self.place(f".probe/{uuid4().hex}")["Key"],
                    calculation=self.options.request_checksum_calculation,
                )
                self._seen = True
                if not self._abilities.conditional:
                    log.warning(
                        "%s: the store ignores If-None-Match; keys must be unique without it", self.url()
                    )
            return self._abilities

    def head(self, key: str) -> "HeadObjectOutputTypeDef":
        """Return the store's answer. Raises ``NotFound``, and ``StorageError`` if the bucket is missing."""
        try:
            with reported("find", self.url(key)):
                return self.client.head_object(**self.place(key), ChecksumMode="ENABLED")
        except NotFound:
            # The answer has no body, so it does not tell whether object or bucket is missing.
            self._see()
            raise

    def reader(self, key: str, *, start: int = 0, stop: int | None = None) -> ObjectReader:
        """Return a reader over the object or a part of it. Raises ``NotFound``."""
        place = self.place(key)
        attempts = self.options.max_attempts
        return ObjectReader(
            self.client, place["Bucket"], place["Key"], start=start, stop=stop, attempts=attempts
        )

    def refuse_taken(self, key: str) -> None:
        """Raise ``Conflict`` if there is an object at *key*."""
        try:
            self.head(key)
        except NotFound:
            return
        raise Conflict(f"storage: {self.url(key)!r} exists; objects are never overwritten")

    def delete(self, key: str) -> None:
        """Remove the object if there is one."""
        try:
            with reported("delete", self.url(key)):
                self.client.delete_object(**self.place(key))
        except NotFound:
            return

    def _see(self) -> None:
        if self._seen:
            return
        try:
            with reported("find", self.url()):
                self.client.head_bucket(Bucket=self.name)
        except NotFound as error:
            raise StorageError(
                f"storage: there is no bucket {self.name!r}; create it or correct the store's URL"
            ) from error
        self._seen = True
