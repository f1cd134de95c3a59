"""Serve the net as a process, and write its profiles and oracle: ``python -m newsite.net --into FOLDER``."""

import argparse
import json
import signal
import sys
import threading
from dataclasses import asdict
from pathlib import Path

from newsite.net.world import Net, net


def main() -> None:
    """Serve until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m newsite.net", description=__doc__)
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--hosts", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--into", type=Path, required=True, help="folder for NAME.toml and oracle.json")
    options = parser.parse_args()
    made = net(options.articles, options.hosts, seed=options.seed)
    ended = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: ended.set())
    with made.running(journal=False):
        _write(made, options.into)
        sys.stdout.write(f"{options.into}\n")
        sys.stdout.flush()
        ended.wait()


def _write(made: Net, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in made.profiles().items():
        (folder / f"{name}.toml").write_text(text, "utf-8")
    oracle = {
        "rates": made.rates,
        "sources": [asdict(outcome) for outcome in made.sources.values()],
        "expected": [asdict(outcome) for outcome in made.expected.values()],
    }
    (folder / "oracle.json").write_text(json.dumps(oracle), "utf-8")


if __name__ == "__main__":
    main()
