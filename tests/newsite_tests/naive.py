"""A naive reader of sources: regular expressions over the bytes as served, and nothing of newsite's own."""

import gzip
import http.client
import json
import re
from html import unescape
from urllib.parse import urldefrag, urljoin, urlsplit

CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)


def get(url, **headers):
    """Return status, headers (names in lower case) and body, content coding removed."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=5)
    try:
        connection.request("GET", parts._replace(scheme="", netloc="").geturl(), headers=headers)
        response = connection.getresponse()
        body = response.read()
        if response.headers["Content-Encoding"] == "gzip":
            body = gzip.decompress(body)
        return response.status, {name.lower(): value for name, value in response.headers.items()}, body
    finally:
        connection.close()


def text_of(body):
    if body.startswith(b"\x1f\x8b"):
        body = gzip.decompress(body)
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16")
    chinese = re.search(rb"""(?:encoding|charset)=["']gbk["']""", body[:400], re.IGNORECASE)
    return body.decode("gbk" if chinese else "utf-8-sig")


def announced(body, url):
    """Return the URLs that a feed, sitemap or page announces, without fragments."""
    text = text_of(body)
    found = []
    for pattern, read in READERS:
        if re.search(pattern, text):
            found = read(text)
            break
    base = re.search(r'xml:base="([^"]+)"', text)
    links = (unescape(link.strip()) for link in found)
    joined = (urljoin(base[1] if base else url, link) for link in links if link and not link.startswith("#"))
    return {urldefrag(link)[0] for link in joined if link.startswith("http")}


def sitemaps(body):
    """Return what a sitemap index names, and the Sitemap lines of robots.txt."""
    text = text_of(body)
    locations = re.findall(r"<loc>([^<]+)</loc>", text) if "<sitemapindex" in text else []
    return locations or re.findall(r"(?m)^Sitemap: (\S+)$", text)


def _feed(text):
    for item in re.findall(r"<item\b.*?</item>", text, re.DOTALL):
        plain = CDATA.sub(r"\1", item)
        links = [link for link in re.findall(r"<link>([^<]*)</link>", plain) if link.strip()]
        yield from links or re.findall(r"<guid[^>]*>([^<]*)</guid>", plain)


def _atom(text):
    for entry in re.findall(r"<entry>.*?</entry>", text, re.DOTALL):
        yield from re.findall(r'<link rel=["\']alternate["\'][^>]* href=["\']([^"\']+)["\']', entry)


def _json(text):
    return [item.get("url") or item["id"] for item in json.loads(text)["items"]]


def _urls(text):
    return re.findall(r"<loc>([^<]*)</loc>", CDATA.sub(r"\1", text))


READERS = (
    (r"\A\{", _json),
    (r"<sitemapindex", lambda _: ()),
    (r"<urlset", _urls),
    (r"<feed\b", _atom),
    (r"<(?:rss|rdf:RDF)\b", _feed),
    (r"<a href", lambda text: re.findall(r'<a href="([^"]+)"', text)),
    (r"\Ahttp", str.split),
)
