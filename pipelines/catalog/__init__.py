"""What the archive holds, derived from the manifests: can be deleted and is then rebuilt from the store."""

from pipelines.catalog.captures import Catalog

__all__ = ["Catalog"]
