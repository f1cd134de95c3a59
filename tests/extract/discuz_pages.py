"""Threads as Discuz! writes them: versions, skins, archiver and telephone, with all that is around posts."""

from dataclasses import dataclass
from random import Random

from extract.bilingual_pages import paragraphs

POSTERS = (
    "老船匠",
    "阿秀",
    "灯塔守望",
    "tide_watcher",
    "修表的小贾",
    "南街钟表行",
    "雨后_1987",
    "KelpFarmer",
)
LOGIN = (
    '<div class="attach_nopermission attach_tips"><div><h3><strong>马上注册，结交更多好友，享用更多功能'
    "</strong></h3>"
    '<p>您需要 <a href="member.php?mod=logging&amp;action=login">登录</a> 才可以下载或查看，没有账号？'
    '<a href="member.php?mod=register">立即注册</a></p></div><span class="atips_close">x</span></div>'
)
FILE = (
    '<div class="pattl"><ignore_js_op><dl class="tattl"><dt><img src="zip.gif" /></dt><dd>'
    '<p class="attnm"><a href="forum.php?mod=attachment&amp;aid=1">海图扫描.zip</a></p>'
    "<p>2026-11-2 09:13 上传</p><p>点击文件名下载附件</p><p>214.5 KB, 下载次数: 31</p></dd></dl>"
    "</ignore_js_op></div>"
)
PICTURE = (
    '<ignore_js_op><img id="aimg_7" file="a.jpg" src="none.gif" /><div class="tip tip_4 aimg_tip" '
    'style="position: absolute; display: none"><p><strong>码头.jpg</strong> <em class="xg1">(88 KB, '
    "下载次数: 3)</em></p>"
    '<p><a href="#">下载附件</a></p><p class="xg1 y">2026-11-2 09:13 上传</p></div></ignore_js_op><br />'
)


VIEWS = '<span class="y"><i class="dm-eye"></i><em>863</em><i class="dm-chat-s"></i><em>3</em></span>'


@dataclass(frozen=True)
class Post:
    author: str
    at: str
    paragraphs: tuple[str, ...]
    quoted: str = ""


@dataclass(frozen=True)
class Board:
    """A thread's page, and what is in it."""

    title: str
    posts: tuple[Post, ...]
    html: bytes
    charset: str

    @property
    def type(self) -> str:
        return f"text/html; charset={self.charset}"


def thread(rng: Random, template: str) -> Board:
    """Return a page of *template*, a key of :data:`MAKERS`."""
    written = iter(paragraphs(rng, 40, language="zh"))
    posts: list[Post] = []
    for number in range(rng.choice((1, 2, 4, 9))):
        at = f"2026-{rng.randint(1, 12)}-{rng.randint(1, 28)} {rng.randint(10, 23)}:{rng.randint(10, 59)}"
        said = tuple(next(written) for _ in range(rng.randint(3, 6) if number == 0 else rng.randint(1, 2)))
        quoted = posts[-1].paragraphs[0][:25] if posts and rng.random() < 0.4 else ""
        posts.append(Post(rng.choice(POSTERS), at, said, quoted))
    title = f"{next(written)[:18]}，请教"
    charset = rng.choice(("gbk", "utf-8")) if template != "7.2" else "gbk"
    body = MAKERS[template](rng, title, posts)
    head = (
        f'<meta http-equiv="Content-Type" content="text/html; charset={charset}" />'
        f"<title>{title} - 船舶版 - 渔港社区 -  Powered by Discuz!</title>"
        '<meta name="generator" content="Discuz! X3.4" /><meta name="author" content="Discuz! Team and '
        'Comsenz UI Team" />'
        f'<meta name="keywords" content="{title}" /><meta name="description" '
        f'content="{posts[0].paragraphs[0]} ,渔港社区" />'
    )
    whole = f'<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head>{head}</head>{body}</html>'
    return Board(title, tuple(posts), whole.encode("gb18030" if charset == "gbk" else charset), charset)


def _message(rng: Random, post: Post, first: bool) -> str:
    between = rng.choice(("<br />\n<br />\n", "<br />\n", "<br /><br />\r\n&nbsp; &nbsp; "))
    text = between.join(post.paragraphs)
    if rng.random() < 0.2:
        text = text.replace("，", '，<font class="jammer">{ jammer! 9k</font>', 1)
    if rng.random() < 0.3:
        text = "".join(f'<div align="left"><font size="3">{each}</font></div>' for each in post.paragraphs)
    before = ""
    if rng.random() < 0.3:
        before = f'<i class="pstatus"> 本帖最后由 {post.author} 于 {post.at} 编辑 </i><br />\n<br />\n'
    if post.quoted:
        before += (
            '<div class="quote"><blockquote><font size="2"><a '
            'href="forum.php?mod=redirect&amp;goto=findpost">'
            f'<font color="#999999">灯塔守望 发表于 2026-11-2 20:05</font></a></font><br />\n{post.quoted}'
            "</blockquote></div><br />\n"
        )
    if first and rng.random() < 0.5:
        before += PICTURE
    if rng.random() < 0.2:
        text += '<div class="locked">游客，如果您要查看本帖隐藏内容请<a href="#">回复</a></div>'
    return before + text


COMMENTS = (
    '<div id="comment_1" class="cm"><h3 class="psth xs1"><span class="icon_ring vm"></span>点评</h3>'
    '<div class="pstl xs1 cl"><div class="psta vm"><a class="xi2 xw1">阿秀</a></div>'
    '<div class="psti">同感。&nbsp;<span class="xg1">发表于 2026-11-3 10:22</span></div></div></div>'
)
RATES = (
    '<h3 class="psth xs1"><span class="icon_ring vm"></span>评分</h3><dl id="ratelog_1" class="rate"><dd>'
    '<table class="ratl"><tr><th class="xw1">参与人数 <span class="xi1">2</span></th><th>理由</th></tr>'
    "</table>"
    "</dd></dl>"
)


def _after(rng: Random) -> str:
    """Return what stands below a post in its cell."""
    none = '<div id="comment_1" class="cm"></div>'
    return rng.choice(("", FILE, LOGIN)) + rng.choice((none, COMMENTS, RATES))


def _sign(rng: Random) -> str:
    return rng.choice(("", '<div class="sign" style="max-height:100px;">慢慢做，总会浮起来的。</div>'))


def _x(version: str, *, skin: bool = False):
    def make(rng: Random, title: str, posts: list[Post]) -> str:
        shown = "".join(_post_x(rng, version, post, number, skin) for number, post in enumerate(posts))
        subject = f'<span id="thread_subject">{title}</span>'
        if version == "x2.5":
            subject = f'<a href="forum.php?mod=viewthread&amp;tid=9" id="thread_subject">{title}</a>'
        copy = '<span class="xg1"><a href="thread-9-1-1.html">[复制链接]</a></span>'
        header = f'<h1 class="ts"><a href="#">[讨论]</a> {subject}</h1>{copy}'
        return (
            '<body id="nv_forum" class="pg_viewthread"><div id="toptb" class="cl"><a href="#">设为首页</a>'
            '<a href="#">收藏本站</a></div>'
            '<div id="hd"><form id="lsform"><label>自动登录</label><a>找回密码</a><a>立即注册</a></form>'
            '<div id="nv"><a href="#">快捷导航</a><ul><li><a href="forum.php">论坛</a></li></ul></div>'
            '</div><div id="wp" class="wp">'
            '<div id="pt" class="bm cl"><div class="z"><a href="./">渔港社区</a> <em>&rsaquo;</em> <a '
            'href="#">船舶版</a></div></div>'
            '<div id="ct" class="wp cl"><div id="postlist" class="pl bm"><table><tr><td class="pls"><span '
            'class="xg1">查看:</span> '
            f'<span class="xi1">863</span> 回复: {len(posts)}</td><td class="plc vwthd">{header}</td></tr>'
            f"</table>{shown}</div>"
            '<div id="f_pst"><form id="fastpostform"><a href="#">高级模式</a>您需要登录后才可以回帖 <a>'
            "登录</a> | <a>立即注册</a> "
            "<a>本版积分规则</a></form></div></div></div>"
            '<div id="ft"><p><a href="archiver/">Archiver</a>|<a>手机版</a>|<a>小黑屋</a></p><p '
            'class="xs0">GMT+8, 2026-11-23 17:41'
            '<span id="debuginfo">, Processed in 0.03 second(s), 12 queries .</span></p><p>Powered by '
            "<strong>Discuz!</strong></p></div></body>"
        )

    return make


def _post_x(rng: Random, version: str, post: Post, number: int, skin: bool) -> str:
    pid = 50_000 + number
    at = f"发表于 {post.at}"
    if rng.random() < 0.3:
        at = f'发表于 <span title="{post.at}">3&nbsp;天前</span>'
    classes = "vm_pls" if skin else "pls"
    name = f'<a href="home.php?mod=space&amp;uid={pid}" target="_blank" class="xw1">{post.author}</a>'
    stats = (
        '<table><th><p><a class="xi2">17</a></p>主题</th><td><p><a class="xi2">12051</a></p>积分</td></table>'
    )
    only = '<span class="pipe">|</span><a href="#" rel="nofollow">只看该作者</a>'
    if number == 0:
        only += '<span class="pipe show">|</span><a href="#" class="show">倒序浏览</a>'
    left = f'<div class="pi"><div class="authi">{name}</div></div>{stats}<p><em><a>中级会员</a></em></p>'
    message = _message(rng, post, number == 0)
    cell = f'<td class="t_f" id="postmessage_{pid}">\n{message}</td>'
    wrap = "t_fsz" if version != "x2.5" else rng.choice(("t_fsz", "pcbs"))
    return (
        f'<div id="post_{pid}"{" class=viewbox" if skin else ""}><table id="pid{pid}" class="plhin" '
        f'summary="pid{pid}">'
        f'<tr><td class="{classes}" rowspan="2">{left}</td><td class="plc"><div class="pi"><strong><a '
        f'id="postnum{pid}">'
        f"{('楼主', '沙发', '板凳')[number] if number < 3 else f'<em>{number + 1}</em><sup>#</sup>'}</a>"
        '</strong><div class="pti">'
        f'<div class="authi"><em id="authorposton{pid}">{at}</em>{only}</div></div></div><div class="pct">'
        '<div class="pcb">'
        f'<div class="{wrap}"><table><tr>{cell}</tr></table></div>{_after(rng)}</div></div></td></tr>'
        f'<tr><td class="plc plm">{_sign(rng)}</td></tr><tr><td class="pls"></td><td class="plc"><div '
        'class="po"><em><a class="fastre">'
        "回复</a></em><p><a>使用道具</a> <a>举报</a></p></div></td></tr></table></div>"
    )


def _seven(rng: Random, title: str, posts: list[Post]) -> str:
    shown = "".join(
        f'<div id="post_{pid}"><table id="pid{pid}" summary="pid{pid}" cellspacing="0"><tr><td '
        'class="postauthor" rowspan="2">'
        f'<div class="postinfo"><a target="_blank" href="space.php?uid={pid}">{post.author}</a></div><p>'
        "<em>中级会员</em></p>"
        '<dl class="profile"><dt>积分</dt><dd>2817&nbsp;</dd></dl></td><td class="postcontent"><div '
        'class="postinfo">'
        f'<strong><a id="postnum{pid}"><em>{number + 1}</em><sup>#</sup></a></strong><div '
        'class="posterinfo"><div class="authorinfo">'
        f'<em id="authorposton{pid}">发表于 {post.at}</em> | <a href="#" rel="nofollow">只看该作者</a>'
        "</div></div></div>"
        '<div class="defaultpost"><div class="postmessage firstpost"><div class="t_msgfontfix"><table><tr>'
        f'<td class="t_msgfont" id="postmessage_{pid}">{_message(rng, post, number == 0)}</td></tr></table>'
        "</div></div></div></td></tr>"
        '<tr><td class="postcontent postbottom"><div class="signatures">慢慢做，总会浮起来的。</div></td>'
        "</tr></table></div>"
        for number, post in enumerate(posts)
        for pid in (50_000 + number,)
    )
    return (
        '<body id="viewthread"><div id="header"><a>注册</a><a>登录</a></div><div id="nav"><a '
        'href="index.php">渔港社区</a> &raquo; 船舶版</div>'
        f'<div id="wrap"><div id="postlist" class="mainbox viewthread"><div id="threadtitle"><h1>{title}'
        f"</h1></div>{shown}</div></div>"
        '<div id="footer"><p id="copyright">Powered by <strong>Discuz!</strong> <em>7.2</em></p><p '
        'id="debuginfo">GMT+8, 2026-11-23 17:41, '
        "Processed in 0.03 second(s), 8 queries.</p></div></body>"
    )


def _touch(rng: Random, title: str, posts: list[Post]) -> str:
    shown = "".join(
        f'<div class="plc cl" id="pid{pid}"><span class="avatar"><img src="a.gif" /></span><div '
        f'class="display pi" href="#replybtn_{pid}">'
        f'<ul class="authi"><li class="grey"><em>{"楼主" if number == 0 else f"{number + 1}<sup>#</sup>"}'
        "</em><b>"
        f'<a href="home.php?mod=space&amp;uid={pid}" class="blue">{post.author}</a></b></li>'
        f'<li class="grey rela">{"<em><a>收藏</a></em>" if number == 0 else ""}{post.at}</li></ul>'
        f'<div class="message">{_message(rng, post, False)}</div></div>'
        f'<div id="replybtn_{pid}" class="replybtn" display="true" style="display:none;"><input '
        'type="button" value="回复"></div></div>'
        for number, post in enumerate(posts)
        for pid in (50_000 + number,)
    )
    return (
        '<body id="forum" class="pg_viewthread"><header class="header"><div class="nav"><a '
        'href="forum.php">论坛</a><span class="name">船舶版</span>'
        f'</div></header><div class="wp"><div class="postlist"><h2>{title}</h2>{shown}<div id="post_new">'
        "</div></div></div>"
        '<div class="footer"><p><a>登录</a> | <a>立即注册</a></p><p><a>标准版</a> | <a>电脑版</a></p><p>© '
        "Comsenz Inc. Powered by Discuz!</p></div></body>"
    )


def _touch_now(rng: Random, title: str, posts: list[Post]) -> str:
    note = (
        '<h3 class="psth xs1">点评</h3><div class="plc p0 cl" id="commentdetail_7"><div class="display pi">'
        '<ul class="authi"><li class="mtit"><span class="z"><a href="home.php?mod=space&amp;uid=3">阿秀</a>'
        '</span></li><li class="mtime">发表于 2026-11-3 10:22</li><li class="mtxt mt5">同感。</li></ul>'
        "</div></div>"
    )
    shown = "".join(
        f'<div class="plc cl" id="pid{pid}"><div class="avatar"><img src="a.gif" /></div>'
        '<div class="display pi"><ul class="authi"><li class="mtit"><span class="y">\n'
        f'{"楼主" if number == 0 else f"{number + 1}#"}</span>\n<span class="z">\n'
        f'<a href="home.php?mod=space&amp;uid={pid}">{post.author}</a>\n</span></li>\n<li class="mtime">\n'
        f"{VIEWS if number == 0 else ''}\n{post.at}\n</li></ul>\n"
        f'<div class="message">\n{_message(rng, post, False)}</div>'
        f'<div id="comment_{pid}">{rng.choice(("", note))}</div></div><div class="threadlist_foot cl"><ul>'
        "<li>"
        "<a>回复</a></li><li><a>评分</a></li></ul></div></div>"
        for number, post in enumerate(posts)
        for pid in (50_000 + number,)
    )
    return (
        '<body id="forum" class="pg_viewthread"><div class="header cl"><h2><a href="#">船舶版</a></h2></div>'
        f'<div class="viewthread"><div class="view_tit">\n<em>[讨论]</em>\n{title}\n</div>{shown}</div>'
        '<div class="foot_height"></div><div class="foot flex-box"><a>首页</a><a>发帖</a><a>我的</a></div>'
        "</body>"
    )


def _archiver(rng: Random, title: str, posts: list[Post]) -> str:
    shown = "".join(
        f'<p class="author">\n<strong>{post.author}</strong>\n发表于 {post.at}\n</p>\n<h3>'
        f"{title if number == 0 else ''}</h3>\n" + "<br />\n<br />\n".join(post.paragraphs)
        for number, post in enumerate(posts)
    )
    return (
        '<body vlink="#333333" link="#333333"><h2 style="text-align: center; margin-top: 20px">'
        "渔港社区's Archiver </h2>"
        '<center><div class="ad"></div></center><div id="nav"><a href="./"><strong>渔港社区</strong></a> '
        '&raquo; <a href="?fid-36.html">船舶版</a> '
        f'&raquo; {title}</div><div id="content">{shown}<div class="page">\n页: <strong>[1]</strong></div>'
        "</div>"
        f'<div id="end">查看完整版本: <a href="../thread-9-1-1.html"><strong>{title}</strong></a></div>'
        '<div id="footer">Powered by <strong><a>Discuz! Archiver</a></strong> <em>X3.4</em> &nbsp; &copy; '
        "2001-2021 <a>Tencent Cloud</a></div></body>"
    )


MAKERS = {
    "x2.5": _x("x2.5"), "x3.4": _x("x3.4"), "x3.5": _x("x3.5"), "skin": _x("x3.4", skin=True), "7.2": _seven,
    "touch": _touch, "touch x3.5": _touch_now, "archiver": _archiver,
}  # fmt: skip
