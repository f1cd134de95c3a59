"""Captures by what names them: an address, a host, a host with those below it; and by their time."""

from datetime import timedelta
from enum import StrEnum

from pipelines.search.entries import hashed
from pipelines.search.query import All, During, Filter, Node
from pipelines.urls import moment, span


class Named(StrEnum):
    """What an urlkey, or the host it begins with, stands for."""

    URL = "url"
    """That address."""
    HOST = "host"
    """That host, on the port that is named or on all."""
    DOMAIN = "domain"
    """That host and those below it."""


def named(kind: Named, key: str, *, first: str = "", last: str = "") -> Node:
    """Return what asks for the captures of the urlkey *key*; of a host ``example,paper`` or the like.

    *first* and *last* are up to 14 digits of a time: captured then or later, and before it has passed. Raises
    ``ValueError`` where they are none.
    """
    if kind is Named.URL:
        found = Filter("url_key", hashed(key))
    else:
        found = Filter("host_key" if kind is Named.HOST else "domain_key", key)
    begin = moment(span(first)[0]) if first else None
    final = span(last)[1]
    # Behind the last second of the calendar there is none.
    end = moment(final) + timedelta(seconds=1) if final < span("")[1] else None
    return All((found, During("captured", begin, end))) if begin or end else found
