"""``newswarc`` as a process of its own, whose every schedule fires each second and finds something due.

No cron expression comes sooner than a minute, and no test waits that long.
"""

import os
from datetime import UTC

from apscheduler.triggers.cron import CronTrigger

import crawler.cli
import crawler.schedule
from crawler.cli.jobs import jobs
from crawler.cli.schedule import schedule
from crawler.schedule import aps, plan


def _every_second(*_given, **_more):
    return CronTrigger(second="*", timezone=UTC)


if __name__ == "__main__":
    known = {group.name for group in crawler.cli.app.registered_groups}
    for name, group in {"schedule": schedule, "jobs": jobs}.items():
        if name not in known:
            crawler.cli.app.add_typer(group, name=name)
    if "EVERY_SECOND" in os.environ:
        aps.triggers = plan.triggers = _every_second
        crawler.schedule.is_due = lambda *_, **__: True
    crawler.cli.main()
