"""The tables of a catalog: one SQLite file, or one schema of a PostgreSQL database, for each collection.

All of it is derived from the store. Numbers named ``id`` are this database's own, given in the order in which
things came, and never leave the package: what leaves it is named by segment, offset and row. Strings that
come again and again (addresses, payloads, media types, names of sites) are stored once::

    segments ─┬─ captures ─┬─ urlkeys      where each record lies, by address and time
              │            ├─ urls         addresses that do not follow from their urlkey
              │            ├─ payloads     digests: a revisit has that of its original
              │            └─ terms        media types
              └─ articles ─┬─ urlkeys      the capture's, and that of the article's identity
                           ├─ terms        site, section, languages, quality, extractor, rules
                           └─ bands        hashes of the fingerprint, for similar articles

Times are 14 digits as one integer (``20261123140509``, UTC), days eight. Digests are bytes. Who needs
another table adds it to :data:`SCHEMA` and counts :data:`SCHEMA_VERSION` up: older catalogs are then made
anew.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    and_,
    func,
    literal_column,
)

SCHEMA_VERSION: Final = 3
"""Counts up with every change of a table. The catalog of an older version is made anew."""

SCHEMA: Final = MetaData()

_KEY = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that sorts by its bytes, as CDXJ does."""
_ID = BigInteger().with_variant(Integer(), "sqlite")

marks = Table(
    "marks",
    SCHEMA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""What the catalog knows of itself: ``version`` (of the schema), ``listed`` (when the whole store was)."""

terms = Table(
    "terms",
    SCHEMA,
    Column("id", _ID, primary_key=True),
    Column("text", _KEY, nullable=False, unique=True),
)
"""Strings of which there are few: media types, sites, sections, languages, jobs, versions."""

urlkeys = Table(
    "urlkeys",
    SCHEMA,
    Column("id", _ID, primary_key=True),
    Column("urlkey", _KEY, nullable=False, unique=True),  # as coding.stored_key has it
    Column("whole", Text),  # where that is cut
)
"""Urlkeys of captures and of articles' identities."""

urls = Table(
    "urls",
    SCHEMA,
    Column("id", _ID, primary_key=True),
    Column("urlkey_id", _ID, nullable=False),
    Column("url", _KEY, nullable=False),
)
"""Those addresses that :func:`pipelines.catalog.coding.url_form` cannot tell from the urlkey."""

Index("urls_by_urlkey", urls.c.urlkey_id)

payloads = Table(
    "payloads",
    SCHEMA,
    Column("id", _ID, primary_key=True),
    Column("sha256", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
)
"""Digests of each payload. ``digest`` is SHA-1; see :func:`pipelines.catalog.coding.digest_bytes`."""

PAYLOAD_MARK = func.substr(payloads.c.sha256, literal_column("1"), literal_column("8"))
"""By these first bytes a payload is found; the rest is compared."""
Index("payloads_by_mark", PAYLOAD_MARK)

segments = Table(
    "segments",
    SCHEMA,
    Column("id", _ID, primary_key=True),
    Column("name", _KEY, nullable=False, unique=True),
    Column("manifest_key", _KEY, nullable=False, unique=True),
    Column("held", SmallInteger, nullable=False),  # 1: its captures are here; 0: another one replaces it
    Column("filename", Text),  # of the WARC, below <collection>/archive/
    Column("warc_size", BigInteger),  # bytes
    Column("index_key", Text),
    Column("articles_key", Text),  # of the file whose rows are in articles; null: none
    Column("articles_sha256", LargeBinary),  # of that file
    Column(
        "reading", Integer
    ),  # number of the reading that it is; 0: the articles that came with the segment
    Column("revision", BigInteger),  # counts up with every change of a segment's articles
    Column("job_id", _ID),  # terms
    Column("software_id", _ID),  # terms
    Column("opened", BigInteger),
    Column("sealed", BigInteger),
    Column("first", BigInteger),  # timestamp of the earliest capture
    Column("last", BigInteger),
    Column("captures", Integer),
    Column("revisits", Integer),
    Column("failures", Integer),
    Column("articles", Integer),  # rows
)
"""Every segment that is known. Of one that is replaced before it was read only the name is."""

Index("segments_by_revision", segments.c.revision)

RESPONSE, REVISIT = 0, 1
"""Values of ``captures.kind``."""

captures = Table(
    "captures",
    SCHEMA,
    Column("urlkey_id", _ID, primary_key=True),
    Column("timestamp", BigInteger, primary_key=True),
    Column("segment_id", _ID, primary_key=True),
    Column("offset", BigInteger, primary_key=True),
    Column("url_id", _ID, nullable=False),  # below coding.FIRST_URL a form, else urls.id
    Column("length", BigInteger, nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("status", SmallInteger().with_variant(Integer(), "postgresql")),
    Column("mime_id", _ID, nullable=False),  # terms
    Column("payload_id", _ID, nullable=False),
    Column("truncated", SmallInteger, nullable=False),  # 0: whole; else as coding.TRUNCATIONS counts
    sqlite_with_rowid=False,
)
"""One row a line of a segment's CDXJ, clustered by address and time."""

IS_ORIGINAL = and_(
    captures.c.kind == literal_column("0"),
    captures.c.truncated == literal_column("0"),
)
"""A whole response: what a revisit may refer to. Written without parameters, so that the index is used."""

Index(
    "captures_originals",
    captures.c.payload_id,
    captures.c.timestamp,
    sqlite_where=IS_ORIGINAL,
    postgresql_where=IS_ORIGINAL,
)
articles = Table(
    "articles",
    SCHEMA,
    Column("segment_id", _ID, primary_key=True),
    Column("row", Integer, primary_key=True),  # in the segment's article file, from 0
    Column("identity_id", _ID, nullable=False),  # urlkeys: what makes several captures one article
    Column("urlkey_id", _ID, nullable=False),  # of the capture
    Column("captured", BigInteger, nullable=False),  # with segment, urlkey and offset: the capture
    Column("offset", BigInteger, nullable=False),
    Column("canonical", Text),  # what the page calls its own address, where that is not the capture's
    Column("title", Text, nullable=False),
    Column("authors", Text, nullable=False),  # names, a line each
    Column("site_id", _ID, nullable=False),  # terms; of empty text where unknown
    Column("section_id", _ID, nullable=False),
    Column("languages_id", _ID, nullable=False),  # BCP 47, joined by blanks, most text first
    Column("quality_id", _ID, nullable=False),
    Column("extractor_id", _ID, nullable=False),
    Column("rules_id", _ID, nullable=False),
    Column("published_day", Integer),  # YYYYMMDD in the page's time zone
    Column("published_at", BigInteger),  # null where the page gave no time of day
    Column("modified_day", Integer),
    Column("modified_at", BigInteger),
    Column("text_sha256", LargeBinary, nullable=False),  # over the clean text, UTF-8
    Column("characters", Integer, nullable=False),  # of the clean text
    Column("fingerprint", LargeBinary),  # coding.fingerprint_bytes; null: too little text
    sqlite_with_rowid=False,
)
"""One row a row of a segment's article file: that of its newest reading."""

Index("articles_by_identity", articles.c.identity_id, articles.c.captured)
Index("articles_by_site", articles.c.site_id, articles.c.captured)

bands = Table(
    "bands",
    SCHEMA,
    Column("hash", BigInteger, primary_key=True),
    Column("segment_id", _ID, primary_key=True),
    Column("row", Integer, primary_key=True),
    sqlite_with_rowid=False,
)
"""The smallest hashes of each article's fingerprint: articles that are alike share some of them."""

ledger_files = Table(
    "ledger_files",
    SCHEMA,
    Column("key", _KEY, primary_key=True),
    Column("size", BigInteger, nullable=False),  # bytes
)
"""The coverage ledger's files in the store. What they hold is read from there."""
