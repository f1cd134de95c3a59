"""The contract of host claims."""

import platform
import threading

import pytest

from crawler.frontier import HostStore, Pace
from crawler.frontier.claims import Claims
from crawler.frontier.owner import claim, disclaim, new_owner
from crawler.state import Database
from pipelines.errors import NewswarcError

ME = "here/1/a"
OTHER = "there/1/b"
DEAD = f"{platform.node()}/{2**30}/a"


@pytest.fixture
def hosts(database):
    return HostStore(database)


def test_a_host_has_one_worker(hosts):
    assert hosts.claim(["a", "b"], owner=ME, seconds=60) == {"a", "b"}
    assert hosts.claim(["b", "c"], owner=OTHER, seconds=60) == {"c"}
    assert hosts.claim(["a", "b", "c"], owner=ME, seconds=60) == {"a", "b"}
    assert hosts.claim([], owner=ME, seconds=60) == set()


def test_a_claim_ends_when_it_is_over_and_not_before(hosts, clock):
    hosts.claim(["a"], owner=ME, seconds=10)
    clock.pass_seconds(9)
    assert hosts.claim(["a"], owner=OTHER, seconds=10) == set()
    clock.pass_seconds(1)
    assert hosts.claim(["a"], owner=OTHER, seconds=10) == {"a"}


def test_renewed_claims_last_and_lost_ones_are_told(hosts, clock):
    hosts.claim(["a", "b"], owner=ME, seconds=10)
    hosts.claim(["c"], owner=OTHER, seconds=10)
    clock.pass_seconds(9)
    assert hosts.renew(owner=ME, seconds=10) == {"a", "b"}
    clock.pass_seconds(9)
    assert hosts.claim(["a", "b", "c"], owner="third/1/c", seconds=10) == {"c"}
    clock.pass_seconds(1)
    assert hosts.claim(["b"], owner=OTHER, seconds=10) == {"b"}
    assert hosts.renew(owner=ME, seconds=10) == {"a"}


def test_a_claim_of_a_dead_process_is_free_at_once(hosts):
    hosts.claim(["a", "b"], owner=DEAD, seconds=600)
    assert hosts.claim(["a", "b"], owner=ME, seconds=60) == {"a", "b"}


def test_nobody_asks_a_dead_workers_host_before_its_delay_is_over(hosts, clock):
    hosts.claim(["a"], owner=DEAD, seconds=600)
    hosts.remember("a", delay=5)
    assert hosts.claim(["a"], owner=ME, seconds=60) == set()
    clock.pass_seconds(5)
    assert hosts.claim(["a"], owner=ME, seconds=60) == {"a"}


def test_a_claim_of_this_very_process_is_no_dead_ones(hosts):
    owner = new_owner()
    claim(owner)
    hosts.claim(["a"], owner=owner, seconds=60)
    assert hosts.claim(["a"], owner=ME, seconds=60) == set()
    disclaim(owner)
    assert hosts.claim(["a"], owner=ME, seconds=60) == {"a"}


def test_a_host_that_was_let_go_keeps_its_pace(hosts, database, clock):
    now = database.now()
    hosts.claim(["a", "b"], owner=ME, seconds=60)
    hosts.release("a", owner=ME, not_before=now + 3)
    hosts.release("b", owner=OTHER)
    assert hosts.claim(["a", "b"], owner=OTHER, seconds=60) == set()
    clock.pass_seconds(3)
    assert hosts.claim(["a", "b"], owner=OTHER, seconds=60) == {"a"}


def test_a_held_host_is_held_for_all_but_its_worker_keeps_it(hosts, database, clock):
    hosts.claim(["a"], owner=ME, seconds=600)
    hosts.remember("a", not_before=database.now() + 100)
    hosts.remember("b", not_before=database.now() + 100)
    hosts.remember("b", not_before=database.now() + 50)  # never sooner
    assert hosts.claim(["a"], owner=ME, seconds=600) == {"a"}
    hosts.release("a", owner=ME, not_before=database.now() + 1)
    clock.pass_seconds(99)
    assert hosts.claim(["a", "b"], owner=OTHER, seconds=60) == set()
    clock.pass_seconds(1)
    assert hosts.claim(["a", "b"], owner=OTHER, seconds=60) == {"a", "b"}


def test_a_clock_that_was_ahead_closes_no_host(hosts, database, clock):
    hosts.remember("a", not_before=database.now() + 365 * 86400)
    hosts.claim(["b"], owner=OTHER, seconds=365 * 86400)
    assert [each.free_at(0) for each in hosts.standings(["a", "b"]).values()] == [0, 0]
    assert hosts.claim(["a", "b"], owner=ME, seconds=60) == {"a", "b"}
    # What is said of it from now on counts, though it is sooner.
    hosts.release("a", owner=ME, not_before=database.now() + 50)
    assert hosts.claim(["a"], owner=OTHER, seconds=60) == set()
    clock.pass_seconds(50)
    assert hosts.claim(["a"], owner=OTHER, seconds=60) == {"a"}


def test_what_is_remembered(hosts):
    assert hosts.pace("a") is None
    hosts.remember("a", crawl_delay=10)
    hosts.remember("a", delay=2.5)
    hosts.remember("a")
    hosts.claim(["a"], owner=ME, seconds=60)
    assert hosts.pace("a") == Pace(None, 2.5, 10)
    hosts.remember("a", delay=1, not_before=7)
    assert hosts.pace("a") == Pace(7, 1, 10)


def test_who_has_what(hosts, database):
    now = database.now()
    hosts.claim(["a", "b"], owner=ME, seconds=60)
    hosts.remember("c", not_before=now + 9)
    found = hosts.standings(["a", "c", "never heard of"])
    assert {name: (one.owner, one.free_at(now)) for name, one in found.items()} == {
        "a": (ME, now + 60),
        "c": (None, now + 9),
    }
    assert hosts.claimed([ME, OTHER]) == {ME: 2}


def test_claims_cost_a_statement_for_new_hosts_only(hosts, database):
    hosts.claim(["c"], owner=OTHER, seconds=60)
    claims = Claims(hosts, owner=ME, seconds=60)
    assert set(claims.take(["a", "b", "c"])) == {"c"}
    hosts.release_all({"a": None, "b": None}, owner=ME)  # unknown to it
    assert claims.take(["a", "b"]) == {}
    assert claims.renew() == {"a", "b"}
    assert claims.names == set()


def test_many_that_claim_at_once_never_get_the_same(url):
    names = [f"host{number}" for number in range(30)]
    found, errors = [], []

    def work(number):
        owner = f"machine{number}/1/a"
        try:
            with Database(url) as database:
                hosts = HostStore(database)
                for turn in range(10):
                    mine = hosts.claim(names[:: turn % 3 + 1], owner=owner, seconds=60)
                    found.append(mine)
                    hosts.renew(owner=owner, seconds=60)
                    for name in mine:
                        holders.setdefault(name, set()).add(owner)
        except NewswarcError as err:
            errors.append(err)

    holders = {}
    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert set(holders) == set(names)
    assert {name: len(owners) for name, owners in holders.items()} == dict.fromkeys(names, 1)
