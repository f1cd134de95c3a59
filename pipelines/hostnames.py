"""Names of hosts, and the domains under which they are registered."""

from functools import lru_cache

import idna
import tldextract


@lru_cache(maxsize=4096)
def normal_host(host: str) -> str:
    """Return *host* as DNS and the rest of newswarc write it: lower case, IDNA 2008 (UTS 46), no final dot.

    A name that IDNA refuses is only put in lower case: such hosts exist and answer.
    """
    host = host.strip().rstrip(".").lower()
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode("ascii").rstrip(".")
    except idna.IDNAError:
        return host


@lru_cache(maxsize=4096)
def registered_domain(host: str) -> str:
    """Return the domain under which *host* is registered, ``example.co.uk``; the host where there is none.

    By the Public Suffix List; a top domain that it does not know is taken for a suffix, as its rules say.
    """
    found = _suffixes()(host)
    if found.suffix or found.ipv4 or found.ipv6:
        return found.top_domain_under_public_suffix or host
    return ".".join(host.split(".")[-2:])


def is_public_suffix(name: str) -> bool:
    """Return whether whole sites are registered below *name*, as below ``co.uk``."""
    found = _suffixes()(name)
    return bool(found.suffix) and not found.domain


@lru_cache(maxsize=1)
def _suffixes() -> tldextract.TLDExtract:
    # Never the network, never a cache folder: the list that came with the package is enough.
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=False)
