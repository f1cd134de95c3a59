"""The statements of the frontier that run for every page or host, prepared once."""

from typing import Any

from sqlalchemy import CTE, Integer, String, bindparam, literal, or_, select, update

from crawler.frontier.schema import LEASED, PENDING, entries, hosts

# Materialised, or PostgreSQL may look for the turn again and again, and lock more than are wanted.
_turn_of_host = (
    select(entries.c.id)
    .where(entries.c.job == bindparam("in_job"), entries.c.host == bindparam("of_host"))
    .where(entries.c.state == PENDING)
    .order_by(entries.c.priority.desc(), entries.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("turn")
    .prefix_with("materialized", dialect="postgresql")
)
LEASE = (
    update(entries)
    .where(entries.c.id.in_(select(_turn_of_host.c.id)))
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


def _next_host(after: Any) -> Any:  # noqa: ANN401 - SQL expressions
    return (
        select(entries.c.host)
        .where(entries.c.job == bindparam("in_job"), entries.c.state == PENDING, entries.c.host > after)
        .order_by(entries.c.host)
        .limit(1)
        .scalar_subquery()
    )


def _hosts_in_turn() -> CTE:
    # From host to host through the index, past all entries of each: as fast with a million of them.
    first = select(_next_host(bindparam("after", type_=String)).label("host"), literal(1).label("number"))
    found = first.cte("found", recursive=True)
    after = select(_next_host(found.c.host), found.c.number + literal(1, Integer))
    return found.union_all(after.where(found.c.host.is_not(None), found.c.number < bindparam("most")))


_found = _hosts_in_turn()
WAITING_HOSTS = (
    select(_found.c.host, hosts.c.owner, hosts.c.until, hosts.c.not_before)
    .select_from(_found.outerjoin(hosts, hosts.c.host == _found.c.host))
    .where(_found.c.host.is_not(None))
    .order_by(_found.c.host)
)
"""The first hosts *after* one, by name, that have pending entries, with who works on them."""
