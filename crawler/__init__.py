"""What goes out and brings exchanges back: spiders, recorder, jobs, command line.

Floors, from the top (import-linter holds them; each may import only what stands below)::

    cli → jobs → addon → spiders | recorder | politeness → sites → discovery | scope → config

``crawler`` imports ``pipelines``, never the reverse.
"""
