"""Tables of the frontier, for SQLite and PostgreSQL alike. Times are seconds since 1970, UTC."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    literal_column,
)
from sqlalchemy.sql.elements import ColumnClause

SCHEMA = MetaData()

# A partial index serves only statements that name its condition word for word, not as a parameter.
PENDING: ColumnClause[str] = literal_column("'pending'")
LEASED: ColumnClause[str] = literal_column("'leased'")
ENDED: ColumnClause[bool] = literal_column("state in ('done', 'refused')")
OPEN: ColumnClause[str] = literal_column("'open'")

# Tables that older versions made have further columns here, owner and until, which may be NULL.
jobs = Table(
    "frontier_jobs",
    SCHEMA,
    Column("key", Integer, primary_key=True),
    Column("id", String, nullable=False),
    Column("state", String, nullable=False),
    Column("reason", String),
    Column("opened", Double, nullable=False),
    Column("closed", Double),
)

workers = Table(
    "frontier_workers",
    SCHEMA,
    Column("job", ForeignKey(jobs.c.key), primary_key=True),
    Column("owner", String, primary_key=True),
    Column("until", Double, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("hungry", Boolean, nullable=False),
    Column("idle", Boolean, nullable=False),
)

hosts = Table(
    "frontier_hosts",
    SCHEMA,
    Column("host", String, primary_key=True),
    Column("owner", String),
    Column("until", Double),
    Column("not_before", Double),
    Column("delay", Double),
    Column("crawl_delay", Double),
)

# Saves on demand wait for these, and crawls give way.
wanted = Table(
    "saves_wanted_hosts",
    SCHEMA,
    Column("host", String, primary_key=True),
    Column("until", Double, nullable=False),
)

entries = Table(
    "frontier_entries",
    SCHEMA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("job", ForeignKey(jobs.c.key), nullable=False),
    Column("identity", LargeBinary),
    Column("url", Text, nullable=False),
    Column("host", String, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("hops", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("owner", String),
    Column("until", Double),
    Column("enqueued", Double, nullable=False),
    Column("finished", Double),
    Column("reason", String),
    Column("payload", Text, nullable=False),
)

_OPEN_JOB = jobs.c.state == OPEN
Index("frontier_job_open", jobs.c.id, unique=True, sqlite_where=_OPEN_JOB, postgresql_where=_OPEN_JOB)

_CLAIMED = hosts.c.owner.is_not(None)
Index("frontier_host_claimed", hosts.c.owner, sqlite_where=_CLAIMED, postgresql_where=_CLAIMED)

# NULL is unlike any NULL in both databases: entries without identity never meet.
Index("frontier_entry_identity", entries.c.job, entries.c.identity, unique=True)

# A lease reads only what is still to do, so that it costs the same after a million pages.
_IS_PENDING = entries.c.state == PENDING
_TURN = (entries.c.job, entries.c.host, entries.c.priority.desc(), entries.c.id)
Index("frontier_entry_turn", *_TURN, sqlite_where=_IS_PENDING, postgresql_where=_IS_PENDING)
_IS_LEASED = entries.c.state == LEASED
_HELD = (entries.c.job, entries.c.owner)
Index("frontier_entry_held", *_HELD, sqlite_where=_IS_LEASED, postgresql_where=_IS_LEASED)

# For counting what is through.
Index("frontier_entry_ended", entries.c.job, entries.c.state, sqlite_where=ENDED, postgresql_where=ENDED)
