"""Which URLs are one page: :mod:`pipelines.identity`, where the archive needs it too."""

from pipelines.identity import Identity

__all__ = ["Identity"]
