"""``python -m crawler`` is ``newswarc``."""

from crawler.cli import main

main()
