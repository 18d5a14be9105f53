"""Stores events about whole years and about missing records: year lists, years not read, absences."""

from collections.abc import Sequence

from legis.clock import utc_now
from legis.events import BillGone, YearNotRead, YearSighted

from api_gateway.store.bill_state.write_items import ChangeMade
from api_gateway.store.database.connections import Pool
from api_gateway.store.database.postgres_errors import store_errors
from api_gateway.store.reconciliation.removal import apply_absences
from api_gateway.store.reconciliation.removal_rule import RemovalRule
from api_gateway.store.reconciliation.year_lists import store_parts
from api_gateway.store.sources.years_not_read import store_years_not_read
from api_gateway.store.windows import window_counts

ACQUIRE_SECONDS = 5.0


async def store_reconciliation_events(
    pool: Pool,
    lists: Sequence[YearSighted],
    absences: Sequence[BillGone],
    rule: RemovalRule,
    outcomes: Sequence[YearNotRead] = (),
) -> tuple[ChangeMade, ...]:
    """Stores year lists and years not read, acts on absences, and counts all of them as items of their windows, in one
    transaction.

    To be called after the bills of the same batch are stored: a bill that was read after its absence still exists.
    Raises StoreUnavailable, with nothing stored.
    """
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection, connection.transaction():
            references = [*(x.window for x in lists), *(x.window for x in absences), *(x.window for x in outcomes)]
            await window_counts.insert_items(connection, references)
            await store_parts(connection, lists, utc_now())
            await store_years_not_read(connection, lists, outcomes)
            applied = await apply_absences(connection, absences, rule)
    applied.count()
    return applied.changes
