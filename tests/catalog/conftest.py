"""Catalogs in both databases."""

import pytest

from databases import KINDS, new_database
from pipelines.catalog import Catalog


@pytest.fixture(params=KINDS)
def database_url(request, tmp_path):
    with new_database(request.param, tmp_path) as found:
        yield found


@pytest.fixture
def catalog(database_url):
    found = Catalog(database_url, "trial")
    yield found
    found.close()
