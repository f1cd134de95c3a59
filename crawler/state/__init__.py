"""The state database: what a crawl knows that cannot be derived from the archive.

Frontier, ledger, hosts, jobs and schedules keep their tables in it; each of these packages makes its own
(:meth:`Database.ensure`). Above :mod:`crawler.config`, below all that keeps state.
"""

from crawler.state.database import Database
from crawler.state.shared import database_of

__all__ = ["Database", "database_of"]
