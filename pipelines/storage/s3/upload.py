"""Bringing objects into a bucket, whole or not at all, and making sure of it."""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC
from hashlib import file_digest
from hashlib import sha256 as sha256_of
from io import BufferedReader
from pathlib import Path
from typing import Any
from uuid import uuid4

from pipelines.errors import Conflict, NotFound, StorageError, Unavailable, Unfit
from pipelines.storage.contract import ObjectInfo
from pipelines.storage.s3.bucket import Bucket
from pipelines.storage.s3.errors import NoUpload, reported
from pipelines.storage.s3.examination import checksum_arguments
from pipelines.storage.s3.multipart import MultipartUpload

MOST_PARTS = 10_000
_TOKEN = "newswarc-put"  # noqa: S105 - the name of a metadata field
"""Metadata by which a put whose answer was lost knows its object from another's."""


class Uploader:
    """Puts into *bucket*; each of its methods may be called from several threads."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    def put(self, key: str, content: bytes) -> ObjectInfo:
        """Upload *content* with one request. Raises ``Conflict``, ``Unfit``."""
        bucket = self._bucket
        token = uuid4().hex
        digest = sha256_of(content).digest()
        extras = checksum_arguments(digest) if bucket.abilities().checksums else {}
        extras |= self._condition(key)
        try:
            with reported("put", bucket.url(key)):
                bucket.client.put_object(
                    **bucket.place(key), Body=content, Metadata={_TOKEN: token}, **extras
                )
        except Conflict:
            # The client repeats a request whose answer was lost, and then meets its own object.
            if not self._is_ours(key, token):
                raise
        return self._verified(key, len(content), digest=digest, told=b64encode(digest).decode())

    def put_file(self, key: str, path: Path, *, sha256: str) -> ObjectInfo:
        """Upload the file at *path*, in parts if it is larger than one. Raises ``Conflict``, ``Unfit``."""
        options = self._bucket.options
        file = _FileParts(path, options.part_size)
        if file.size > options.part_size:
            return self._put_parts(key, file, sha256=sha256)
        content = b"".join(file)
        file.compare(sha256)
        return self.put(key, content)

    def _put_parts(self, key: str, file: "_FileParts", *, sha256: str) -> ObjectInfo:
        bucket = self._bucket
        token = uuid4().hex
        checksums = bucket.abilities().checksums
        # The condition is judged at the end; who is late should not first send a gigabyte.
        bucket.refuse_taken(key)
        upload = MultipartUpload(
            bucket.client, bucket.place(key), checksums=checksums, metadata={_TOKEN: token}
        )
        with upload:
            upload.send(iter(file), threads=bucket.options.upload_threads)
            file.compare(sha256)
            # Ceph 16 heeds the condition of a put and ignores that of a completion.
            bucket.refuse_taken(key)
            try:
                upload.complete(self._condition(key))
            except (Conflict, NoUpload, Unavailable):
                if not self._is_ours(key, token):
                    raise
        return self._verified(key, file.size, digest=file.digest, told=upload.checksum)

    def _condition(self, key: str) -> dict[str, Any]:
        if self._bucket.abilities().conditional:
            return {"IfNoneMatch": "*"}
        self._bucket.refuse_taken(key)
        return {}

    def _is_ours(self, key: str, token: str) -> bool:
        try:
            return self._bucket.head(key)["Metadata"].get(_TOKEN) == token
        except NotFound:
            return False

    def _verified(self, key: str, size: int, *, digest: bytes, told: str) -> ObjectInfo:
        """Return what the store has at *key* after it is sure that its bytes give *digest*.

        The store's checksum is proof where the store is known to compute it and it is *told*, base64.
        Everything else is read back. Raises ``Unfit``, with the object removed, if that gives another digest.
        """
        found = self._bucket.head(key)
        proven = self._bucket.abilities().checksums and found.get("ChecksumSHA256") == told
        if found["ContentLength"] != size or not (proven or self._read_back(key) == digest):
            with suppress(StorageError):
                self._bucket.delete(key)
            raise Unfit(f"storage: {self._bucket.url(key)!r} differs from what was sent; use another store")
        return ObjectInfo(key, size, found["LastModified"].astimezone(UTC), digest.hex())

    def _read_back(self, key: str) -> bytes:
        with BufferedReader(self._bucket.reader(key)) as reader:
            return file_digest(reader, "sha256").digest()


class _FileParts:
    """The bytes of a file in parts, hashed as they pass."""

    def __init__(self, path: Path, part_size: int) -> None:
        self._path = path
        self._sha256 = sha256_of()
        try:
            self.size = path.stat().st_size
        except OSError as error:
            raise self._unreadable(error) from error
        self._part_size = max(part_size, -(-self.size // MOST_PARTS))

    def __iter__(self) -> Iterator[bytes]:
        try:
            with self._path.open("rb", buffering=0) as file:
                while part := file.read(self._part_size):
                    self._sha256.update(part)
                    yield part
        except OSError as error:
            raise self._unreadable(error) from error

    @property
    def digest(self) -> bytes:
        """The binary SHA-256 of what has been read."""
        return self._sha256.digest()

    def compare(self, sha256: str) -> None:
        """Raise ``StorageError`` unless what was read gives *sha256*, hexadecimal."""
        if self.digest.hex() != sha256.lower():
            raise StorageError(
                f"storage: {str(self._path)!r} gives sha256 {self.digest.hex()}, expected {sha256}; "
                "it changed, not stored"
            )

    def _unreadable(self, error: OSError) -> StorageError:
        return StorageError(f"storage: cannot read {str(self._path)!r} ({error.strerror}); not stored")
