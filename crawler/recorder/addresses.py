"""Which addresses may be fetched from, decided after the name was resolved and before a connection is made.

The resolver hands on only addresses that may be used, and the connection goes to just these: a name that
resolves otherwise the second time gains nothing.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from twisted.internet.interfaces import (
    IHostnameResolver,
    IReactorPluggableNameResolver,
    IResolutionReceiver,
)
from zope.interface import implementer

from pipelines.errors import ConfigError
from pipelines.hostnames import normal_host

_NAT64 = IPv6Network("64:ff9b::/96")
# What IANA has given out for global unicast; ipaddress also calls global what nobody has been given, and
# what was once for one site alone (fec0::/10) or stands for an IPv4 address (::/96, 64:ff9b:1::/48).
_GLOBAL_UNICAST = IPv6Network("2000::/3")


class AddressPolicy:
    """Public addresses, and those that are allowed by name."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        """Take networks as CIDR. Raises ``ConfigError`` where one is none."""
        try:
            self._allowed = [ip_network(text, strict=False) for text in allowed]
        except ValueError as err:
            raise ConfigError(f"allow_address: {err}; write a network as 127.0.0.0/8 or ::1/128") from err

    def allows(self, address: str) -> bool:
        """Return whether *address* may be fetched from."""
        parsed = ip_address(address.partition("%")[0])
        if any(parsed in network for network in self._allowed):
            return True
        inner = _inner(parsed)
        if inner is not None:
            return self.allows(str(inner))
        unicast = parsed in _GLOBAL_UNICAST if isinstance(parsed, IPv6Address) else not parsed.is_multicast
        return parsed.is_global and unicast


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 address stands for, where it does."""
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


@implementer(IReactorPluggableNameResolver)
class PolicyReactor:
    """A reactor whose names resolve only to what a policy allows; all else is the real reactor's.

    The real one keeps its resolver: Scrapy puts in another one when a process starts, and other crawls of
    the process have policies of their own.
    """

    def __init__(self, reactor: Any, policy: AddressPolicy) -> None:  # noqa: ANN401 - zope's interfaces are no types
        self._reactor = reactor
        self.policy = policy
        self.refused: dict[str, str] = {}
        """The last address that was kept back, by host name in normal form."""

    @property
    def nameResolver(self) -> "_PolicyResolver":  # noqa: N802 - Twisted's interface
        """The real reactor's resolver of this moment, behind the policy."""
        return _PolicyResolver(self._reactor.nameResolver, self)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever else a reactor has
        return getattr(self._reactor, name)


@implementer(IHostnameResolver)
class _PolicyResolver:
    def __init__(self, inner: Any, reactor: PolicyReactor) -> None:  # noqa: ANN401
        self._inner, self._reactor = inner, reactor

    def resolveHostName(  # noqa: N802 - Twisted's interface
        self,
        receiver: Any,  # noqa: ANN401
        name: str,
        *options: Any,  # noqa: ANN401
        **named: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        return self._inner.resolveHostName(_Sieve(receiver, name, self._reactor), name, *options, **named)


@implementer(IResolutionReceiver)
class _Sieve:
    def __init__(self, receiver: Any, host: str, reactor: PolicyReactor) -> None:  # noqa: ANN401
        self._receiver, self._host, self._reactor = receiver, normal_host(host), reactor
        self.resolutionBegan = receiver.resolutionBegan
        self.resolutionComplete = receiver.resolutionComplete

    def addressResolved(self, address: Any) -> None:  # noqa: ANN401, N802
        if self._reactor.policy.allows(address.host):
            self._reactor.refused.pop(self._host, None)
            self._receiver.addressResolved(address)
        else:
            self._reactor.refused[self._host] = address.host
