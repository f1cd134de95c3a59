"""The frontier: what a crawl job still has to fetch, in the state database; nothing is lost by a kill.

::

    SCHEDULER = "crawler.frontier.scheduler.FrontierScheduler"
    crawler.engine.scheduler.done(request)  # the spider, once it is through with a request

:mod:`~crawler.frontier.store` holds jobs, entries and leases, :mod:`~crawler.frontier.hosts` which worker
has which host, :mod:`~crawler.frontier.window` chooses the host whose turn it is,
:mod:`~crawler.frontier.payload` writes requests as JSON. Spiders and jobs may import this package; it
imports only what lies below them.
"""

from crawler.frontier.hosts import HostStore, Pace
from crawler.frontier.model import Ended, Entry, Job, Lease, Standing, State, Worker
from crawler.frontier.store import FrontierStore

__all__ = [
    "Ended",
    "Entry",
    "FrontierStore",
    "HostStore",
    "Job",
    "Lease",
    "Pace",
    "Standing",
    "State",
    "Worker",
]
