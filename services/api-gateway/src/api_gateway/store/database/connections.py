"""Type aliases of asyncpg's connections, pools and rows, since asyncpg's classes are not generic at run time."""

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
"""One row of a result; its values are read by column name or position."""
