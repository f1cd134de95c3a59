"""Compaction: many small segments become a few large ones, and at no moment a capture cannot be read.

A save publishes a segment of its own, so that a busy service makes thousands a day. Compaction copies the
records of many into one new segment, byte for byte: only offsets change. Its manifest, put last, names in
``compacts`` those whose place it takes; from then on readers leave them out. Their objects stay for a while,
for readers that have not heard of it yet, and are deleted by a later run, once the new segment was read back
whole. Their manifests stay for good: each is a link of its writer's chain.

Whatever moment it is cut off at, either the small segments count or the new one does, and the next run goes
on. What it leaves without a manifest, ``verify`` names.
"""

from pipelines.compaction.clearing import Cleared
from pipelines.compaction.fetching import LeftOut
from pipelines.compaction.planning import CompactionOptions, Plan, plan_compaction
from pipelines.compaction.running import Compacted, compact

__all__ = [
    "Cleared",
    "Compacted",
    "CompactionOptions",
    "LeftOut",
    "Plan",
    "compact",
    "plan_compaction",
]
