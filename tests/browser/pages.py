"""Pages to archive: an honest one that needs much to be shown, and a hostile one."""

import subprocess
from pathlib import Path

from newsite.assets import png

_FOLDER = Path(__file__).parent / "archived"
_SIZE = 'width="40" height="20"'
_SVG = f'<svg xmlns="http://www.w3.org/2000/svg" {_SIZE}><rect {_SIZE} fill="#0a6"/></svg>'
_COLOURS = ".mast { background: rgb(24, 64, 96); padding: 14px } .mast a { color: #fff; font-size: 22px }"
_LATE = "#paragraph { border-left: 4px solid rgb(200, 120, 0); padding-left: 12px }"
_SECOND = (
    "<!doctype html><title>Keepers</title><p id=foot>We were asked what we do when it rains. We wait.</p>"
)


def font() -> bytes:
    """The smallest TrueType font of this machine."""
    listed = subprocess.run(["fc-list", ":", "file"], capture_output=True, text=True, check=True).stdout
    files = [Path(line.partition(":")[0]) for line in listed.splitlines()]
    fonts = [each for each in files if each.suffix == ".ttf"]
    return min(fonts, key=lambda each: each.stat().st_size).read_bytes()


def honest():
    """From path to body and media type."""
    return {
        "/story/lamps.html": ((_FOLDER / "lamps.html").read_bytes(), "text/html; charset=utf-8"),
        "/story/second.html": (_SECOND.encode(), "text/html"),
        "/look/main.css": ((_FOLDER / "main.css").read_bytes(), "text/css"),
        "/look/colours.css": (_COLOURS.encode(), "text/css"),
        "/look/late.css": (_LATE.encode(), "text/css"),
        "/font/harbour.ttf": (font(), "application/octet-stream"),
        "/i/lamp.svg": (_SVG.encode(), "image/svg+xml"),
        "/i/icon.png": (png(9), "image/png"),
        # A server that takes every file for text: what it is counts.
        "/i/5.png": (png(5, side=60), "text/plain"),
        **{f"/i/{number}.png": (png(number, side=60), "image/png") for number in (1, 2, 3, 4, 6)},
    }


def hostile(evil: str) -> str:
    """A page that tries to set ``window.ran`` or to reach *evil*, in as many ways as we know."""
    page = (_FOLDER / "hostile.html").read_text()
    return page.replace("INLINE", f"window.ran=1;fetch('{evil}/fetched')").replace("EVIL", evil)
