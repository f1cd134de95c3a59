"""From recorded bytes to clean text: a pure, versioned cascade, its result, and where it runs.

One page, in this process::

    extract(payload: bytes, url: str, *, headers: Headers = (), rules: Rules = NO_RULES) -> Article
    open_page(payload: bytes, url: str, *, headers: Headers = ()) -> Page      # decoded, parsed once
    extract_page(page: Page, rules: Rules = NO_RULES) -> Article

*payload* is the entity body as recorded: de-chunked, still content-encoded. *headers* are the raw
pairs of the response (:data:`pipelines.model.Headers`). Neither raises, whatever the bytes are: a page
that cannot be read is an :class:`Article` of quality ``empty`` with reasons. The functions use no network,
no clock and no state: the same input and versions give the same article. Rules that come from a person go
through :func:`pipelines.extract.rules.checked_rules` first.

The result::

    Article.url, .canonical_url, .site, .section, .title, .subtitle: str ("" where unknown)
    Article.authors, .languages, .reasons: tuple[str, ...]
    Article.published, .modified: Moment | None          # .day, .at (aware, UTC, or None), .stated, .found
    Article.passages: tuple[Passage, ...]                # .text, .language, .kind, .parallel
    Article.titles: tuple[Title, ...]                    # .text, .language; the first one is Article.title
    Article.translators: tuple[str, ...]
    Article.images: tuple[Image, ...]; .links: tuple[Link, ...]
    Article.transcript: Transcript | None                # .audio, .paragraphs of Cue (.start, .text)
    Article.fingerprint: str                             # pipelines.extract.fingerprint: is_copy, is_revision
    Article.quality: Quality                             # full, preview, login_stub, …, empty
    Article.method, .extractor: str; .rules: str         # how and by which versions
    Article.text: str                                    # passages joined by blank lines
    Article.to_json() -> bytes; Article.from_json(data: bytes) -> Article

Many pages, in worker processes::

    with Workers(2) as workers:
        future = workers.submit(extract_recorded, payload, url, headers, rules)   # concurrent Future[Article]

    Workers(count: int, *, preload=("pipelines.extract.cascade",), cpu_seconds=2.0, wall_seconds=120.0,
            memory=1 << 30, limit: int | None = None)
    Workers.submit(function, *args) -> Future            # blocks while `limit` calls are in flight
    Workers.full -> bool                                 # whether submit would block
    Workers.restarts -> int ; Workers.processes -> tuple[int, ...]
    Workers.close() ; Workers.abort()
    extract_recorded(payload, url, headers, rules) -> Article   # `extract` with positional arguments

The future raises :class:`~pipelines.errors.ExtractionError` where the worker was killed, ran over its time
or could not answer, and the function's own exception where it raised one.

A segment's articles as Parquet, one row an article version::

    ArticleRow(article: Article, capture: Capture, announced: Mapping[str, str] = {})
    ARTICLE_SCHEMA: pyarrow.Schema
    write_articles(rows: Iterable[ArticleRow], path: Path) -> int        # rows written
    read_articles(source: Path | BinaryIO) -> Iterator[ArticleRow]

Importing this package is cheap; lxml, trafilatura and pyarrow are imported when a name that needs them
is first used, so that a crawler's main process does not pay for them.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.extract.article import (
        Article,
        Cue,
        Image,
        Link,
        Moment,
        Passage,
        PassageKind,
        Quality,
        Title,
        Transcript,
    )
    from pipelines.extract.cascade import extract, extract_page, extract_recorded
    from pipelines.extract.page import Page, open_page
    from pipelines.extract.rules import NO_RULES, Rules
    from pipelines.extract.table import ARTICLE_SCHEMA, ArticleRow, read_articles, write_articles
    from pipelines.extract.versions import EXTRACTOR
    from pipelines.extract.workers import Workers

__all__ = [
    "ARTICLE_SCHEMA",
    "EXTRACTOR",
    "NO_RULES",
    "Article",
    "ArticleRow",
    "Cue",
    "Image",
    "Link",
    "Moment",
    "Page",
    "Passage",
    "PassageKind",
    "Quality",
    "Rules",
    "Title",
    "Transcript",
    "Workers",
    "extract",
    "extract_page",
    "extract_recorded",
    "open_page",
    "read_articles",
    "write_articles",
]

_HOMES = {
    "article": (
        "Article",
        "Cue",
        "Image",
        "Link",
        "Moment",
        "Passage",
        "PassageKind",
        "Quality",
        "Title",
        "Transcript",
    ),
    "cascade": ("extract", "extract_page", "extract_recorded"),
    "page": ("Page", "open_page"),
    "rules": ("NO_RULES", "Rules"),
    "table": ("ARTICLE_SCHEMA", "ArticleRow", "read_articles", "write_articles"),
    "versions": ("EXTRACTOR",),
    "workers": ("Workers",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
