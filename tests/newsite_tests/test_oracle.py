"""The site sends exactly the bytes of each case, and the cases agree with themselves."""

import gzip
import ssl

import pytest

from newsite.oracle import CASES, HTML, SQUEEZED


def dechunked(body):
    """The payload of a chunked body that may end too early (RFC 9112 7.1), trailers left out."""
    payload = b""
    while body:
        line, _, body = body.partition(b"\r\n")
        size = int(line.partition(b";")[0].strip(), 16)
        if size == 0:
            break
        payload, body = payload + body[:size], body[size + 2 :]
    return payload


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("case", CASES.values(), ids=str)
def test_the_bytes_that_are_sent(site, connect, case, scheme):
    wire = connect(site.url if scheme == "http" else site.https)
    request = wire.ask(case.path, method=case.method)
    assert wire.read(len(case.sent)) == case.sent
    if case.then in ("keep", "hang"):
        assert wire.silent()
    elif case.then == "close":
        assert wire.read(1) == b""
    elif scheme == "https" or case.then == "reset":
        with pytest.raises((ConnectionResetError, ssl.SSLError)):
            wire.read(1)
    else:
        assert wire.read(1) == b""
    (exchange,) = site.asked(case.path)
    assert (exchange.request, exchange.response) == (request, case.sent)


@pytest.mark.parametrize("case", CASES.values(), ids=str)
def test_what_is_kept_is_part_of_what_is_sent(case):
    assert case.interim + case.kept == case.sent[: len(case.sent) - case.surplus]
    if case.status is not None:
        assert int(case.kept.split(b"\n")[0].split()[1]) == case.status
    assert (case.timeout is not None) == (case.truncated == "time")
    assert (case.limit is not None) == (case.truncated == "length")
    if case.limit is not None:
        assert len(case.kept) > case.limit


@pytest.mark.parametrize("case", [case for case in CASES.values() if case.payload], ids=str)
def test_the_payload_is_the_body_without_its_chunks(case):
    head, _, body = case.kept.partition(b"\n\n" if case.name == "lf-only" else b"\n\r\n")
    coded = b"transfer-encoding" in head.lower()
    assert (dechunked(body) if coded else body) == case.payload


def test_there_are_enough_of_them():
    assert len(CASES) >= 36
    assert gzip.decompress(SQUEEZED) == HTML * 3
    bad = CASES["gzip-truncated-inside"]
    with pytest.raises(EOFError):
        gzip.decompress(bad.payload)
