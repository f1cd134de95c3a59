"""Pages of the other four families of sites, made anew: other text, counts and details of the templates."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from random import Random

from extract.bilingual_pages import CITIES, sentence, units

AUTHORS = ("伊曼妮·斯塔夫罗斯", "沈雨桐", "罗莎·奎尔", "周敏")
DATE = "2026-11-18T09:30:00+08:00"


@dataclass(frozen=True)
class Made:
    """A page and what clean extraction makes of it."""

    family: str
    html: str
    title: str
    title_other: str
    authors: tuple[str, ...]
    translators: tuple[str, ...]
    paragraphs: tuple[str, ...]
    headings: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    """Paragraphs that say the same."""
    starts: tuple[tuple[float, ...], ...] = ()


def _headline(rng: Random) -> tuple[str, str]:
    (english, chinese), (place, where) = sentence(rng), rng.choice(CITIES)
    return f"{place}: {english[:40].rstrip(' ,.“”?')}", f"{where}来信：{chinese[:14].rstrip('，。“”？')}"


def _page(title: str, head: str, body: str) -> str:
    start = f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
    return f"{start}{head}</head>{body}</html>"


def _meta(**said: str) -> str:
    """Return meta elements; a name with an underscore is that of a property."""
    return "".join(
        f'<meta {"property" if "_" in name else "name"}="{name.replace("_", ":", 1)}" content="{value}">'
        for name, value in said.items()
    )


# Audio stories

OVERLAY = (
    '<div class="overlay-container" id="overlay-login"><div class="overlay-title">登录<i '
    'class="overlay-close">×</i></div>'
    '<form class="login-form" method="post"><div class="input-title">电子邮件/用户名<input type="text" '
    'name="username"></div>'
    '<div class="input-title">密码<input type="password" name="password" placeholder="请输入密码"></div>'
    "<label>记住我</label>"
    '<a href="/find">找回密码</a><input type="submit" value="登录"><div class="register-hint">还没有账号？'
    "<a>免费注册</a>，"
    "成为会员即可收听全部音频。</div></form></div>"
    '<div class="overlay-container" id="overlay-bind-phone"><div class="overlay-title">绑定手机号码</div>'
    '<p class="bind-hint">根据相关法规要求，请您绑定手机号码后再发表评论。</p><form><select><option>'
    "中国大陆 +86</option></select>"
    '<button type="button">获取验证码</button></form></div>'
)
FONTS = (
    '<div class="fontsize-container"><span>调整字号</span><ul class="font-setting"><li>最小</li><li>较小'
    "</li><li>默认</li>"
    '<li>较大</li><li>最大</li></ul></div><div class="bodytext-share">分享：<a>微信</a><a>微博</a><a>'
    "收藏本文</a></div>"
)
AROUND = (
    '<div class="subscription-promo"><p>订阅会员，畅听全部音频</p><a>立即订阅</a></div><div '
    'class="copyrightstatement-container">'
    '<p class="copyrightstatement">版权声明：本文版权归海潮双语网所有，未经允许任何单位或个人不得转载，'
    "复制或以任何其他方式使用本文"
    '全部或部分，侵权必究。</p></div><div class="story-box"><h2>相关文章</h2><ul><li><a href="/i/90213">'
    "读者来信：把耳机借给父亲的一周"
    '</a></li><li><a href="/i/90188">为什么我们重新爱上收音机</a></li></ul></div><div '
    'class="user_comments_container"><h3>读者评论</h3>'
    "<div>评论区加载中，请登录后发表评论。</div></div>"
)
PLACES: dict[str, Callable[[str], str]] = {
    "variable": lambda blob: (
        f"<script>var interactiveType = 'radio';\nvar audioData = {blob};\nvar notes = [];</script>"
    ),
    "property": lambda blob: (
        f"<script>window.__STORY__={{id:7,kind:'audio'}};window.player.load({blob}, true)</script>"
    ),
    "string": lambda blob: f"<script>var audioData = JSON.parse({json.dumps(blob)});</script>",
    "escaped": lambda blob: "<script>var d = JSON.parse('{}');</script>".format(
        json.dumps(json.loads(blob)).replace("\\", "\\\\").replace("'", "\\'")
    ),
    "json": lambda blob: (
        f'<script type="application/json">{{"props": {{"page": {{"radio": {blob}}}}}}}</script>'
    ),
    "string in json": lambda blob: (
        f'<script type="application/json">{{"props": {{"radio": {json.dumps(blob)}}}}}</script>'
    ),
    "hidden": lambda blob: f'<div id="audio-text" style="display:none">{escape(blob, quote=False)}</div>',
    "shown": lambda blob: f'<div id="audio-text">{escape(blob, quote=False)}</div>',
    "attribute": lambda blob: f'<div id="player" data-radio="{escape(blob)}"></div>',
    "value": lambda blob: f'<input type="hidden" id="radio" value="{escape(blob)}">',
    "twice": lambda blob: f'<div id="audio-text" class="hide">{escape(escape(blob))}</div>',
    "template": lambda blob: f'<textarea id="radio" style="display:none">{escape(blob)}</textarea>',
}


def audiostory(rng: Random, place: str) -> Made:
    """Return a story whose text stands in its recording's transcript alone, kept at *place*."""
    english = rng.random() < 0.5
    said = [unit[not english] for unit in units(rng, rng.choice((2, 5, 14)))]
    at, lines = 0.0, []
    for paragraph in said:
        cues = []
        for part in _cut_up(rng, paragraph, english=english):
            cues.append({"start": round(at, 2), "text": part})
            at += rng.uniform(1, 6)
        lines.append(cues)
    _, title = _headline(rng)
    author = rng.choice(AUTHORS)
    blob = json.dumps({"text": lines, "url": "https://audio.invalid/7.mp3"}, ensure_ascii=rng.random() < 0.3)
    lead = sentence(rng)[1]
    body = (
        f'<body class="story audio-page">{OVERLAY if rng.random() < 0.8 else ""}<div '
        'class="header-container"><a class="header-logo" href="/">'
        '海潮双语网</a><a>登录</a><a>免费注册</a></div><nav><ul><li><a href="/">首页</a></li><li><a '
        'href="/c">中国</a></li></ul></nav>'
        f'<div class="content-inner"><div class="story-container"><h1 class="story-headline">{title}</h1>'
        f'<div class="story-lead">{lead}</div>'
        '<div class="story-byline"><span class="story-time">更新于2026年11月18日 09:30</span> <span '
        f'class="story-author">{author}</span></div>'
        f'{FONTS}<div class="story-body"><div id="story-body-container"><audio controls></audio><div '
        'id="text-container">'
        f'<div class="loading">音频文字加载中…</div></div>{PLACES[place](blob)}{AROUND}</div></div></div>'
        "</div>"
        "<footer><a>关于我们</a><span>© 海潮双语网 2026</span></footer></body>"
    )
    head = _meta(og_title=title, author=author, og_site_name="海潮双语网")
    starts = tuple(tuple(cue["start"] for cue in cues) for cues in lines)
    return Made(
        "audiostory",
        _page(f"{title} - 海潮双语网", head, body),
        title,
        "",
        (author,),
        (),
        tuple(said),
        starts=starts,
    )


def _cut_up(rng: Random, text: str, *, english: bool) -> list[str]:
    """Return *text* in the pieces that a player shows, of which English ones begin without their blank."""
    if not english:
        # No player parts a number or a name.
        whole = [at for at in range(1, len(text)) if not (text[at - 1] < "~" and text[at] < "~")]
        ends = sorted(rng.sample(whole, min(3, len(whole))))
        return [text[a:b] for a, b in zip([0, *ends], [*ends, len(text)], strict=True)]
    words = text.split(" ")
    step = rng.randint(4, 9)
    return [" ".join(words[at : at + step]) for at in range(0, len(words), step)]


# Two languages on a page


def _rows(pairs: list[tuple[str, str]]) -> str:
    return "".join(
        f'<div class="article-paragraph-row row"><div class="col-lg-6"><div class="inner" lang="en">{one}'
        "</div></div>"
        f'<div class="col-lg-6"><div class="inner" lang="zh">{other}</div></div></div>'
        for one, other in pairs
    )


def _each(pairs: list[tuple[str, str]], which: int) -> str:
    return "".join(f"<p>{pair[which]}</p>" for pair in pairs)


LAYOUTS: dict[str, Callable[[list[tuple[str, str]]], str]] = {
    "rows": _rows,
    "turns": lambda pairs: "".join(f"<p>{one}</p><p>{other}</p>" for one, other in pairs),
    "chinese first": lambda pairs: "".join(
        f'<p class="zh">{other}</p><p class="en">{one}</p>' for one, other in pairs
    ),
    "table": lambda pairs: (
        "<table>" + "".join(f"<tr><td>{one}</td><td>{other}</td></tr>" for one, other in pairs) + "</table>"
    ),
    "columns of a table": lambda pairs: (
        f"<table><tr><td>{_each(pairs, 0)}</td><td>{_each(pairs, 1)}</td></tr></table>"
    ),
    "tabs": lambda pairs: (
        '<ul class="nav-tabs"><li><a href="#en">English</a></li><li><a href="#zh">中文</a></li></ul>'
        f'<div class="tab-content"><div class="tab-pane active" id="en">{_each(pairs, 0)}</div><div '
        f'class="tab-pane" id="zh">{_each(pairs, 1)}</div></div>'
    ),
    "one after the other": lambda pairs: (
        f'<div lang="zh">{_each(pairs, 1)}</div><div lang="en">{_each(pairs, 0)}</div>'
    ),
    "breaks": lambda pairs: "".join(f"<p>{one}<br><br>{other}</p>" for one, other in pairs),
}
IN_ORDER = {"chinese first": (1, 0)}
APART = {"columns of a table": (0, 1), "tabs": (0, 1), "one after the other": (1, 0)}
"""Layouts that have one language whole after the other, and in which order."""


def bilingual(rng: Random, layout: str) -> Made:
    pairs = units(rng, rng.choice((4, 8, 20)))
    (other, title), author = _headline(rng), rng.choice(AUTHORS)
    translator = rng.choice(("林安然", "曹若兰", "冯明哲"))
    credit = rng.choice((f"翻译：{translator}", f"译者：{translator}", f"译者 | {translator}"))
    heading = rng.choice((
        f'<h1>{title}<span class="en-title">{other}</span></h1>',
        f'<h1>{title}</h1><h2 class="en-title">{other}</h2>',
        f"<h1>{title}</h1><h1>{other}</h1>",
    ))  # fmt: skip
    body = (
        '<body class="article-dual"><header class="site-header"><a class="logo" href="/">港湾时报中文网'
        '</a><ul class="lang-switch"><li><a>简体</a>'
        "</li><li><a>繁體</a></li></ul><nav><ul><li><a>国际</a></li><li><a>中国</a></li></ul></nav>"
        '</header><div class="newsletter-bar">'
        "<strong>订阅新闻简报</strong><form><button>立即注册</button></form></div><main><article>"
        f'<div class="article-header"><header>{heading}</header><div class="meta-line"><address '
        f'class="byline">{author}</address>'
        '<time datetime="2026-11-18T09:30:00+08:00">2026年11月18日</time></div><div '
        'class="article-language-tools"><a>阅读简体中文版</a>'
        '<a>阅读英文版</a></div></div><div class="article-body"><section class="article-body-content">'
        f"{LAYOUTS[layout](pairs)}"
        f'<footer class="author-info"><p>{credit}</p><p><a>点击查看本文英文版。</a></p></footer></section>'
        "</div>"
        '<section class="related-cont"><h3>相关报道</h3><ul><li><a>领航船上的第一位女船长</a></li><li><a>'
        "纸灯笼为什么又亮了</a></li></ul></section>"
        '<section class="recommended"><h3>Recommended</h3><ul><li><a>The Bakery That Never Locks Its Door'
        "</a></li></ul></section>"
        '<div class="comments"><div id="disqus_thread"></div><noscript>Please enable JavaScript to view '
        "the <a>comments powered by Disqus.</a>"
        "</noscript></div></article><aside><h3>最受欢迎</h3><ol><li><a>慢车的好处</a></li><li><a>"
        "米粉店里的算法</a></li></ol></aside></main>"
        '<footer class="site-footer"><p>© 2026 The Harbour Times Company.</p><ul><li><a>反馈</a></li></ul>'
        "</footer></body>"
    )
    head = _meta(article_published_time=DATE, og_title=title, og_type="article")
    said = _ordered(pairs, layout)
    html = _page(f"{title} - 港湾时报中文网", head, body)
    return Made("bilingual", html, title, other, (author,), (translator,), said, pairs=tuple(pairs))


def _ordered(pairs: list[tuple[str, str]], layout: str) -> tuple[str, ...]:
    if layout in APART:
        return tuple(pair[which] for which in APART[layout] for pair in pairs)
    return tuple(pair[which] for pair in pairs for which in IN_ORDER.get(layout, (0, 1)))


def forum(rng: Random, markup: str) -> Made:
    """Return a translation that stands twice on its page, in two tabs; *markup* is of its paragraphs."""
    pairs = units(rng, rng.choice((4, 9, 20)))
    (other, title), poster = _headline(rng), rng.choice(("青石板路", "南山有雨", "night_shift"))
    made = {
        "p": lambda one, two: f'<p class="raw">{one}</p><p class="tran">{two}</p>',
        "div": lambda one, two: (
            f'<div class="para"><div class="raw">{one}</div><div class="tran">{two}</div></div>'
        ),
        "quote": lambda one, two: f"<blockquote>{one}</blockquote><p>{two}</p>",
    }[markup]
    text = "".join(made(*pair) for pair in pairs)
    comments = "".join(
        f'<li class="comment-row"><div class="comment-user"><a>二手闹钟</a><span class="floor">{n}楼</span>'
        '</div><div class="comment-text">'
        f'柴油味的蜂蜜，真想尝第{n}口。</div><div class="comment-action"><a>赞({n})</a> <a>回复</a> <a>举报'
        "</a></div></li>"
        for n in range(1, rng.choice((2, 5, 12)))
    )
    body = (
        '<body><nav class="navbar"><a class="navbar-brand" href="/">译潮网</a><ul><li><a>社会</a></li><li>'
        "<a>登录</a></li><li><a>注册</a></li></ul></nav>"
        '<div class="container"><div class="col-md-9"><ol class="breadcrumb"><li><a>首页</a></li><li>正文'
        '</li></ol><div class="post-head">'
        f'<h1 class="post-title">{title}</h1><h2 class="post-title-en">{other}</h2><div class="post-info">'
        f'<span class="poster">译者：<a href="/u/7">{poster}'
        f'</a></span> <span class="post-date">2026-11-18 09:30</span> <span>浏览 {rng.randint(9, 9999)}'
        "</span> <span>字数 130</span></div></div>"
        '<ul class="nav nav-tabs"><li class="active"><a>正文翻译</a></li><li><a>评论翻译 <span '
        'class="badge">2</span></a></li></ul><div class="tab-content">'
        f'<div class="tab-pane active" id="tab-article"><div class="post-content">{text}</div></div><div '
        'class="tab-pane" id="tab-comments">'
        f'<div class="post-content">{text}</div><ul class="comment-list">{comments}</ul></div></div><div '
        'class="post-action"><a>点赞 <em>218</em></a>'
        '<a>收藏 <em>64</em></a><a>转发</a></div><div class="post-notice">本站译文由网友自发翻译，'
        "仅供学习交流，不代表本站立场。</div>"
        '<form class="comment-form"><textarea placeholder="说点什么吧"></textarea><button>发表评论'
        '</button></form></div><div class="col-md-3">'
        '<div class="panel">热门译文<ul class="list-group"><li><a>我在荒岛上修了三年无线电</a></li></ul>'
        '</div><div class="panel">译者排行榜<ol><li>'
        "<a>南山有雨</a> <span>1024 篇</span></li></ol></div></div></div><footer><p>译潮网 © 2019-2026 <a>"
        "举报中心</a></p></footer></body>"
    )
    html = _page(f"{title} - 译潮网 翻译论坛", "", body)
    said = _ordered(pairs, "turns")
    return Made("forum", html, title, other, (poster,), (poster,), said, pairs=tuple(pairs))


# Blogs


def ainews(rng: Random, engine: str) -> Made:
    """Return a post of a blog that *engine* (``wordpress``, ``hexo``) made."""
    said = [unit[1] for unit in units(rng, rng.choice((5, 9, 16)))]
    heads = ["为什么是现在", "评测结果", "接下来的计划"][: rng.randint(0, min(3, len(said) // 2))]
    caption = "图1：港口的一页日志，红框为模型没有把握的格子。"
    parts, at = [], {1 + 2 * number: name for number, name in enumerate(heads)}
    for number, paragraph in enumerate(said):
        if number in at:
            parts.append(f'<h2 id="h{number}">{at[number]}</h2>')
        if number == 1:
            parts.append(f'<figure><img src="/a.png" alt=""><figcaption>{caption}</figcaption></figure>')
        parts.append(f"<p>{paragraph}</p>")
    _, title = _headline(rng)
    author = rng.choice(("海鸥编辑", "智讯小编", "Lin Anran"))
    make = _wordpress if engine == "wordpress" else _hexo
    html = make(title, author, "".join(parts))
    return Made("ainews", html, title, "", (author,), (), tuple(said), tuple(heads), (caption,))


def _wordpress(title: str, author: str, text: str) -> str:
    head = _meta(article_published_time=DATE, author=author, generator="WordPress 6.6")
    body = (
        '<body class="single single-post"><header id="masthead"><p class="site-title"><a href="/">智讯日志'
        "</a></p><nav><ul><li><a>模型</a></li></ul></nav></header>"
        f'<main><article class="post hentry"><header class="entry-header"><h1 class="entry-title">{title}'
        '</h1><div class="entry-meta"><span>发布于 '
        f'<time class="entry-date published" datetime="{DATE}">2026年11月18日</time></span><span '
        f'class="byline"> 由 <a class="url fn n">{author}</a></span>'
        f'<span class="views">阅读数 1,204</span></div></header><div class="entry-content">{text}<div '
        'class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">'
        '分享到：</h3><ul><li><a>点击分享到微博</a></li></ul></div><div class="wp-reward"><button>打赏作者'
        '</button></div></div><footer class="entry-footer">'
        '<span class="tags-links">标签 <a rel="tag">手写识别</a></span></footer></article><nav '
        'class="navigation post-navigation"><a rel="prev">上一篇：有轨电车的噪声'
        '</a><a rel="next">下一篇：潮汐预报</a></nav><div id="jp-relatedposts"><h3><em>相关文章</em></h3>'
        "<ul><li><a>会看旧地图的模型</a></li></ul></div>"
        '<div id="comments"><h2 class="comments-title">有3条评论</h2><ol class="comment-list"><li '
        'class="comment"><p>求一个下载链接，官网打不开。</p></li></ol>'
        '<div id="respond"><h3>发表回复</h3><p>您的邮箱地址不会被公开。</p></div></div></main><aside>'
        "<section><h2>近期文章</h2><ul><li><a>潮汐预报又快了一倍</a></li>"
        "</ul></section></aside><footer><a>自豪地采用WordPress</a> 主题：Tidewater</footer></body>"
    )
    return _page(f"{title} | 智讯日志", head, body)


def _hexo(title: str, author: str, text: str) -> str:
    head = _meta(generator="Hexo 7.0", og_title=title, article_published_time=DATE)
    body = (
        '<body itemscope itemtype="http://schema.org/WebPage"><header class="header"><div '
        'class="site-meta"><a href="/" class="brand"><h1 class="site-title">智讯日志</h1>'
        '</a><p class="site-subtitle">每天三分钟</p></div><nav class="site-nav"><ul><li><a>首页</a></li>'
        '<li><a>归档</a></li></ul></nav></header><main class="main">'
        '<div class="content post posts-expand"><div class="post-block"><article itemscope '
        'itemtype="http://schema.org/Article" class="post-content">'
        '<span hidden itemprop="author" itemscope itemtype="http://schema.org/Person"><meta '
        f'itemprop="name" content="{author}"></span>'
        f'<header class="post-header"><h1 class="post-title" itemprop="name headline">{title}</h1><div '
        'class="post-meta"><span class="post-meta-item-text">发表于</span> '
        f'<time itemprop="dateCreated datePublished" datetime="{DATE}">2026-11-18</time> <span '
        'class="post-meta-item">阅读次数：<span id="busuanzi">9</span></span>'
        f'<span>本文字数：1.2k</span></div></header><div class="post-body" itemprop="articleBody">{text}'
        "</div>"
        '<div class="reward-container"><div>请我喝杯咖啡</div><button>打赏</button></div><div '
        'class="post-copyright"><ul><li><strong>本文作者： </strong>'
        f"{author}</li><li><strong>本文链接：</strong><a>http://a.example/7</a></li><li><strong>版权声明： "
        "</strong>本博客所有文章除特别声明外，均采用 BY-NC-SA "
        '许可协议。转载请注明出处！</li></ul></div><footer class="post-footer"><div class="post-tags"><a '
        'rel="tag"># OCR</a></div><div class="post-nav">'
        '<a rel="prev">上一篇：有轨电车</a><a rel="next">下一篇：潮汐预报</a></div></footer></article>'
        '</div><div class="comments" id="valine-comments"></div></div></main>'
        '<footer class="footer"><div class="copyright">© 2026 智讯</div><div>由 Hexo &amp; NexT.Gemini '
        "强力驱动</div></footer></body>"
    )
    return _page(f"{title} | 智讯日志", head, body)


PAGES = [
    *((audiostory, place) for place in PLACES),
    *((bilingual, layout) for layout in LAYOUTS),
    *((forum, markup) for markup in ("p", "div", "quote")),
    *((ainews, engine) for engine in ("wordpress", "hexo")),
]
