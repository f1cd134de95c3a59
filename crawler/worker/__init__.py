"""The warm worker: one process that saves pages on demand, without a process start for each.

``WorkerProcess`` is what parents hold (:mod:`crawler.worker.process`); the process itself is
:mod:`crawler.worker.child`. It leases saves from :mod:`crawler.saves`, carries several out at once, and says
success only once segment, catalog and search have what was captured.
"""

from crawler.worker.process import WorkerProcess

__all__ = ["WorkerProcess"]
