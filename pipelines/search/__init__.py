"""Search: an index of clean text in Chinese and English, questions in a person's words, and answers.

::

    index = SearchIndex(folder)
    index.sync(store, "news", processes=2)                       # what was published since the last time
    answer = ask(index, '芯片 "export controls" -rumour', Page(sort=Sort.DATE))
    for hit in answer.hits: hit.shown.title, hit.shown.url, hit.shown.segment, hit.shown.offset
    rows(store, [hit.shown for hit in answer.hits])              # the articles themselves

Everything in it follows from the article files of the store; :mod:`pipelines.search.query` tells what can be
asked. Beside the catalog, above the segments.
"""

from pipelines.search.asking import (
    DEEPEST,
    MOST,
    Answer,
    Hit,
    Page,
    Period,
    Sort,
    all_hits,
    articles,
    ask,
    facets,
    over_time,
)
from pipelines.search.entries import Shown, article_number, entries
from pipelines.search.following import Held
from pipelines.search.index import Followed, Progress, SearchIndex
from pipelines.search.naming import Named, named
from pipelines.search.query import All, Either, Filter, Node, Not, field, parse
from pipelines.search.schema import FACETS
from pipelines.search.snippets import Needles, Snippet, snippet
from pipelines.search.texts import rows, texts

__all__ = [
    "DEEPEST",
    "FACETS",
    "MOST",
    "All",
    "Answer",
    "Either",
    "Filter",
    "Followed",
    "Held",
    "Hit",
    "Named",
    "Needles",
    "Node",
    "Not",
    "Page",
    "Period",
    "Progress",
    "SearchIndex",
    "Shown",
    "Snippet",
    "Sort",
    "all_hits",
    "article_number",
    "articles",
    "ask",
    "entries",
    "facets",
    "field",
    "named",
    "over_time",
    "parse",
    "rows",
    "snippet",
    "texts",
]
