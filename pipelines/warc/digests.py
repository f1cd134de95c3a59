"""Digests of blocks and payloads, labelled as WARC/1.1 §5.8 and §5.9 write them.

The payload digest is SHA-1 in base32, the field's common tongue: comparable with other archives' indexes.
The block digest is SHA-256 in hexadecimal, and so is the payload's second digest in our index: SHA-1 can
be collided on purpose, so two payloads count as one only if both digests agree.
"""

import hashlib
from base64 import b32encode
from dataclasses import dataclass

from pipelines.model import Block
from pipelines.warc.message import READ_BYTES, Head, payload, read_head

START_BYTES = 1 << 12


def sha1_label(digest: bytes) -> str:
    """Return ``sha1:`` and the 32 characters of base32 that the field's indexes hold."""
    return f"sha1:{b32encode(digest).decode('ascii')}"


def sha256_label(content: bytes) -> str:
    """Return ``sha256:`` and 64 hexadecimal digits over *content*."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def block_digest(block: Block) -> str:
    """Return the labelled SHA-256 of *block*."""
    digest = hashlib.sha256()
    with block.open() as reader:
        while piece := reader.read(READ_BYTES):
            digest.update(piece)
    return f"sha256:{digest.hexdigest()}"


@dataclass(frozen=True, slots=True)
class DigestedResponse:
    """The head of a response, and the digests of its payload and block."""

    head: Head
    payload_sha1: str
    """As :func:`sha1_label` writes it."""
    payload_sha256: str
    """64 hexadecimal digits."""
    payload_length: int
    payload_start: bytes
    """The first bytes of the payload, at most ``START_BYTES``: enough to see what it is."""
    block_sha256: str
    """As :func:`sha256_label` writes it."""


def digest_response(block: Block) -> DigestedResponse:
    """Return head and digests of the HTTP response in *block*, chunk framing removed for the payload's."""
    sha1, sha256, length, start = hashlib.sha1(usedforsecurity=False), hashlib.sha256(), 0, b""
    with block.open() as reader:
        head, rest = read_head(reader)
        for piece in payload(head, rest, reader):
            sha1.update(piece)
            sha256.update(piece)
            length += len(piece)
            if len(start) < START_BYTES:
                start += piece[: START_BYTES - len(start)]
    return DigestedResponse(
        head=head,
        payload_sha1=sha1_label(sha1.digest()),
        payload_sha256=sha256.hexdigest(),
        payload_length=length,
        payload_start=start,
        block_sha256=block_digest(block),
    )
