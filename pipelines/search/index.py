"""The search index of an archive: a folder that can be made again from the store at any time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tantivy import Index, Query, Searcher

from pipelines.errors import SearchError
from pipelines.search.entries import url_key
from pipelines.search.filling import Filling, read_entries
from pipelines.search.following import Held, is_purged, lacking
from pipelines.search.generations import Generations, open_index, told
from pipelines.search.matching import find
from pipelines.segments.names import SegmentName
from pipelines.storage import ObjectStore

_PATIENCE_SECONDS = 10.0
"""For another process that makes the empty index at the same time."""
_REBUILD_PATIENCE_SECONDS = 60.0
"""For another process that takes in what is new: whoever asks for a new index needs it to be new."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far following the store has come."""

    files: int
    """Article files taken in."""
    of: int
    articles: int


@dataclass(frozen=True, slots=True)
class Followed:
    """What was taken in from the store."""

    segments: int
    articles: int
    unreadable: tuple[str, ...]
    """Keys of article files that are gone or damaged; they are tried again the next time."""


def ignore(_: Progress) -> None:
    """Take progress and show nothing."""


class SearchIndex:
    """An index of the articles of one collection or several. Readers see the last commit.

    Which segments it holds is written in the same commit as their articles, so a crash loses what was not
    committed and nothing else.
    """

    def __init__(self, folder: Path) -> None:
        """Use the index in *folder*; where there is none of this format an empty one is made.

        Raises ``SearchError`` where the folder cannot be used. A damaged index is told when it is first read
        or written, so that :meth:`rebuild` can still be asked for.
        """
        self._generations = Generations(folder)
        self._opened: tuple[Path, Index] | None = None
        if self._generations.current() is None:
            with self._generations.writing(patience=_PATIENCE_SECONDS):
                # Another process may have been first.
                if self._generations.current() is None:
                    path = self._generations.new()
                    self._opened = (path, open_index(path))
                    self._generations.use(path)

    # --- reading -----------------------------------------------------------------------------

    def searcher(self) -> Searcher:
        """Return a view of the last commit, which later ones do not change. Raises ``SearchError``."""
        index = self._index()
        with told(self._generations.folder):
            index.reload()
            return index.searcher()

    def held(self) -> dict[str, Held]:
        """Return the segments that the index holds, by name."""
        searcher = self.searcher()
        with told(self._generations.folder):
            return held_by(searcher)

    # --- writing -----------------------------------------------------------------------------

    def sync(
        self,
        store: ObjectStore,
        collection: str,
        *,
        processes: int = 1,
        progress: Callable[[Progress], None] = ignore,
    ) -> Followed:
        """Take in what *store* has and the index lacks, and return what that was.

        More than one of *processes* are started where there is much to do. Once a purge has taken segments
        that the index held, it is made anew, since words that are deleted in it stay in its files. Raises
        ``SearchBusy`` where another process writes, ``SearchError`` where the index cannot be used,
        ``StorageError`` where the store cannot be read.
        """
        known = self.held()
        wanted = list(lacking(store, collection, known))
        done = Followed(0, 0, ())
        if wanted:
            with self._generations.writing():
                if self.held() == known:
                    done = self._take(self._index(), store, wanted, processes, progress)
                else:
                    done = self._follow(self._index(), store, collection, processes, progress)
            known = self.held()
        collections = {SegmentName.parse(name).collection for name in known}
        if any(held.dropped for held in known.values()) and any(
            is_purged(store, each) for each in collections
        ):
            self.rebuild(store, sorted(collections), processes=processes, progress=progress, patience=0)
        return done

    def rebuild(
        self,
        store: ObjectStore,
        collections: Iterable[str],
        *,
        processes: int = 1,
        progress: Callable[[Progress], None] = ignore,
        patience: float = _REBUILD_PATIENCE_SECONDS,
    ) -> Followed:
        """Make the index anew from *store* and let it take the place of the old one, which serves until then.

        The old one need not be readable. Two that are made of one store answer the same. Raises
        ``SearchBusy`` where another process writes for *patience* seconds; else as :meth:`sync` does.
        """
        with self._generations.writing(patience=patience):
            path = self._generations.new()
            index = open_index(path)
            done = [self._follow(index, store, each, processes, progress) for each in collections]
            self._generations.use(path)
            self._opened = (path, index)
        unreadable = tuple(key for each in done for key in each.unreadable)
        return Followed(sum(each.segments for each in done), sum(each.articles for each in done), unreadable)

    def remove(self, *, url: str | None = None, segment: str | None = None) -> int:
        """Remove the entries of every capture of *url*, or of *segment*, and return how many they were.

        A removed segment counts as replaced: it does not come back but by :meth:`rebuild`. What is removed
        is in no answer from here on; its words stay in the files until these are merged. Where nothing may
        be left on the disk :meth:`rebuild` must follow, as it does by itself where :meth:`sync` meets a
        purge. Raises as :meth:`sync` does.
        """
        name, value = ("url_key", url_key(url)) if url is not None else ("segment", segment or "")
        with self._generations.writing():
            index = self._index()
            index.reload()
            before = index.searcher().num_docs
            with Filling(index, self._generations.folder) as filling:
                filling.remove(name, value)
                if segment is not None:
                    filling.mark(Held(segment, replaced=True, dropped=True))
            index.reload()
            return before - index.searcher().num_docs

    def _index(self) -> Index:
        path = self._generations.current()
        if path is None:
            raise SearchError(f"search: the index in {str(self._generations.folder)!r} is gone; search again")
        if self._opened is None or self._opened[0] != path:
            self._opened = (path, open_index(path))
        return self._opened[1]

    def _follow(
        self,
        index: Index,
        store: ObjectStore,
        collection: str,
        processes: int,
        progress: Callable[[Progress], None],
    ) -> Followed:
        index.reload()
        with told(self._generations.folder):
            known = held_by(index.searcher())
        return self._take(index, store, list(lacking(store, collection, known)), processes, progress)

    def _take(
        self,
        index: Index,
        store: ObjectStore,
        wanted: Sequence[Held],
        processes: int,
        progress: Callable[[Progress], None],
    ) -> Followed:
        taken = 0
        with Filling(index, self._generations.folder) as filling:
            for number, (held, found) in enumerate(read_entries(store, wanted, processes), 1):
                taken += filling.take(held, found)
                progress(Progress(number, len(wanted), filling.articles))
        return Followed(taken, filling.articles, tuple(filling.unreadable))


def held_by(searcher: Searcher) -> dict[str, Held]:
    """Return the segments that the index of *searcher* holds, by name."""
    marked = Query.exists_query("held")
    # Room for all results is made beforehand: no more than there are.
    count = find(searcher, marked, 1).count
    marks = find(searcher, marked, max(1, count)).hits
    found = [Held.from_json(searcher.doc(address)["held"][0]) for _, address in marks]
    return {each.segment: each for each in found}
