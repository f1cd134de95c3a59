"""Spiders: thin. They turn what was announced into requests; what pages say is read in worker processes."""
