"""Parts of an archive to take away: the records of some captures as one WARC, or as a WACZ with pages."""

from pipelines.packages.exchanges import Exchanges
from pipelines.packages.wacz import Packed, Page, Told, Wanted, write_wacz
from pipelines.packages.warc import Copied, WarcCopy, write_warc

__all__ = ["Copied", "Exchanges", "Packed", "Page", "Told", "Wanted", "WarcCopy", "write_wacz", "write_warc"]
