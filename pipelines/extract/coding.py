"""Content codings undone, as far as the bytes allow, and never beyond a limit."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from pipelines.model import Headers, values

LIMIT = 64 * 1024 * 1024
"""Bytes that a page may have when decoded; what a bomb holds beyond them is not looked at."""

LAYERS = 4
"""Codings that may lie on top of each other; a page with more is left as it is."""

MEMBERS = 1000
"""gzip members of one payload that are read."""

_PIECE = 4096


def decoded(payload: bytes, headers: Headers) -> tuple[bytes, tuple[str, ...]]:
    """Return the bytes below *payload*'s ``Content-Encoding``, and what went wrong on the way.

    Nothing is raised: a coding that is unknown, or that its bytes do not have, is left as it is; of a
    stream that breaks off, the part before is given. Reasons: ``payload:not-<coding>``,
    ``payload:truncated``, ``payload:corrupt``, ``payload:too-large``, ``coding:undeclared-gzip``,
    ``coding:unknown:<name>``, ``coding:not-installed:<name>`` and ``coding:too-many``.
    """
    names = [name for value in values(headers, b"content-encoding") for name in _names(value)]
    if len(names) > LAYERS:
        return payload, ("coding:too-many",)
    reasons: list[str] = []
    if not names and payload[:3] == b"\x1f\x8b\x08":
        names, reasons = ["gzip"], ["coding:undeclared-gzip"]
    for name in reversed(names):
        payload, reason = _undone(payload, name)
        reasons += [reason] if reason else []
    if len(payload) > LIMIT:
        return payload[:LIMIT], (*reasons, "payload:too-large")
    return payload, tuple(reasons)


def _names(value: bytes) -> list[str]:
    names = (name.strip().lower() for name in value.decode("latin-1").split(","))
    return [name.removeprefix("x-") for name in names if name not in ("", "identity")]


def _undone(payload: bytes, name: str) -> tuple[bytes, str]:
    if not payload:
        return payload, ""
    if name not in _DECODERS:
        return payload, f"coding:unknown:{name[:20]}"
    try:
        out, reason = _DECODERS[name](payload)
    except ModuleNotFoundError:
        return payload, f"coding:not-installed:{name}"
    return (payload, f"payload:not-{name}") if not out and reason else (out, reason)


@dataclass(frozen=True, slots=True)
class _Stream:
    """What the decompressors of zlib, brotli and zstd have in common."""

    step: Callable[[bytes, int], bytes]
    """Compressed bytes and the room for output in, output out."""
    ended: Callable[[], bool]
    errors: tuple[type[Exception], ...]

    def run(self, payload: bytes, start: int, room: int) -> tuple[bytes, str, int]:
        """Return the output, what went wrong, and up to where *payload* was read.

        Fed in small pieces: of a stream that is broken, all before the broken piece is kept.
        """
        out = bytearray()
        for at in range(start, len(payload), _PIECE):
            try:
                out += self.step(payload[at : at + _PIECE], room - len(out))
            except self.errors:
                return bytes(out), "payload:corrupt", at
            if self.ended() or len(out) >= room:
                return bytes(out), "", min(at + _PIECE, len(payload))
        return bytes(out), "payload:truncated", len(payload)


def _inflater(bits: int) -> tuple[Any, _Stream]:
    inflate = zlib.decompressobj(bits)

    def step(piece: bytes, room: int) -> bytes:
        return inflate.decompress(inflate.unconsumed_tail + piece, room)

    return inflate, _Stream(step, lambda: inflate.eof, (zlib.error,))


def _gzip(payload: bytes) -> tuple[bytes, str]:
    out, reason, at = bytearray(), "", 0
    for _ in range(MEMBERS):
        inflate, stream = _inflater(31)
        part, reason, read = stream.run(payload, at, LIMIT + 1 - len(out))
        out += part
        at = read - len(inflate.unused_data)
        if reason or len(out) > LIMIT or payload[at : at + 2] != b"\x1f\x8b":
            break
    return bytes(out), reason


def _deflate(payload: bytes) -> tuple[bytes, str]:
    """RFC 9110 §8.4.1.2 wants the zlib format; some servers send the bare stream."""
    out, reason, _ = _inflater(15)[1].run(payload, 0, LIMIT + 1)
    if not out and reason:
        out, reason, _ = _inflater(-15)[1].run(payload, 0, LIMIT + 1)
    return out, reason


def _brotli(payload: bytes) -> tuple[bytes, str]:
    brotli = import_module("brotli")
    stream = brotli.Decompressor()

    def step(piece: bytes, room: int) -> bytes:
        out: bytes = stream.process(piece, output_buffer_limit=room)
        return out

    return _Stream(step, stream.is_finished, (brotli.error,)).run(payload, 0, LIMIT + 1)[:2]


def _zstd(payload: bytes) -> tuple[bytes, str]:
    zstd = import_module("backports.zstd")
    stream = zstd.ZstdDecompressor()
    return _Stream(stream.decompress, lambda: stream.eof, (zstd.ZstdError,)).run(payload, 0, LIMIT + 1)[:2]


_DECODERS = {"gzip": _gzip, "deflate": _deflate, "br": _brotli, "zstd": _zstd}
