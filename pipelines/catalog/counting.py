"""Counts of captures by time, made where they lie: what a page about an address shows of many captures."""

from typing import Final

from sqlalchemy import func, literal_column, select

from pipelines.catalog.articles import ARTICLES, ArticlePlace, article_of
from pipelines.catalog.catalog import Catalog
from pipelines.catalog.coding import stored_key
from pipelines.catalog.schema import articles, captures, segments, terms, urlkeys
from pipelines.extract.identities import identity_key
from pipelines.urls import span, urlkey

_DIGITS: Final = 14


def captures_by(catalog: Catalog, url: str, *, digits: int, within: str = "") -> list[tuple[str, int]]:
    """Return how many captures *url* has by the first *digits* of their time (``202611``), 4 to 14, in order.

    *within* are the first digits of the times that are counted; all of them by default. One walk over the
    index of the address.
    """
    # Of whole numbers in both databases; SQLAlchemy's own // rounds floats.
    period = captures.c.timestamp.op("/", return_type=captures.c.timestamp.type)(
        literal_column(str(10 ** (_DIGITS - digits)))
    )
    named = select(urlkeys.c.id).where(urlkeys.c.urlkey == stored_key(urlkey(url))).scalar_subquery()
    query = (
        select(period.label("period"), func.count())
        .where(captures.c.urlkey_id == named)
        .group_by(literal_column("period"))
        .order_by(literal_column("period"))
    )
    if within:
        first, last = map(int, span(within))
        query = query.where(captures.c.timestamp.between(first, last))
    with catalog.database.reading() as connection:
        return [(f"{int(number):0{digits}d}", count) for number, count in connection.execute(query)]


def latest_articles(catalog: Catalog, url: str, *, most: int, until: str = "") -> list[ArticlePlace]:
    """Return at most *most* readings of the page *url*, an address or an identity, the latest first.

    Only those captured no later than *until*, 14 digits, where it is given.
    """
    key = identity_key(url) if "://" in url else url
    identity = select(urlkeys.c.id).where(urlkeys.c.urlkey == stored_key(key))
    query = ARTICLES.where(articles.c.identity_id == identity.scalar_subquery())
    if until:
        query = query.where(articles.c.captured <= int(until))
    query = query.order_by(articles.c.captured.desc(), segments.c.name.desc(), articles.c.row.desc())
    with catalog.database.reading() as connection:
        return [article_of(row) for row in connection.execute(query.limit(most))]


def latest_of_site(catalog: Catalog, site: str, *, most: int) -> list[ArticlePlace]:
    """Return at most *most* readings of the publication *site*, the name its pages give, the latest first."""
    named = select(terms.c.id).where(terms.c.text == site).scalar_subquery()
    query = ARTICLES.where(articles.c.site_id == named).order_by(articles.c.captured.desc()).limit(most)
    with catalog.database.reading() as connection:
        return [article_of(row) for row in connection.execute(query)]


def article_at(catalog: Catalog, segment: str, offset: int) -> ArticlePlace | None:
    """Return the article that was read from the record at *offset* of *segment*, None where none was."""
    wanted = ARTICLES.where(segments.c.name == segment, articles.c.offset == offset).limit(1)
    with catalog.database.reading() as connection:
        row = connection.execute(wanted).first()
        return None if row is None else article_of(row)


def stand(catalog: Catalog) -> tuple[int, int]:
    """Return two numbers that differ whenever segments came, went or were read again."""
    query = select(func.count(segments.c.id), func.coalesce(func.max(segments.c.revision), 0))
    with catalog.database.reading() as connection:
        count, revision = connection.execute(query).one()
        return int(count), int(revision)


def totals(catalog: Catalog) -> tuple[int, int, int]:
    """Return how many segments, captures and articles the catalog holds."""
    sums = (func.coalesce(func.sum(segments.c[name]), 0) for name in ("captures", "articles"))
    query = select(func.count(segments.c.id), *sums).where(segments.c.held == 1)
    with catalog.database.reading() as connection:
        count, found, texts = connection.execute(query).one()
        return int(count), int(found), int(texts)
