"""Crawl jobs: each one a process of its own, which tells its parent how it goes."""

from crawler.jobs.process import JobProcess
from crawler.jobs.spec import JobSpec, Outcome, new_job

__all__ = ["JobProcess", "JobSpec", "Outcome", "new_job"]
