"""Where the software of forums puts a post's text, poster and time.

Selectors of the default templates, checked on some sixty real threads, for Discuz! on fixtures only:
Discuz! 7 and X (``viewthread_node.htm``; the template for telephones; the archiver), phpBB 3
(``styles/prosilver``), vBulletin 3 to 5, XenForo 1 and 2, Discourse, SMF 2, MyBB 1.8, Invision Community 4,
Stack Exchange, NodeBB 3 and 4, FluxBB 1.5, Reddit's old pages.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Board:
    """Selectors of one forum software; those of a post's parts are looked for below the post."""

    name: str
    mark: str
    """What stands in the source of every thread page; saves the search on all other pages."""
    posts: str
    text: str
    author: str
    at: str
    """Elements that tell the time: by ``datetime``, ``title``, ``data-time`` or their text."""
    drop: tuple[str, ...] = ()
    """What stands in a post's text and is not its poster's: quotes, notes of edits, attachments' labels."""
    title: str = ""
    """Element of the page that holds the thread's headline alone, where there is one."""
    follows: bool = False
    """Whether *posts* are but the lines above the posts, whose text follows up to the next one."""
    attribute: str = ""
    """Attribute of the post that names its poster, where there is one."""
    conversation: bool = True
    """Whether who posts and when is part of what is read; not where articles are posted one by one."""


BOARDS = (
    Board(
        name="discuz",
        mark="postmessage_",
        posts="//table[starts-with(@id, 'pid')][.//*[starts-with(@id, 'postmessage_')]]",
        text=".//*[starts-with(@id, 'postmessage_')]",
        author=".//*[contains(@class, 'authi')]//a[contains(@class, 'xw1')] | "
        ".//*[contains(@class, 'postauthor')]//cite/a | .//*[contains(@class, 'postinfo')]/a",
        at=".//*[starts-with(@id, 'authorposton')]//span[@title] | .//*[starts-with(@id, 'authorposton')]",
        drop=(
            "div.quote", "i.pstatus", "ignore_js_op", "div.attach_nopermission", "div.locked", "font.jammer",
            "div.aimg_tip", "div.sign", "span[style*='display:none']", "span[style*='display: none']",
            "div.tip", "div.psth", "div.modact",
        ),
        title="//*[@id='thread_subject']",
        conversation=False,
    ),
    Board(
        name="discuz",
        mark='id="pid',
        posts="//div[starts-with(@id, 'pid')][.//ul[contains(@class, 'authi')]]",
        text=".//div[contains(@class, 'message')]",
        author=".//ul[contains(@class, 'authi')]//a[contains(@href, 'uid=')]",
        at=".//ul[contains(@class, 'authi')]/li[contains(@class, 'rela') or contains(@class, 'mtime')]",
        drop=(
            "div.quote", "i.pstatus", "ignore_js_op", "div.attach_nopermission", "div.locked", "font.jammer",
            "span[style*='display:none']", "span[style*='display: none']",
        ),
        conversation=False,
    ),
    Board(
        name="discuz",
        mark="Discuz! Archiver",
        posts="//div[@id='content']/p[@class='author']",
        text="./div",
        author="./p[@class='author']/strong",
        at="./p[@class='author']",
        drop=("h3",),
        follows=True,
        conversation=False,
    ),
    Board(
        name="xenforo",
        mark="data-author",
        posts="//article[@data-author] | //li[@data-author][contains(@class, 'message')]",
        text=".//div[contains(@class, 'bbWrapper')] | .//*[contains(@class, 'messageText')]",
        author=".//a[contains(@class, 'username')]",
        at=".//time[@datetime] | .//*[contains(@class, 'DateTime')]",
        drop=(
            "blockquote.bbCodeBlock--quote", "div.bbCodeBlock--quote", "div.bbCodeQuote",
            "div.messageTextEndMarker", "div.message-signature", "div.bbCodeBlock--unfurl",
        ),
        attribute="data-author",
    ),
    Board(
        name="vbulletin",
        mark="post_message_",
        posts="//table[starts-with(@id, 'post')][.//*[starts-with(@id, 'post_message_')]] | "
        "//li[contains(@class, 'postbit') or contains(@class, 'postcontainer')]"
        "[.//*[starts-with(@id, 'post_message_')]]",
        text=".//*[starts-with(@id, 'post_message_')]",
        author=".//a[contains(@class, 'username')] | .//*[starts-with(@id, 'postmenu_')]/a",
        at=".//*[contains(@class, 'postdate')] | .//td[contains(@class, 'thead')]",
        drop=("div.bbcode_container", "div.bbcode_quote", "div.quote", "div.signature"),
    ),
    Board(
        name="phpbb",
        mark="postbody",
        posts="//div[contains(concat(' ', @class, ' '), ' post ')][.//*[contains(@class, 'postbody')]]",
        text=".//*[contains(@class, 'postbody')]//div[contains(concat(' ', @class, ' '), ' content ')]",
        author=".//a[contains(@class, 'username')] | .//span[contains(@class, 'username')]",
        at=".//*[contains(@class, 'author')]//time[@datetime] | "
        ".//p[contains(@class, 'author')][not(.//time)]",
        drop=("blockquote", "div.signature", "div.notice", "dl.attachbox"),
    ),
    Board(
        name="discourse",
        mark="iscourse",
        posts="//div[contains(concat(' ', @class, ' '), ' crawler-post ')] | //article[@data-post-id] | "
        "//div[contains(@class, 'topic-body')][@itemprop]",
        text=".//div[contains(@class, 'cooked')] | .//div[@itemprop='text'] | "
        ".//div[@itemprop='articleBody'] | .//div[@class='post']",
        author=".//*[@itemprop='author']//*[@itemprop='name'] | .//*[contains(@class, 'username')]//a",
        at=".//time[@datetime] | .//*[@data-time]",
        drop=("aside.quote", "aside.onebox", "div.lightbox-wrapper div.meta", "div.small-action"),
    ),
    Board(
        name="smf",
        mark="post_wrapper",
        posts="//div[contains(@class, 'post_wrapper')]",
        text=".//div[contains(@class, 'inner')][starts-with(@id, 'msg_')]",
        author=".//*[contains(@class, 'poster')]//h4//a",
        at=".//*[contains(@class, 'keyinfo')]//*[contains(@class, 'smalltext')]",
        drop=("div.quoteheader", "div.quotefooter", "blockquote", "div.signature"),
    ),
    Board(
        name="mybb",
        mark="post_body",
        posts="//div[contains(concat(' ', @class, ' '), ' post ')][.//*[contains(@class, 'post_body')]]",
        text=".//*[contains(@class, 'post_body')]",
        author=".//*[contains(@class, 'post_author')]//a[contains(@href, 'user') or contains(@href, 'uid=')]",
        at=".//*[contains(@class, 'post_date')]//span[@title] | .//*[contains(@class, 'post_date')]",
        drop=("blockquote.mycode_quote", "blockquote", "div.signature"),
    ),
    Board(
        name="invision",
        mark="commentContent",
        posts="//article[.//*[@data-role='commentContent']]",
        text=".//*[@data-role='commentContent']",
        author=".//*[contains(@class, 'cAuthorPane_author')] | .//a[contains(@href, '/profile/')][text()]",
        at=".//time[@datetime]",
        drop=("blockquote.ipsQuote", "blockquote[data-ipsquote]", "div.ipsQuote_citation"),
    ),
    Board(
        name="stackexchange",
        mark="js-post-body",
        posts="//div[@id='question' or contains(concat(' ', @class, ' '), ' answer ')]"
        "[.//*[contains(@class, 'js-post-body')]]",
        text=".//*[contains(@class, 'js-post-body')]",
        # Who edited a post stands before its author.
        author="(.//*[contains(@class, 'user-details')])[last()]//a",
        at=".//time[@itemprop='dateCreated'] | (.//*[contains(@class, 'relativetime')])[last()]",
        conversation=False,
    ),
    Board(
        name="nodebb",
        mark='component="post/content"',
        posts="//li[@component='post']",
        text=".//*[@component='post/content']",
        author=".//a[@data-username] | .//a[contains(@href, '/user/')]",
        at=".//*[contains(@class, 'timeago')]",
        attribute="data-username",
    ),
    Board(
        name="fluxbb",
        mark="blockpost",
        posts="//div[contains(@class, 'blockpost')][.//*[contains(@class, 'postmsg')]]",
        text=".//*[contains(@class, 'postmsg')]",
        author=".//dt/strong",
        at=".//h2//a",
        drop=("p.postedit", "div.postsignature"),
    ),
    Board(
        name="reddit",
        mark="data-fullname=",
        posts="//div[@data-type='comment' or @data-type='link'][contains(@class, 'thing')]"
        "[not(contains(@class, 'stickied') or contains(@class, 'promoted'))]",
        text="./div[contains(@class, 'entry')]//div[contains(@class, 'usertext-body')]",
        author="./div[contains(@class, 'entry')]//a[contains(@class, 'author')]",
        at="./div[contains(@class, 'entry')]//time",
    ),
)  # fmt: skip
"""Tried in this order; the first that finds posts reads the page."""
