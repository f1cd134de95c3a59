import time
from urllib.parse import urljoin

from lxml.html import fromstring

from pipelines.extract import Link
from pipelines.extract.blocks import blocks
from pipelines.extract.links import links

URL = "https://quay.example/harbour/the-clock"


def test_labels_that_touch_are_words_of_their_own():
    cases = {
        "<a href=/ada>Ada Lund</a><span class=at>7 March</span>": "Ada Lund 7 March",
        "<span><a href=/b>Boats</a></span><a href=/k>Kites</a>": "Boats Kites",
        "<span>E</span>ven <b>un</b><i>set</i> clocks": "Even unset clocks",
        "<span>渔港</span><span>座钟</span>": "渔港座钟",
        "<span>Ada</span><span>, who</span>": "Ada, who",
    }
    for source, text in cases.items():
        assert [block.text for block in blocks(fromstring(f"<div>{source}</div>"))] == [text]
    assert [block.text for block in blocks(fromstring("<pre><span>a</span><span>b</span></pre>"))] == ["ab"]


def test_links_belong_to_the_block_that_they_begin_in():
    source = (
        "<div><p>See <a href=/quay>the quay</a> and <a href='#top'>above</a>.</p>"
        "<a href=/story><h3>Slow clock</h3><p>A teaser.</p></a><p><a href=/none></a>None</p></div>"
    )
    found = blocks(fromstring(source))
    assert [(block.text, block.links) for block in found] == [
        ("See the quay and above.", (("/quay", "the quay"), ("#top", "above"))),
        ("Slow clock", (("/story", "Slow clock"),)),
        ("A teaser.", ()),
        ("None", ()),
    ]
    assert links(found, URL) == (
        Link(urljoin(URL, "/quay"), "the quay"),
        Link(urljoin(URL, "/story"), "Slow clock"),
    )


def test_links_in_links_are_read_once_each():
    nested = fromstring("<div>" + "<a href=/x>pier " * 200 + "</div>")
    assert sum(len(text) for block in blocks(nested) for _, text in block.links) == 200 * len("pier")
    # Where each link's whole content was read this took minutes.
    text = "The ferries leave when the captain has finished his second coffee. "
    deep = blocks(fromstring("<body>" + f"<a href=/x>{text}<div>{text}" * 900 + "</body>"))
    start = time.process_time()
    assert links(deep, URL) == (Link(urljoin(URL, "/x"), text.strip()),)
    assert time.process_time() - start < 2
