"""Object storage that speaks S3. Use it through :func:`pipelines.storage.open_store`."""

from pipelines.storage.s3.options import S3Options
from pipelines.storage.s3.store import S3Store

__all__ = ["S3Options", "S3Store"]
