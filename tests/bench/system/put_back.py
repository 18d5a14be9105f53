"""Takes out of a corpus what a measurement put into it, so that it stays what its label says."""

import asyncpg

_OF_BILLS = (
    ("bill", "id"), ("bill_history", "bill_id"), ("bill_counterpart", "bill_id"),
    ("bill_counterpart", "counterpart_id"),
)  # fmt: skip


async def put_back(url: str, last: int) -> None:
    """Removes what came after a position of the change log, if anything did.

    The log goes back under the same epoch. Nobody may index it meanwhile, and no index that has seen more of it may be
    used afterwards: an indexer would build it again.
    """
    connection = await asyncpg.connect(url, timeout=10)
    try:
        if await connection.fetchval("SELECT last_seq FROM change_counter") <= last:
            return
        async with connection.transaction():
            added = await connection.fetch("DELETE FROM bill_change WHERE seq > $1 RETURNING bill_id", last)
            ids = [row["bill_id"] for row in added]
            for table, column in _OF_BILLS:
                await connection.execute(f"DELETE FROM {table} WHERE {column} = ANY($1::text[])", ids)
            await connection.execute("UPDATE change_counter SET last_seq = $1", last)
            await connection.execute("DELETE FROM ingest_window_item WHERE window_id LIKE 'bench%'")
            await connection.execute("DELETE FROM ingest_window WHERE window_id LIKE 'bench%'")
        await connection.execute("VACUUM (ANALYZE) bill, bill_change, bill_history, bill_counterpart")
    finally:
        await connection.close()
