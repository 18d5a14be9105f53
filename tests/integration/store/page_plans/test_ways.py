"""Every way to a page gives the bills in order."""

from collections.abc import Callable
from typing import Any

import pytest
from api_gateway.store import merged_years, page_costs, page_plan, page_ways, search
from api_gateway.store.bill_filter import BillFilter, Choice, Position, Sort
from api_gateway.store.frequencies import Frequencies
from api_gateway.store.match import Match
from api_gateway.store.near import near, nearest
from api_gateway.store.page_plan import PagePlan, plan_page
from api_gateway.store.rough import Rough
from api_gateway.store.statement import Statement
from integration.store.page_plans.corpus import FILTERS, PAGE, SORTS, Corpus, Direct

PARTS = ("near", "part of a walk", "first of a pick")


async def test_every_way_gives_the_bills_in_order_from_any_place(corpus: Corpus) -> None:
    ways = set()
    for name, asked in FILTERS.items():
        match = await corpus.match(asked)
        for sort in SORTS:
            whole = await corpus.all_in_order(asked, sort)
            for start in (0, len(whole) // 2):
                after = Position(*whole[start - 1]) if start else None
                for way, statement in every_way(match, sort, after):
                    ways.add(way)
                    found = await corpus.run(statement)
                    wanted = len(found) if way in PARTS else PAGE  # a part of the order may hold less
                    assert found == whole[start : start + wanted], (name, sort, start, way)
    assert ways == {"chosen", "gather", "walk", "merge", "pick", *PARTS}


def every_way(match: Match, sort: Sort, after: Position | None) -> list[tuple[str, Statement]]:
    rough = Rough(match)
    found = [("gather", page_ways.gather_page(rough, sort, PAGE, after, lookup)) for lookup in page_ways.Lookup]
    for led_by in page_plan._led_by(match, sort):
        assert page_costs.walk(match, sort, PAGE, led_by).cost > 0
    found.append(("walk", page_ways.walk_page(match, sort, PAGE, after)))
    far = nearest(match, sort, 0.2, after)
    limits = page_ways.Limits(far.end if far else None, 40)
    found.append(("part of a walk", page_ways.walk_page(match, sort, PAGE, after, limits)))
    found.append(("pick", page_ways.pick_page(match, sort, PAGE, after)))
    found.append(("first of a pick", page_ways.pick_page(match, sort, PAGE, after, 40)))
    if (ranged := page_plan._foreign_range(match, sort)) is not None:
        found.append(("merge", merged_years.merge_page(match, sort, PAGE, after, ranged)))
    if match.by_terms and (part := near(match, sort, PAGE, after)) is not None:
        found.append(("near", page_ways.gather_page(rough, sort, PAGE, after, page_ways.Lookup.TERMS, part.end)))
    plan = plan_page(match, sort, PAGE, after)
    return [*found, ("chosen", list(plan)[-1])]


async def test_a_walk_that_finds_too_few_is_followed_by_another_way(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_plan, "_SHORTEST_WALK", 20)
    monkeypatch.setattr(page_plan, "_PATIENCE", 1)
    # two values that are common, and never together as often as chance would have it
    frequencies = Frequencies(1e6, {"=type:PEC": 0.5, "=state:PE": 0.5})
    asked = BillFilter(type_code=Choice(("PEC",)), state=Choice(("PE",)))
    plan = plan_page(await corpus.match(asked, frequencies), Sort(), PAGE, None)
    first, otherwise = plan
    whole = await corpus.all_in_order(asked, Sort())
    assert len(await corpus.run(first)) < PAGE < len(whole)
    assert await corpus.run(otherwise) == whole[:PAGE]


async def test_statements_run_until_one_gives_a_whole_page(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = await corpus.all_in_order(BillFilter(), Sort())
    ran: list[int | None] = []

    def looking_at(match: Match, rows: int | None) -> Callable[[], Statement]:
        def make() -> Statement:
            ran.append(rows)
            return page_ways.pick_page(match, Sort(), PAGE + 1, None, rows)

        return make

    def plan(match: Match, *_page: Any) -> PagePlan:
        return PagePlan(*(looking_at(match, rows) for rows in (3, PAGE + 1, None)))

    monkeypatch.setattr(search, "page_statements", plan)
    page = await search.BillSearch(Direct(corpus.connection)).page(BillFilter(), Sort(), PAGE)  # type: ignore[arg-type]
    assert ran == [3, PAGE + 1]
    assert page.last == Position(*whole[PAGE - 1])
    assert page.more
