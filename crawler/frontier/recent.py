"""A memory of what came up lately."""

from collections.abc import Hashable


class Recent:
    """Remembers that keys were seen, the latest *least* of them at least; in bounded memory.

    What comes up on every page, such as a menu's links, is turned away here before it costs a request, JSON
    or a transaction. The store, which forgets nothing, decides about the rest.
    """

    def __init__(self, least: int) -> None:
        self._least = least
        # Hashes of 64 bits: two keys that share one are not met with.
        self._new: set[int] = set()
        self._old: set[int] = set()

    def __contains__(self, key: Hashable) -> bool:
        return hash(key) in self._new or hash(key) in self._old

    def add(self, key: Hashable) -> bool:
        """Remember *key*, and return whether it is not remembered already."""
        if key in self:
            return False
        self._new.add(hash(key))
        if len(self._new) >= self._least:
            self._old, self._new = self._new, set()
        return True
