"""Whether a crawl of a site would have anything to do."""

from datetime import UTC, datetime

from crawler.config import Config
from crawler.frontier import FrontierStore
from crawler.jobs.spec import JobSpec, frontier_job
from crawler.ledger import Ledger
from crawler.sites import profile_for
from crawler.state import Database


def is_due(target: str, config: Config) -> bool:
    """Return whether the ledger names something that is due at the site that *target* means.

    A source that the ledger does not know is due, and so is what an earlier crawl has left undone.

    :raises ProfileError: *target* means no site.
    """
    profile = profile_for(target, config.sites.folders)
    with Database(config.state_url) as database:
        ledger = Ledger(database, config.store.collection)
        site = ledger.site(profile.name, profile.home)
        known = {each.url for each in ledger.sources(site)}
        if any(source.url not in known for source in profile.sources()):
            return True
        left = frontier_job(JobSpec("", (target,), config, due=True))
        if any(job.id == left for job in FrontierStore(database).unfinished()):
            return True
        following = ledger.next_due(site)
    return following is not None and following <= datetime.now(UTC)
