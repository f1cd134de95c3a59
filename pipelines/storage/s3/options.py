"""How an S3 store is reached."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from pipelines.errors import ConfigError

ChecksumCalculation = Literal["auto", "when_required", "when_supported"]

MIB = 1 << 20
LEAST_PART_BYTES = 5 * MIB
MOST_PART_BYTES = 5 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Options:
    """Where an S3 store is, who asks, and how patiently. What is None, boto3 finds as it always does.

    Raises ``ConfigError`` for values that cannot be.
    """

    endpoint_url: str | None = None
    """``https://host:port`` of a store other than Amazon's."""
    region: str | None = None
    """With an endpoint and nothing in the profile or environment: ``us-east-1``."""
    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    session_token: str | None = field(default=None, repr=False)
    profile: str | None = None
    """A profile of ``~/.aws/config``."""
    path_style: bool | None = None
    """The bucket in the path, not in the host's name; None: where an endpoint is given."""
    ca_bundle: Path | None = None
    """A PEM file of the authorities to trust instead of the usual ones."""
    request_checksum_calculation: ChecksumCalculation = "auto"
    """Whether each upload carries a SHA-256 for the store to check: ``when_supported`` always,
    ``when_required`` never (uploads are then read back), ``auto`` where a probe shows that it does."""
    part_size: int = 16 * MIB
    """Bytes. Larger files go up in parts of this size."""
    upload_threads: int = 4
    """Parts of one file under way at once, each held in memory."""
    max_attempts: int = 5
    """How often a request is sent before it is given up as ``Unavailable``."""
    connect_timeout: float = 10.0
    """Seconds."""
    read_timeout: float = 60.0
    """Seconds without a byte."""
    max_connections: int = 32

    def __post_init__(self) -> None:
        if self.request_checksum_calculation not in get_args(ChecksumCalculation):
            self._refuse("request_checksum_calculation", f"one of {', '.join(get_args(ChecksumCalculation))}")
        if not LEAST_PART_BYTES <= self.part_size <= MOST_PART_BYTES:
            self._refuse("part_size", f"{LEAST_PART_BYTES} to {MOST_PART_BYTES} bytes")
        for name in ("upload_threads", "max_attempts", "max_connections"):
            if getattr(self, name) < 1:
                self._refuse(name, "at least 1")
        for name in ("connect_timeout", "read_timeout"):
            if not getattr(self, name) > 0:
                self._refuse(name, "more than 0 seconds")
        if (self.access_key is None) != (self.secret_key is None):
            raise ConfigError("storage: access_key and secret_key come together; give both or neither")

    def _refuse(self, name: str, wanted: str) -> None:
        raise ConfigError(f"storage: {name} is {getattr(self, name)!r}; give {wanted}")
