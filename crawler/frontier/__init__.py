"""The frontier: what a crawl job still has to fetch, in the state database; nothing is lost by a kill.

::

    SCHEDULER = "crawler.frontier.scheduler.FrontierScheduler"
    crawler.engine.scheduler.done(request)  # the spider, once it is through with a request

:mod:`~crawler.frontier.store` holds entries, leases and jobs, :mod:`~crawler.frontier.window` chooses the
host whose turn it is, :mod:`~crawler.frontier.payload` writes requests as JSON. Spiders and jobs may import
this package; it imports only what lies below them.
"""

from crawler.frontier.store import Ended, Entry, FrontierStore, Job, Lease, State

__all__ = ["Ended", "Entry", "FrontierStore", "Job", "Lease", "State"]
