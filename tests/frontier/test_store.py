"""The contract of the store."""

import platform
import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, text

from crawler.frontier import Ended, Entry, FrontierStore, HostStore, State
from crawler.scope import Reason
from crawler.state import Database
from pipelines.errors import JobError, NewswarcError

ME = "here/1/a"
OTHER = "there/1/b"


def entry(name, host="a.example", priority=0, identity=True):
    key = name.encode() if identity else None
    return Entry(f"https://{host}/{name}", host, key, "{}", priority)


@pytest.fixture
def job(store):
    return store.open_job("daily", owner=ME, seconds=60).key


def urls(leases):
    return [lease.url.rpartition("/")[2] for lease in leases]


def lease(store, job, owner=ME, seconds=60, **limits):
    return store.lease(
        job, {f"{host}.example": n for host, n in limits.items()}, owner=owner, seconds=seconds
    )


def test_what_was_seen_is_not_added_again(store, job):
    assert store.add(job, [entry("x"), entry("y"), entry("x")]) == 2
    assert store.add(job, [entry("y"), entry("z")]) == 1
    assert store.add(job, []) == 0
    assert store.counts(job) == {State.PENDING: 3, State.LEASED: 0, State.DONE: 0, State.REFUSED: 0}


def test_seen_stays_seen_when_done(store, job):
    store.add(job, [entry("x")])
    store.finish([one.id for one in lease(store, job, a=1)])
    assert store.add(job, [entry("x")]) == 0
    assert store.known(job, [b"x", b"y"]) == {b"x"}


def test_entries_without_identity_never_meet(store, job):
    assert store.add(job, [entry("x", identity=False), entry("x", identity=False), entry("x")]) == 3


def test_jobs_do_not_see_each_other(store, job):
    other = store.open_job("weekly", owner=ME, seconds=60).key
    store.add(job, [entry("x")])
    assert store.add(other, [entry("x")]) == 1
    assert len(lease(store, other, a=5)) == 1
    assert store.counts(job)[State.PENDING] == 1


def test_leases_come_by_host_and_priority_and_age(store, job):
    low, high = [entry(f"low{n}") for n in range(3)], [entry(f"high{n}", priority=5) for n in range(2)]
    store.add(job, [*low, *high, entry("else", "b.example")])
    assert urls(lease(store, job, b=9, a=3)) == ["else", "high0", "high1", "low0"]
    assert urls(lease(store, job, a=9, b=9)) == ["low1", "low2"]
    assert lease(store, job, a=9, b=9, c=9) == []


def test_leases_tell_what_was_added(store, job):
    store.add(job, [Entry("https://a.example/?q=ü", "a.example", b"1", '{"meta": {"é": "新聞"}}', -3, 2)])
    (found,) = lease(store, job, a=1)
    assert (found.url, found.host, found.priority) == ("https://a.example/?q=ü", "a.example", -3)
    assert found.payload == '{"meta": {"é": "新聞"}}'


def test_hosts_are_those_with_pending_entries(store, job):
    store.add(job, [entry("x"), entry("y"), entry("z", "b.example")])
    lease(store, job, a=1, b=1)
    assert store.hosts(job) == {"a.example": 1}


def test_each_end_is_noted(store, database, job):
    store.add(job, [entry(name) for name in "xyz"])
    x, y, z = (one.id for one in lease(store, job, a=3))
    store.end([Ended(x), Ended(y, State.REFUSED, Reason.ROBOTS)])
    store.finish([z], State.REFUSED, "gone")
    assert store.counts(job) == {State.PENDING: 0, State.LEASED: 0, State.DONE: 1, State.REFUSED: 2}
    with database.transaction() as connection:
        found = connection.execute(text("select reason, owner, finished from frontier_entries order by id"))
        rows = [tuple(row) for row in found]
    assert [row[0] for row in rows] == [None, "robots", "gone"]
    assert {row[1:] for row in rows} == {(None, datetime(2026, 11, 23, 14, 5, 9, tzinfo=UTC).timestamp())}


def test_an_entry_put_back_is_what_it_is_now(store, job):
    store.add(job, [entry("x"), entry("y")])
    first = lease(store, job, a=2)[0]
    store.put_back({first.id: Entry(first.url, "b.example", None, '{"dont_filter":true}', -1)})
    (again,) = lease(store, job, b=5)
    assert (again.id, again.payload, again.priority) == (first.id, '{"dont_filter":true}', -1)
    assert store.add(job, [entry("x")]) == 0


def test_what_is_done_cannot_be_put_back(store, job):
    store.add(job, [entry("x")])
    (one,) = lease(store, job, a=1)
    store.finish([one.id])
    store.put_back({one.id: entry("x")})
    assert store.hosts(job) == {}


def test_leases_return_when_they_are_over_and_not_before(store, job, clock):
    store.add(job, [entry("x"), entry("y")])
    lease(store, job, seconds=10, a=1)
    lease(store, job, seconds=30, a=1)
    clock.pass_seconds(9)
    assert store.expire(job) == 0
    clock.pass_seconds(1)
    assert store.expire(job) == 1
    assert urls(lease(store, job, a=5)) == ["x"]


def test_renewed_leases_last(store, job, clock):
    store.add(job, [entry("x"), entry("y")])
    lease(store, job, seconds=10, a=1)
    lease(store, job, owner=OTHER, seconds=10, a=1)
    store.renew(job, owner=ME, seconds=60)
    clock.pass_seconds(20)
    assert store.expire(job) == 1
    assert urls(lease(store, job, a=5)) == ["y"]


def test_released_leases_are_of_one_owner(store, job):
    store.add(job, [entry("x"), entry("y")])
    lease(store, job, a=1)
    lease(store, job, owner=OTHER, a=1)
    assert store.release(job, owner=ME) == 1
    assert urls(lease(store, job, a=5)) == ["x"]


def test_all_of_a_transaction_or_nothing(store, database, job):
    def fail():
        with database.transaction():
            store.add(job, [entry("x")])
            store.add(job, [entry("y", priority="no number" * (2**8)), Entry(None, "h", b"", "")])

    with pytest.raises(JobError, match="the database"):
        fail()
    assert store.counts(job)[State.PENDING] == 0
    assert store.add(job, [entry("x")]) == 1


def test_an_interrupted_job_goes_on(store, job, clock):
    store.add(job, [entry("x")])
    store.close_job(job, "shutdown", owner=ME, finished=False)
    (found,) = store.unfinished()
    assert (found.key, found.id, found.reason, found.owner) == (job, "daily", "shutdown", None)
    clock.pass_seconds(1)
    again = store.open_job("daily", owner=ME, seconds=60)
    assert (again.key, again.opened) == (job, found.opened)
    assert store.add(job, [entry("x")]) == 0


def test_a_finished_job_begins_anew(store, job):
    store.add(job, [entry("x")])
    store.close_job(job, "finished", owner=ME, finished=True, wanted=False)
    assert store.unfinished() == []
    again = store.open_job("daily", owner=ME, seconds=60).key
    assert again != job
    assert store.add(again, [entry("x")]) == 1
    assert store.forget("daily") == 1
    assert store.counts(again)[State.PENDING] == 1


def test_a_job_has_one_owner(store, job, clock):
    with pytest.raises(JobError, match="being crawled by 'here/1/a'"):
        store.open_job("daily", owner=OTHER, seconds=60)
    clock.pass_seconds(61)
    store.add(job, [entry("x")])
    lease(store, job, seconds=600, a=1)
    assert store.open_job("daily", owner=OTHER, seconds=60).key == job
    assert store.hosts(job) == {"a.example": 1}


def test_a_job_of_a_dead_process_is_free_at_once(store):
    # No process has this number: the highest that Linux gives is 2**22.
    dead = f"{platform.node()}/{2**30}/a"
    job = store.open_job("daily", owner=dead, seconds=600).key
    store.add(job, [entry("x")])
    lease(store, job, owner=dead, seconds=600, a=1)
    assert store.open_job("daily", owner=ME, seconds=60).owner == dead
    assert store.hosts(job) == {"a.example": 1}


def test_workers_share_a_job_only_if_all_want_to(store):
    job = store.open_job("daily", owner=ME, seconds=60, shared=True).key
    assert store.open_job("daily", owner=OTHER, seconds=60, shared=True).key == job
    with pytest.raises(JobError, match="being crawled by"):
        store.open_job("daily", owner="third/1/c", seconds=60)
    alone = store.open_job("weekly", owner=ME, seconds=60)
    with pytest.raises(JobError, match="being crawled by 'here/1/a'"):
        store.open_job("weekly", owner=OTHER, seconds=60, shared=True)
    assert {(one.owner, one.shared) for one in store.workers.all(alone.key)} == {(ME, False)}


def test_who_joins_a_shared_job_leaves_the_others_their_leases(store, clock):
    job = store.open_job("daily", owner=ME, seconds=60, shared=True).key
    store.add(job, [entry("x"), entry("y")])
    lease(store, job, a=1)
    store.open_job("daily", owner=OTHER, seconds=60, shared=True)
    assert store.hosts(job) == {"a.example": 1}
    clock.pass_seconds(61)
    store.open_job("daily", owner="third/1/c", seconds=60, shared=True)
    assert store.hosts(job) == {"a.example": 2}
    assert [one.owner for one in store.workers.all(job)] == ["third/1/c"]


def test_the_last_one_out_finishes_a_shared_job(store):
    job = store.open_job("daily", owner=ME, seconds=60, shared=True).key
    store.open_job("daily", owner=OTHER, seconds=60, shared=True)
    store.add(job, [entry("x")])
    (one,) = lease(store, job, owner=OTHER, a=1)
    assert not store.close_job(job, "finished", owner=ME, finished=True)
    store.finish([one.id])
    assert store.close_job(job, "finished", owner=OTHER, finished=True)
    assert store.unfinished() == []


def test_a_job_with_something_left_is_not_finished_unless_nobody_wants_it(store, job):
    store.add(job, [entry("x")])
    lease(store, job, a=1)
    assert not store.close_job(job, "finished", owner=ME, finished=True)
    assert store.hosts(job) == {"a.example": 1}
    job = store.open_job("daily", owner=ME, seconds=60).key
    assert store.close_job(job, "max_pages", owner=ME, finished=True, wanted=False)


def test_dead_workers_are_buried_once(store):
    dead = f"{platform.node()}/{2**30}/a"
    job = store.open_job("daily", owner=ME, seconds=60, shared=True).key
    store.workers.join(job, owner=dead, seconds=600, shared=True)
    store.add(job, [entry("x"), entry("y")])
    lease(store, job, owner=dead, a=1)
    lease(store, job, owner=ME, a=1)
    assert store.bury(job) == 1
    assert store.bury(job) == 0
    assert store.hosts(job) == {"a.example": 1}


def test_a_worker_counted_as_dead_learns_it(store, clock):
    job = store.open_job("daily", owner=ME, seconds=60, shared=True).key
    assert store.renew(job, owner=ME, seconds=60)
    clock.pass_seconds(61)
    store.open_job("daily", owner=OTHER, seconds=60, shared=True)
    assert not store.renew(job, owner=ME, seconds=60)


def test_waiting_hosts_come_in_turn_with_who_has_them(store, database, job):
    names = [f"{letter}.example" for letter in "dbca"]
    store.add(job, [entry(f"{name}{number}", name) for name in names for number in range(3)])
    lease(store, job, c=3)
    hosts = HostStore(database)
    hosts.claim(["b.example"], owner=OTHER, seconds=60)
    found = store.waiting_hosts(job)
    assert [(one.host, one.owner) for one in found] == [
        ("a.example", None),
        ("b.example", OTHER),
        ("d.example", None),
    ]
    assert [one.host for one in store.waiting_hosts(job, after="a.example", most=1)] == ["b.example"]
    assert store.waiting_hosts(job, after="d.example") == []


def test_who_holds_what_is_not_through(store, job):
    assert (store.has_open(job), store.holders(job)) == (False, set())
    store.add(job, [entry("x")])
    assert (store.has_open(job), store.holders(job)) == (True, {None})
    (one,) = lease(store, job, a=1)
    assert (store.has_open(job), store.holders(job)) == (True, {ME})
    assert store.give_back([one.id], owner=OTHER) == 0
    assert store.give_back([one.id], owner=ME) == 1
    assert store.holders(job) == {None}


def test_what_is_swept_is_forgotten(store, job):
    store.add(job, [entry(name) for name in "wxyz"])
    w, x, _ = lease(store, job, a=3)
    store.end([Ended(w.id), Ended(x.id, State.REFUSED, Reason.ROBOTS)])
    assert store.sweep(job) == 2
    assert store.counts(job) == {State.PENDING: 1, State.LEASED: 1, State.DONE: 0, State.REFUSED: 0}
    assert store.add(job, [entry("w"), entry("y")]) == 1


def test_workers_that_add_the_same_in_any_order_never_wait_for_each_other(url):
    """As two transactions would that each insert what the other has inserted and not committed."""
    with Database(url) as database:
        job = FrontierStore(database).open_job("daily", owner=ME, seconds=60).key
    errors, added = [], []
    at_once = threading.Barrier(4)

    def work(number):
        with Database(url) as database:
            store = FrontierStore(database)
            for turn in range(8):
                names = [f"{turn}/{one}" for one in range(200)]
                at_once.wait()
                try:
                    added.append(store.add(job, [entry(one) for one in names[:: 1 if number % 2 else -1]]))
                except NewswarcError as err:
                    errors.append(err)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert sum(added) == 8 * 200


def test_it_is_on_disk_when_a_call_returns(store, job, url):
    store.add(job, [entry("x")])
    lease(store, job, a=1)
    with Database(url) as second:
        other = FrontierStore(second)
        assert other.counts(job)[State.LEASED] == 1
        assert [one.id for one in other.unfinished()] == ["daily"]


def test_a_lease_looks_at_nothing_but_its_turn(store, database, job, url):
    """Neither at what is done nor at the rest of the host's entries, so that its cost does not grow."""
    if not url.startswith("sqlite"):
        return
    asked = []
    event.listen(database._engine, "before_cursor_execute", lambda *args: asked.append(args[2:4]))
    lease(store, job, a=5)
    ((statement, parameters),) = [one for one in asked if "UPDATE frontier_entries" in one[0]]
    with database.transaction() as connection:
        plan = connection.exec_driver_sql(f"explain query plan {statement}", parameters)
        told = [row[3] for row in plan]
    assert "SEARCH frontier_entries USING INDEX frontier_entry_turn (job=? AND host=?)" in told
    assert not [step for step in told if "SCAN frontier" in step or "B-TREE" in step]
