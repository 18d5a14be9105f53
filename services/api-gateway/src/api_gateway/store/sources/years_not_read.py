"""Years whose list could not be read. They are kept until it is, so that such a year is never taken for an empty
one.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from legis.domain.vocabulary import Source
from legis.events import YearNotRead, YearSighted
from legis.telemetry.metrics import YEARS_NOT_READ

from api_gateway.store.database.connections import Connection, Pool
from api_gateway.store.database.postgres_errors import store_errors

ACQUIRE_SECONDS = 5.0

# An event may be delivered twice. It is ignored if a list of the year was read later and compared.
_LEFT = """
INSERT INTO year_not_read AS y (source, year, reason, read_seq, tries, first_at, last_at)
SELECT n.source, n.year, n.reason, n.read_seq, 1, now(), now()
FROM unnest($1::text[], $2::integer[], $3::text[], $4::bigint[]) AS n(source, year, reason, read_seq)
WHERE NOT EXISTS (SELECT FROM year_list l WHERE l.source = n.source AND l.year = n.year AND l.read_seq > n.read_seq)
ORDER BY n.source, n.year
ON CONFLICT (source, year) DO UPDATE SET
    reason = excluded.reason, read_seq = excluded.read_seq, tries = y.tries + 1, last_at = excluded.last_at
WHERE y.read_seq < excluded.read_seq
"""
_READ = """
DELETE FROM year_not_read y USING unnest($1::text[], $2::integer[], $3::bigint[]) AS n(source, year, read_seq)
WHERE y.source = n.source AND y.year = n.year AND y.read_seq < n.read_seq
"""
_LOAD = "SELECT source, year FROM year_not_read ORDER BY source, year DESC"


async def store_years_not_read(
    connection: Connection, lists: Sequence[YearSighted], outcomes: Sequence[YearNotRead]
) -> None:
    """Records the years that could not be read, and deletes those that were. To be called in a transaction."""
    read = [(x.source.value, x.year, x.read_seq) for x in lists]
    read += [(x.source.value, x.year, x.read_seq) for x in outcomes if x.reason is None]
    if read:
        await connection.execute(_READ, *_columns(read))
    newest: dict[tuple[str, int], tuple[str, int, str, int]] = {}
    for x in sorted(outcomes, key=lambda x: x.read_seq):
        if x.reason is not None:
            reason = x.reason.replace("\x00", "\\x00")
            newest[x.source.value, x.year] = (x.source.value, x.year, reason, x.read_seq)
    if newest:
        await connection.execute(_LEFT, *_columns(list(newest.values())))


async def load_years_not_read(pool: Pool) -> Mapping[Source, Sequence[int]]:
    """The years of every source, newest first, including sources without any; also sets their gauge. Raises
    StoreUnavailable.
    """
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            rows = await connection.fetch(_LOAD)
    found: dict[Source, list[int]] = {source: [] for source in Source}
    for row in rows:
        if row["source"] in list(Source):
            found[Source(row["source"])].append(row["year"])
    for source, years in found.items():
        YEARS_NOT_READ.labels(source.value).set(len(years))
    return found


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
