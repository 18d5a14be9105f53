"""Connects to one of several PostgreSQL hosts, with a time limit for each, preferring a role."""

import asyncio
import random
import time
from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import urlsplit

import asyncpg
from asyncpg.connect_utils import SessionAttribute

from api_gateway.store.database.connections import Connection

HOST_SECONDS = 1.0
"""Time limit of one host. A limit for all hosts together would be used up by one host that does not respond."""

AWAY_SECONDS = 5.0
"""Time for which a host that did not answer is tried after the others."""

DEFAULT_PORT = 5432
PRIMARY = SessionAttribute.primary
"""For `asyncpg.connect(target_session_attrs=…)` where a single connection is opened without a `HostConnector`."""

Host = tuple[str, int]
Role = Literal["primary", "standby"]

_NOT_NOW = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


class NoPrimary(ConnectionError):
    """Every host that answered is a standby."""


def hosts_of(url: str) -> tuple[Host, ...]:
    """The hosts of a libpq URL, `postgresql://user@a:1,b:2/name`."""
    hosts = []
    for part in urlsplit(url).netloc.rpartition("@")[2].split(","):
        name, _, port = part.rpartition(":") if not part.endswith("]") else (part, "", "")
        if not port.isdecimal():
            name, port = part, str(DEFAULT_PORT)
        hosts.append((name.strip("[]"), int(port)))
    return tuple(hosts)


class HostConnector:
    """Opens connections to hosts of one URL. `clock` is monotonic, in seconds.

    For the role `standby` the hosts are tried in random order, which spreads the connections, and a primary is used
    only if no standby answers. For the role `primary` the last one that answered is tried first; a standby is not used.
    """

    def __init__(self, url: str, role: Role, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.hosts = hosts_of(url)
        self._url = url
        self._role = role
        self._clock = clock
        self._unanswered: dict[Host, float] = {}
        self._last: Host | None = None

    async def connect(self, *_url: Any, **options: Any) -> Any:
        """A connection, for `asyncpg.create_pool(connect=…)`. Raises NoPrimary, or the last host's error."""
        spare: Connection | None = None
        failed: Exception = NoPrimary("no host is a primary")
        try:
            for host in self._order():
                try:
                    connection, standby = await self._try(host, options)
                except _NOT_NOW as error:
                    failed = error
                    continue
                if standby == (self._role == "standby"):
                    self._last = host
                    return connection
                if spare is None and self._role == "standby":
                    spare = connection
                else:
                    connection.terminate()
            if spare is None:
                raise failed
            found, spare = spare, None
            return found
        finally:
            if spare is not None:
                spare.terminate()

    def _order(self) -> list[Host]:
        hosts = list(self.hosts)
        random.shuffle(hosts)
        since = self._clock() - AWAY_SECONDS
        primary = self._last if self._role == "primary" else None
        return sorted(hosts, key=lambda host: (self._unanswered.get(host, since) > since, host != primary))

    async def _try(self, host: Host, options: dict[str, Any]) -> tuple[Connection, bool]:
        """A connection to one host, and whether it is a standby. Until it has answered, it counts as away: the caller
        may be cancelled before the time limit.
        """
        self._unanswered[host] = self._clock()
        connection: Connection | None = None
        name, port = host
        try:
            async with asyncio.timeout(HOST_SECONDS):
                connection = await asyncpg.connect(self._url, host=name, port=port, **options)
                standby = bool(await connection.fetchval("SELECT pg_is_in_recovery()"))
        except BaseException:
            if connection is not None:
                connection.terminate()
            raise
        self._unanswered.pop(host, None)
        return connection, standby
