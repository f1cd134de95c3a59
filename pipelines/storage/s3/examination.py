"""What a store does with what it is given, found out by trying.

Documentation does not tell: stores ignore conditions, keep chunk framing as part of the object, or take
checksums without looking at them. Each is asked once, with objects of a kilobyte under ``.probe/``.
"""

import logging
import os
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import product
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from pipelines.errors import Denied, StorageError, Unfit
from pipelines.storage.s3.errors import reported, status_of
from pipelines.storage.s3.options import ChecksumCalculation
from pipelines.storage.s3.reader import ObjectReader

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Abilities:
    """What can be left to the store."""

    conditional: bool
    """It refuses a put with ``If-None-Match: *`` where an object exists."""
    checksums: bool
    """It compares a SHA-256 with the bytes that came, refuses others, and tells it again later."""


def examine(client: "S3Client", bucket: str, key: str, *, calculation: ChecksumCalculation) -> Abilities:
    """Return what the store can do; leaves nothing at *key* and what starts with it.

    Raises ``Unfit`` if it changes bytes or lacks checksums that *calculation* insists on.
    """
    trial = _Trial(client, bucket, key)
    try:
        abilities = trial.run(checksums=calculation != "when_required")
    except BaseException:
        with suppress(StorageError):
            trial.clean()
        raise
    trial.clean()
    if calculation == "when_supported" and not abilities.checksums:
        raise Unfit(f"storage: s3://{bucket} checks no sha256; set request_checksum_calculation to 'auto'")
    return abilities


def checksum_arguments(digest: bytes) -> dict[str, Any]:
    """Return the arguments of an upload that have the store compare *digest*, a binary SHA-256."""
    # Ceph wants the algorithm named beside the value.
    return {"ChecksumAlgorithm": "SHA256", "ChecksumSHA256": b64encode(digest).decode()}


class _Trial:
    def __init__(self, client: "S3Client", bucket: str, key: str) -> None:
        self._client = client
        self._url = f"s3://{bucket}/{key}"
        self._place: dict[str, Any] = {"Bucket": bucket, "Key": key}
        self._beside: dict[str, Any] = {"Bucket": bucket, "Key": key + "-mismatch"}
        # Line ends and every byte once: what a store that mixes framing into the body would spoil.
        self._content = os.urandom(512) + b"\r\n0\r\n\r\n" + bytes(range(256)) * 2
        self._other = os.urandom(16)

    def run(self, *, checksums: bool) -> Abilities:
        with reported("probe", self._url):
            checksums = checksums and self._refuses_mismatch()
            accepted = self._put_first(checksums=checksums)
            conditional = accepted.conditional and self._refuses_second(checksums=accepted.checksums)
            overwritten = accepted.conditional and not conditional
            expected = self._other if overwritten else self._content
            self._compare(expected)
            return Abilities(conditional, accepted.checksums and self._tells_checksum(expected))

    def clean(self) -> None:
        for place in (self._place, self._beside):
            try:
                with reported("delete", self._url):
                    self._client.delete_object(**place)
            except Denied as error:
                # An archive whose writers may only add is a good one.
                log.warning("%s: the probe stays, this key may not delete: %s", self._url, error)

    def _refuses_mismatch(self) -> bool:
        wrong = checksum_arguments(sha256(self._other).digest())
        try:
            self._client.put_object(**self._beside, Body=self._content, **wrong)
        except ClientError as error:
            if not _is_refusal(error):
                raise
            return True
        return False

    def _put_first(self, *, checksums: bool) -> Abilities:
        """Put the object with as many of the extras as the store accepts."""
        right = checksum_arguments(sha256(self._content).digest())
        error: ClientError | None = None
        for with_checksum, conditional in product([True, False] if checksums else [False], [True, False]):
            extras = (right if with_checksum else {}) | ({"IfNoneMatch": "*"} if conditional else {})
            try:
                self._client.put_object(**self._place, Body=self._content, **extras)
            except ClientError as refusal:
                if not _is_refusal(refusal):
                    raise
                error = refusal
            else:
                return Abilities(conditional, with_checksum)
        assert error is not None
        raise error

    def _refuses_second(self, *, checksums: bool) -> bool:
        try:
            extras = {"IfNoneMatch": "*"} | (
                checksum_arguments(sha256(self._other).digest()) if checksums else {}
            )
            self._client.put_object(**self._place, Body=self._other, **extras)
        except ClientError as error:
            if status_of(error) in {409, 412}:
                return True
            raise
        return False

    def _compare(self, expected: bytes) -> None:
        with ObjectReader(self._client, self._place["Bucket"], self._place["Key"]) as reader:
            found = reader.readall()
        if found != expected:
            raise Unfit(
                f"storage: {self._url!r} was given {len(expected)} bytes and gave back {len(found)} others; "
                "use another store"
            )

    def _tells_checksum(self, content: bytes) -> bool:
        answer = self._client.head_object(**self._place, ChecksumMode="ENABLED")
        return answer.get("ChecksumSHA256") == b64encode(sha256(content).digest()).decode()


def _is_refusal(error: ClientError) -> bool:
    """Tell whether the store objects to what was asked, and not to who asked or when."""
    return status_of(error) in {400, 411, 501}
