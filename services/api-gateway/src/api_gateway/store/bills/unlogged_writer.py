"""Rewrites bills with a change that is not logged, such as evidence for a counterpart or a quality flag."""

from collections.abc import Sequence

from legis.cooperative import cooperative_map

from api_gateway.documents.render import Stamp
from api_gateway.store.bill_state.apply_observations import BillState
from api_gateway.store.bills import counterpart_links
from api_gateway.store.bills.bill_columns import REWRITE, Rows, WrittenBill
from api_gateway.store.changes.index_feed import mark_rerendered
from api_gateway.store.database.connections import Connection
from api_gateway.store.database.postgres_errors import WriteConflict


async def rewrite_unlogged(connection: Connection, states: Sequence[BillState]) -> None:
    """Rewrites the rows under their current versions, marks them for the indexer, and computes the links that may
    differ.

    To be called last in a transaction that has locked the rows: other writers wait from here on.
    """
    if not states:
        return
    written = await cooperative_map(WrittenBill, states)
    for bill in written:
        now = bill.state.now
        changed_at = now.changed_at or now.created_at
        bill.stamp = Stamp(now.version, now.change_seq, now.created_at, changed_at, now.removed_at)
    rewritten = await connection.fetch(REWRITE, *Rows(written).arguments())
    if len(rewritten) != len(states):
        raise WriteConflict(f"{len(states) - len(rewritten)} bills were written by another worker meanwhile")
    await mark_rerendered(connection, [state.bill_id for state in states])
    await counterpart_links.relink(connection, states)
