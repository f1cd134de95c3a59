"""What becomes of a save, from the one who asks to the one who carries it out."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from crawler.saves import Code, SaveOptions, Saves, Stage, State
from crawler.saves.schema import saves

STORY = "https://paper.example/story"


def test_a_new_save_waits(queue):
    save = queue.add(STORY, key="anna")
    assert save == queue.get(save.id)
    assert (save.url, save.key, save.host) == (STORY, "anna", "paper.example")
    assert (save.state, save.stage, save.pending) == (State.WAITING, Stage.QUEUED, True)
    assert save.created == datetime(2026, 11, 24, 14, 5, 9, tzinfo=UTC)
    assert (save.started, save.finished, save.parent, save.error) == (None,) * 4
    assert save.attempts == 0
    assert len(save.id) == 45
    assert save.id.startswith("spn2-")


def test_options_are_kept(queue):
    options = SaveOptions(outlinks=5, error_pages=True, unless_within=3600.0, cookie="a=b", user_agent="\0é")
    assert queue.get(queue.add(STORY, options).id).options == options
    assert "a=b" not in repr(options)


def test_an_unknown_save_is_none(queue):
    for name in ("", "spn2-", "spn2-" + "0" * 40, "x\0", "spn2-\ud800", "%"):
        assert queue.get(name) is None
        assert queue.children(name) == []
        assert queue.find([name]) == {}


def test_saves_of_another_collection_are_not_there(queue, database, worker):
    save = queue.add(STORY)
    other = Saves(database, "other")
    assert other.get(save.id) is None
    assert (other.recent(), other.standing().waiting, other.wanted_hosts()) == ([], 0, set())
    assert other.lease(owner=worker.owner, most=5, seconds=60) == []
    assert other.add(STORY).id != save.id


def test_several_are_found_at_once(queue):
    first, second = queue.add(STORY), queue.add(f"{STORY}/2")
    assert queue.find([second.id, "no", first.id]) == {first.id: first, second.id: second}


def test_a_cookie_is_forgotten_once_it_is_not_needed(queue, worker, database):
    options = SaveOptions(cookie="session=opensesame")
    made = queue.add(STORY, options)
    assert [save.options.cookie for save in worker.lease()] == ["session=opensesame"]
    assert queue.add(STORY, options).id == made.id
    assert queue.add(STORY, SaveOptions(cookie="session=other")).id != made.id
    queue.succeed(made.id, owner=worker.owner)
    assert queue.get(made.id).options.cookie is None
    with database.transaction() as connection:
        for row in connection.execute(select(saves).where(saves.c.id == made.id)):
            assert "opensesame" not in repr(row)


class TestTheSameAgain:
    def test_within_a_minute_is_the_same_save(self, queue, clock):
        save = queue.add(STORY, key="anna")
        clock.pass_seconds(59)
        assert queue.twin(STORY, key="anna") == save
        assert queue.add(STORY, key="anna").id == save.id

    def test_after_a_minute_is_another(self, queue, clock):
        save = queue.add(STORY)
        clock.pass_seconds(60)
        assert queue.twin(STORY) is None
        again = queue.add(STORY)
        assert again.id != save.id
        assert queue.add(STORY).id == again.id

    @pytest.mark.parametrize("other", [{"key": "bob"}, {"options": SaveOptions(outlinks=1)}])
    def test_is_not_the_same_for_another_key_or_with_other_options(self, queue, other):
        save = queue.add(STORY)
        assert queue.twin(STORY, **other) is None
        assert queue.add(STORY, **other).id != save.id

    def test_runs_already(self, queue, worker):
        save = queue.add(STORY)
        worker.lease()
        assert queue.add(STORY).id == save.id

    @pytest.mark.parametrize("end", ["succeed", "fail"])
    def test_once_it_ended_is_another(self, queue, worker, end):
        save = queue.add(STORY)
        worker.lease()
        told = {} if end == "succeed" else {"error": Code.NOT_FOUND, "message": "gone"}
        assert getattr(queue, end)(save.id, owner=worker.owner, **told)
        assert queue.add(STORY).id != save.id


class TestOutlinks:
    def test_are_listed_by_their_parent(self, queue):
        parent = queue.add(STORY)
        queue.add("https://other.example/")
        made = [queue.add(f"https://paper.example/{n}", parent=parent.id) for n in range(3)]
        assert queue.children(parent.id) == made
        assert {save.parent for save in made} == {parent.id}
        assert parent.id in {save.id for save in queue.recent()}
        assert not {save.id for save in made} & {save.id for save in queue.recent()}

    def test_are_never_added_twice(self, queue, worker, clock):
        """A parent that is begun again finds those that it had added, however long ago."""
        parent = queue.add(STORY)
        child = queue.add("https://paper.example/1", parent=parent.id)
        for save in worker.lease(2):
            queue.succeed(save.id, owner=worker.owner)
        clock.pass_seconds(3600)
        assert queue.add("https://paper.example/1", parent=parent.id).id == child.id


class TestAWorker:
    def test_takes_a_save(self, queue, worker, clock):
        save = queue.add(STORY)
        clock.pass_seconds(5)
        (leased,) = worker.lease(3)
        assert leased == queue.get(save.id)
        assert (leased.state, leased.attempts, leased.started) == (State.RUNNING, 1, clock.now)
        assert worker.lease(3) == []

    def test_tells_how_far_it_is(self, queue, worker):
        save = queue.add(STORY)
        worker.lease()
        assert queue.progress(
            save.id, owner=worker.owner, stage=Stage.REQUISITES, resources=[STORY, "b"], fetched=2, of=30
        )
        assert queue.progress(save.id, owner=worker.owner, stage=Stage.ARTICLE)
        found = queue.get(save.id)
        assert (found.stage, found.resources, found.fetched, found.of) == (Stage.ARTICLE, (STORY, "b"), 2, 30)

    def test_succeeds(self, queue, worker, clock):
        save = queue.add(STORY)
        worker.lease()
        clock.pass_seconds(3)
        told = {
            "timestamp": "20261124140512",
            "final_url": f"{STORY}/",
            "status": 200,
            "revisit": True,
            "reused": True,
            "outlinks": {"https://a.example/": None, "https://b.example/": save.id},
            "segments": ["news-1"],
            "resources": [f"{STORY}/"],
            "message": "as before",
        }
        assert queue.succeed(save.id, owner=worker.owner, **told)
        found = queue.get(save.id)
        expected = {**told, "segments": ("news-1",), "resources": (f"{STORY}/",)}
        assert {name: getattr(found, name) for name in told} == expected
        assert (found.state, found.stage, found.pending) == (State.SUCCESS, Stage.DONE, False)
        assert found.finished == clock.now

    def test_fails(self, queue, worker):
        save = queue.add(STORY)
        worker.lease()
        said = "half a character \ud83d and a null \0 character"
        queue.fail(save.id, owner=worker.owner, error=Code.NOT_FOUND, message=said, status=404)
        found = queue.get(save.id)
        assert (found.state, found.error, found.status) == (State.ERROR, "error:not-found", 404)
        assert found.message == "half a character ? and a null � character"

    def test_cannot_change_what_it_has_not(self, queue, worker, new_worker):
        save = queue.add(STORY)
        other = new_worker()
        worker.lease()
        assert not queue.progress(save.id, owner=other.owner, stage=Stage.PAGE, fetched=7)
        assert not queue.succeed(save.id, owner=other.owner)
        assert not queue.fail(save.id, owner=other.owner, error=Code.JOB_FAILED, message="no")
        assert queue.put_back([save.id], other.owner) == 0
        assert queue.renew([save.id], owner=other.owner, seconds=60) == set()
        assert queue.get(save.id).state is State.RUNNING
        assert queue.get(save.id).fetched == 0

    def test_cannot_change_what_has_ended(self, queue, worker):
        save = queue.add(STORY)
        worker.lease()
        assert queue.succeed(save.id, owner=worker.owner, status=200)
        assert not queue.fail(save.id, owner=worker.owner, error=Code.JOB_FAILED, message="late")
        assert not queue.progress(save.id, owner=worker.owner, stage=Stage.PAGE)
        assert queue.get(save.id).state is State.SUCCESS

    def test_hands_back_what_it_has_not_begun(self, queue, worker):
        first, second = queue.add(STORY), queue.add(f"{STORY}/2")
        worker.lease(2)
        assert queue.put_back([second.id, "no"], worker.owner) == 1
        found = queue.get(second.id)
        assert (found.state, found.stage, found.attempts) == (State.WAITING, Stage.QUEUED, 0)
        assert queue.get(first.id).state is State.RUNNING
        assert [save.id for save in worker.lease(2)] == [second.id]


class TestStanding:
    def test_counts_states_and_days(self, queue, worker, clock):
        for number in range(6):
            queue.add(f"https://a.example/{number}", key="anna")
        clock.pass_seconds(30)
        queue.add("https://b.example/", key="bob")
        leased = worker.lease(4)
        ours = [save.id for save in leased if save.key == "anna"]
        assert len(ours) == 3
        queue.succeed(ours[0], owner=worker.owner)
        queue.fail(ours[1], owner=worker.owner, error=Code.JOB_FAILED, message="")
        standing = queue.standing()
        assert (standing.waiting, standing.running) == (3, 2)
        assert (standing.done_today, standing.failed_today) == (1, 1)
        assert standing.oldest_waiting_seconds == 30
        assert queue.standing("bob").running == 1
        assert queue.standing("bob").waiting == 0
        assert queue.standing("bob").oldest_waiting_seconds == 0
        clock.pass_seconds(86_400)
        assert (queue.standing().done_today, queue.standing("anna").failed_today) == (0, 0)

    def test_wanted_hosts_are_those_of_all_that_have_not_ended(self, queue, worker):
        for host in "abc":
            queue.add(f"https://{host}.example/")
        done, *_ = worker.lease(2)
        queue.succeed(done.id, owner=worker.owner)
        assert queue.wanted_hosts() == {"b.example", "c.example"}

    def test_recent_ones_come_the_latest_first(self, queue, clock):
        made = []
        for number in range(4):
            made.append(queue.add(f"https://a.example/{number}", key="ab"[number % 2]).id)
            clock.pass_seconds(1)
        assert [save.id for save in queue.recent(limit=3)] == made[:0:-1]
        assert [save.id for save in queue.recent(key="b")] == [made[3], made[1]]


def test_old_ones_are_swept(queue, worker, clock):
    for number in range(3):
        queue.add(f"https://a.example/{number}")
    first, second = worker.lease(2, seconds=86_400)
    queue.succeed(first.id, owner=worker.owner)
    clock.pass_seconds(3600)
    queue.succeed(second.id, owner=worker.owner)
    assert queue.sweep(timedelta(seconds=3600)) == 0
    clock.pass_seconds(1)
    assert queue.sweep(timedelta(seconds=3600)) == 1
    assert queue.get(first.id) is None
    assert queue.get(second.id) is not None
    assert queue.standing().waiting == 1
