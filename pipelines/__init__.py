"""What becomes of what came back: records, segments, articles, index, object storage.

Floors, from the top (import-linter holds them; each may import only what stands below)::

    stages → archive → catalog → segments → warc | index | extract → storage → urls → model → errors

Nothing here reads configuration files, knows schedules or serves HTTP; only ``stages`` knows Scrapy.
"""
