"""Reading an object to its end, over as many connections as it takes."""

import io
import re
import time
from typing import TYPE_CHECKING, Any, cast

from pipelines.errors import StorageError, Unavailable, Unfit
from pipelines.storage.s3.errors import CUT, reported

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from botocore.response import StreamingBody
    from mypy_boto3_s3 import S3Client

# urllib3 fills a buffer or gives nothing of it, so a small one loses little when the connection breaks.
_PIECE_BYTES = 1 << 16
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 5.0
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(?:\d+|\*)")


class ObjectReader(io.RawIOBase):
    """The bytes of an object from *start* up to *stop*, fewer where it ends before.

    The first request is sent at once, so ``NotFound`` comes from the constructor. A connection that breaks is
    taken up again at the next byte, after *attempts* breaks without a byte in between as ``Unavailable``.
    """

    def __init__(
        self,
        client: "S3Client",
        bucket: str,
        key: str,
        *,
        start: int = 0,
        stop: int | None = None,
        attempts: int = 1,
    ) -> None:
        super().__init__()
        self._client = client
        self._place: dict[str, Any] = {"Bucket": bucket, "Key": key}
        self._url = f"s3://{bucket}/{key}"
        self._position = start
        self._stop = stop
        self._attempts = attempts
        self._breaks = 0
        self._etag = ""
        self._end = 0
        self._body: StreamingBody | None = None
        self._request()

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Fill *buffer* as far as one read goes; 0 only at the end. Raises ``Unavailable``."""
        view = memoryview(buffer).cast("B")[: min(self._end - self._position, _PIECE_BYTES)]
        if not view:
            return 0
        while not (count := self._read_some(view)):
            self._request()
        self._position += count
        self._breaks = 0
        return count

    def readall(self) -> bytes:
        """Return everything up to the end. Raises ``Unavailable``."""
        content = bytearray(self._end - self._position)
        view = memoryview(content)
        filled = 0
        while filled < len(view):
            filled += self.readinto(view[filled:])
        return bytes(content)

    def close(self) -> None:
        """Let the connection go."""
        self._drop()
        super().close()

    def _read_some(self, view: memoryview) -> int:
        """Return how many bytes came; 0 says that the connection broke and may be taken up again."""
        assert self._body is not None
        cause: Exception | None = None
        try:
            # The stubs take the buffer for a file.
            if count := self._body.readinto(cast("Any", view)):
                return count
        except CUT as error:
            cause = error
        self._drop()
        self._breaks += 1
        if self._breaks >= self._attempts:
            raise Unavailable(
                f"storage: {self._url!r} broke off at byte {self._position} of {self._end} "
                f"({cause or 'connection closed'}); try again later"
            ) from cause
        time.sleep(min(_FIRST_PAUSE_SECONDS * 2 ** (self._breaks - 1), _LONGEST_PAUSE_SECONDS))
        return 0

    def _request(self) -> None:
        ranged = self._position > 0 or self._stop is not None
        more: dict[str, Any] = {}
        if ranged:
            more["Range"] = f"bytes={self._position}-{'' if self._stop is None else self._stop - 1}"
        with reported("read", self._url):
            answer = self._client.get_object(**self._place, **more)
        self._body = answer["Body"]
        end = self._position + answer["ContentLength"]
        # Compared here and not asked with If-Match, which Ceph 16 misreads.
        if self._etag and (answer.get("ETag"), end) != (self._etag, self._end):
            raise StorageError(
                f"storage: {self._url!r} changed while it was read; objects must not be overwritten"
            )
        if ranged and _first_byte(answer.get("ContentRange")) != self._position:
            raise Unfit(f"storage: the store answers a range of {self._url!r} with other bytes; use another")
        self._etag, self._end = answer.get("ETag", ""), end

    def _drop(self) -> None:
        body, self._body = self._body, None
        if body is not None:
            body.close()


def _first_byte(content_range: str | None) -> int | None:
    found = _CONTENT_RANGE.fullmatch(content_range or "")
    return int(found[1]) if found else None
