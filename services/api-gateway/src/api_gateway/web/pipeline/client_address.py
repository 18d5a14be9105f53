"""The address of a request's client, and whether it came over HTTPS: the peer's own, or what `X-Forwarded-For` and
`X-Forwarded-Proto` say if the peer is a trusted proxy.
"""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

_MAX_HOPS = 20
LONGEST_FORWARDED = 1000
"""Bytes of `X-Forwarded-For` that are read: more than its last hops have."""


class TrustedProxies:
    """The addresses and networks from which `X-Forwarded-For` is accepted."""

    def __init__(self, listed: str) -> None:
        names = [name.strip() for name in listed.split(",") if name.strip()]
        self._everyone = "*" in names
        self._networks: list[IPv4Network | IPv6Network] = [ip_network(n, strict=False) for n in names if n != "*"]
        self.client = lru_cache(maxsize=10_000)(self._client)
        """Maps the peer's address and the value of `X-Forwarded-For` to the name by which a client is counted: its IPv4
        address, the /64 of its IPv6 address, or `unknown`.
        """

    def trusts(self, address: IPv4Address | IPv6Address) -> bool:
        """Whether `X-Forwarded-For` is accepted from this address."""
        return self._everyone or any(address in network for network in self._networks)

    def over_https(self, peer: str | None, forwarded_proto: bytes | None) -> bool:
        """Whether the peer is a trusted proxy and says that the client came over HTTPS."""
        if forwarded_proto is None or forwarded_proto.strip().lower() != b"https":
            return False
        address = _parsed(peer) if peer else None
        return address is not None and self.trusts(address)

    def _client(self, peer: str | None, forwarded: bytes | None) -> str:
        address = _parsed(peer) if peer else None
        if address is None:
            return "unknown"
        if forwarded and self.trusts(address):
            for hop in reversed(forwarded.decode("latin-1").split(",")[-_MAX_HOPS:]):
                found = _parsed(hop.strip())
                if found is None:
                    break
                address = found
                if not self.trusts(found):
                    break
        return _counted(address)


def _counted(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ip_network((int(address) >> 64 << 64, 64)))
    return str(address)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
