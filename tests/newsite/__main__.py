"""Serve the daily as a process, without a journal: ``python -m newsite --port 8000``."""

import argparse
import signal
import ssl
import sys
import threading
from pathlib import Path

from newsite.daily import Daily
from newsite.families import families
from newsite.server import NewsSite


def main() -> None:
    """Serve until SIGINT or SIGTERM."""
    options = _options()
    paper = Daily(options.articles, seed=options.seed, language=options.language)
    tls = None
    if options.tls:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(options.tls)
    hosts = families() if options.families else None
    with NewsSite(paper, hosts=hosts, tls=tls, port=options.port, journal=False) as site:
        for number in range(min(options.build, len(paper))):
            site.build(paper[number].path)
        for url in (site.url, site.https, *(site.at(name) for name in hosts or ())):
            if url:
                sys.stdout.write(f"{url}\n")
                sys.stdout.flush()
        _wait()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m newsite", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="of the loopback; 0 takes a free one")
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--language", choices=("en", "zh"), default="en")
    parser.add_argument(
        "--tls", type=Path, metavar="PEM", help="certificate chain and key: serve over TLS as well"
    )
    parser.add_argument("--families", action="store_true", help="serve the five families too, each on a port")
    parser.add_argument(
        "--build", type=int, default=2000, metavar="N", help="articles to keep ready in memory"
    )
    return parser.parse_args()


def _wait() -> None:
    ended = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: ended.set())
    ended.wait()


if __name__ == "__main__":
    main()
