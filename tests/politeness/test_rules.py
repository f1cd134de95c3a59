import pytest

from crawler.politeness.rules import LIMIT_BYTES, RobotsRules, product_token


def allowed(text, path, *, token="newswarc"):
    body = text if isinstance(text, bytes) else text.encode()
    return RobotsRules(body, token).allowed(f"https://paper.example{path}")


EVERYBODY = "User-agent: *\n"


@pytest.mark.parametrize(
    ("agent", "token"),
    [
        ("newswarc/0.2 (+https://example.org/bot)", "newswarc"),
        ("newswarc", "newswarc"),
        ("Mozilla/5.0 (compatible; newswarc/0.2; +mailto:a@example.org)", "newswarc"),
        ("Mozilla/5.0 (X11; Linux x86_64)", "Mozilla"),
        ("Mozilla/5.0 (X11; Linux x86_64) newswarc/1.0 (+mailto:a@example.org)", "newswarc"),
        ("Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 newswarc", "newswarc"),
        ("My_Archive-Bot 1", "My_Archive-Bot"),
    ],
)
def test_product_token(agent, token):
    assert product_token(agent) == token


@pytest.mark.parametrize("name", ["newswarc", "NewsWARC", "newswarc/1.0", "newswarc # us"])
def test_the_group_of_our_name_is_ours_alone(name):
    text = f"{EVERYBODY}Disallow: /\n\nUser-agent: {name}\nDisallow: /private/\n"
    assert allowed(text, "/a")
    assert not allowed(text, "/private/a")


@pytest.mark.parametrize("name", ["news", "warc", "newswarc-image", "newswarcbot", "bot", "~"])
def test_the_group_of_another_name_is_not(name):
    assert allowed(f"User-agent: {name}\nDisallow: /\n", "/a")
    assert not allowed(f"User-agent: {name}\nAllow: /\n\n{EVERYBODY}Disallow: /\n", "/a")


def test_groups_of_one_name_are_one_and_lines_of_several_names_share_their_rules():
    text = "User-agent: other\nUser-agent: newswarc\nDisallow: /a\n\nUser-agent: newswarc\nDisallow: /b\n"
    assert [allowed(text, path) for path in ("/a", "/b", "/c")] == [False, False, True]


def test_an_empty_group_of_ours_allows_what_everybodys_forbids():
    assert allowed(f"User-agent: newswarc\nDisallow:\n\n{EVERYBODY}Disallow: /\n", "/a")


@pytest.mark.parametrize(
    ("rules", "path", "is_allowed"),
    [
        ("Disallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("Allow: /a\nDisallow: /a/b", "/a/b/c", False),
        ("Disallow: /a\nAllow: /a", "/a", True),
        ("Disallow: /*.php$", "/x/y.php", False),
        ("Disallow: /*.php$", "/x/y.php?tid=1", True),
        ("Disallow: /*?tid=", "/read?tid=1", False),
        ("Disallow: /*/print/", "/2026/print/7", False),
        ("Disallow: /A", "/a", True),
        ("Disallow: /a%3cd", "/a%3Cd", False),
        ("Disallow: /%7Ejoe", "/~joe/", False),
        ("Disallow: /%E4%B8%93", "/%e4%b8%93%e9%a2%98", False),
        ("Disallow: /专题/", "/%E4%B8%93%E9%A2%98/1", False),
        ("Disallow: /专题/", "/%E4%B8%93%E9%A1%98/1", True),
        ("Disallow: /%D7%A8%CC%E2/", "/%d7%a8%cc%e2/1", False),
        ("Disallow: /%B5%DA%D2%BB/", "/%B5%DA%B6%FE/", True),
        ("Disallow: /", "/robots.txt", True),
        ("Disallow:", "/a", True),
        ("Disallow /a", "/a", False),
        ("# nothing", "/a", True),
    ],
)
def test_paths(rules, path, is_allowed):
    assert allowed(f"{EVERYBODY}{rules}\n", path) is is_allowed


def test_a_path_written_in_gbk_forbids_that_path_and_no_other():
    text = b"User-agent: *\nDisallow: /" + "第一".encode("gbk") + b"/\n"
    assert not allowed(text, "/%B5%DA%D2%BB/x")
    assert allowed(text, "/%B5%DA%B6%FE/x")
    assert allowed(text, "/x")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_a_byte_order_mark(end):
    text = end.join(["\ufeffUser-agent: *", "Disallow: /a", "", "Crawl-delay: 7", ""])
    assert not allowed(text, "/a")
    assert allowed(text, "/b")
    assert RobotsRules(text.encode(), "newswarc").crawl_delay == 7


def test_several_byte_order_marks_and_utf_16_hide_no_rule():
    text = f"{EVERYBODY}Disallow: /a\n"
    for body in (
        b"\xef\xbb\xbf" * 2 + text.encode(),
        text.encode("utf-16"),
        b"\xfe\xff" + text.encode("utf-16-be"),
    ):
        rules = RobotsRules(body, "newswarc")
        assert not rules.allowed("https://paper.example/a")
        assert rules.allowed("https://paper.example/b")


@pytest.mark.parametrize("mark", ["\x0c", "\x1c", "\x85", "\u2028"])
def test_other_marks_end_no_line(mark):
    assert allowed(f"{EVERYBODY}Disallow: /a{mark}b\n", "/ab")
    assert allowed(f"{EVERYBODY}# old:{mark}Disallow: /\n", "/ab")


def test_what_stands_beyond_the_limit_is_not_read():
    filling = b"# nothing to see here\n" * (LIMIT_BYTES // 22)
    head = EVERYBODY.encode() + b"Disallow: /a\n"
    cut = head + filling[: LIMIT_BYTES - len(head) - 14] + b"\nDisallow: /b/c\nDisallow: /d\n"
    assert cut[:LIMIT_BYTES].endswith(b"Disallow: /b/")
    rules = RobotsRules(cut, "newswarc")
    told = [rules.allowed(f"https://paper.example{path}") for path in ("/a", "/b/c", "/b/x", "/d")]
    assert told == [False, True, True, True]


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        ("Crawl-delay: 2.5", 2.5),
        ("Crawl-delay: soon", None),
        ("Crawl-delay: 10s", 10),
        ("Crawl-delay: 1,5", 1.5),
        ("Crawl-delay: 5;", 5),
        ("Crawl-delay: -1", None),
        ("Crawl-delay: inf", None),
        ("Request-rate: 1/10", 10),
        ("Request-rate: 30/1m", 2),
        ("Request-rate: 1/5 0600-0845", 5),
        ("Crawl-delay: 3\nRequest-rate: 1/10", 10),
        ("Disallow: /", None),
    ],
)
def test_crawl_delay(lines, seconds):
    assert RobotsRules(f"{EVERYBODY}{lines}\n".encode(), "newswarc").crawl_delay == seconds


def test_the_crawl_delay_of_somebody_else_is_not_ours():
    text = f"User-agent: slow\nCrawl-delay: 60\n\n{EVERYBODY}Disallow: /x\n"
    assert RobotsRules(text.encode(), "newswarc").crawl_delay is None


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"<html>" * 100, bytes(range(256)) * 10])
def test_what_is_no_robots_txt_has_no_rules(body):
    assert allowed(body, "/a")
