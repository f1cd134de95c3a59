"""Where each record lies: CDXJ lines, sorted by urlkey and time."""

from pipelines.index.cdxj import from_line, to_line

__all__ = ["from_line", "to_line"]
