"""Archived pages in the browser, without script and without a way out. For ``service.memento``."""
