"""What is taken for saving, in which form, and what is not."""

import time

import pytest

from crawler.recorder.addresses import AddressPolicy
from crawler.saves import SaveRefused, check_url
from pipelines.errors import NewswarcError

ALLOWS = AddressPolicy().allows


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("https://paper.example/story?a=1", "https://paper.example/story?a=1"),
        ("  https://paper.example/story\n", "https://paper.example/story"),
        ("paper.example", "http://paper.example/"),
        ("paper.example/a", "http://paper.example/a"),
        ("paper.example:8080/a", "http://paper.example:8080/a"),
        ("paper.example:8080", "http://paper.example:8080/"),
        ("//paper.example/a", "http://paper.example/a"),
        ("paper.example?u=http://a/", "http://paper.example/?u=http://a/"),
        ("HTTPS://Paper.Example/A", "https://paper.example/A"),
        # As a proxy or browser leaves it of /save/https://paper.example/a.
        ("https:/paper.example/a", "https://paper.example/a"),
        ("https:///paper.example/a", "https://paper.example/a"),
        ("http:paper.example/a", "http://paper.example/a"),
        ("https://paper.example/a#part", "https://paper.example/a"),
        ("https://paper.example#part", "https://paper.example/"),
        (
            "https://paper.example/新闻?词=经济",
            "https://paper.example/%E6%96%B0%E9%97%BB?%E8%AF%8D=%E7%BB%8F%E6%B5%8E",
        ),
        ("https://新闻.example/", "https://xn--efvy88h.example/"),
        ("https://paper.example/a b", "https://paper.example/a%20b"),
        ("https://paper.example/100%25", "https://paper.example/100%25"),
        ("https://paper.example/a@b", "https://paper.example/a@b"),
        ("http://93.184.215.14/", "http://93.184.215.14/"),
        (
            "http://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/",
            "http://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/",
        ),
    ],
)
def test_taken(given, taken):
    assert check_url(given, allows=ALLOWS) == taken
    assert check_url(taken, allows=ALLOWS) == taken


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "no host"),
        ("http://", "no host"),
        ("http:///", "no host"),
        ("/a", "no host"),
        ("ftp://paper.example/a", "not http or https (ftp)"),
        ("file:///etc/passwd", "not http or https (file)"),
        ("javascript:alert(1)", "not http or https (javascript)"),
        ("data:text/html,a", "not http or https (data)"),
        ("mailto:a@paper.example", "not http or https (mailto)"),
        ("gopher://127.0.0.1:70/", "not http or https (gopher)"),
        ("view-source:https://paper.example/", "not http or https (view-source)"),
        ("https://user@paper.example/", "user name or password"),
        ("https://user:word@paper.example/", "user name or password"),
        ("https://paper.example\\@other.example/", "user name or password"),
        ("https://paper.example\\.other.example/", "backslash"),
        ("https://paper.example:99999/", "its port is none"),
        ("https://paper.example:0/", "its port is 0"),
        ("https://paper.example:x/", "its port is none"),
        ("https://paper.example:-1/", "its port is none"),
        ("https://paper.example/a\nb", "control characters"),
        ("https://paper.example/a\0", "control characters"),
        ("https://paper.exa\tmple/", "control characters"),
        ("https://paper.example/\x85x", "control characters"),
        ("https://[::1/", "not readable as an URL"),
        ("https://pa per.example/", "not readable as an URL"),
        ("https://paper.example/" + "a" * 2083, "longer than 2083 characters"),
        ("https://paper.example/" + "新" * 700, "longer than 2083 characters"),
        ("https://paper.example/\ud800", "not readable as an URL"),
    ],
)
def test_refused(given, said):
    with pytest.raises(SaveRefused) as caught:
        check_url(given, allows=ALLOWS)
    assert caught.value.error == "error:invalid-url-syntax"
    assert str(caught.value).startswith("save: ")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "127.0.0.1.",
        "１２７.０.０.１",
        "127。0。0。1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "0",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a9fe:a9fe]",
        "[fe80::1]",
        "[fc00::1]",
        "[ff02::1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fd00:ec2::254]",
    ],
)
def test_addresses_that_are_not_public_are_refused(host):
    for url in (f"http://{host}/", f"https://{host}:8443/latest/meta-data", host):
        if url == "0":
            continue
        with pytest.raises(SaveRefused) as caught:
            check_url(url, allows=ALLOWS)
        assert caught.value.error == "error:blocked-url", url
        assert "crawl.allow_address" in str(caught.value)


def test_addresses_can_be_allowed():
    allows = AddressPolicy(["127.0.0.0/8"]).allows
    assert check_url("http://127.0.0.1:8000/a", allows=allows) == "http://127.0.0.1:8000/a"
    with pytest.raises(SaveRefused):
        check_url("http://10.0.0.1/", allows=allows)


def test_names_are_not_looked_up():
    assert check_url("http://localhost/", allows=ALLOWS) == "http://localhost/"
    assert check_url("http://nowhere.invalid/", allows=ALLOWS) == "http://nowhere.invalid/"


def test_a_refusal_is_an_error_of_newswarc():
    assert issubclass(SaveRefused, NewswarcError)
    assert SaveRefused.exit_code == 2


def test_megabytes_take_no_time():
    began = time.process_time()
    with pytest.raises(SaveRefused):
        check_url("http://a/" + "%" * 10_000_000, allows=ALLOWS)
    assert time.process_time() - began < 1
