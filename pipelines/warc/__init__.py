"""WARC/1.1 records (ISO 28500:2017): building, digesting, reading. Recorded bytes are never re-serialised."""
