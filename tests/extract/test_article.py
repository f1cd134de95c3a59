import json
from datetime import UTC, date, datetime

import pytest

from pipelines.errors import ExtractionError
from pipelines.extract import (
    Article,
    Cue,
    Image,
    Link,
    Moment,
    Passage,
    PassageKind,
    Quality,
    Title,
    Transcript,
)

ARTICLE = Article(
    url="https://example.org/2026/11/23/ferry",
    canonical_url="https://example.org/ferry",
    site="The Quay",
    section="Harbour",
    title="渡轮 returns",
    subtitle="After a year",
    authors=("Ada Lund", "沈雨"),
    published=Moment(
        date(2026, 11, 23), datetime(2026, 11, 22, 16, 30, tzinfo=UTC), "2026-11-23T00:30:00+08:00", "time"
    ),
    modified=Moment(date(2026, 11, 24), None, "2026-11-24", "meta:lastmod"),
    languages=("zh", "en"),
    passages=(Passage("渡轮回来了。", "zh", parallel=(1,)), Passage("a\tb\n1\t2", "und", PassageKind.TABLE)),
    images=(Image("https://example.org/a.jpg", "The quay", "boat"),),
    quality=Quality.PREVIEW,
    reasons=("short", "payload:truncated"),
    encoding="gb18030 (meta)",
    method="structure",
    extractor="newswarc/1",
    rules="example.org/3",
    titles=(Title("渡轮 returns", "zh"),),
    translators=("沈雨",),
    links=(Link("https://example.org/b", "b"),),
    transcript=Transcript("https://example.org/a.mp3", ((Cue(0.5, "渡轮"), Cue(2.0, "回来了。")),)),
    fingerprint="1:9:AAAA",
)


def test_json_round_trip_keeps_everything():
    assert Article.from_json(ARTICLE.to_json()) == ARTICLE


def test_json_of_an_unknown_article():
    bare = Article(url="https://example.org/")
    assert Article.from_json(bare.to_json()) == bare


def test_json_of_the_first_extractor_is_read():
    old = json.loads(Article(url="https://example.org/", passages=(Passage("a", "en"),)).to_json())
    for name in ("titles", "translators", "links", "transcript", "fingerprint"):
        del old[name]
    del old["passages"][0]["parallel"]
    read = Article.from_json(json.dumps(old))
    assert read == Article(url="https://example.org/", passages=(Passage("a", "en"),))


def test_json_spells_precision_out():
    text = ARTICLE.to_json().decode()
    assert '"day":"2026-11-23","at":"2026-11-22T16:30:00+00:00","stated":"2026-11-23T00:30:00+08:00"' in text
    assert '"day":"2026-11-24","at":null' in text
    assert '"quality":"preview"' in text


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"{}", b'{"url": 1}', b"null"])
def test_other_json_is_refused(data):
    with pytest.raises(ExtractionError, match="not the JSON of an article"):
        Article.from_json(data)


def test_text_joins_passages():
    assert ARTICLE.text == "渡轮回来了。\n\na\tb\n1\t2"
