"""Take-down: hiding, blocking and purging captures, with an audit trail in the archive itself.

For the command line and the service. What is asked for and done lies below ``<collection>/takedowns/``; who
reads captures for others asks :meth:`Register.standing` first.
"""

from pipelines.takedown.claim import claimed
from pipelines.takedown.model import Action, Kind, Purged, Takedown, Target
from pipelines.takedown.purging import Plan, plan_purge, purge, refusing_holds, segments_to_purge
from pipelines.takedown.register import Register, Standing
from pipelines.takedown.scan import Remnant, scan

__all__ = [
    "Action",
    "Kind",
    "Plan",
    "Purged",
    "Register",
    "Remnant",
    "Standing",
    "Takedown",
    "Target",
    "claimed",
    "plan_purge",
    "purge",
    "refusing_holds",
    "scan",
    "segments_to_purge",
]
