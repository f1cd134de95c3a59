"""Where each record lies: CDXJ lines, sorted by urlkey and time; many of them as a ZipNum cluster."""

from pipelines.index.cdxj import from_line, to_line
from pipelines.index.zipnum import ClusterFile, write_cluster

__all__ = ["ClusterFile", "from_line", "to_line", "write_cluster"]
