"""The files below a folder in the order of their keys, one folder's names in memory at a time."""

import os
from collections.abc import Iterator
from pathlib import Path

from pipelines.storage.keys import is_key


def walk(root: Path, *, prefix: str, after: str) -> Iterator[str]:
    """Yield the keys of the files below *root* that start with *prefix* and come behind *after*.

    Sorted by the bytes of the whole key, so ``a.x`` comes before ``a/b``. Names that are no keys are left
    out, and so is what starts with ``.`` directly under *root*. Folders that are symbolic links are walked,
    but not those that lead back to a folder above. Raises ``OSError`` but for what vanishes meanwhile.
    """
    start = prefix.rpartition("/")[0]
    if start and not is_key(start):
        return
    levels = [_entries(root, start + "/" if start else "")]
    while levels:
        key = next(levels[-1], None)
        if key is None:
            levels.pop()
        elif not key.endswith("/"):
            if key.startswith(prefix) and key > after:
                yield key
        # All keys below a folder are greater than its own, and all start with it.
        elif (key.startswith(prefix) or prefix.startswith(key)) and (key > after or after.startswith(key)):
            levels.append(_entries(root, key))


def _entries(root: Path, base: str) -> Iterator[str]:
    """Return the keys of files and, ending with ``/``, of folders in *base*, sorted as their keys sort."""
    folder = root / base
    try:
        with os.scandir(folder) as entries:
            names = [entry.name + ("/" if entry.is_dir() else "") for entry in entries if _lists(entry)]
    except (FileNotFoundError, NotADirectoryError):
        return iter(())
    # With its slash a folder's name sorts exactly as the keys below it do among its neighbours.
    return iter(sorted(base + name for name in names if is_key(base + name.removesuffix("/"))))


def _lists(entry: "os.DirEntry[str]") -> bool:
    if entry.is_symlink() and entry.is_dir():
        target = Path(entry.path)
        return not any(above.samefile(target) for above in target.parents)
    return entry.is_dir() or entry.is_file()
