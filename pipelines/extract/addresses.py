"""Addresses that a page states: made absolute, and the one that it calls its own."""

import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

_ROOT = re.compile(r"/?(?:index\.\w{2,5})?", re.IGNORECASE)
_UNFILLED = re.compile(r"[{}<>\[\]\s]|%7B|undefined|null$", re.IGNORECASE)
"""What stays in an address when a template was not filled in."""


def joined(base: str, reference: str) -> str:
    """Return *reference* made absolute, or ``""`` where it is no http(s) address."""
    if not reference:
        return ""
    try:
        absolute = urljoin(base, reference)
        return absolute if urlsplit(absolute).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def base_address(tree: HtmlElement, url: str) -> str:
    """Return what the references of *tree*, fetched from *url*, are relative to (HTML §4.2.3, ``base``)."""
    element = next((each for each in tree.iterfind("head/base") if each.get("href")), None)
    return url if element is None else joined(url, (element.get("href") or "").strip()) or url


def canonical_address(stated: Iterable[str], url: str) -> str:
    """Return the first of *stated*, absolute, that can be the address of the page fetched from *url*.

    A front page is not the address of another page, though many templates say so; nor is an address with
    what a template left unfilled. A page on another site can be, as for an article that was taken over.
    """
    return next((address for address in stated if address and _is_own(address, url)), "")


def _is_own(address: str, url: str) -> bool:
    try:
        own, fetched = urlsplit(address), urlsplit(url)
    except ValueError:
        return False
    if not own.hostname or _UNFILLED.search(f"{own.netloc}{own.path}"):
        return False
    if own.query or _ROOT.fullmatch(own.path) is None:
        return True
    return (
        own.hostname == fetched.hostname and not fetched.query and _ROOT.fullmatch(fetched.path) is not None
    )
