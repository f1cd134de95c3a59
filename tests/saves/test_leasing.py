"""Leases: fair, never twice, taken back from the dead."""

from collections import Counter

import pytest

from crawler.saves import Saves, Stage, State


def add(queue, number, *, key, host=None, parent=None):
    """Add *number* saves, each of a host of its own unless one is given."""
    hosts = [host or f"{key}-{each}.example" for each in range(number)]
    return [queue.add(f"https://{name}/{each}", key=key, parent=parent).id for each, name in enumerate(hosts)]


def end(queue, worker, leased):
    for save in leased:
        assert queue.succeed(save.id, owner=worker.owner)


def worked_off(queue, worker, slots):
    """Carry out saves on *slots* at once, and return the order in which they were begun."""
    begun = under_way = worker.lease(slots)
    while under_way:
        end(queue, worker, under_way[:1])
        new = worker.lease(1)
        under_way = under_way[1:] + new
        begun = begun + new
    return begun


class TestFairness:
    def test_one_save_is_not_kept_by_five_hundred_of_another_key(self, queue, worker):
        add(queue, 500, key="anna")
        leased = worker.lease(4)
        (wanted,) = add(queue, 1, key="bob")
        order = []
        while wanted not in order:
            end(queue, worker, leased[:1])
            leased = leased[1:] + worker.lease(1)
            order.append(leased[-1].id)
        assert len(order) <= 2

    def test_keys_take_turns(self, queue, worker):
        add(queue, 12, key="anna")
        add(queue, 3, key="bob")
        add(queue, 6, key="")
        order = [save.key for save in worked_off(queue, worker, 2)]
        assert Counter(order[:9]) == {"anna": 3, "bob": 3, "": 3}
        assert Counter(order[9:15]) == {"anna": 3, "": 3}
        assert order[15:] == ["anna"] * 6

    def test_keys_take_turns_in_one_lease_too(self, queue, worker):
        add(queue, 12, key="anna")
        add(queue, 2, key="bob")
        assert Counter(save.key for save in worker.lease(4)) == {"anna": 2, "bob": 2}

    def test_who_comes_later_has_no_turns_to_catch_up_with(self, queue, worker):
        add(queue, 20, key="anna")
        worked = worker.lease(10)
        end(queue, worker, worked)
        add(queue, 20, key="bob")
        assert Counter(save.key for save in worker.lease(6)) == {"anna": 3, "bob": 3}

    def test_outlinks_do_not_keep_what_their_own_user_asks_for(self, queue, worker):
        (parent,) = add(queue, 1, key="anna")
        add(queue, 50, key="anna", parent=parent)
        end(queue, worker, worker.lease(1))
        (wanted,) = add(queue, 1, key="anna", host="new.example")
        assert wanted in {save.id for save in worker.lease(2)}

    def test_a_host_with_a_hundred_does_not_keep_the_others(self, queue, worker):
        add(queue, 100, key="anna", host="slow.example")
        others = add(queue, 5, key="anna")
        begun = [save.id for save in worker.lease(10)]
        assert set(others) < set(begun)
        assert sum(save.host == "slow.example" for save in map(queue.get, begun)) == 5

    def test_hosts_that_never_end_do_not_keep_one_that_waits(self, queue, worker):
        """New hosts come as fast as saves are begun; the second save of an old one still gets its turn."""
        first, second = add(queue, 2, key="anna", host="old.example")
        leased = worker.lease(1)
        assert [save.id for save in leased] == [first]
        begun = []
        for number in range(10):
            add(queue, 2, key="anna", host=f"{number}.example")
            end(queue, worker, leased)
            leased = worker.lease(1)
            begun.append(leased[0].id)
        assert second in begun[:3]

    def test_keys_that_never_end_do_not_keep_one_that_waits(self, queue, worker):
        first, second = add(queue, 2, key="anna")
        leased = worker.lease(1)
        assert [save.id for save in leased] == [first]
        begun = []
        for number in range(10):
            add(queue, 2, key=f"new-{number}")
            end(queue, worker, leased)
            leased = worker.lease(1)
            begun.append(leased[0].id)
        assert second in begun[:3]

    def test_saves_of_one_host_come_as_they_were_added(self, queue, worker):
        made = add(queue, 5, key="anna", host="one.example")
        assert [save.id for save in worker.lease(2)] == made[:2]
        assert [save.id for save in worker.lease(5)] == made[2:]


class TestHosts:
    def test_that_are_busy_are_left_out(self, queue, worker):
        add(queue, 3, key="anna", host="busy.example")
        (free,) = add(queue, 1, key="anna", host="free.example")
        assert [save.id for save in worker.lease(5, busy_hosts={"busy.example"})] == [free]
        assert worker.lease(5, busy_hosts=["busy.example"]) == []

    def test_of_another_worker_are_left_out(self, queue, worker, new_worker):
        """A host belongs to one worker at a time: another one could only wait for it."""
        one, two, three = add(queue, 3, key="anna", host="one.example")
        (free,) = add(queue, 1, key="anna", host="free.example")
        assert [save.id for save in worker.lease(1)] == [one]
        assert [save.id for save in new_worker().lease(5)] == [free]
        assert [save.id for save in worker.lease(5)] == [two, three]

    def test_get_no_more_than_wanted_of_each(self, queue, worker):
        add(queue, 5, key="anna", host="one.example")
        add(queue, 5, key="bob", host="one.example")
        add(queue, 5, key="bob", host="two.example")
        assert Counter(save.host for save in worker.lease(9, per_host=2)) == {
            "one.example": 2,
            "two.example": 2,
        }
        assert worker.lease(9, per_host=2) == []
        assert len(worker.lease(9, per_host=3)) == 2


class TestTheDead:
    def test_lose_what_they_have_at_once(self, queue, worker, new_worker):
        (save,) = add(queue, 1, key="anna")
        worker.lease(seconds=3600)
        queue.progress(save, owner=worker.owner, stage=Stage.PAGE, resources=["https://a.example/"])
        other = new_worker()
        assert other.lease() == []
        worker.die()
        (leased,) = other.lease()
        assert (leased.id, leased.attempts, leased.stage) == (save, 2, Stage.QUEUED)
        assert leased.resources == ("https://a.example/",)
        assert not queue.succeed(save, owner=worker.owner)

    def test_leave_work(self, queue, worker):
        """A worker that ends when nothing is left must not take what a dead one has for somebody's."""
        assert not queue.has_work()
        add(queue, 1, key="anna")
        assert queue.has_work()
        worker.lease()
        assert not queue.has_work()
        worker.die()
        assert queue.has_work()

    def test_elsewhere_lose_it_when_the_lease_ends(self, queue, new_worker, clock):
        (save,) = add(queue, 1, key="anna")
        queue.lease(owner="elsewhere/12/ab", most=1, seconds=60)
        clock.pass_seconds(59)
        other = new_worker()
        assert other.lease() == []
        clock.pass_seconds(1)
        assert [leased.id for leased in other.lease()] == [save]

    def test_keep_it_as_long_as_they_renew(self, queue, worker, new_worker, clock):
        (save,) = add(queue, 1, key="anna")
        worker.lease(seconds=60)
        for _ in range(3):
            clock.pass_seconds(50)
            assert queue.renew([save, "other"], owner=worker.owner, seconds=60) == {save}
        assert new_worker().lease() == []
        clock.pass_seconds(60)
        assert len(new_worker().lease()) == 1
        assert queue.renew([save], owner=worker.owner, seconds=60) == set()

    def test_with_a_clock_that_was_ahead_do_not_hold_for_ever(self, queue, worker, new_worker):
        add(queue, 1, key="anna")
        worker.lease(seconds=10 * 86_400)
        assert len(new_worker().lease()) == 1

    def test_fail_a_save_that_kills_its_worker(self, queue, new_worker, clock):
        (save,) = add(queue, 1, key="anna")
        for attempt in range(1, 4):
            dying = new_worker()
            assert [leased.attempts for leased in dying.lease()] == [attempt]
            dying.die()
        assert new_worker().lease() == []
        found = queue.get(save)
        assert (found.state, found.error, found.attempts) == (State.ERROR, "error:job-failed", 3)
        assert found.finished == clock.now
        assert "3 workers" in found.message
        assert queue.add(found.url, key="anna").id != save


@pytest.mark.parametrize("most", [0, 1])
def test_a_look_that_finds_nothing_changes_nothing(queue, worker, most):
    add(queue, most ^ 1, key="anna")
    assert worker.lease(most) == []


def test_collections_have_turns_of_their_own(queue, database, worker):
    other = Saves(database, "other")
    add(queue, 3, key="anna")
    add(other, 3, key="anna")
    assert len(worker.lease(9)) == 3
    assert len(other.lease(owner=worker.owner, most=9, seconds=60)) == 3
