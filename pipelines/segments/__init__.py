"""Segments: what a crawl writes, commits and publishes.

A segment is a WARC, its CDXJ index, its articles and a manifest. It lives in three places, in turn::

    open      <spool>/<writer>/<segment>/   WARC with .open, journal        SegmentWriter
    sealed    the same folder               all four files, manifest last   seal()
    published <store>/<collection>/…        objects, manifest last          Publisher

Durable before visible: a response goes on to the crawl only when its records are on disk. Published before
deleted: the folder goes only when the store has given back what it was given.
"""
