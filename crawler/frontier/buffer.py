"""What became of entries and is to be written, all together."""

from collections.abc import Callable, Iterable

from crawler.frontier.model import Ended, Entry
from crawler.frontier.store import FrontierStore
from crawler.state import Database

_FULL = 64


class Buffer:
    """Collects new entries and ends, and writes them in one transaction.

    *count* is told how many entries of which kind were written.
    """

    def __init__(self, count: Callable[[str, int], None]) -> None:
        self._count = count
        self._riders: list[Callable[[], None]] = []
        self.added: list[Entry] = []
        self.ended: list[Ended] = []
        self.through: dict[int, Ended] = {}
        """Ends that are written once Scrapy has taken what follows from them."""
        self.returned: dict[int, Entry] = {}

    @property
    def is_full(self) -> bool:
        """Whether so much has come together that it is worth a transaction."""
        return len(self.added) + len(self.ended) + len(self.through) + len(self.returned) >= _FULL

    def ride(self, flush: Callable[[], None]) -> None:
        """Call *flush* within every transaction to come, before entries are written."""
        self._riders.append(flush)

    def end(self, ended: Iterable[Ended]) -> None:
        """Take notice that entries are through, and all that follows from them is here."""
        for one in ended:
            self.ended.append(one)
            self._count(one.state, 1)

    def settle(self, is_answered: Callable[[int], bool]) -> None:
        """End what is through, but not that of which more may still follow: *is_answered*."""
        self.end([self.through.pop(id_) for id_ in list(self.through) if not is_answered(id_)])

    def write(self, database: Database, store: FrontierStore, job: int) -> bool:
        """Write all, and what rides along, in one transaction; return whether there was any entry."""
        is_empty = not (self.added or self.ended or self.returned)
        if is_empty and not self._riders:
            return False
        with database.transaction():
            for flush in self._riders:
                flush()
            new = store.add(job, self.added)
            store.put_back(self.returned)
            store.end(self.ended)
        self._count("enqueued", new)
        self._count("seen", len(self.added) - new)
        self.added, self.ended, self.returned = [], [], {}
        return not is_empty
