"""The pool of PostgreSQL connections of one process."""

import asyncio
from typing import Any, Literal

import asyncpg

from api_gateway.settings import StoreSettings
from api_gateway.store.database.connections import Pool
from api_gateway.store.database.hosts import HostConnector, Role

CONNECT_TIMEOUT_SECONDS = 5.0
IDLE_IN_TRANSACTION_SECONDS = 10.0


PlanMode = Literal["auto", "force_custom_plan", "force_generic_plan"]


async def open_pool(
    settings: StoreSettings,
    *,
    name: str,
    statement_timeout: float,
    size: int | None = None,
    stateless: bool = False,
    plans: PlanMode = "auto",
    role: Role = "primary",
) -> "asyncpg.Pool[asyncpg.Record]":
    """Opens a pool of at most `size` connections, by default `database_pool_size`. `name` is their `application_name`.

    No connection is opened yet, so that a process can start before its database.

    `statement_timeout` is in seconds and enforced by the server; the client gives up two seconds later, in case the
    server does not respond at all.

    `stateless` promises that no caller leaves session state behind (settings, locks, listeners, cursors), so that
    releasing a connection takes no round trip to reset it. An open transaction is rolled back in any case.

    `plans` says how prepared statements are planned: for the values of each call, which suits statements whose best
    plan depends on how rare a value is, or once for all values.

    `role` chooses among several hosts: the primary of `database_url`, or the standbys of `database_read_url`. Behind a
    pooler (`database_pooled`) settings of the session would reach other clients or be refused: those of the role apply.
    """
    url = settings.database_url if role == "primary" else settings.database_read_url or settings.database_url
    connector = HostConnector(url, role)
    several = len(connector.hosts) > 1 or role == "standby"
    own = {
        "statement_timeout": str(round(statement_timeout * 1000)),
        "idle_in_transaction_session_timeout": str(round(IDLE_IN_TRANSACTION_SECONDS * 1000)),
        "jit": "off",
        "plan_cache_mode": plans,
        # No reader needs a scan of a whole table, but wrong statistics of rare values make PostgreSQL choose one.
        "enable_seqscan": "off" if stateless else "on",
        "TimeZone": "UTC",
    }
    return await asyncpg.create_pool(
        url,
        connect=connector.connect if several else None,
        min_size=0,
        max_size=size or settings.database_pool_size,
        timeout=CONNECT_TIMEOUT_SECONDS,
        command_timeout=statement_timeout + 2,
        max_inactive_connection_lifetime=300,
        reset=_nothing_to_clear if stateless or settings.database_pooled else None,
        server_settings={"application_name": name} | ({} if settings.database_pooled else own),
    )


async def _nothing_to_clear(_: Any) -> None:
    return


async def close_pool(pool: Pool, within: float) -> None:
    """Closes every connection; after `within` seconds by force."""
    try:
        async with asyncio.timeout(within):
            await pool.close()
    except TimeoutError:
        pool.terminate()
