"""Where a command writes: standard output, or a file that appears whole or not at all."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EDQUOT, ENOSPC
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from pipelines.errors import ConfigError, SpoolFull


@contextmanager
def output(path: Path | None) -> Iterator[BinaryIO]:
    """Give a sink: standard output for None or ``-``, else one whose content takes *path*'s place at the end.

    What fails before the end leaves *path* as it was. Raises ``ConfigError`` where it cannot be written,
    ``SpoolFull`` where the disk is full.
    """
    if path is None or str(path) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with reported(path):
        if path.exists() and not path.is_file():
            with path.open("wb") as device:
                yield device
            return
        beside = path.with_name(f".{path.name[-60:]}-{uuid4().hex[:8]}.new")
        try:
            with beside.open("xb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)


@contextmanager
def reported(path: Path) -> Iterator[None]:
    """Translate what the operating system says of writing to *path*."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        said = f"output: cannot write {str(path)!r} ({error.strerror or error})"
        if error.errno in {ENOSPC, EDQUOT}:
            raise SpoolFull(f"{said}; free some space") from error
        raise ConfigError(f"{said}; name another place with --output") from error
