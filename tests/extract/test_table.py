import dataclasses
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.errors import ExtractionError
from pipelines.extract import (
    ARTICLE_SCHEMA,
    Article,
    ArticleRow,
    Cue,
    Image,
    Link,
    Moment,
    Passage,
    PassageKind,
    Quality,
    Title,
    Transcript,
    read_articles,
    write_articles,
)
from pipelines.model import Capture, Truncation


def row(number: int, **changes) -> ArticleRow:
    capture = Capture(
        urlkey=f"example,quay)/{number}",
        timestamp="20261123081500",
        url=f"https://quay.example/{number}",
        kind="response",
        status=200,
        mime="text/html",
        digest="sha1:" + "A" * 32,
        sha256="0" * 64,
        segment="quay-20261123081500-0001-a",
        filename="2026/11/23/quay-20261123081500-0001-a.warc.gz",
        offset=number * 5_000_000_000,
        length=4711,
    )
    article = Article(
        url=capture.url,
        title=f"Ferry {number} 渡轮",
        authors=("Ada Lund",),
        published=Moment(date(2026, 11, 23), datetime(2026, 11, 23, 0, 15, tzinfo=UTC), "8:15", "time"),
        modified=Moment(date(2026, 11, 24), None, "2026-11-24", "meta:lastmod"),
        languages=("en",),
        passages=(Passage("It sailed.", "en"), Passage("Pier\nQuay", "en", PassageKind.LIST, (0, 7))),
        images=(Image("https://quay.example/a.png", "A boat"),),
        quality=Quality.FULL,
        reasons=("short",),
        extractor="newswarc/1",
        titles=(Title(f"Ferry {number} 渡轮", "en"), Title("渡轮", "zh")),
        translators=("沈雨",),
        links=(Link("https://quay.example/b", "the other boat"),),
        transcript=Transcript("https://quay.example/a.mp3", ((Cue(0.5, "It "), Cue(1.25, "sailed.")), ())),
        fingerprint="1:9:AAAA",
    )  # fmt: skip
    return dataclasses.replace(ArticleRow(article, capture, {"source": "rss", "guid": "x"}), **changes)


BARE = ArticleRow(
    Article(url="https://quay.example/bare"),
    dataclasses.replace(row(1).capture, status=None, kind="revisit", truncated=Truncation.TIME),
)


def test_what_is_written_is_read(tmp_path):
    rows = [row(0), BARE, row(2)]
    assert write_articles(iter(rows), tmp_path / "a.parquet") == 3
    assert list(read_articles(tmp_path / "a.parquet")) == rows
    assert list(read_articles(BytesIO((tmp_path / "a.parquet").read_bytes()))) == rows


def test_no_rows_are_a_file_too(tmp_path):
    assert write_articles([], tmp_path / "a.parquet") == 0
    assert list(read_articles(tmp_path / "a.parquet")) == []


def test_the_same_rows_give_the_same_bytes(tmp_path):
    for name, announced in (("a", {"source": "rss", "guid": "x"}), ("b", {"guid": "x", "source": "rss"})):
        write_articles((row(n, announced=announced) for n in range(50)), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_many_rows_are_written_group_by_group(tmp_path):
    passage = Passage("word " * 10_000, "en")
    heavy = dataclasses.replace(row(0).article, passages=(passage,))
    assert write_articles((row(n, article=heavy) for n in range(400)), tmp_path / "a.parquet") == 400
    groups = pq.ParquetFile(tmp_path / "a.parquet").metadata
    assert groups.num_rows == 400
    assert groups.num_row_groups > 1
    assert groups.row_group(0).column(0).compression == "ZSTD"


def test_every_column_is_described_in_the_file(tmp_path):
    write_articles([row(0)], tmp_path / "a.parquet")
    schema = pq.read_schema(tmp_path / "a.parquet")
    assert schema.names == ARTICLE_SCHEMA.names
    assert all(schema.field(name).metadata[b"description"] for name in schema.names)


def test_every_column_is_in_the_format_document():
    page = (Path(__file__).parents[2] / "docs" / "archive-format.md").read_text("utf-8")
    table = page.partition("\n## Articles\n")[2].partition("\n## ")[0]
    assert [name for name in ARTICLE_SCHEMA.names if f"`{name}`" not in table] == []
    for name in ("passages", "images", "links", "titles"):
        line = next(line for line in table.splitlines() if line.startswith(f"| `{name}`"))
        parts = ARTICLE_SCHEMA.field(name).type.value_type
        assert [part.name for part in parts if f"`{part.name}`" not in line] == []


TEXT = "It sailed.\n\nPier\nQuay"


NEW = ("titles", "translators", "links", "transcript", "fingerprint")


def test_files_of_the_first_extractor_are_read(tmp_path):
    write_articles([row(0), BARE], tmp_path / "new.parquet")
    table = pq.read_table(tmp_path / "new.parquet").drop_columns(list(NEW))
    passages = [
        [{name: each[name] for name in ("text", "language", "kind")} for each in cell]
        for cell in table["passages"].to_pylist()
    ]
    kind = pa.list_(pa.struct([(name, pa.string()) for name in ("text", "language", "kind")]))
    place = table.schema.get_field_index("passages")
    pq.write_table(table.set_column(place, "passages", pa.array(passages, kind)), tmp_path / "old.parquet")
    unknown = {"titles": (), "translators": (), "links": (), "transcript": None, "fingerprint": ""}
    first, second = read_articles(tmp_path / "old.parquet")
    plain = tuple(dataclasses.replace(each, parallel=()) for each in row(0).article.passages)
    assert first.article == dataclasses.replace(row(0).article, passages=plain, **unknown)
    assert second == BARE


def test_duckdb_reads_it(tmp_path):
    path = tmp_path / "a.parquet"
    write_articles([row(0), row(1), BARE], path)
    query = f"""select title, authors[1], passages[2].text, announced['source'], epoch(published),
        published_day, text from '{path}' where quality = 'full' and "offset" > 0"""
    assert duckdb.sql(query).fetchall() == [
        (
            "Ferry 1 渡轮",
            "Ada Lund",
            "Pier\nQuay",
            "rss",
            1795392900.0,
            date(2026, 11, 23),
            TEXT,
        )
    ]


def test_pandas_reads_it(tmp_path):
    write_articles([row(0), BARE], tmp_path / "a.parquet")
    frame = pd.read_parquet(tmp_path / "a.parquet")
    assert list(frame["title"]) == ["Ferry 0 渡轮", ""]
    assert frame["published"][0] == pd.Timestamp("2026-11-23T00:15:00Z")
    assert pd.isna(frame["published"][1])


def test_a_failing_source_leaves_no_file(tmp_path):
    def rows():
        yield row(0)
        raise RuntimeError("the segment ended")

    with pytest.raises(RuntimeError, match="the segment ended"):
        write_articles(rows(), tmp_path / "a.parquet")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_told(tmp_path):
    write_articles([row(n) for n in range(9)], tmp_path / "a.parquet")
    whole = (tmp_path / "a.parquet").read_bytes()
    for damaged in (b"", b"PAR1", whole[: len(whole) // 2], b"not parquet at all"):
        with pytest.raises(ExtractionError, match="extract its segment again"):
            list(read_articles(BytesIO(damaged)))
