"""``newswarc`` as a process of its own whose scheduler is in a hurry.

It looks five times a second for what people and profiles want; with ``EVERY_SECOND`` every schedule fires
each second and finds something due. No cron expression comes sooner than a minute, and no test waits so long.
"""

import os
from datetime import UTC

from apscheduler.triggers.cron import CronTrigger

import crawler.cli
import crawler.schedule
from crawler.schedule import aps, loop, plan


def _every_second(*_given, **_more):
    return CronTrigger(second="*", timezone=UTC)


if __name__ == "__main__":
    loop.BEAT_SECONDS = 0.2
    loop.CHECK_SECONDS = 1.0
    if "EVERY_SECOND" in os.environ:
        aps.triggers = plan.triggers = _every_second
        crawler.schedule.nothing_due = lambda *_, **__: None
    crawler.cli.main()
