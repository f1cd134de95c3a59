"""HTML of the net: small pages, of 2 to 6 kB."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from newsite.feeds import iso
from newsite.net.model import Entry, Story


@dataclass(frozen=True, slots=True)
class Paper:
    """What every page of a host has in common."""

    title: str
    language: str
    charset: str
    base: str


def _page(paper: Paper, title: str, head: str, body: str) -> str:
    return (
        f'<!doctype html>\n<html lang="{paper.language}"><head><meta charset="{paper.charset}">'
        f"<title>{escape(title)}</title>{head}</head>\n<body><header><p>{escape(paper.title)}</p>"
        f'<nav><a href="/">{escape(paper.title)}</a></nav></header>\n{body}\n'
        f"<footer><p>{escape(paper.title)}</p></footer></body></html>\n"
    )


def article(paper: Paper, story: Story, paragraphs: Iterable[str], *, canonical: str) -> str:
    """Return the page of *story*; its links lead to the front page only."""
    about = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": iso(story.published),
        "dateModified": iso(story.updated),
        "mainEntityOfPage": canonical,
    }
    head = (
        f'<link rel="canonical" href="{escape(canonical)}">'
        f'<meta property="article:published_time" content="{iso(story.published)}">'
        f'<script type="application/ld+json">{json.dumps(about, ensure_ascii=False)}</script>'
    )
    text = "\n".join(f"<p>{escape(each)}</p>" for each in paragraphs)
    body = (
        f"<main><article><h1>{escape(story.title)}</h1>"
        f'<time datetime="{iso(story.published)}">{story.published:%Y-%m-%d %H:%M}</time>\n{text}\n'
        "</article></main>"
    )
    return _page(paper, f"{story.title} - {paper.title}", head, body)


def listing(paper: Paper, title: str, entries: Iterable[Entry], *, head: str = "", around: str = "") -> str:
    """Return a page of links, each entry one, and nothing else that is one; *around* goes below them."""
    lines = "\n".join(
        f'<li><h2><a href="{escape(each.text)}">{escape(each.title)}</a></h2></li>' for each in entries
    )
    return (
        f'<!doctype html>\n<html lang="{paper.language}"><head><meta charset="{paper.charset}">'
        f"<title>{escape(title)}</title>{head}</head>\n<body><h1>{escape(title)}</h1>\n"
        f'<p><a href="#top">^</a> <a href="mailto:desk@paper.example">@</a> '
        '<a href="javascript:void(0)">+</a></p>'
        f"\n<ul>\n{lines}\n</ul>\n{around}</body></html>\n"
    )


def thread(paper: Paper, story: Story, posts: Iterable[str], *, page: int) -> str:
    """Return a page of a Discuz! X thread: posts in tables."""
    rows = "\n".join(
        f'<table id="pid{story.serial}{page}{number}" class="plhin"><tr><td class="pls"><div class="authi">'
        f"user{(story.serial + number) % 97}</div></td>"
        f'<td class="plc"><div class="pti"><em>{story.published:%Y-%m-%d %H:%M}</em></div>'
        f'<td class="t_f" id="postmessage_{story.serial}{page}{number}">{escape(post)}</td></tr></table>'
        for number, post in enumerate(posts)
    )
    body = (
        f'<div id="wp"><h1 class="ts"><span id="thread_subject">{escape(story.title)}</span></h1>\n'
        f'<div id="postlist">{rows}</div></div><div id="ft">Powered by Discuz! X3.4</div>'
    )
    return _page(
        paper, f"{story.title} - {paper.title}", '<meta name="generator" content="Discuz! X3.4">', body
    )
