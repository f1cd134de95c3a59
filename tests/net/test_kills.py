"""A crawl that is killed loses no URL, and fetches none again but what was under way."""

import pytest

import newsite
from net.kills import run


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_kills_lose_nothing(tmp_path):
    net = newsite.net(articles=300)
    with net.running() as site:
        found = run(net, site, tmp_path, kills=3)
        assert found.kills >= 2
        assert found.wrong == []
        assert found.again <= found.leases
        assert net.trespasses(site) == []
        assert found.verified
