import re
from datetime import date

import pytest

from pipelines.extract import extract, open_page
from pipelines.extract.boards import BOARDS
from pipelines.extract.threads import read_thread

URL = "https://board.example/t/7"
FIRST = "The lamp on the quay has gone out again, and nobody knows whom to call about it."
SECOND = "Call the harbour office before noon; in the afternoon there is only the cat."
QUOTED = "nobody knows whom to call"
SIGNED = "Every lamp is somebody's lamp"

PAGES = {
    "xenforo": """<article class="message message--post" data-author="Ada">
      <header class="message-attribution"><time datetime="2026-11-23T08:15:00+0000">today</time></header>
      <div class="message-body"><div class="bbWrapper">{first}</div></div>
      <div class="message-signature"><div class="bbWrapper">{signed}</div></div></article>
      <article class="message message--post" data-author="Bo">
      <time datetime="2026-11-24T08:15:00+0000"></time>
      <div class="bbWrapper"><blockquote class="bbCodeBlock bbCodeBlock--quote">Ada said:
      {quoted}</blockquote>
      {second}</div></article>""",
    "vbulletin": """<table id="post11"><tr><td class="thead">23 November 2026, 08:15</td></tr><tr><td>
      <a class="bigusername" href="member.php?u=1">Ada</a></td><td><div id="post_message_11">{first}</div>
      <div class="signature">{signed}</div></td></tr></table>
      <table id="post12"><tr><td class="thead">24 November 2026</td></tr><tr><td>
      <a class="bigusername" href="member.php?u=2">Bo</a></td><td><div id="post_message_12">
      <div class="bbcode_container">Quote: {quoted}</div>{second}</div></td></tr></table>""",
    "phpbb": """<div id="p1" class="post has-profile bg2"><div class="postbody"><p class="author">by
      <strong><a class="username" href="./memberlist.php?u=1">Ada</a></strong> »
      <time datetime="2026-11-23T08:15:00+00:00">Mon</time></p><div class="content">{first}</div>
      <div id="sig1" class="signature">{signed}</div></div></div>
      <div id="p2" class="post has-profile bg1"><div class="postbody"><p class="author">by
      <a class="username" href="./memberlist.php?u=2">Bo</a> » Tue Nov 24, 2026</p><div class="content">
      <blockquote><div><cite>Ada wrote:</cite>{quoted}</div></blockquote>{second}</div></div></div>""",
    "discourse": """<meta name=generator content="Discourse 3">
      <div itemprop="comment" class="topic-body crawler-post">
      <div class="crawler-post-meta"><span itemprop="author"><a><span itemprop="name">Ada</span></a></span>
      <time itemprop="datePublished" datetime="2026-11-23T08:15:00Z">November</time></div>
      <div class="post" itemprop="text"><p>{first}</p></div></div>
      <div itemprop="comment" class="topic-body crawler-post"><span itemprop="author">
      <span itemprop="name">Bo</span></span><time datetime="2026-11-24T08:15:00Z"></time>
      <div class="post" itemprop="text"><aside class="quote">{quoted}</aside><p>{second}</p></div></div>""",
    "smf": """<div class="post_wrapper">
      <div class="poster"><h4><a href="?action=profile;u=1">Ada</a></h4></div>
      <div class="keyinfo"><div class="smalltext">« on: November 23, 2026 »</div></div>
      <div class="post"><div class="inner" id="msg_1">{first}</div></div>
      <div class="signature">{signed}</div></div>
      <div class="post_wrapper"><div class="poster"><h4><a href="?action=profile;u=2">Bo</a></h4></div>
      <div class="post"><div class="inner" id="msg_2"><div class="quoteheader">Quote from: Ada</div>
      <blockquote class="bbc_standard_quote">{quoted}</blockquote>{second}</div></div></div>""",
    "mybb": """<div class="post " id="post_1"><div class="post_author"><a href="user-1.html">Ada</a></div>
      <span class="post_date">2026-11-23, 08:15 AM</span><div class="post_body" id="pid_1">{first}</div>
      <div class="signature">{signed}</div></div>
      <div class="post " id="post_2"><div class="post_author"><a href="user-2.html">Bo</a></div>
      <div class="post_body"><blockquote class="mycode_quote">{quoted}</blockquote>{second}</div></div>""",
    "invision": """<article id="elComment_1">
      <h3 class="cAuthorPane_author"><a href="/profile/1-ada/">Ada</a></h3>
      <time datetime="2026-11-23T08:15:00Z"><span>November 23, 2026</span><span>1 d</span></time>
      <div data-role="commentContent">{first}</div>
      <div data-role="memberSignature">{signed}</div></article>
      <article id="elComment_2"><h3 class="cAuthorPane_author"><a href="/profile/2-bo/">Bo</a></h3>
      <div data-role="commentContent"><blockquote class="ipsQuote" data-ipsquote>{quoted}</blockquote>
      <p>{second}</p></div></article>""",
    "stackexchange": """<div id="question" class="question"><div class="s-prose js-post-body">{first}</div>
      <time itemprop="dateCreated" datetime="2026-11-23T08:15:00"></time>
      <div class="user-details" itemprop="author"><a href="/users/1/ada">Ada</a></div>
      <ul class="comments"><li class="comment"><span class="comment-copy">{quoted}</span></li></ul></div>
      <div id="answer-2" class="answer js-answer"><div class="s-prose js-post-body"><p>{second}</p></div>
      <span title="2026-11-24 08:15:00Z" class="relativetime">Nov 24 at 8:15</span>
      <div class="user-details"><a href="/users/2/bo">Bo</a></div></div>""",
    "nodebb": """<ul><li component="post" data-username="Ada" itemtype="https://schema.org/Comment">
      <a href="/user/ada">Ada</a> <a class="timeago" title="2026-11-23T08:15:00.000Z"></a>
      <div component="post/content" itemprop="text">{first}</div>
      <div component="post/signature">{signed}</div></li>
      <li component="post" data-username="Bo"><a class="timeago" title="2026-11-24T08:15:00.000Z"></a>
      <div component="post/content" itemprop="text"><p>{second}</p></div></li></ul>""",
    "fluxbb": """<div id="p1" class="blockpost rowodd firstpost"><h2><span><span class="conr">#1</span>
      <a href="viewtopic.php?pid=1">2026-11-23 08:15:00</a></span></h2><dl><dt><strong>Ada</strong></dt>
      <dd>Posts: 7</dd></dl><h3>Lamp out</h3><div class="postmsg"><p>{first}</p></div>
      <div class="postsignature postmsg">{signed}</div></div>
      <div id="p2" class="blockpost roweven"><h2><a href="viewtopic.php?pid=2">2026-11-24 08:15:00</a></h2>
      <dl><dt><strong>Bo</strong></dt></dl><div class="postmsg"><p>{second}</p>
      <p class="postedit">Last edited by Bo</p></div></div>""",
    "reddit": """<div class="thing link" data-type="link" data-fullname="t3_1"><div class="entry">
      <p class="tagline">submitted <time datetime="2026-11-23T08:15:00+00:00">a day ago</time> by
      <a class="author" href="/user/Ada">Ada</a></p>
      <div class="usertext-body"><p>{first}</p></div></div></div>
      <div class="thing comment stickied" data-type="comment" data-fullname="t1_0"><div class="entry">
      <a class="author" href="/user/Bot">Bot</a><div class="usertext-body">{signed}</div></div></div>
      <div class="thing comment" data-type="comment" data-fullname="t1_1"><div class="entry">
      <a class="author" href="/user/Bo">Bo</a> <span class="score">7 points</span>
      <div class="usertext-body"><p>{second}</p></div></div><div class="child"></div></div>""",
}

HEADINGS = {
    "xenforo": ("Ada\ntoday", "Bo"),
    "vbulletin": ("Ada\n23 November 2026, 08:15", "Bo\n24 November 2026"),
    "phpbb": ("Ada\nMon", "Bo\nTue Nov 24, 2026"),
    "discourse": ("Ada\nNovember", "Bo"),
    "smf": ("Ada\nNovember 23, 2026", "Bo"),
    "mybb": ("Ada\n2026-11-23, 08:15 AM", "Bo"),
    "invision": ("Ada\nNovember 23, 2026", "Bo"),
    "stackexchange": ("", ""),
    "nodebb": ("Ada", "Bo"),
    "fluxbb": ("Ada\n2026-11-23 08:15:00", "Bo\n2026-11-24 08:15:00"),
    "reddit": ("Ada\na day ago", "Bo"),
}
"""Who wrote when, as readers of each fixture see it; nothing where that is no part of the text."""


@pytest.fixture(params=PAGES)
def board(request):
    return request.param


@pytest.fixture
def source(board):
    body = PAGES[board].format(first=FIRST, second=SECOND, quoted=QUOTED, signed=SIGNED)
    chrome = "<ul><li><a href=/>Home</a><li><a href=/login>Log in to post</a></ul>"
    return f"<html><head><title>Lamp out</title></head><body>{chrome}<h1>Lamp out</h1>{body}</body></html>"


def test_posts_in_order_without_quotes_and_signatures(board, source):
    page = open_page(source.encode(), URL)
    before = page.tree.text_content()
    thread = read_thread(page.tree, page.text)
    assert thread is not None
    assert thread.board == board
    assert [post.author for post in thread.posts] == ["Ada", "Bo"]
    assert [[block.text for block in post.blocks] for post in thread.posts] == [[FIRST], [SECOND]]
    assert thread.published is not None
    assert thread.published.day == date(2026, 11, 23)
    assert page.tree.text_content() == before


def test_the_article_of_a_thread(board, source):
    article = extract(source.encode(), URL)
    posts = zip(HEADINGS[board], (FIRST, SECOND), strict=True)
    wanted = [text for post in posts for text in post if text]
    assert [passage.text for passage in article.passages] == wanted
    assert article.authors == ("Ada",)
    assert article.method == board
    assert article.published is not None
    assert article.published.day == date(2026, 11, 23)


def test_a_mark_alone_is_no_thread():
    for mark in {board.mark for board in BOARDS}:
        page = open_page(f"<html><body><!-- {mark} --><p>{FIRST}</p></body></html>".encode(), URL)
        assert read_thread(page.tree, page.text) is None


def test_a_line_that_says_more_than_the_time_is_no_heading():
    post = (
        "<table id=post1><tr><td class=thead>{line}</td></tr><tr><td><a class=bigusername>Ada</a></td>"
        f"<td><div id=post_message_1>{FIRST}</div></td></tr></table>"
    )
    for line, shown in (("Ada » 24 November 2026 #7", "Ada\n24 November 2026"), ("lamp " * 20, "Ada")):
        page = open_page(f"<html><body>{post.format(line=line)}</body></html>".encode(), URL)
        thread = read_thread(page.tree, page.text)
        assert thread is not None
        assert [block.text for block in thread.blocks] == [shown, FIRST]


def test_lines_of_a_post_stay_apart_and_hidden_letters_go():
    post = (
        "<table id=pid9><tr><td><div class=authi><a class=xw1>老船匠</a></div>"
        "<em id=authorposton9>发表于 <span title='2026-11-2 09:14:05'>半小时前</span></em></td></tr>"
        "<tr><td class=t_f id=postmessage_9>第一行写的是灯。<br>第二行写的是猫。"
        "<font class=jammer>x9 k2</font><br><br>新的一段。</td></tr></table>"
    )
    page = open_page(f"<html><meta charset=utf-8><body>{post}</body></html>".encode(), URL)
    thread = read_thread(page.tree, page.text)
    assert thread is not None
    assert [block.text for block in thread.blocks] == ["第一行写的是灯。\n第二行写的是猫。", "新的一段。"]
    assert thread.published is not None
    assert re.fullmatch("2026-11-2 09:14:05", thread.published.stated)
