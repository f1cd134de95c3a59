"""Tables of the ledger, for SQLite and PostgreSQL alike. Times are seconds since 1970, UTC; "" is unknown.

Who writes to a site's rows first counts up its ``revision``: so the writers of a site take turns, and what
has a higher revision was durable later, whatever the clocks say.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)
from sqlalchemy.sql.elements import ColumnClause

SCHEMA = MetaData()

# A partial index serves only statements that name its condition word for word, not as a parameter.
PENDING: ColumnClause[str] = literal_column("'pending'")
DROPPED: ColumnClause[str] = literal_column("'dropped'")

_ID = BigInteger().with_variant(Integer, "sqlite")


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


def _capture() -> tuple[Column[str] | Column[int], ...]:
    return (
        Column("capture_url", Text),
        Column("capture_timestamp", String),
        Column("capture_segment", String),
        Column("capture_offset", BigInteger),
        Column("capture_digest", String),
        Column("capture_sha256", String),
    )


sites = Table(
    "ledger_sites",
    SCHEMA,
    Column("id", Integer, primary_key=True),
    Column("collection", String, nullable=False),
    Column("name", String, nullable=False),
    Column("home", Text, nullable=False),
    Column("revision", BigInteger, nullable=False, server_default="0"),
    Column("exported", BigInteger, nullable=False, server_default="0"),
    UniqueConstraint("collection", "name"),
)

sources = Table(
    "ledger_sources",
    SCHEMA,
    Column("id", Integer, primary_key=True),
    Column("site", ForeignKey(sites.c.id), nullable=False),
    Column("url", Text, nullable=False),
    Column("kind", String, nullable=False),
    Column("parent", Integer),
    _text("title"),
    Column("updated", Double),
    Column("state", String, nullable=False),
    _text("etag"),
    _text("last_modified"),
    *_capture(),
    _text("signature"),
    _text("rhythm"),
    Column("first_seen", Double, nullable=False),
    Column("last_visit", Double),
    Column("next_visit", Double, nullable=False),
    Column("last_new", Double),
    Column("status", Integer),
    Column("reason", String),
    Column("failing_since", Double),
    _count("listed"),
    _count("overflows"),
    UniqueConstraint("site", "url"),
)
_NOT_DROPPED = sources.c.state != DROPPED
Index(
    "ledger_source_due",
    sources.c.site,
    sources.c.next_visit,
    sqlite_where=_NOT_DROPPED,
    postgresql_where=_NOT_DROPPED,
)

pages = Table(
    "ledger_pages",
    SCHEMA,
    Column("id", _ID, primary_key=True),
    Column("site", ForeignKey(sites.c.id), nullable=False),
    Column("identity", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("state", String, nullable=False),
    Column("reason", String),
    _text("detail"),
    Column("status", Integer),
    _text("mime"),
    Column("first_seen", Double, nullable=False),
    Column("job", String, nullable=False),
    _count("attempts"),
    *_capture(),
    Column("first_capture", Double),
    Column("last_visit", Double),
    Column("next_visit", Double),
    Column("published", Double),
    Column("updated", Double),
    _text("etag"),
    _text("last_modified"),
    _text("redirect"),
    Column("gone_since", Double),
    # Of the last change of the page that others are told of, or of its announcements.
    Column("revision", BigInteger, nullable=False),
    UniqueConstraint("site", "identity"),
)
_IS_PENDING = pages.c.state == PENDING
NEXT_VISIT = (pages.c.site, pages.c.next_visit, pages.c.id)
Index("ledger_page_pending", *NEXT_VISIT, sqlite_where=_IS_PENDING, postgresql_where=_IS_PENDING)
IS_AWAITED = (pages.c.state != PENDING) & pages.c.next_visit.is_not(None)
Index("ledger_page_due", *NEXT_VISIT, sqlite_where=IS_AWAITED, postgresql_where=IS_AWAITED)
Index("ledger_page_revision", pages.c.site, pages.c.revision)

announced = Table(
    "ledger_announced",
    SCHEMA,
    Column("source", ForeignKey(sources.c.id), primary_key=True),
    Column("url", Text, primary_key=True),
    # Where url was too long for an index and ends in a digest.
    Column("whole_url", Text),
    Column("page", ForeignKey(pages.c.id), nullable=False),
    Column("kind", String, nullable=False),
    _text("title"),
    Column("published", Double),
    Column("updated", Double),
    _text("guid"),
    _text("language"),
    _text("categories"),
    Column("job", String, nullable=False),
    Column("first_seen", Double, nullable=False),
    Column("last_seen", Double, nullable=False),
)
Index("ledger_announced_page", announced.c.page)
Index("ledger_announced_day", announced.c.source, announced.c.first_seen)

events = Table(
    "ledger_events",
    SCHEMA,
    Column("id", _ID, primary_key=True),
    Column("site", ForeignKey(sites.c.id), nullable=False),
    Column("page", ForeignKey(pages.c.id), nullable=False),
    Column("at", Double, nullable=False),
    Column("event", String, nullable=False),
    Column("status", Integer),
    _text("detail"),
    *_capture(),
)
Index("ledger_event_site", events.c.site, events.c.at)
Index("ledger_event_page", events.c.page)
