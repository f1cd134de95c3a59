"""Kill -9 at every point between an announcement and its capture: nothing is lost."""

from collections import Counter
from dataclasses import replace

import pytest

from spiders.dying import POINTS
from spiders.paper import feed, story

pytestmark = pytest.mark.slow
PAGES = [f"/page/{number}" for number in range(6)]


@pytest.fixture
def spec(paper, crawls):
    paper.put("/feed", feed(*PAGES, etag='"1"'))
    for page in PAGES:
        paper.put(page, story(page))

    def made(*, due):
        return crawls.spec(crawls.profile('feeds = ["/feed"]'), due=due, crawl__concurrency=2)

    return made


@pytest.mark.parametrize("point", ["announced", "enqueued", "settled"])
def test_a_killed_crawl_goes_on_and_loses_nothing(crawls, spec, point):
    made = spec(due=False)
    crawls.dies(made, point)
    crawls.run(replace(made, resume=True))
    assert crawls.outcomes() == dict.fromkeys(PAGES, "captured")
    assert crawls.frontier(made) == {}
    assert crawls.sources()["/feed"].last_visit is not None
    assert set(crawls.asked()) == {"/feed", *PAGES}


@pytest.mark.parametrize("point", POINTS)
def test_a_later_crawl_of_what_is_due_takes_up_what_a_killed_one_left(crawls, spec, point):
    made = spec(due=True)
    crawls.dies(made, point)
    leased = crawls.frontier(made).get("leased", 0)
    assert crawls.run(spec(due=True)).exit_code == 0
    assert crawls.outcomes() == dict.fromkeys(PAGES, "captured")
    assert crawls.frontier(made) == {}
    asked = Counter(crawls.asked())
    assert sum(number - 1 for number in asked.values()) <= leased
