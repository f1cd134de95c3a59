"""Names of those who hold leases, and whether they still live."""

import os
import platform
from contextlib import suppress
from secrets import token_hex


def new_owner() -> str:
    """Return a name that no other holder of leases has: machine, process and a random part."""
    return f"{platform.node()}/{os.getpid()}/{token_hex(4)}"


def is_gone(owner: str) -> bool:
    """Return whether *owner* is known to live no longer; False where that cannot be known from here."""
    node, _, rest = owner.rpartition("/")[0].rpartition("/")
    if node != platform.node() or not rest.isdecimal():
        return False
    pid = int(rest)
    if pid == os.getpid():  # in a container the process before us may have had our number
        return owner not in _OURS
    with suppress(PermissionError):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
    return False


_OURS: set[str] = set()


def claim(owner: str) -> None:
    """Remember that *owner* is of this very process, until :func:`disclaim`."""
    _OURS.add(owner)


def disclaim(owner: str) -> None:
    """Forget *owner*."""
    _OURS.discard(owner)
