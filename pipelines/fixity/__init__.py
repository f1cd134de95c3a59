"""Whether the archive still holds what it was given, and mending it where it does not.

For the command line and the service, by way of :func:`verify` and :func:`repair`. Nothing here trusts the
catalog: the store alone is read.
"""

from pipelines.fixity.repair import Lost, Mended, RepairReport, repair
from pipelines.fixity.report import Damage, Finding, Report, Tally
from pipelines.fixity.verification import Progress, verify

__all__ = [
    "Damage",
    "Finding",
    "Lost",
    "Mended",
    "Progress",
    "RepairReport",
    "Report",
    "Tally",
    "repair",
    "verify",
]
