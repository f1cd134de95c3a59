"""Tables of saves and API keys, for SQLite and PostgreSQL alike. Times are seconds since 1970, UTC."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
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
WAITING: ColumnClause[str] = literal_column("'waiting'")
RUNNING: ColumnClause[str] = literal_column("'running'")
ENDED: ColumnClause[bool] = literal_column("state in ('success', 'error')")

saves = Table(
    "saves_queue",
    SCHEMA,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("collection", String, nullable=False),
    Column("key", String, nullable=False),
    # Whose turn it is: the key, or the outlinks of what the key has saved.
    Column("lane", String, nullable=False),
    Column("url", Text, nullable=False),
    Column("target", LargeBinary, nullable=False),  # digest of the URL, short enough for any index
    # Of all that makes two requests the same, while the second would be answered by the first.
    Column("twin", LargeBinary, unique=True),
    Column("host", String, nullable=False),
    Column("options", Text, nullable=False),
    Column("cookie", Text),  # of the options; often a login, so kept only as long as it is needed
    Column("parent", String),
    Column("state", String, nullable=False),
    Column("stage", String, nullable=False),
    Column("owner", String),
    Column("until", Double),
    Column("attempts", Integer, nullable=False),
    Column("entered", BigInteger, nullable=False),  # how many leases had been given by then
    Column("created", Double, nullable=False),
    Column("started", Double),
    Column("finished", Double),
    Column("resources", Text, nullable=False),
    Column("fetched", Integer, nullable=False),
    Column("of", Integer, nullable=False),
    Column("timestamp", String),
    Column("final_url", Text),
    Column("status", Integer),
    Column("revisit", Boolean, nullable=False),
    Column("reused", Boolean, nullable=False),
    Column("outlinks", Text, nullable=False),
    Column("error", String),
    Column("message", Text, nullable=False),
    Column("segments", Text, nullable=False),
)

_IS_WAITING = saves.c.state == WAITING
# The last column only that the index alone answers whose turn it is.
_TURN = (saves.c.collection, saves.c.lane, saves.c.host, saves.c.number, saves.c.entered)
Index("saves_turn", *_TURN, sqlite_where=_IS_WAITING, postgresql_where=_IS_WAITING)
_IS_RUNNING = saves.c.state == RUNNING
Index("saves_held", saves.c.collection, saves.c.owner, sqlite_where=_IS_RUNNING, postgresql_where=_IS_RUNNING)
_END = (saves.c.collection, saves.c.state, saves.c.finished)
Index("saves_ended", *_END, sqlite_where=ENDED, postgresql_where=ENDED)
_IS_CHILD = saves.c.parent.is_not(None)
Index("saves_child", saves.c.parent, sqlite_where=_IS_CHILD, postgresql_where=_IS_CHILD)
# For limits and lists.
Index("saves_of_key", saves.c.key, saves.c.created)
Index("saves_of_target", saves.c.key, saves.c.target, saves.c.created)
Index("saves_created", saves.c.collection, saves.c.created)

# One row, of kind "clock", counts the leases of a collection; who counts has it locked, so that leases are
# given one by one. The others say at which count a lane or host had its last turn.
turns = Table(
    "saves_turns",
    SCHEMA,
    Column("collection", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("number", BigInteger, nullable=False),
)
Index("saves_turns_last", turns.c.collection, turns.c.number)

keys = Table(
    "saves_keys",
    SCHEMA,
    Column("name", String, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("per_minute", Integer),
    Column("per_day", Integer),
    Column("concurrent", Integer),
    Column("created", Double, nullable=False),
    Column("last_used", Double),
    Column("revoked", Double),
)
