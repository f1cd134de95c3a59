"""Schedules: cron expressions of site profiles become crawl jobs. Above the jobs, below the command line.

One scheduler is active on a state database; commands in other processes speak to it through the tables of
:class:`ScheduleStore`.
"""

from crawler.schedule.due import nothing_due
from crawler.schedule.loop import Schedule
from crawler.schedule.plan import Planned, Profiles, coming, schedule_of
from crawler.schedule.runs import Told
from crawler.schedule.store import Active, ScheduleStore, SiteState

__all__ = [
    "Active",
    "Planned",
    "Profiles",
    "Schedule",
    "ScheduleStore",
    "SiteState",
    "Told",
    "coming",
    "nothing_due",
    "schedule_of",
]
