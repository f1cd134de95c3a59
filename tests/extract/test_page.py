import gzip
import random
import zlib

import pytest

from pipelines.extract import open_page
from pipelines.extract.coding import LIMIT, decoded
from pipelines.extract.page import TAGS

TEXT = "<html><body><p>码头上的灯亮了一夜，渡轮没有来。 The lamp burned all night.</p></body></html>"
RAW = TEXT.encode()


def coded(name: bytes) -> tuple[tuple[bytes, bytes], ...]:
    return ((b"Content-Type", b"text/html"), (b"Content-Encoding", name))


def bare_deflate(data: bytes) -> bytes:
    squeeze = zlib.compressobj(wbits=-15)
    return squeeze.compress(data) + squeeze.flush()


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        (b"gzip", gzip.compress(RAW, mtime=0)),
        (b"x-gzip", gzip.compress(RAW, mtime=0)),
        (b"GZIP", gzip.compress(RAW[:20], mtime=0) + gzip.compress(RAW[20:], mtime=0)),
        (b"deflate", zlib.compress(RAW)),
        (b"deflate", bare_deflate(RAW)),
        (b"deflate, gzip", gzip.compress(zlib.compress(RAW), mtime=0)),
        (b"identity", RAW),
        (b"", RAW),
    ],
)
def test_codings_are_undone(name, payload):
    page = open_page(payload, "", headers=coded(name))
    assert (page.text, page.reasons) == (TEXT, ())


@pytest.mark.parametrize("module", ["brotli", "zstd"])
def test_codings_of_extra_libraries(module):
    if module == "brotli":
        name, payload = b"br", pytest.importorskip("brotli").compress(RAW)
    else:
        name, payload = b"zstd", pytest.importorskip("backports.zstd").compress(RAW)
    assert open_page(payload, "", headers=coded(name)).text == TEXT
    cut = open_page(payload[:-8], "", headers=coded(name))
    assert cut.reasons
    assert cut.reasons[0].startswith("payload:")


def test_of_a_cut_gzip_the_beginning_is_kept():
    lines = "".join(f"<p>Line {n} of the log {n * 7919 % 10007}</p>" for n in range(5000)).encode()
    whole = gzip.compress(lines)
    body, reasons = decoded(whole[: len(whole) // 2], coded(b"gzip"))
    assert reasons == ("payload:truncated",)
    assert lines.startswith(body)
    assert len(body) > len(lines) // 4


def test_of_a_broken_gzip_what_stands_before_is_kept():
    lines = "".join(f"<p>Line {n} of the log {n * 7919 % 10007}</p>" for n in range(9000)).encode()
    whole = bytearray(gzip.compress(lines))
    whole[len(whole) // 2 :] = b"\xff" * 4000
    body, reasons = decoded(bytes(whole), coded(b"gzip"))
    assert reasons in {("payload:corrupt",), ("payload:truncated",)}
    assert body[: len(lines) // 4] == lines[: len(lines) // 4]


@pytest.mark.parametrize(
    ("name", "reason"),
    [(b"gzip", "payload:not-gzip"), (b"rot13", "coding:unknown:rot13"), (b"gzip," * 5, "coding:too-many")],
)
def test_a_coding_that_is_none_leaves_the_bytes(name, reason):
    page = open_page(RAW, "", headers=coded(name))
    assert page.text == TEXT
    assert page.reasons == (reason,)


def test_gzip_that_nobody_declared():
    page = open_page(gzip.compress(RAW), "")
    assert (page.text, page.reasons) == (TEXT, ("coding:undeclared-gzip",))


def test_a_bomb_is_bounded():
    bomb = gzip.compress(b"\0" * (LIMIT + 5_000_000))
    body, reasons = decoded(gzip.compress(bomb), coded(b"gzip, gzip"))
    assert len(body) == LIMIT
    assert reasons == ("payload:too-large",)


ZH = (
    "<html><head>{}</head><body><p>今天上午，渔港的老座钟又停了。师傅说，要等到春天。鰂魚涌</p></body></html>"
)


@pytest.mark.parametrize(
    ("content", "header", "encoding", "found"),
    [
        (ZH.format("").encode(), None, "utf-8", "content"),
        (ZH.format("").encode(), b"text/html; charset=utf-8", "utf-8", "header"),
        (ZH.format("").encode(), b"text/html; charset=gbk", "utf-8", "content"),
        (ZH.format("").encode("utf-8-sig"), b"text/html; charset=gbk", "utf-8", "bom"),
        (ZH.format("").encode("gb18030"), b"text/html; charset=GB2312", "gb18030", "header"),
        (ZH.format("<meta charset=gbk>").encode("gb18030"), b"text/html", "gb18030", "meta"),
        (ZH.format("").encode("utf-16"), None, "utf-16-le", "bom"),
        (ZH.format("").encode("utf-16-be"), b"text/html; charset=utf-16be", "utf-16-be", "header"),
        ((ZH.format("") * 5).encode("gb18030"), None, "gb18030", "detected"),
    ],
)
def test_encodings(content, header, encoding, found):
    page = open_page(content, "", headers=() if header is None else ((b"content-type", header),))
    assert "今天上午，渔港的老座钟又停了" in page.text
    assert "鰂魚涌" in page.text
    assert (page.encoding, page.found, page.reasons) == (encoding, found, ())


def test_big5_has_the_characters_of_hong_kong():
    content = "<meta charset='big5'><p>鰂魚涌的渡輪今天又停了，要等到春天。</p>".encode("big5hkscs")
    page = open_page(content, "")
    assert "鰂魚涌的渡輪" in page.text
    assert (page.encoding, page.found) == ("big5hkscs", "meta")


def test_a_wrong_declaration_loses_to_the_bytes():
    content = ZH.format("<meta charset=gbk>").encode("gb18030")
    page = open_page(content, "", headers=((b"Content-Type", b"text/html; charset=utf-8"),))
    assert page.encoding == "gb18030"
    assert page.found == "meta"


def test_lost_characters_are_told():
    content = ZH.format("").encode() * 3 + b"\xe4\xbd"
    page = open_page(content, "", headers=((b"Content-Type", b"text/html; charset=utf-8"),))
    assert page.encoding == "utf-8"
    assert page.reasons == ("encoding:lossy:1",)


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\n\xff\xfe", b"\x89PNG\r\n\x1a\n" + bytes(500), bytes(range(256)) * 9]
)
def test_binary_is_no_text(content):
    page = open_page(content, "", headers=((b"Content-Type", b"image/png"),))
    assert page.text == ""
    assert "binary" in page.reasons


def test_noise_is_no_text():
    page = open_page(random.Random(1).randbytes(300_000), "", headers=((b"Content-Type", b"text/html"),))
    assert (page.text, page.reasons) == ("", ("binary",))


def test_a_page_of_countless_tags_is_cut():
    page = open_page(b"<p>x" * (2 * TAGS), "")
    assert page.reasons == ("parse:cut",)
    assert TAGS - 10 <= len(page.tree.findall(".//p")) <= TAGS


def test_what_lies_too_deep_is_read_flat():
    page = open_page(b"<p>first</p>" + b"<b><div>" * 50_000 + b"<p>last words</p>", "")
    assert "last words" in page.tree.text_content()


def test_the_tree_survives_what_libxml2_would_choke_on():
    for content in (
        b"",
        b"   ",
        b"<!-- only -->",
        b"\0\0<p>x\0y</p>",
        b"<?xml version='1.0' encoding='gbk'?><p>x",
    ):
        assert open_page(content, "").tree.tag == "html"
