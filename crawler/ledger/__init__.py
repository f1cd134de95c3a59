"""The coverage ledger: every URL that a source ever announced, and its capture, or why there is none.

::

    ledger = Ledger(database, collection)
    site = ledger.site(name, home)
    ledger.enter_sources(site, profile.sources())
    for source in ledger.due_sources(site, now): ...
    ledger.announce(source, found.urls, identities, job=job)         # NEW, OLD, UPDATED, KNOWN
    ledger.settle(Settlement(site=site, identity=…, state=State.CAPTURED, capture=…))

In the state database; above :mod:`crawler.visits`, beside :mod:`crawler.frontier`. Written in the same
transaction as the ends of the frontier's entries (:meth:`Ledger.flush`), told by
:mod:`crawler.ledger.report`, and brought to the store by :mod:`crawler.ledger.export`.
"""

from crawler.ledger.ledger import Ledger
from crawler.ledger.model import (
    Entered,
    Event,
    KnownSource,
    Novelty,
    Page,
    PageEvent,
    Settlement,
    SourceState,
    SourceVisit,
    State,
)

__all__ = [
    "Entered",
    "Event",
    "KnownSource",
    "Ledger",
    "Novelty",
    "Page",
    "PageEvent",
    "Settlement",
    "SourceState",
    "SourceVisit",
    "State",
]
