"""The simulated month of bench/visits.py in small; with an injected clock it ends the same everywhere."""

from functools import partial

import pytest

from bench.habits import SILENT, sources
from bench.visits import Adaptive, fixed, month, total

DAYS = 21
ODD = {"outage", "import", "ttl of an hour"}
"""Kinds whose waiting the rhythm does not decide; among so few sources they weigh more than in the month."""


@pytest.fixture(scope="module", params=[11, 12])
def outcomes(request):
    found = sources(request.param, one_in=8)
    return month(found, partial(partial, fixed), days=DAYS), month(found, Adaptive, days=DAYS)


def test_fewer_requests_and_less_waiting_than_every_15_minutes(outcomes):
    polled, adaptive = (total(outcome) for outcome in outcomes)
    assert adaptive.requests < 0.7 * polled.requests
    assert adaptive.summary["median"] < 0.7 * polled.summary["median"]
    assert adaptive.summary["p90"] < 1.2 * polled.summary["p90"], "with 200 sources it is shorter"
    usual = [total({k: v for k, v in outcome.items() if k not in ODD}) for outcome in outcomes]
    assert usual[1].summary["mean"] < 0.8 * usual[0].summary["mean"]


def test_no_item_is_lost_but_in_outages(outcomes):
    _, adaptive = outcomes
    assert {
        kind: outcome.lost for kind, outcome in adaptive.items() if outcome.lost and kind != "outage"
    } == {}


def test_requests_go_where_items_come(outcomes):
    _, adaptive = outcomes
    a_source = {kind: outcome.requests / outcome.sources / DAYS for kind, outcome in adaptive.items()}
    assert a_source["agency"] > 150
    assert a_source["paper"] > 80
    assert a_source["blog"] < 15
    assert a_source["dead"] < 2


def test_sources_that_stop_are_named_and_those_that_live_are_not(outcomes):
    _, adaptive = outcomes
    assert adaptive["stopped"].alarms + adaptive["dead"].alarms > 0
    assert sum(outcome.alarms for kind, outcome in adaptive.items() if kind not in SILENT) == 0
