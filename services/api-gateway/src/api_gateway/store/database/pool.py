"""The pool of PostgreSQL connections of one process."""

from typing import Any, Literal

import asyncpg

from api_gateway.settings import StoreSettings

CONNECT_TIMEOUT_SECONDS = 5.0
IDLE_IN_TRANSACTION_SECONDS = 10.0


PlanMode = Literal["auto", "force_custom_plan", "force_generic_plan"]


async def open_pool(
    settings: StoreSettings,
    *,
    name: str,
    statement_timeout: float,
    size: int | None = None,
    min_size: int = 0,
    stateless: bool = False,
    plans: PlanMode = "auto",
) -> "asyncpg.Pool[asyncpg.Record]":
    """A pool of at most `size` connections that call themselves `name` to PostgreSQL; without `size`,
    `database_pool_size`.

    With `min_size` 0 nothing is connected yet, so a process may start before its database; with more, the first
    connections are opened at once and their errors are raised. `statement_timeout` is in seconds and held by the
    server; the client gives up two seconds later, for a server that does not answer at all. With `stateless` nobody
    leaves anything behind in a session (settings, locks, listeners, cursors), so that a connection given back costs no
    round trip to clear it; an open transaction is ended in any case. `plans` says whether
    prepared statements are planned for the values of each call, which suits what finds a rare word or a common one, or
    once for all values.
    """
    return await asyncpg.create_pool(
        settings.database_url,
        min_size=min_size,
        max_size=size or settings.database_pool_size,
        timeout=CONNECT_TIMEOUT_SECONDS,
        command_timeout=statement_timeout + 2,
        max_inactive_connection_lifetime=300,
        reset=_nothing_to_clear if stateless else None,
        server_settings={
            "application_name": name,
            "statement_timeout": str(round(statement_timeout * 1000)),
            "idle_in_transaction_session_timeout": str(round(IDLE_IN_TRANSACTION_SECONDS * 1000)),
            "jit": "off",
            "plan_cache_mode": plans,
            # a reader's question never needs the table from end to end, whatever the statistics make of rare words
            "enable_seqscan": "off" if stateless else "on",
            "TimeZone": "UTC",
        },
    )


async def _nothing_to_clear(_: Any) -> None:
    return
