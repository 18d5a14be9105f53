"""Lists of bills: pages by keyset, counts and facets, each by the way that costs least."""

from collections import OrderedDict
from functools import partial
from typing import Any

from api_gateway.store.bill_filter import BillFilter, Page, Position, SearchText, Sort, SortKey
from api_gateway.store.conditions import Arguments, text_query
from api_gateway.store.counting import Count, FacetCounts, count_statement, counted, facet_statement, facets_found
from api_gateway.store.database import Database, StatementTooSlow
from api_gateway.store.frequencies import Frequencies, load_frequencies
from api_gateway.store.match import Match
from api_gateway.store.page_plan import PagePlan, plan_page
from api_gateway.store.ranking import ranked_page
from api_gateway.store.renewed import Renewed
from api_gateway.store.sightings import Sightings
from api_gateway.store.statement import Statement

_EXACT_COUNT_SECONDS = 1.5
_TEXTS_REMEMBERED = 4096
_PLANS_REMEMBERED = 4096
_Asked = tuple[BillFilter, Sort, int, Position | None]


class BillSearch:
    """Asks for bills; knows how frequent words and values are, and what PostgreSQL makes of words."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._frequencies = Renewed(partial(load_frequencies, database), Frequencies())
        self._words: OrderedDict[SearchText, str] = OrderedDict()
        self._plans: dict[_Asked, PagePlan] = {}
        self._sightings = Sightings(_PLANS_REMEMBERED)
        self._planned_for: Frequencies | None = None

    async def page(self, asked: BillFilter, sort: Sort, limit: int, after: Position | None = None) -> Page:
        """At most `limit` bills in order, from after a position: one statement, another where it finds too few."""
        plan = await self._plan(asked, sort, limit, after)
        rows: list[Any] = []
        for statement in plan:
            rows = await self._rows(statement)
            if len(rows) > limit:
                break
        shown = rows[:limit]
        last = Position(shown[-1]["position"], shown[-1]["id"]) if shown else None
        return Page([row["summary"] for row in shown], last, len(rows) > limit)

    async def count(self, asked: BillFilter, *, exact: bool) -> Count:
        """How many bills match. Exact counts that take too long become estimates; small estimates are exact."""
        match = await self.match(asked)
        statement = count_statement(match, exact=exact)
        try:
            rows = await self._database.rows(statement.sql, statement.arguments, timeout=_EXACT_COUNT_SECONDS)
        except StatementTooSlow:
            return counted(match, None, exact=exact)
        return counted(match, int(rows[0]["n"]), exact=exact)

    async def facets(self, asked: BillFilter, names: tuple[str, ...]) -> FacetCounts:
        """Counts by value of each facet, commonest first, over the newest matches. One statement."""
        return facets_found(names, await self._rows(facet_statement(await self.match(asked), names)))

    async def match(self, asked: BillFilter) -> Match:
        """The filter, weighed. A text that was not met lately costs a statement."""
        frequencies = await self._frequencies.now()
        return Match(asked, None if asked.text is None else await self._query(asked.text), frequencies)

    async def _plan(self, asked: BillFilter, sort: Sort, limit: int, after: Position | None) -> PagePlan:
        """The plan of a page; of one that is asked again remembered for as long as the frequencies are the same."""
        match = await self.match(asked)
        if match.frequencies is not self._planned_for or len(self._plans) >= _PLANS_REMEMBERED:
            self._planned_for = match.frequencies
            self._plans.clear()
        key = asked, sort, limit, after
        plan = self._plans.get(key)
        if plan is None:
            plan = page_statements(match, sort, limit, after)
            if self._sightings.again(key):
                self._plans[key] = plan
        return plan

    async def _query(self, text: SearchText) -> str:
        known = self._words.get(text)
        if known is None:
            arguments = Arguments()
            sql = f"SELECT ({text_query(text, arguments, label=True)})::text AS query"
            row = await self._database.row(sql, arguments.values, fixed=True)
            known = self._words[text] = row["query"] if row else ""
            if len(self._words) > _TEXTS_REMEMBERED:
                self._words.popitem(last=False)
        return known

    async def _rows(self, statement: Statement) -> list[Any]:
        return await self._database.rows(statement.sql, statement.arguments, fixed=statement.fixed)


def page_statements(match: Match, sort: Sort, limit: int, after: Position | None = None) -> PagePlan:
    """The statements of a page, with the row more that tells whether another follows."""
    if sort.key is SortKey.RELEVANCE:
        return ranked_page(match, limit + 1, after)
    return plan_page(match, sort, limit + 1, after)
