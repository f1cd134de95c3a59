"""Uploading a file in parts."""

import logging
from base64 import b64encode
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import sha256
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from pipelines.errors import StorageError
from pipelines.storage.s3.errors import NoUpload, reported
from pipelines.storage.s3.examination import checksum_arguments

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

log = logging.getLogger(__name__)


class MultipartUpload:
    """An object that comes to be in parts, and only if the block ends without an error."""

    def __init__(
        self, client: "S3Client", place: dict[str, Any], *, checksums: bool, metadata: dict[str, str]
    ) -> None:
        self._client = client
        self._url = f"s3://{place['Bucket']}/{place['Key']}"
        self._checksums = checksums
        self._parts: list[CompletedPartTypeDef] = []
        self._digests: list[bytes] = []
        extras: dict[str, Any] = {"ChecksumAlgorithm": "SHA256"} if checksums else {}
        with reported("begin", self._url):
            begun = client.create_multipart_upload(**place, Metadata=metadata, **extras)
        self._place: dict[str, Any] = {**place, "UploadId": begun["UploadId"]}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._abort()

    def send(self, parts: Iterator[bytes], *, threads: int) -> None:
        """Upload *parts* in order, *threads* at once, each held in memory until it is there."""
        pending: deque[Future[None]] = deque()
        with ThreadPoolExecutor(threads, thread_name_prefix="upload") as pool:
            for number, content in enumerate(parts, start=1):
                self._digests.append(sha256(content).digest())
                pending.append(pool.submit(self._send_part, number, content))
                if len(pending) >= threads:
                    pending.popleft().result()
            for future in pending:
                future.result()

    @property
    def checksum(self) -> str:
        """The checksum of checksums that the store has to tell of the object (Amazon calls it composite).

        Base64 of the SHA-256 over the parts' binary SHA-256 digests, and their number: ``…=-3``.
        """
        composite = sha256(b"".join(self._digests)).digest()
        return f"{b64encode(composite).decode()}-{len(self._digests)}"

    def complete(self, condition: dict[str, Any]) -> None:
        """Make the parts an object, on the *condition* that boto3 takes as arguments."""
        parts = sorted(self._parts, key=lambda part: part["PartNumber"])
        with reported("complete", self._url):
            self._client.complete_multipart_upload(
                **self._place, MultipartUpload={"Parts": parts}, **condition
            )

    def _send_part(self, number: int, content: bytes) -> None:
        extras = checksum_arguments(self._digests[number - 1]) if self._checksums else {}
        with reported(f"upload part {number} of", self._url):
            answer = self._client.upload_part(**self._place, PartNumber=number, Body=content, **extras)
        part: CompletedPartTypeDef = {"PartNumber": number, "ETag": answer["ETag"]}
        if self._checksums:
            part["ChecksumSHA256"] = extras["ChecksumSHA256"]
        self._parts.append(part)

    def _abort(self) -> None:
        try:
            with reported("abort", self._url):
                self._client.abort_multipart_upload(**self._place)
        except NoUpload:
            pass
        except StorageError as error:
            # The first error is on its way already; a lifecycle rule of the bucket clears what stays.
            log.warning("%s: an unfinished upload stays in the store: %s", self._url, error)
