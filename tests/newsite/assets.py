"""Requisites made in code."""

import struct
import zlib


def png(number: int, *, side: int = 48) -> bytes:
    """Return a small square PNG (ISO/IEC 15948) whose colours depend on *number*."""
    row = b"".join(bytes(((number * 53 + x * 5) % 256, (number * 101 + x) % 256, 160)) for x in range(side))
    pixels = b"".join(b"\x00" + row[3 * (y % side) :] + row[: 3 * (y % side)] for y in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(pixels, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in parts)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
