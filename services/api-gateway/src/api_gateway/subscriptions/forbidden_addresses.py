"""Which IP addresses are never connected to for a client: everything that is not plainly public.

`ipaddress.is_global` alone is not enough: it passes addresses that translate to private ones (NAT64, 6to4, Teredo),
multicast, and services of cloud providers.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

_V4: tuple[IPv4Network, ...] = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
    )
)  # fmt: skip
"""IANA's special-purpose registry, multicast, and the address of Azure's own services."""

_V6_PUBLIC = IPv6Network("2000::/3")
"""The only block from which public addresses are given out."""

_V6_WITHIN: tuple[IPv6Network, ...] = tuple(
    IPv6Network(text)
    for text in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3ffe::/16", "3fff::/20")
)
"""Blocks inside it that are not public: protocol assignments (Teredo, ORCHID), documentation, 6to4, and others."""

Network = IPv4Network | IPv6Network


def is_forbidden(address: str, own_networks: Iterable[Network] = ()) -> bool:
    """Whether no connection may be made to an address. `own_networks` are forbidden too. What is no address is
    forbidden.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return True
    if any(found in network for network in own_networks if network.version == found.version):
        return True
    if isinstance(found, IPv4Address):
        return any(found in network for network in _V4)
    return _is_forbidden_v6(found)


def _is_forbidden_v6(found: IPv6Address) -> bool:
    if found.scope_id is not None or found not in _V6_PUBLIC:
        return True
    return any(found in network for network in _V6_WITHIN)


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """The networks of a setting. Raises ValueError."""
    return tuple(ip_network(text.strip()) for text in texts if text.strip())
