"""What is asked: addresses of the API, and the statements that the product's own store functions make of them."""

import asyncio
import random
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
from api_gateway.search.filtering.bill_filter import BillFilter, Sort
from api_gateway.search.index.index_state import IndexState
from api_gateway.search.results import ordered_page
from api_gateway.store.bills.bill_reader import load_bill
from api_gateway.web.params.cursor import encode_place, question_hash
from api_gateway.web.params.parameters import BillParameters

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


def _finish(coroutine: Coroutine[Any, Any, Any]) -> None:
    """Runs a coroutine that waits for nothing, inside a loop or outside any."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    raise RuntimeError("it waits for something")


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
    deep: tuple[int, ...]
    """The places behind which the deep page begins, and the pages after it."""
    near: tuple[int, ...]
    """The same of the second page."""

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
        return [_address(place) for place in self.near]

    @property
    def deep_lists(self) -> list[str]:
        """The same far down."""
        return [_address(place) for place in self.deep]

    @property
    def detail_statements(self) -> list[tuple[str, list[Any]]]:
        """What `details` run."""
        return [detail_statement(one) for one in self.ids]


def _address(place: int) -> str:
    return f"{LIST}?cursor={encode_place(place, question_hash(LIST, BillParameters()))}"


def draw(url: str, bills: int, state: IndexState) -> Questions:
    """Questions for this corpus."""
    dice = random.Random(11)
    keys = [str(dice.randint(1, bills)) for _ in range(_IDS)]
    ids = [f"{'senado' if int(key) % 5 == 0 else 'camara'}-{key}" for key in keys]
    page = max(2, min(DEEP_PAGE, bills // PAGE * 9 // 10))
    pairs = asyncio.run(_pairs(url, ids[:_PAIRS]))
    return Questions(tuple(ids), pairs, page, _page_ends(state, page), _page_ends(state, 2))


async def _pairs(url: str, ids: Sequence[str]) -> tuple[tuple[str, int], ...]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("SELECT type_code, year FROM bill WHERE id = ANY($1::text[])", ids)
    finally:
        await connection.close()
    return tuple((row["type_code"], row["year"]) for row in rows)


def _page_ends(state: IndexState, page: int) -> tuple[int, ...]:
    """Behind which places so many pages begin, from that one on."""
    sort, everything = Sort(), state.compiler.filter(BillFilter()).query
    before = (page - 1) * PAGE - 1
    found = state.searcher.search(everything, limit=1, count=False, offset=before, order_by_field=sort.key.value)
    ends: list[int] = [place for place, _ in found.hits]
    while len(ends) < _PAGES:
        following = ordered_page(state, BillFilter(), sort, PAGE, ends[-1])
        if following.last is None or not following.more:
            break
        ends.append(following.last)
    return tuple(ends)
