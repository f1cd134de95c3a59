"""The journal: what can be read of it, wherever it is torn."""

import pytest

from pipelines.errors import RecordError
from pipelines.segments.journal import Entry, Header, JobInfo, Journal, read_journal

HEADER = Header(
    "trial-20261123140509-00001-0a1b",
    JobInfo("job-1", {"operator": "海港"}, "{}", {"a.example": {"drop": [".x"]}}),
)
ENTRIES = [
    Entry(100),
    Entry(350, "example,news)/ 20261123140509 {}\n", True, {"title": 'A "ship"\n'}, {"status": 200}),
    Entry(350, log={"error": "dns"}),
    Entry(900, "example,news)/b 20261123140510 {}\n", log={"status": None}),
]


@pytest.fixture
def path(tmp_path):
    journal = Journal(tmp_path / "journal", HEADER)
    for entry in ENTRIES:
        journal.append(entry)
    journal.write(sync=True)
    journal.close()
    return tmp_path / "journal"


def test_gives_back_what_it_took(path):
    header, entries = read_journal(path)
    assert header == HEADER
    assert [*entries] == ENTRIES


def test_nothing_is_there_before_it_is_written(tmp_path):
    journal = Journal(tmp_path / "journal", HEADER)
    journal.append(ENTRIES[0])
    assert journal.pending
    assert (tmp_path / "journal").read_bytes() == b""
    journal.write(sync=False)
    assert not journal.pending
    journal.append(ENTRIES[1])
    journal.discard()
    journal.write(sync=False)
    journal.close()
    assert [*read_journal(tmp_path / "journal")[1]] == ENTRIES[:1]


def test_torn_at_every_byte_it_gives_its_whole_lines(path):
    content = path.read_bytes()
    ends = [end + 1 for end, byte in enumerate(content) if byte == 10]
    for size in range(len(content)):
        path.write_bytes(content[:size])
        whole = sum(end <= size for end in ends)
        if not whole:
            with pytest.raises(RecordError, match="no readable header"):
                read_journal(path)
            continue
        header, entries = read_journal(path)
        assert header == HEADER
        assert [*entries] == ENTRIES[: whole - 1]


def test_zeroes_at_the_end_are_a_torn_line(path):
    """What some file systems leave after a power cut."""
    content = path.read_bytes()
    path.write_bytes(content + bytes(512))
    assert [*read_journal(path)[1]] == ENTRIES
    path.write_bytes(content + bytes(512) + b"\n")
    assert [*read_journal(path)[1]] == ENTRIES


@pytest.mark.parametrize("line", [b"5\n", b"null\n", b"[]\n", b'{"end": 5, "unknown": 1}\n'])
def test_a_line_that_is_no_entry_ends_it(path, line):
    path.write_bytes(path.read_bytes() + line)
    assert [*read_journal(path)[1]] == ENTRIES
