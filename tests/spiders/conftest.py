import pytest

import newsite
from spiders.paper import Crawls


@pytest.fixture
def paper():
    with newsite.running({}) as site:
        yield site


@pytest.fixture
def crawls(paper, tmp_path):
    return Crawls(paper, tmp_path)
