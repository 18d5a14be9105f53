"""Defects put into the product on purpose. A twin that does not notice them would be decoration."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest import mock

from api_gateway.indexer import follow, rebuild
from api_gateway.store.bill_state import apply_observations, kind_of_change
from api_gateway.store.bill_state.write_items import ItemResult, Outcome
from api_gateway.store.bills import bill_writer, change_log
from api_gateway.store.bills.commit_versions import commit_changes
from api_gateway.store.bills.row_loader import lock_bills
from api_gateway.store.changes import index_feed
from api_gateway.store.database.postgres_errors import store_errors
from api_gateway.store.reconciliation import removal, year_list_sql, year_lists
from api_gateway.store.windows import window_counts
from api_gateway.worker import batch_handler
from api_gateway.worker.messages import decode_messages
from legis.streams import consumer
from legis.streams.publisher import Publisher
from legis.streams.stored_marks import StoredReading, write_marks

from twin import scripted_source
from twin.index_double.virtual_index import TwinSums
from twin.mutants.twin_list_mutants import LISTS
from twin.mutants.twin_reader_mutants import READERS
from twin.store_double import store_index, store_statements, store_years


@dataclass(frozen=True, slots=True)
class Mutant:
    """A name, and what is replaced by what."""

    name: str
    patches: tuple[tuple[Any, str, Any], ...]

    @contextmanager
    def applied(self) -> Iterator[None]:
        """The product with the defect in it."""
        running: list[Any] = [
            mock.patch.dict(where, {name: new}) if isinstance(where, dict) else mock.patch.object(where, name, new)
            for where, name, new in self.patches
        ]
        for patch in running:
            patch.start()
        try:
            yield
        finally:
            for patch in reversed(running):
                patch.stop()


async def _never_counts(connection: Any, row: Any) -> bool:
    """Closes a window at its end without counting its items."""
    if row["items"] is None or row["done_at"] is not None:
        return False
    arguments = (row["source"], row["walk"], row["lo"], row["hi"], row["max_read_seq"] or 0, 2**62)
    await connection.execute(window_counts._MOVE, *arguments)
    await connection.execute(window_counts._DONE, row["window_id"])
    return True


def _group_is_never_lost(*_: Any) -> bool:
    """NOGROUP is waited out like any other error."""
    return False


_observe = apply_observations.BillState.observe


def _observes_without_order(self: apply_observations.BillState, item: Any, confirm_seconds: float) -> Any:
    """Last write wins: what is stored forgets when it was read."""
    if self.stored is not None:
        self.stored.read_seq = min(self.stored.read_seq, item.event.read_seq - 1)
    return _observe(self, item, confirm_seconds)


async def _acknowledges_first(self: batch_handler.Handler, deliveries: Sequence[Any]) -> Any:
    """Takes messages off the stream before they are stored, and marks as seen what may never be."""
    batch = await decode_messages(deliveries, [None] * len(deliveries), self._max_deliveries)
    await self._consumer.done([delivery.id for delivery in deliveries])
    events = [item.event for item in batch.observed]
    entries = [StoredReading(e.source, e.bill.upstream_id, e.read_seq, e.marks) for e in events]
    await write_marks(self._redis, self._cursors.epoch or "", entries)
    return await _handle(self, deliveries)


_handle = batch_handler.Handler.handle


async def _items_before(pool: Any, observed: Sequence[Any], letters: Sequence[Any] = (), **options: Any) -> Any:
    """Counts the items of a window in a transaction of their own, before what they stand for is stored."""
    references = [item.event.window for item in observed]
    with store_errors():
        async with pool.acquire(timeout=5.0) as connection, connection.transaction():
            await window_counts.insert_items(connection, references)
    return await bill_writer.apply(pool, observed, letters, **options)


async def _acknowledges_before_memory(
    self: batch_handler.Handler, deliveries: Any, batch: Any, result: Any, records: Any, moved: bool
) -> None:
    """Takes messages off the stream first: when Redis then fails, the memory of what is stored stays behind."""
    await self._consumer.done([delivery.id for delivery in deliveries])
    await _announce(self, deliveries, batch, result, records, moved)


_announce = batch_handler.Handler._announce


async def _takes_no_lock(transaction: Any, now: Any, args: Sequence[Any]) -> list[Any]:
    """Numbers of the change log come from a sequence, which gives nothing back and holds nobody up."""
    given = transaction._tables.__dict__
    given["given"] = given.get("given", 0) + args[0]
    return [{"last_seq": given["given"], "now": now()}]


_init = Publisher.__init__


def _has_room(self: Publisher, redis: Any, *, capacity: int, **options: Any) -> None:
    """A publisher that takes the stream for endless."""
    _init(self, redis, capacity=10**6, **options)


async def _believes_every_answer(t: Any, _: Any, args: Sequence[Any]) -> list[Any]:
    """A 404 is enough, whatever the lists say."""
    source, ids, sequences, *_rule = args
    rows = {row["upstream_id"]: row for row in store_years.bills_of(t, source, ids)}
    answers = [(rows[one], seq) for one, seq in zip(ids, sequences, strict=True) if one in rows]
    return [{"id": row["id"], "read_seq": seq} for row, seq in answers if row["removed_at"] is None]


async def _suspects_at_once(t: Any, now: Any, args: Sequence[Any]) -> list[Any]:
    """One list that lacks a bill is enough to ask for it."""
    return await store_years.suspects(t, now, (args[0], 1, 0))


async def _removes_suspects(connection: Any, found: Any, rule: Any) -> None:
    """Bills that lists lack are marked without asking for them."""
    rows = await connection.fetch(year_list_sql.SUSPECTS, found.source, rule.misses, rule.least_span)
    if rows:
        states = await lock_bills(connection, [row["id"] for row in rows])
        await commit_changes(connection, [state for state in states.values() if state.remove()])


async def _nobody_asks(*_: Any) -> None:
    """Questions are never kept."""


def _stays_removed(self: apply_observations.BillState, item: Any, confirm_seconds: float) -> Any:
    """A reading of a bill that is marked removed changes nothing."""
    if self.stored is not None and self.stored.removed_at is not None:
        return ItemResult(Outcome.UNCHANGED, remember=True)
    return _observe(self, item, confirm_seconds)


def _takes_old_for_known(changes: Any, old: Any, new: Any, known: Any, reading: Any) -> Any:
    """Whatever is not there yet counts as claimed: a first reading is told as movement."""
    return kind_of_change.with_kinds(changes, old, new, known | {one["field"] for one in changes}, reading)


async def _position_of_later(t: Any, now: Any, args: Sequence[Any]) -> list[Any]:
    """The bills of the log in one statement, and how far that goes in another."""
    rows = await store_index._changed(t, now, args)
    await asyncio.sleep(0.002)
    head = max((row["seq"] for _, row in t.scan("bill_change")), default=0)
    last = t.get("bill_change", (head,)) or {}
    told = {f"last_{name}": last.get(name) for name in ("seq", "bill_id", "version", "changed_at")}
    return [{**row, **told} for row in rows]


async def _nothing_rerendered(*_: Any) -> list[Any]:
    """What is rendered again is not followed."""
    return []


_fill = rebuild._fill


async def _heads_after_pages(writer: Any, feed: Any, stop: Any) -> int:
    """The position of a build is where the log stands when its pages have been read."""
    count = await _fill(writer, feed, stop)
    position = rebuild.position_at(await rebuild._steady_head(feed))
    commit = writer.commit
    writer.commit = lambda _: commit(position)
    return count


_put = follow.Follower._put


async def _commits_position_first(self: follow.Follower, position: Any) -> Any:
    """The position is committed before the bills that it stands for."""
    head = await self._feed.head(position.seq)
    changed = await self._feed.changed(position.seq, follow.ENTRIES)
    if head.last_seq > position.seq and changed.last is not None:
        told = changed.last
        entry = {"seq": told.seq, "bill_id": told.bill_id, "version": told.version, "changed_at": told.changed_at}
        self._writer.commit(replace(position, **entry))
    return await _put(self, position)


ALL: tuple[Mutant, ...] = (
    Mutant("window closed without counting", ((window_counts, "_close", _never_counts),)),
    Mutant("items counted before they are stored", ((batch_handler, "apply", _items_before),)),
    Mutant("acknowledged and marked as seen before stored", ((batch_handler.Handler, "handle", _acknowledges_first),)),
    Mutant("NOGROUP not handled", ((consumer.StreamConsumer, "_lost_group", _group_is_never_lost),)),
    Mutant("no guard by read sequence", ((apply_observations.BillState, "observe", _observes_without_order),)),
    Mutant("pages not walked again when they moved", ((scripted_source.ScriptedSource, "rewalk", False),)),
    Mutant("stale details accepted", ((scripted_source.ScriptedSource, "check_stale", False),)),
    Mutant("older state never believed", ((apply_observations, "confirmed", lambda *_: False),)),
    Mutant(
        "acknowledged before the memory is written",
        ((batch_handler.Handler, "_announce", _acknowledges_before_memory),),
    ),
    Mutant("change numbers without a lock", ((store_statements.STATEMENTS, change_log._TAKE, _takes_no_lock),)),
    Mutant("full stream ignored", ((Publisher, "__init__", _has_room),)),
    Mutant(
        "removed at the first miss",
        (
            (store_statements.STATEMENTS, removal._DUE, _believes_every_answer),
            (store_statements.STATEMENTS, year_list_sql.SUSPECTS, _suspects_at_once),
        ),
    ),
    Mutant("removed without asking", ((year_lists, "_ask_for_suspects", _removes_suspects),)),
    Mutant("questions forgotten", ((year_lists, "request_refetch", _nobody_asks),)),
    Mutant("never revived", ((apply_observations.BillState, "observe", _stays_removed),)),
    Mutant("a first reading is told as movement", ((apply_observations, "with_kinds", _takes_old_for_known),)),
    Mutant(
        "index: its position is of a later moment than its bills",
        ((store_statements.STATEMENTS, index_feed._CHANGED, _position_of_later),),
    ),
    Mutant(
        "index: rendered again and not followed",
        ((store_statements.STATEMENTS, index_feed._RERENDERED, _nothing_rerendered),),
    ),
    Mutant("index: a build's position is taken after its pages", ((rebuild, "_fill", _heads_after_pages),)),
    Mutant("index: the position is committed first", ((follow.Follower, "_put", _commits_position_first),)),
    Mutant(
        "index: damage is not looked for",
        ((TwinSums, "check", lambda self: None), (TwinSums, "check_sizes", lambda self: None)),
    ),
    *(Mutant(name, patches) for name, patches in (*LISTS, *READERS)),
)
