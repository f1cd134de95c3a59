"""What an examination of an archive found, in words and as JSON."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Self

import orjson


class Damage(StrEnum):
    """Classes of damage, the gravest first; the last two are notes."""

    MANIFEST_UNREADABLE = "manifest_unreadable"
    MISSING_OBJECT = "missing_object"
    UNREADABLE_OBJECT = "unreadable_object"
    SIZE = "size"
    SHA256 = "sha256"
    RECORD_TRUNCATED = "record_truncated"
    RECORD_DAMAGED = "record_damaged"
    BLOCK_DIGEST = "block_digest"
    PAYLOAD_DIGEST = "payload_digest"
    COMPANION_MISSING = "companion_missing"
    REVISIT_UNRESOLVED = "revisit_unresolved"
    CHAIN_BROKEN = "chain_broken"
    REPLACED_TWICE = "replaced_twice"
    """Several segments replace one, as after two purges or repairs at once: its captures are there twice, and
    what one of the purges took is still in the segment of the other."""
    INDEX_MISSING_LINE = "index_missing_line"
    INDEX_EXTRA_LINE = "index_extra_line"
    INDEX_WRONG_LINE = "index_wrong_line"
    INDEX_UNSORTED = "index_unsorted"
    ARTICLES_UNREADABLE = "articles_unreadable"
    ARTICLE_ORPHAN = "article_orphan"
    COUNTS = "counts"
    REPLACED_OBJECT = "replaced_object"
    """A file of a segment that another one replaces; ``repair`` moves it aside."""
    ORPHAN_OBJECT = "orphan_object"
    """A file of no manifest: an upload that a crash cut off, and that its spool may still finish."""

    @property
    def note(self) -> bool:
        """Whether this is no damage, but something to know."""
        return self in {Damage.REPLACED_OBJECT, Damage.ORPHAN_OBJECT}

    @property
    def exit_code(self) -> int:
        """What the command line ends with where this is the gravest (docs/exit-codes.md)."""
        return _EXIT_CODES[self]


_GROUPS = {
    0: (Damage.REPLACED_OBJECT, Damage.ORPHAN_OBJECT),
    31: (Damage.MANIFEST_UNREADABLE, Damage.MISSING_OBJECT, Damage.UNREADABLE_OBJECT),
    32: (Damage.SIZE, Damage.SHA256),
    33: (
        Damage.RECORD_TRUNCATED,
        Damage.RECORD_DAMAGED,
        Damage.BLOCK_DIGEST,
        Damage.PAYLOAD_DIGEST,
        Damage.COMPANION_MISSING,
    ),
    34: (Damage.REVISIT_UNRESOLVED,),
    35: (Damage.CHAIN_BROKEN, Damage.REPLACED_TWICE),
    36: (
        Damage.INDEX_MISSING_LINE,
        Damage.INDEX_EXTRA_LINE,
        Damage.INDEX_WRONG_LINE,
        Damage.INDEX_UNSORTED,
    ),
    37: (Damage.ARTICLES_UNREADABLE, Damage.ARTICLE_ORPHAN, Damage.COUNTS),
}
_EXIT_CODES = {damage: code for code, damages in _GROUPS.items() for damage in damages}


def counted(count: int, noun: str) -> str:
    """Return *count* and *noun*, in the plural where it is due."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


@dataclass(frozen=True, slots=True)
class Finding:
    """One damage, or one thing to know."""

    damage: Damage
    segment: str
    """Empty where the object belongs to none."""
    key: str
    """Of the object in the store."""
    offset: int | None
    """Bytes from the start of the WARC to the record, where it is about one."""
    words: str

    def __str__(self) -> str:
        place = f" at byte {self.offset:,}" if self.offset is not None else ""
        return f"{self.damage} {self.key}{place}: {self.words}"


@dataclass(frozen=True, slots=True)
class Tally:
    """What was read. Tallies add up."""

    segments: int = 0
    replaced: int = 0
    """Segments whose manifest only was read, since another one replaces them."""
    records: int = 0
    captures: int = 0
    revisits: int = 0
    articles: int = 0
    bytes: int = 0
    """Of WARCs, indexes and articles."""

    def __add__(self, other: Self) -> Self:
        return type(self)(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification found."""

    store: str
    """The store's URL."""
    collections: tuple[str, ...]
    findings: tuple[Finding, ...]
    counts: Tally

    @property
    def damages(self) -> list[Finding]:
        """The findings that are damage, the gravest class first."""
        ranks = {damage: rank for rank, damage in enumerate(Damage)}
        return sorted(
            (finding for finding in self.findings if not finding.damage.note),
            key=lambda finding: ranks[finding.damage],
        )

    @property
    def notes(self) -> list[Finding]:
        """The findings that are none."""
        return [finding for finding in self.findings if finding.damage.note]

    @property
    def ok(self) -> bool:
        """Whether all that the manifests promise is there."""
        return not self.damages

    @property
    def exit_code(self) -> int:
        """0, or that of the gravest class of damage."""
        return self.damages[0].damage.exit_code if self.damages else 0

    def lines(self) -> Iterator[str]:
        """Yield the report as lines of text, the verdict last."""
        yield from (f"note: {finding}" for finding in self.notes)
        yield from (str(finding) for finding in self.damages)
        tally = self.counts
        yield (
            f"{', '.join(self.collections) or 'no collection'} in {self.store}: "
            f"{counted(tally.segments, 'segment')}, {counted(tally.records, 'record')}, "
            f"{counted(tally.captures, 'capture')} ({counted(tally.revisits, 'revisit')}), "
            f"{counted(tally.articles, 'article')}, {counted(tally.bytes, 'byte')} read"
        )
        counts = Counter(finding.damage for finding in self.damages)
        told = ", ".join(f"{count:,} {damage}" for damage, count in counts.items())
        yield f"damaged: {told}" if told else "whole"

    def to_json(self) -> bytes:
        """Return the report as one JSON object."""
        return orjson.dumps(
            {
                "store": self.store,
                "collections": self.collections,
                "ok": self.ok,
                "exit_code": self.exit_code,
                "counts": asdict(self.counts),
                "findings": [asdict(finding) for finding in (*self.damages, *self.notes)],
            },
            option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
        )
