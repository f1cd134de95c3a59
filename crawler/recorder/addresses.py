"""Which addresses may be fetched from, decided after the name was resolved and before a connection is made.

The resolver hands on only addresses that may be used, and the connection goes to just these: a name that
resolves otherwise the second time gains nothing.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer

from pipelines.errors import ConfigError

_NAT64 = IPv6Network("64:ff9b::/96")


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
        return parsed.is_global and not parsed.is_multicast


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 address stands for, where it does."""
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


@implementer(IHostnameResolver)
class PolicyResolver:
    """A resolver that keeps back what a policy does not allow."""

    def __init__(self, inner: Any, policy: AddressPolicy) -> None:  # noqa: ANN401 - zope's interfaces are no types
        self.inner = inner
        self.policy = policy
        self.refused: dict[str, str] = {}
        """The last address that was kept back, by host name."""

    def resolveHostName(  # noqa: N802 - Twisted's interface
        self,
        receiver: Any,  # noqa: ANN401
        name: str,
        *options: Any,  # noqa: ANN401
        **named: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Resolve *name* as the inner resolver does; only allowed addresses reach the *receiver*."""
        self.refused.pop(name, None)
        return self.inner.resolveHostName(_Sieve(receiver, name, self), name, *options, **named)


@implementer(IResolutionReceiver)
class _Sieve:
    def __init__(self, receiver: Any, host: str, resolver: PolicyResolver) -> None:  # noqa: ANN401
        self._receiver, self._host, self._resolver = receiver, host, resolver
        self.resolutionBegan = receiver.resolutionBegan
        self.resolutionComplete = receiver.resolutionComplete

    def addressResolved(self, address: Any) -> None:  # noqa: ANN401, N802
        if self._resolver.policy.allows(address.host):
            self._receiver.addressResolved(address)
        else:
            self._resolver.refused[self._host] = address.host


def install(reactor: Any, policy: AddressPolicy) -> PolicyResolver:  # noqa: ANN401
    """Make *reactor* connect only where *policy* allows, and return the resolver that sees to it."""
    current = reactor.nameResolver
    if isinstance(current, PolicyResolver) and current.policy is policy:
        return current
    resolver = PolicyResolver(current.inner if isinstance(current, PolicyResolver) else current, policy)
    reactor.installNameResolver(resolver)
    return resolver
