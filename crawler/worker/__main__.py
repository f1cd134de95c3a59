"""Runs a worker: what :class:`crawler.worker.WorkerProcess` starts."""

import sys

from crawler.worker.child import main

if __name__ == "__main__":
    sys.exit(main())
