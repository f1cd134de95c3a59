"""Objects in an S3 bucket, Amazon's or any other's that is fit."""

from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from pipelines.errors import Unfit
from pipelines.storage.contract import ObjectInfo
from pipelines.storage.keys import check_key, check_range, is_key
from pipelines.storage.s3.bucket import Bucket
from pipelines.storage.s3.errors import PastEnd, reported
from pipelines.storage.s3.options import S3Options
from pipelines.storage.s3.upload import Uploader

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef, ObjectTypeDef

_READ_BYTES = 1 << 20


class S3Store:
    """Objects in *bucket* whose keys begin with *prefix*; may be used from several threads at once.

    Before the first write it finds out by trial what the store can do (see ``examination``). Uploads are
    never left to trust: the store compared a SHA-256 of every byte, or the object is read back and hashed.
    Requests are repeated as *options* say; what comes as ``Unavailable`` then has been tried that often.
    """

    def __init__(self, bucket: str, prefix: str = "", options: S3Options | None = None) -> None:
        self._bucket = Bucket(bucket, prefix.strip("/"), options or S3Options())
        self._uploader = Uploader(self._bucket)

    @property
    def url(self) -> str:
        """``s3://bucket/prefix``."""
        return self._bucket.url().rstrip("/")

    def put(self, key: str, content: bytes) -> ObjectInfo:
        """Upload *content* with one request and verify it.

        Raises ``Conflict``, also where a put that ended in ``Unavailable`` has arrived after all.
        """
        return self._uploader.put(check_key(key), content)

    def put_file(self, key: str, path: Path, *, sha256: str) -> ObjectInfo:
        """Upload the file, in parts if it is larger than one, and verify it.

        In memory are at most ``upload_threads`` parts and one. Raises ``StorageError`` if the file does not
        give *sha256*, ``Unfit`` if what is stored does not; nothing stays in the store then.
        """
        return self._uploader.put_file(check_key(key), path, sha256=sha256)

    def get(self, key: str) -> bytes:
        """Return the whole object. Raises ``NotFound``, ``Unavailable``."""
        with self._bucket.reader(check_key(key)) as reader:
            return reader.readall()

    def get_range(self, key: str, offset: int, length: int) -> bytes:
        """Return *length* bytes from *offset*, with one request. Raises ``NotFound``, ``ValueError``."""
        check_range(offset, length)
        if length == 0:
            self.head(key)
            return b""
        try:
            with self._bucket.reader(check_key(key), start=offset, stop=offset + length) as reader:
                return reader.readall()
        except PastEnd:
            return b""

    def open(self, key: str) -> BinaryIO:
        """Return a reader over the object, with one request as long as the connection holds."""
        return BufferedReader(self._bucket.reader(check_key(key)), _READ_BYTES)

    def head(self, key: str) -> ObjectInfo:
        """Return what the store knows; ``sha256`` only of what went up in one part. Raises ``NotFound``."""
        found = self._bucket.head(check_key(key))
        return ObjectInfo(
            key, found["ContentLength"], found["LastModified"].astimezone(UTC), _whole_sha256(found)
        )

    def list(self, prefix: str = "", *, after: str = "") -> Iterator[ObjectInfo]:
        """Yield the objects under *prefix* that come behind *after*, a thousand a request."""
        start = len(self._bucket.prefix)
        last = ""
        for entry in self._entries(prefix, after):
            if entry["Key"] <= last:
                raise Unfit(f"storage: {self.url!r} does not list in the order of keys; use another store")
            last = entry["Key"]
            # Consoles make objects that end with '/' to show a folder; they are none of ours.
            if is_key(last[start:]):
                yield ObjectInfo(last[start:], entry["Size"], entry["LastModified"].astimezone(UTC))

    def delete(self, key: str) -> None:
        """Remove the object if there is one. Raises ``Denied``."""
        self._bucket.delete(check_key(key))

    def probe(self) -> None:
        """Try the store with small objects under ``.probe/``, and do as it turned out from then on.

        Raises ``Unfit``, ``Denied``, ``Unavailable``.
        """
        self._bucket.abilities(anew=True)

    def _entries(self, prefix: str, after: str) -> "Iterator[ObjectTypeDef]":
        bucket = self._bucket
        more: dict[str, Any] = {"StartAfter": bucket.prefix + after} if after else {}
        while True:
            with reported("list", bucket.url(prefix)):
                page = bucket.client.list_objects_v2(
                    Bucket=bucket.name, Prefix=bucket.prefix + prefix, **more
                )
            yield from page.get("Contents", [])
            # Pages may be short or empty; only IsTruncated says whether more follow.
            if not page["IsTruncated"]:
                return
            more = {"ContinuationToken": page["NextContinuationToken"]}


def _whole_sha256(found: "HeadObjectOutputTypeDef") -> str | None:
    """Return the object's own SHA-256; a checksum of parts' checksums is none."""
    told = found.get("ChecksumSHA256", "")
    if not told or "-" in told or found.get("ChecksumType") == "COMPOSITE":
        return None
    return b64decode(told).hex()
