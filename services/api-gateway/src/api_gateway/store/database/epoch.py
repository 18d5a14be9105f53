"""The identity of the database's contents."""

from typing import Any


async def load_epoch(connection: Any) -> str:
    """The epoch; what ingest remembers under another one is void."""
    return str(await connection.fetchval("SELECT epoch FROM store_epoch"))


async def renew_epoch(connection: Any) -> None:
    """Gives the contents a new identity: to be called once after a restore, so that ingest publishes all again."""
    await connection.execute("UPDATE store_epoch SET epoch = gen_random_uuid()")
