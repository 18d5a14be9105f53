"""What is asked: addresses of the API, and the statements that the product's own store functions make of them."""

import asyncio
import random
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
from api_gateway.store.bill_filter import BillFilter, Choice, Position, Sort
from api_gateway.store.bill_reader import load_bill
from api_gateway.store.frequencies import Frequencies, load_frequencies
from api_gateway.store.match import Match
from api_gateway.store.page_plan import PagePlan
from api_gateway.store.search import page_statements
from api_gateway.web.asking.cursor import encode_position, question_hash
from api_gateway.web.asking.parameters import BillParameters

LIST = "/api/v1/bills"
PAGE = 20
DEEP_PAGE = 10_000
_IDS, _PAIRS, _PAGES = 2000, 300, 40


class Recorder:
    """Stands where the store's functions expect a connection, and keeps what they would have run."""

    def __init__(self) -> None:
        self.statements: list[tuple[str, list[Any]]] = []

    async def rows(
        self, sql: str, args: Sequence[Any] = (), *, timeout: float | None = None, fixed: bool = False
    ) -> list[Any]:
        """Keeps the statement; nothing is found."""
        self.statements.append((sql, list(args)))
        return []


class Direct:
    """One connection where the store's functions expect a database."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def rows(self, sql: str, args: Sequence[Any] = (), *, fixed: bool = False) -> list[Any]:
        """All rows."""
        return list(await self._connection.fetch(sql, *args))

    async def row(self, sql: str, args: Sequence[Any] = (), *, fixed: bool = False) -> Any | None:
        """The first row."""
        return await self._connection.fetchrow(sql, *args)


def _finish(coroutine: Coroutine[Any, Any, Any]) -> None:
    """Runs a coroutine that waits for nothing, inside a loop or outside any."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    raise RuntimeError("it waits for something")


def page_plan(match: Match, sort: Sort, after: Position | None = None) -> PagePlan:
    """The statements of one page, as the API would run them."""
    return page_statements(match, sort, PAGE, after)


def detail_statement(bill_id: str) -> tuple[str, list[Any]]:
    """The statement of one bill."""
    recorder = Recorder()
    _finish(load_bill(recorder, bill_id))  # type: ignore[arg-type]
    return recorder.statements[0]


@dataclass(frozen=True, slots=True)
class Questions:
    """Keys that exist in the corpus, drawn at random but always the same."""

    ids: tuple[str, ...]
    pairs: tuple[tuple[str, int], ...]
    """Type and year, as frequent as they are."""
    deep_page: int
    deep: tuple[Position, ...]
    """Where the deep page begins, and the pages behind it."""
    near: tuple[Position, ...]
    """Where the second page begins, and the pages behind it."""
    frequencies: Frequencies

    @property
    def details(self) -> list[str]:
        """Addresses of single bills."""
        return [f"{LIST}/{one}" for one in self.ids]

    @property
    def lists(self) -> list[str]:
        """Addresses of first pages by type and year."""
        return [f"{LIST}?type={code}&year={year}" for code, year in self.pairs]

    @property
    def near_lists(self) -> list[str]:
        """Addresses of the newest bills: page 2 and its followers, as their readers have them from the page before."""
        return [_address(position) for position in self.near]

    @property
    def deep_lists(self) -> list[str]:
        """The same far down."""
        return [_address(position) for position in self.deep]

    @property
    def list_statements(self) -> list[tuple[str, list[Any]]]:
        """What `lists` run."""
        matches = [Match(by_type_and_year(code, year), None, self.frequencies) for code, year in self.pairs]
        plans = [next(iter(page_plan(match, Sort()))) for match in matches]
        return [(plan.sql, list(plan.arguments)) for plan in plans]

    @property
    def detail_statements(self) -> list[tuple[str, list[Any]]]:
        """What `details` run."""
        return [detail_statement(one) for one in self.ids]


def _address(position: Position) -> str:
    return f"{LIST}?cursor={encode_position(position, question_hash(LIST, BillParameters()))}"


def by_type_and_year(code: str, year: int) -> BillFilter:
    """The filter of `lists`."""
    return BillFilter(type_code=Choice((code,)), year=Choice((year,)))


def draw(url: str, bills: int) -> Questions:
    """Questions for this corpus."""
    return asyncio.run(_draw(url, bills))


async def _draw(url: str, bills: int) -> Questions:
    dice = random.Random(11)
    keys = [str(dice.randint(1, bills)) for _ in range(_IDS)]
    ids = [f"{'senado' if int(key) % 5 == 0 else 'camara'}-{key}" for key in keys]
    page = max(2, min(DEEP_PAGE, bills // PAGE * 9 // 10))
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("SELECT type_code, year FROM bill WHERE id = ANY($1::text[])", ids[:_PAIRS])
        near, deep = await _page_ends(connection, 2), await _page_ends(connection, page)
        frequencies = await load_frequencies(Direct(connection))  # type: ignore[arg-type]
    finally:
        await connection.close()
    pairs = tuple((row["type_code"], row["year"]) for row in rows)
    return Questions(tuple(ids), pairs, page, deep, near, frequencies)


async def _page_ends(connection: Any, page: int) -> tuple[Position, ...]:
    """Where so many pages begin, from that one on."""
    rows = await connection.fetch(
        "SELECT last_action_at, id FROM bill WHERE removed_at IS NULL ORDER BY last_action_at DESC, id DESC"
        " OFFSET $1 LIMIT $2",
        (page - 1) * PAGE - 1,
        PAGE * _PAGES,
    )
    return tuple(Position(row["last_action_at"], row["id"]) for row in rows[::PAGE])
