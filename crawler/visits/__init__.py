"""When to go back: to a source by its own rhythm, to an article by the ladder of its age.

Pure: time is an argument, nothing is stored, nothing is drawn at random. Anything above discovery may
import it.
"""

from crawler.visits.ladder import DEFAULT_LADDER, next_rung
from crawler.visits.limits import DEFAULT_LIMITS, Limits
from crawler.visits.rhythm import Rhythm

__all__ = ["DEFAULT_LADDER", "DEFAULT_LIMITS", "Limits", "Rhythm", "next_rung"]
