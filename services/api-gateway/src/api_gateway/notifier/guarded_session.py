"""An HTTP client for addresses that strangers chose: it connects to public addresses only, whatever a name says.

The check is made at the socket, for every connection: a name that resolves to a public address now and to 127.0.0.1 a
second later gains nothing.
"""

import socket
from collections.abc import Callable, Iterable
from typing import Any

import aiohttp
from legis.telemetry.metrics import WEBHOOK_ADDRESSES_REFUSED

from api_gateway.subscriptions.forbidden_addresses import Network, is_forbidden

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0
"""The specification asks for 15 to 30."""

RESOLVE_SECONDS = 2.0


class AddressForbidden(OSError):
    """The name leads to an address that is not connected to."""


SocketFactory = Callable[[Any], socket.socket]


def socket_guard(
    own_networks: Iterable[Network] = (), is_allowed: Callable[[str], bool] | None = None
) -> SocketFactory:
    """Makes sockets for public addresses, and raises AddressForbidden for all others. `is_allowed` replaces the rule in
    tests with real receivers on this machine.
    """
    networks = tuple(own_networks)

    def make(info: Any) -> socket.socket:
        family, kind, protocol, _, address = info
        host = str(address[0])
        if not (is_allowed(host) if is_allowed is not None else not is_forbidden(host, networks)):
            WEBHOOK_ADDRESSES_REFUSED.inc()
            raise AddressForbidden(f"{host} is not a public address")
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)
        return made

    return make


def guarded_session(guard: SocketFactory, **connector: Any) -> aiohttp.ClientSession:
    """A session that keeps no cookies, follows no proxy of the environment and unpacks nothing. Names are resolved
    without threads: twenty slow names would otherwise hold up every delivery.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=0,
            socket_factory=guard,
            use_dns_cache=False,
            resolver=connector.pop("resolver", None) or aiohttp.AsyncResolver(timeout=RESOLVE_SECONDS, tries=1),
            **connector,
        ),
        timeout=aiohttp.ClientTimeout(total=TOTAL_SECONDS, sock_connect=CONNECT_SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
    )
