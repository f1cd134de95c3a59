"""Which extractor made an article: raised with every change that can alter a result."""

EXTRACTOR = "newswarc/4"
"""Written into every article; the number counts up, it is not the version of the package."""
