"""The identity of the database's contents."""

from api_gateway.store.database.connections import Connection


async def load_epoch(connection: Connection) -> str:
    """The epoch; what ingest remembers under another one is void."""
    return str(await connection.fetchval("SELECT epoch FROM store_epoch"))


async def renew_epoch(connection: Connection) -> None:
    """Gives the contents a new identity: to be called once after a restore, so that ingest publishes all again."""
    await connection.execute("UPDATE store_epoch SET epoch = gen_random_uuid()")
