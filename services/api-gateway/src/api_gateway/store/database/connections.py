"""Types of asyncpg's connections and pools, which its own package does not parametrise at run time."""

from typing import TYPE_CHECKING

import asyncpg

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    PooledConnection = PoolConnectionProxy[asyncpg.Record]
    Connection = asyncpg.Connection[asyncpg.Record] | PooledConnection
    Pool = asyncpg.Pool[asyncpg.Record]
else:
    Connection = PooledConnection = asyncpg.Connection
    Pool = asyncpg.Pool

Row = asyncpg.Record
"""One row of a result, by column name or place."""
