"""The twin's PostgreSQL does as a real one: the same operations of the store, the same results, the same rows."""

import random
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from api_gateway.settings import StoreSettings
from api_gateway.store.bill_state.write_items import DeadLetter, ObservedItem
from api_gateway.store.bills.bill_writer import apply
from api_gateway.store.bills.doubt_rows import load_health, request_doubted
from api_gateway.store.bills.row_loader import lock_bills
from api_gateway.store.changes.change_reader import load_changes, load_newest, load_position
from api_gateway.store.changes.index_feed import IndexFeed, mark_rerendered
from api_gateway.store.database.pool import open_pool
from api_gateway.store.reconciliation.reconciliation_events import store_reconciliation_events
from api_gateway.store.reconciliation.removal import mark_removed
from api_gateway.store.reconciliation.removal_rule import RemovalRule
from api_gateway.store.reconciliation.year_lists import compare_lists
from api_gateway.store.sources.refetch_requests import RefetchReason, load_refetch_requests, request_refetch
from api_gateway.store.windows.checkpoint_reader import load_cursors
from api_gateway.store.windows.window_counts import TouchedWindow, abandon_old, close_windows
from legis.clock import utc_now
from legis.domain.bill import Action, Bill, CounterpartHint, Provenance, QualityFlag
from legis.domain.vocabulary import ActionKind, Chamber, CounterpartRule, QualityFlagCode, ReadingPart, Source
from legis.events import BillGone, BillObserved, Walk, WindowEnded, WindowRef, YearNotRead, YearSighted, encode

from twin.chamber import sponsorships
from twin.log_readers import TwinDatabase
from twin.store_double.compared_rows import compare_rows
from twin.store_double.store_index import EVERY_KIND
from twin.store_double.store_pool import StoreWire, TwinPool
from twin.store_double.store_tables import Tables

OPERATIONS = 150
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
BILLS = [str(number) for number in range(1, 10)]
RULE = RemovalRule(misses=2, days=0)
_HINT = CounterpartHint(
    rule=CounterpartRule.INITIAL_IDENTIFIER, chamber=Chamber.SENADO, type_code="PL", number=1, year=2026,
    evidence="says so",
)  # fmt: skip
"""Told in no entry, so that it alone makes a bill be written under the version that it has."""

Operation = Callable[[Any], Awaitable[Any]]


@pytest.fixture
async def real(database_url: str) -> AsyncIterator[Any]:
    """A pool on a fresh database."""
    pool = await open_pool(StoreSettings(database_url=database_url), name="twin", statement_timeout=10)
    yield pool
    await pool.close()


class Draw:
    """Draws operations as a worker may come to send them, sensible and not."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._seq = 1000
        self._windows = 0

    def operation(self) -> tuple[str, Operation]:
        """What to do next, with a name to find it by."""
        kinds = [self._apply] * 4 + [self._close, self._news, self._news, self._compare, self._other, self._index]
        kind = self._random.choice(kinds)
        return kind.__name__, kind()

    def _next_seq(self) -> int:
        self._seq += 1
        return self._seq if self._random.random() < 0.8 else self._seq - self._random.randrange(1, 30)

    def _window(self) -> WindowRef:
        if self._random.random() < 0.3:
            self._windows += 1
        number = max(0, self._windows - self._random.randrange(2))
        walk = (Walk.INCREMENTAL, Walk.BACKFILL, Walk.RECONCILE)[number % 3]
        return WindowRef(window_id=f"w{number}", walk=walk, index=self._random.randrange(4))

    def _apply(self) -> Operation:
        observed = [self._observed() for _ in range(self._random.randrange(1, 6))]
        letters = [self._letter() for _ in range(self._random.choice((0, 0, 1, 2)))]
        touched = self._touched(ended=False)
        return lambda pool: apply(pool, observed, letters, touched=touched, confirm_seconds=2, settle_seconds=0)

    def _observed(self) -> ObservedItem:
        draw, upstream_id = self._random, self._random.choice(BILLS)
        seen_at = NOON + timedelta(seconds=self._seq)
        claims: dict[str, Any] = {}
        if draw.random() < 0.4:
            days = [date(2026, 11, day) for day in draw.sample((17, 18, 19), draw.randrange(3))]
            claims["actions"] = tuple(Action(date=day, kind=ActionKind.OTHER) for day in sorted(days))
        if draw.random() < 0.1:
            claims["counterpart_hints"] = (_HINT,) if draw.random() < 0.7 else ()
        if draw.random() < 0.5:
            claims["sponsorships"] = sponsorships(tuple(sorted(draw.sample("abcd", draw.randrange(4)))))
        elif draw.random() < 0.2:
            warning = QualityFlag(code=QualityFlagCode.LIST_IN_DOUBT, field="sponsorships")
            claims["quality_flags"] = (warning,)
        event = BillObserved(
            source=Source.CAMARA,
            published_at=seen_at,
            window=self._window(),
            read_seq=self._next_seq(),
            bill=Bill(
                source=Source.CAMARA,
                upstream_id=upstream_id,
                type_code="PL",
                number=2**40 if draw.random() < 0.05 else int(upstream_id),
                year=2026,
                identifier=f"PL {upstream_id}/2026",
                title=f"Dispõe sobre {draw.randrange(3)}.",
                latest_action=Action(date=date(2026, 11, draw.choice((18, 19, 19, 20))), kind=ActionKind.OTHER),
                **claims,
            ),
            provenance=Provenance(url="http://twin/1", fetched_at=seen_at, payload_sha256="0" * 64, parser_version="1"),
            part=draw.choice((ReadingPart.DETAIL, ReadingPart.DETAIL, ReadingPart.BULK)),
            marks={ReadingPart.DETAIL: "mark"},
        )
        return ObservedItem(event, encode(event), None)

    def _letter(self) -> DeadLetter:
        upstream_id = self._random.choice([*BILLS, "77"])
        payload = f"{upstream_id} {self._random.randrange(2)}".encode()
        stage = self._random.choice(("ingest", "set_aside"))
        return DeadLetter("camara", stage, "does not fit", payload, upstream_id, None, None, self._window())

    def _touched(self, ended: bool) -> dict[str, TouchedWindow]:
        window, draw = self._window(), self._random
        end = WindowEnded(
            source=Source.CAMARA, published_at=NOON, window_id=window.window_id, walk=window.walk,
            lo=(lo := draw.randrange(-2027, -2024) if window.walk is Walk.BACKFILL else draw.randrange(5)), hi=lo + 2,
            items=draw.randrange(4), max_read_seq=self._seq,
        )  # fmt: skip
        return {window.window_id: TouchedWindow("camara", window.walk, self._next_seq(), end if ended else None)}

    def _close(self) -> Operation:
        touched = self._touched(self._random.random() < 0.8)
        return lambda pool: close_windows(pool, touched)

    def _news(self) -> Operation:
        """A list in a window that is then done, and answers that there is no such bill."""
        draw = self._random
        self._windows += 3
        window = WindowRef(window_id=f"w{self._windows}", walk=Walk.RECONCILE, index=0)
        ids = tuple(draw.sample([*BILLS, "88"], draw.choice((0, 6, 8, 9))))
        seen = YearSighted(
            source=Source.CAMARA, published_at=NOON, window=window, read_seq=self._next_seq(), year=2026, part=0,
            parts=draw.choice((1, 1, 1, 2)), upstream_ids=ids, selective=draw.random() < 0.3, url="http://twin/2026",
            fetched_at=NOON + timedelta(hours=draw.randrange(30)),
        )  # fmt: skip
        absences = [
            BillGone(
                source=Source.CAMARA, published_at=NOON, window=self._window(), read_seq=self._next_seq(),
                upstream_id=draw.choice(BILLS), url="http://twin/1", fetched_at=utc_now(),
            )
            for _ in range(draw.choice((0, 1, 3)))
        ]  # fmt: skip
        outcomes = [
            YearNotRead(
                source=Source.CAMARA, published_at=NOON, window=self._window(), read_seq=self._next_seq(),
                year=draw.choice((2025, 2026)), reason=draw.choice(("404", "404", None)),
            )
            for _ in range(draw.choice((0, 1, 2)))
        ]  # fmt: skip
        done = TouchedWindow("camara", Walk.RECONCILE, None, WindowEnded(
            source=Source.CAMARA, published_at=NOON, window_id=window.window_id, walk=Walk.RECONCILE, lo=0, hi=1,
            items=0, max_read_seq=0,
        ))  # fmt: skip

        async def both(pool: Any) -> Any:
            made = await store_reconciliation_events(pool, [seen], absences, RULE, outcomes)
            return made, await close_windows(pool, {window.window_id: done})

        return both

    def _compare(self) -> Operation:
        return lambda pool: compare_lists(pool, RULE)

    def _other(self) -> Operation:
        ids = self._random.sample(BILLS, 2)

        async def asked(pool: Any) -> None:
            async with pool.acquire(timeout=5) as connection:
                await request_refetch(connection, "camara", RefetchReason.REPLAY, ids, 3)

        async def positions(pool: Any) -> Any:
            async with pool.acquire(timeout=5) as connection:
                found = await load_cursors(connection)
            return {source: (state.max_read_seq, state.positions) for source, state in found.items()}

        async def questions(pool: Any) -> Any:
            return {source: sorted(ids) for source, ids in (await load_refetch_requests(pool)).items()}

        async def health(pool: Any) -> Any:
            async with pool.acquire(timeout=5) as connection:
                return await load_health(connection, 2)

        return self._random.choice((
            lambda pool: request_doubted(pool, 0), health, asked, positions, questions, abandon_old,
            lambda pool: mark_removed(pool, [f"camara-{ids[0]}"]),
        ))  # fmt: skip

    def _index(self) -> Operation:
        """What the indexer asks, and who renders bills again."""
        ids = [f"camara-{key}" for key in sorted(self._random.sample(BILLS, 2))]
        after, limit = self._random.randrange(30), self._random.randrange(1, 6)

        async def head(pool: Any) -> Any:
            found = await IndexFeed(pool).head(after)
            entry = found.entry and (found.entry.seq, found.entry.bill_id, found.entry.version)
            return found.last_seq, found.last_render_seq, entry, found.next_changed_at is not None

        async def changed(pool: Any) -> Any:
            found = await IndexFeed(pool).changed(after, limit)
            last = found.last and (found.last.seq, found.last.bill_id, found.last.version)
            return last, sorted(map(_indexed, found.bills))

        async def rerendered(pool: Any) -> Any:
            return [_indexed(row) for row in await IndexFeed(pool).rerendered(after % 5, limit)]

        async def page(pool: Any) -> Any:
            return [_indexed(row) for row in await IndexFeed(pool).page(0, limit)]

        async def mark(pool: Any) -> None:
            async with pool.acquire(timeout=5) as connection, connection.transaction():
                await lock_bills(connection, ids)
                await mark_rerendered(connection, ids)

        async def log_page(pool: Any) -> Any:
            found = await load_changes(TwinDatabase(pool), after=after, limit=limit)
            last = await load_newest(TwinDatabase(pool), EVERY_KIND, up_to=after, limit=limit)
            told = [(row["seq"], row["bill_id"], row["version"], row["kind"]) for row in last]
            head = await load_position(TwinDatabase(pool)) == found.position
            return told, head, found.seqs, found.next_after, found.more, found.position.head

        return self._random.choice((head, changed, changed, rerendered, page, mark, log_page))


def _indexed(row: Any) -> Any:
    return row["id"], row["change_seq"], row["render_seq"], row["removed_at"] is not None


@pytest.mark.parametrize("seed", [0, 2, 3, 5])
async def test_both_store_the_same(real: Any, seed: int) -> None:
    tables, draw = Tables(), Draw(seed)
    wire = StoreWire(tables, random.Random(seed), utc_now)
    wire.slow = 0.0
    double = TwinPool(wire)
    kinds: set[str] = set()
    for number in range(OPERATIONS):
        name, operation = draw.operation()
        where = f"operation {number} ({name}) of seed {seed}"
        expected, found = await operation(real), await operation(double)
        assert found == expected, where
        if number % 10 == 9:
            await compare_rows(real, tables, where)
    kinds |= {row["kind"] for row in tables.table("bill_change").values()}
    assert {"CREATED", "MOVED", "EDITED", "CORRECTED", "REMOVED"} <= kinds, "too tame to prove much"
