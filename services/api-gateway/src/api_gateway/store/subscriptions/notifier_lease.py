"""The right to be the only notifier: an advisory lock that a session holds and that ends with it."""

from types import TracebackType

import asyncpg

from api_gateway.store.database.hosts import HostConnector
from api_gateway.store.database.postgres_errors import store_errors

_LOCK_KEY = 5_270_261_998_133
"""Any number that no other lock of this database has."""

CHECK_SECONDS = 5.0


class NotifierLease:
    """A session with the lock, on the primary: a lock on a standby would be known there alone. It needs a connection of
    its own, not one of a pool that shares sessions.
    """

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._session: asyncpg.Connection[asyncpg.Record] | None = None

    async def __aenter__(self) -> "NotifierLease":
        """Opens the session. Raises StoreUnavailable."""
        with store_errors():
            self._session = await HostConnector(self._url, "primary").connect(
                server_settings={"application_name": "notifier-lease"}
            )
        return self

    async def acquired(self) -> bool:
        """Whether this session has the lock now; asks again for it if not. Raises StoreUnavailable."""
        assert self._session is not None  # inside the context
        with store_errors():
            return bool(
                await self._session.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK_KEY, timeout=CHECK_SECONDS)
            )

    async def held(self) -> bool:
        """Whether the session, and with it the lock, is still there. Raises StoreUnavailable."""
        assert self._session is not None  # inside the context
        with store_errors():
            return bool(await self._session.fetchval("SELECT true", timeout=CHECK_SECONDS))

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes the session and gives the lock up."""
        if self._session is not None:
            self._session.terminate()
