"""Saving on demand: a durable queue of URLs to archive now, API keys, and their limits.

::

    saves = Saves(database, "news")
    save = saves.add(check_url("example.com/story", allows=policy.allows))
    for save in saves.lease(owner=owner, most=4, seconds=60): ...

Servers and the command line add saves, workers lease them and say what came of it; all that is in the state
database (:mod:`crawler.state`). Knows neither Scrapy nor HTTP; :mod:`crawler.worker`, :mod:`crawler.service`
and the command line may import it.
"""

from crawler.saves.addresses import check_url
from crawler.saves.errors import OVERTIME, Code, SaveRefused, Trouble, of_reason, of_status
from crawler.saves.keys import Key, Keys, NewKey
from crawler.saves.limits import Allowance, Limits, Refusal
from crawler.saves.model import Result, Save, SaveOptions, Stage, Standing, State
from crawler.saves.queue import Saves

__all__ = [
    "OVERTIME",
    "Allowance",
    "Code",
    "Key",
    "Keys",
    "Limits",
    "NewKey",
    "Refusal",
    "Result",
    "Save",
    "SaveOptions",
    "SaveRefused",
    "Saves",
    "Stage",
    "Standing",
    "State",
    "Trouble",
    "check_url",
    "of_reason",
    "of_status",
]
