"""Checkpoints and the epoch: loads them for the worker to publish in Redis, and renews the epoch after a restore."""

from collections.abc import Mapping

from legis.domain.vocabulary import Source
from legis.events import Walk
from legis.streams.checkpoints import SourceCursors

from api_gateway.store.database.connections import Connection

# Read sequences of open windows count too: a bill may already be stored with one of them.
_CURSORS = """
SELECT e.epoch::text AS epoch, c.source, c.walk, c.position, c.max_read_seq
FROM store_epoch e LEFT JOIN (
    SELECT source, walk, position, max_read_seq FROM source_cursor
    UNION ALL
    SELECT source, NULL, NULL, max(max_read_seq) FROM ingest_window WHERE max_read_seq IS NOT NULL GROUP BY source
) AS c ON true
"""


async def load_cursors(connection: Connection) -> Mapping[Source, SourceCursors]:
    """The checkpoints of every source, including those that were never read. One statement."""
    rows = await connection.fetch(_CURSORS)
    epoch = rows[0]["epoch"]
    positions: dict[Source, dict[Walk, int]] = {source: {} for source in Source}
    greatest = dict.fromkeys(Source, 0)
    for row in rows:
        if row["source"] not in list(Source):
            continue  # no cursor yet, or a source of another version of this code
        source = Source(row["source"])
        greatest[source] = max(greatest[source], row["max_read_seq"])
        if row["walk"] in list(Walk):
            positions[source][Walk(row["walk"])] = row["position"]
    return {source: SourceCursors(epoch, greatest[source], positions[source]) for source in Source}


async def load_epoch(connection: Connection) -> str:
    """The current epoch. Whatever ingest recorded under another epoch is void."""
    return str(await connection.fetchval("SELECT epoch FROM store_epoch"))


async def renew_epoch(connection: Connection) -> None:
    """Sets a new epoch. To be called once after a restore, so that ingest publishes everything again."""
    await connection.execute("UPDATE store_epoch SET epoch = gen_random_uuid()")
