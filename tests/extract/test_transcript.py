import json

import pytest

from pipelines.extract import extract, open_page
from pipelines.extract.article import Cue
from pipelines.extract.transcript import find_transcript, spoken

URL = "https://quay.example/radio/7"
LINES = [
    [{"start": 0.5, "text": "The lamp was lit at six, "}, {"start": 3.25, "text": "as on every evening."}],
    [{"start": 7, "text": "Nobody had asked for it."}],
]
WHOLE = ["The lamp was lit at six, as on every evening.", "Nobody had asked for it."]


def found(body):
    page = open_page(f"<html><body>{body}</body></html>".encode(), URL)
    return find_transcript(page.tree, page.text, URL)


BLOB = json.dumps({"text": LINES, "url": "/a.mp3"})


@pytest.mark.parametrize(
    "body",
    [
        f"<script>var story = {BLOB};</script>",
        f"<script>window.a = [1, {{'x': 2}}]; play({BLOB}, 3)</script>",
        f"<script>var story = JSON.parse({json.dumps(BLOB)});</script>",
        f'<script type="application/json">{{"page": {{"player": {BLOB}}}}}</script>',
        f"<div style='display:none'>{BLOB}</div>",
        f"<div>{BLOB.replace(chr(34), '&quot;')}</div>",
        f'<input type="hidden" value="{BLOB.replace(chr(34), "&quot;")}">',
        f"<div>{BLOB.replace(chr(34), '&amp;quot;')}</div>",
        f"<script>var story = JSON.parse('{BLOB}');</script>",
        f"<script type='application/json'>{json.dumps({'page': {'player': BLOB}})}</script>",
        f'<div data-story="{BLOB.replace(chr(34), "&quot;")}"></div>',
    ],
)
def test_wherever_a_player_keeps_it(body):
    transcript = found(body)
    assert transcript is not None
    assert transcript.audio == "https://quay.example/a.mp3"
    assert [[cue.start for cue in part] for part in transcript.paragraphs] == [[0.5, 3.25], [7.0]]
    assert [spoken(part) for part in transcript.paragraphs] == WHOLE


def test_flat_lists_end_where_sentences_do():
    flat = [
        {"startTime": "00:00:01.500", "content": "一盏灯，"},
        {"startTime": "00:00:03", "content": "六点点亮。"},
        {"startTime": "01:00:04", "content": "没有人要求。"},
    ]
    transcript = found(f"<audio src='b.mp3'></audio><script>x={json.dumps({'lines': flat})}</script>")
    assert transcript is not None
    assert transcript.audio == "https://quay.example/radio/b.mp3"
    assert transcript.paragraphs == (
        (Cue(1.5, "一盏灯，"), Cue(3.0, "六点点亮。")),
        (Cue(3604.0, "没有人要求。"),),
    )


def test_milliseconds_are_seconds():
    lines = [{"startMs": 1500, "text": "One."}, {"startMs": 2500, "text": "Two."}]
    transcript = found(f"<script>x={json.dumps(lines)}</script>")
    assert transcript is not None
    assert [part[0].start for part in transcript.paragraphs] == [1.5, 2.5]


@pytest.mark.parametrize(
    "body",
    [
        "",
        '<script>{"start": 1}</script>',
        '<script>[{"start": 1, "label": "x"}, {"start": 2, "label": "y"}]</script>',
        '<script>{"text": [[{"start": 1, "text": "cut',
        '<script>[{"start": true, "text": "a"}, {"start": null, "text": "b"}]</script>',
        '<script>[{"start": 1, "text": "one line only"}]</script>',
        "<script>" + '[{"start":' * 5000 + "</script>",
    ],
)
def test_what_is_no_transcript(body):
    assert found(body) is None


def test_halves_of_characters_do_not_come_through():
    lines = '[{"start": 1, "text": "a\\ud83d"}, {"start": 2, "text": "b"}]'
    transcript = found(f"<script>x={lines}</script>")
    assert transcript is not None
    assert spoken(transcript.paragraphs[0]).encode()


def test_the_article_on_the_page_goes_before_its_reading():
    story = [
        f"This is sentence number {n} of a story that is long enough to be taken for an article by anyone."
        for n in range(12)
    ]
    blob = json.dumps({"text": [[{"start": n, "text": text}] for n, text in enumerate(story)]})
    body = "".join(f"<p>{text}</p>" for text in story)
    page = f"<html><body><article>{body}</article><script>x={blob}</script></body></html>"
    article = extract(page.encode(), URL)
    assert [passage.text for passage in article.passages] == story
    assert article.method == "structure"
    assert article.transcript is not None
    assert len(article.transcript.paragraphs) == 12
