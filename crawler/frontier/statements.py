"""The statements of the frontier that run for every page, prepared once."""

from sqlalchemy import bindparam, or_, select, update

from crawler.frontier.schema import LEASED, PENDING, entries

_turn_of_host = (
    select(entries.c.id)
    .where(entries.c.job == bindparam("in_job"), entries.c.host == bindparam("of_host"))
    .where(entries.c.state == PENDING)
    .order_by(entries.c.priority.desc(), entries.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
LEASE = (
    update(entries)
    .where(entries.c.id.in_(_turn_of_host.scalar_subquery()))
    .values(state="leased", owner=bindparam("to_owner"), until=bindparam("to_until"))
    .returning(entries.c.id, entries.c.url, entries.c.host, entries.c.priority, entries.c.payload)
)
END = (
    update(entries)
    .where(entries.c.id == bindparam("of_id"))
    .values(
        state=bindparam("state"),
        reason=bindparam("reason"),
        finished=bindparam("finished"),
        owner=None,
        until=None,
    )
)
PUT_BACK = (
    update(entries)
    .where(entries.c.id == bindparam("of_id"), or_(entries.c.state == LEASED, entries.c.state == PENDING))
    .values(
        url=bindparam("url"),
        host=bindparam("host"),
        priority=bindparam("priority"),
        payload=bindparam("payload"),
        state="pending",
        owner=None,
        until=None,
    )
)
