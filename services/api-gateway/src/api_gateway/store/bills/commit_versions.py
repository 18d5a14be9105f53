"""Writes new versions at the end of a transaction: rows, change log, counterpart links."""

from collections.abc import Sequence
from dataclasses import dataclass

from legis.cooperative import cooperative_map
from legis.domain.brasilia_time import local_day
from legis.domain.change_kind import ChangeKind, is_movement

from api_gateway.documents import render
from api_gateway.store.bill_state.apply_observations import BillState
from api_gateway.store.bill_state.write_items import ChangeMade
from api_gateway.store.bills import change_log, counterpart_links
from api_gateway.store.bills.bill_columns import INSERT, UPDATE, Rows, WrittenBill
from api_gateway.store.database.connections import Connection
from api_gateway.store.database.postgres_errors import WriteConflict


@dataclass(frozen=True, slots=True)
class Prepared:
    """Versions rendered as far as possible before other writers have to wait."""

    changed: Sequence[BillState]
    written: Sequence[WrittenBill]
    new: Rows
    known: Rows


async def prepare(changed: Sequence[BillState]) -> Prepared:
    """Renders the new versions; `changed` must be in the order of bill ids."""
    written = await cooperative_map(WrittenBill, changed)
    new = Rows([bill for bill in written if bill.state.created])
    return Prepared(changed, written, new, Rows([bill for bill in written if not bill.state.created]))


async def commit_prepared(connection: Connection, prepared: Prepared) -> tuple[ChangeMade, ...]:
    """Writes the new versions. All other writers wait from here to the end of the transaction, so it does as little as
    possible.
    """
    changed, written = prepared.changed, prepared.written
    if not changed:
        return ()
    sequences = await change_log.take_sequences(connection, sum(len(state.drafts) for state in changed))
    logged = _stamp(written, sequences)
    await _write(connection, INSERT, prepared.new)
    await _write(connection, UPDATE, prepared.known)
    await change_log.insert_changes(connection, logged)
    await counterpart_links.relink(connection, changed)
    return tuple(ChangeMade(bill.bill.source, draft.kind) for bill in written for draft in bill.state.drafts)


async def commit_changes(connection: Connection, changed: Sequence[BillState]) -> tuple[ChangeMade, ...]:
    """Renders and writes the new versions."""
    return await commit_prepared(connection, await prepare(changed))


def _stamp(written: Sequence[WrittenBill], sequences: change_log.Sequences) -> list[change_log.LoggedChange]:
    seq, logged = sequences.first, []
    for bill in written:
        state = bill.state
        created_at = sequences.now if state.created else state.now.created_at
        for draft in state.drafts:
            removed_at = sequences.now if draft.kind is ChangeKind.REMOVED else None
            bill.stamp = render.Stamp(draft.version, seq, created_at, sequences.now, removed_at)
            movement = is_movement(draft.kind, bill.bill.introduced_on, local_day(sequences.now))
            logged.append(change_log.LoggedChange(state.bill_id, bill.bill.source.value, draft, bill.stamp, movement))
            seq += 1
    return logged


async def _write(connection: Connection, statement: str, rows: Rows) -> None:
    if rows.bills:
        written = await connection.fetch(statement, *rows.arguments())
        if len(written) != len(rows.bills):
            raise WriteConflict(f"{len(rows.bills) - len(written)} bills were written by another worker meanwhile")
