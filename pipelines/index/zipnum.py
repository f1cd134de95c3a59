r"""A ZipNum cluster: one sorted index of millions of lines, of which a reader fetches single blocks.

As the Internet Archive, Common Crawl and pywb have it. The lines stand in *shards*, gzip files whose members
hold :data:`BLOCK_LINES` lines each; ``cluster.idx`` has a line for each member, with the first urlkey and
time in it::

    com,example)/news 20261123140509\tcluster-000.cdxj.gz\t1048576\t188224\t17

shard, offset, length (bytes), and the member's number from 1. ``cluster.loc`` says where each shard lies.
"""

import gzip
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from pipelines.errors import RecordError

BLOCK_LINES: Final = 3000
"""Lines of a block, as everybody has it: some 150 kB compressed, one range request."""
SHARD_BYTES: Final = 256 * 2**20
"""Compressed bytes after which the next shard begins."""
CLUSTER_FOLDER: Final = "indexes/cluster"
"""Where clusters lie in a collection."""
IDX_NAME: Final = "cluster.idx"
LOC_NAME: Final = "cluster.loc"
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class ClusterFile:
    """One file of a cluster, written."""

    name: str
    path: Path
    size: int
    """Bytes."""
    sha256: str
    """64 hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class ClusterTally:
    """What a cluster holds."""

    lines: int
    blocks: int


def write_cluster(
    lines: Iterable[bytes],
    folder: Path,
    *,
    done: Callable[[ClusterFile], None],
    prefix: Callable[[], str] = str,
    shard_bytes: int = SHARD_BYTES,
) -> ClusterTally:
    """Write *lines*, which are sorted by their bytes, as a cluster into *folder*.

    *done* is told of each file once it is whole and not needed here any more: the shards, ``cluster.idx``,
    ``cluster.loc``. *prefix*, asked once the shards are there, is where they lie as an URL that ends in
    ``/``, beside the place relative to ``cluster.loc``; empty where there is none. A block of lines is in
    memory at a time. Raises ``RecordError`` where the lines are not sorted.
    """
    cluster = _Cluster(folder, done, shard_bytes)
    try:
        for block in _blocks(lines):
            cluster.add(block)
        cluster.close(prefix)
    finally:
        cluster.let_go()
    return ClusterTally(cluster.lines, cluster.blocks)


class _Cluster:
    def __init__(self, folder: Path, done: Callable[[ClusterFile], None], shard_bytes: int) -> None:
        self._folder, self._done, self._shard_bytes = folder, done, shard_bytes
        self._idx = _Sink(folder / IDX_NAME)
        self._shard: _Sink | None = None
        self._names: list[str] = []
        self.lines = 0
        self.blocks = 0

    def add(self, block: list[bytes]) -> None:
        shard = self._shard or self._next_shard()
        packed = gzip.compress(b"".join(block), _LEVEL, mtime=0)
        self.lines += len(block)
        self.blocks += 1
        start = b" ".join(block[0].split(b" ", 2)[:2])
        place = f"\t{shard.path.name}\t{shard.size}\t{len(packed)}\t{self.blocks}\n"
        shard.write(packed)
        self._idx.write(start + place.encode())
        if shard.size >= self._shard_bytes:
            self._finish_shard()

    def close(self, prefix: Callable[[], str]) -> None:
        self._finish_shard()
        start = prefix()
        self._done(self._idx.close())
        loc = _Sink(self._folder / LOC_NAME)
        for name in self._names:
            # A reader tries one after the other: first beside this file, then in the store.
            places = [name, start + name] if start else [name]
            loc.write("\t".join([name, *places]).encode() + b"\n")
        self._done(loc.close())

    def let_go(self) -> None:
        """Close what is still open after a failure."""
        for sink in (self._idx, self._shard):
            if sink is not None:
                sink.close()

    def _next_shard(self) -> "_Sink":
        name = f"cluster-{len(self._names):03d}.cdxj.gz"
        self._names.append(name)
        self._shard = _Sink(self._folder / name)
        return self._shard

    def _finish_shard(self) -> None:
        if self._shard is not None:
            self._done(self._shard.close())
            self._shard = None


class _Sink:
    """A file that is digested while it is written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self._digest = hashlib.sha256()
        self._file = path.open("wb")

    def write(self, content: bytes) -> None:
        self._file.write(content)
        self._digest.update(content)
        self.size += len(content)

    def close(self) -> ClusterFile:
        self._file.close()
        return ClusterFile(self.path.name, self.path, self.size, self._digest.hexdigest())


def _blocks(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    rest = iter(lines)
    last = b""
    while block := list(islice(rest, BLOCK_LINES)):
        for line in block:
            if line < last:
                raise RecordError(f"cdxj: {line[:80]!r} stands behind {last[:80]!r}; repair the index")
            last = line
        yield block
