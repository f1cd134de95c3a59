"""What the archive holds, derived from the manifests: can be deleted and is then rebuilt from the store.

For ``archive`` and whoever it gives its catalog. The tables are drawn in :mod:`pipelines.catalog.schema`.
"""

from pipelines.catalog.articles import ArticlePlace
from pipelines.catalog.catalog import Catalog, JobSegments, Part
from pipelines.catalog.follow import Followed, follow, local_articles
from pipelines.catalog.questions import Filter, Match, Place, Query

__all__ = [
    "ArticlePlace",
    "Catalog",
    "Filter",
    "Followed",
    "JobSegments",
    "Match",
    "Part",
    "Place",
    "Query",
    "follow",
    "local_articles",
]
