"""The epoch: the identity of the database's contents."""

from api_gateway.store.database.connections import Connection


async def load_epoch(connection: Connection) -> str:
    """The current epoch. Whatever ingest recorded under another epoch is void."""
    return str(await connection.fetchval("SELECT epoch FROM store_epoch"))


async def renew_epoch(connection: Connection) -> None:
    """Sets a new epoch. To be called once after a restore, so that ingest publishes everything again."""
    await connection.execute("UPDATE store_epoch SET epoch = gen_random_uuid()")
