"""Names of segments and the keys of their objects in a store."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from pipelines.errors import ConfigError
from pipelines.urls import timestamp
from pipelines.warc.records import COPYING

_COLLECTION = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_KEY = re.compile(r".+/\d{4}/\d{2}/\d{2}/(?P<segment>[^/]+-\d{14}-\d{5,}-[a-z0-9]+)[.][^/]+")
_SEGMENT = re.compile(r"(?P<collection>.+)-(?P<opened>\d{14})-(?P<serial>\d{5,})-(?P<writer>[a-z0-9]+)")


def checked_collection(name: str) -> str:
    """Return *name* if it may name a collection. Raises ``ConfigError`` otherwise."""
    if not _COLLECTION.fullmatch(name):
        raise ConfigError(
            f"collection: {name!r} is no name for one; use up to 64 of a-z, 0-9, '.', '_', '-', "
            "a letter or digit first"
        )
    return name


def copying_writer() -> str:
    """Return a new name for who makes segments of the records of others: repair, purge, compaction."""
    # No spool folder is called so: those are hexadecimal.
    return COPYING + secrets.token_hex(4)


def segment_of_key(key: str) -> str | None:
    """Return the segment that the object at *key* belongs to: its WARC, index, articles, manifest, a reading.

    None where it is none of these.
    """
    match = _KEY.fullmatch(key)
    return match["segment"] if match else None


@dataclass(frozen=True, slots=True)
class SegmentName:
    """``<collection>-<14-digit time>-<serial>-<writer>``, unique without asking anyone."""

    collection: str
    opened: str
    """14 digits, UTC."""
    serial: int
    """Counts the segments of one writer, from 1."""
    writer: str

    @classmethod
    def new(cls, collection: str, opened: datetime, *, serial: int, writer: str) -> "SegmentName":
        """Return the name of the segment that *writer* opens at the aware time *opened*."""
        return cls(collection, timestamp(opened), serial, writer)

    @classmethod
    def parse(cls, text: str) -> "SegmentName":
        """Return the name that *text* is. Raises ``ValueError`` where it is none."""
        match = _SEGMENT.fullmatch(text)
        if not match:
            raise ValueError(f"segment: {text!r} is not <collection>-<14 digits>-<serial>-<writer>")
        return cls(match["collection"], match["opened"], int(match["serial"]), match["writer"])

    def __str__(self) -> str:
        return f"{self.collection}-{self.opened}-{self.serial:05d}-{self.writer}"

    @property
    def is_copied(self) -> bool:
        """Whether its records were written for others: their ids do not follow from where they lie."""
        return self.writer.startswith(COPYING)

    @property
    def warc_filename(self) -> str:
        """What index lines call the WARC: its key below ``<collection>/archive/``."""
        return f"{self.day}/{self}.warc.gz"

    @property
    def warc_key(self) -> str:
        """Key of the WARC."""
        return f"{self.collection}/archive/{self.warc_filename}"

    @property
    def index_key(self) -> str:
        """Key of the CDXJ index."""
        return f"{self.collection}/indexes/{self.day}/{self}.cdxj"

    @property
    def articles_key(self) -> str:
        """Key of the articles' Parquet file."""
        return f"{self.collection}/articles/{self.day}/{self}.parquet"

    @property
    def manifest_key(self) -> str:
        """Key of the manifest."""
        return f"{self.collection}/segments/{self.day}/{self}.json"

    @property
    def day(self) -> str:
        """``2026/11/23``, the day in its keys."""
        return f"{self.opened[:4]}/{self.opened[4:6]}/{self.opened[6:8]}"
