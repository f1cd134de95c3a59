import pytest

import newsite
from worker.working import Working, pages


@pytest.fixture
def site():
    with newsite.running(pages()) as running:
        yield running


@pytest.fixture
def working(tmp_path):
    made = []

    def make(**flags):
        made.append(Working(tmp_path, **flags))
        return made[-1]

    yield make
    for each in made:
        each.close()
