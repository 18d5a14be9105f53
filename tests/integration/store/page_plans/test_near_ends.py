"""Where the near end of an order is, and when it is looked at."""

import pytest
from api_gateway.store import page_ways
from api_gateway.store.bill_filter import BillFilter, Position, SearchText, Sort, SortKey
from api_gateway.store.frequencies import Frequencies
from api_gateway.store.near import near
from api_gateway.store.page_plan import plan_page
from api_gateway.store.rough import Rough
from integration.store.page_plans.corpus import PAGE, SORTS, Corpus


async def test_a_near_end_is_looked_at_first_where_all_would_be_many(corpus: Corpus) -> None:
    # one in a hundred of a million: too many to gather, and walking past six thousand rows' words takes longer still
    frequencies = Frequencies(1e6, {"educaca": 0.01}, 1e-5, corpus.frequencies.bounds)
    match = await corpus.match(BillFilter(text=SearchText("educacao")), frequencies)
    assert match.words == "'educaca'"
    for sort in [sort for sort in SORTS if sort.key is not SortKey.CHANGED_AT]:  # all changed just now
        parts = [near(match, sort, PAGE * times) for times in (2, 8)]
        assert parts[0] is not None
        assert parts[1] is not None
        assert parts[0].end.operator == (">=" if sort.descending else "<=")
        assert parts[0].part < parts[1].part <= 0.03
        plan = list(plan_page(match, sort, PAGE, None))
        for part, statement in zip(parts, plan, strict=False):
            assert part is not None
            assert part.end.value in statement.arguments, "a short part, then a longer one"
        assert len(plan) == 3
        assert plan[-1].arguments == ("( 'educaca' )",), "then all"
    deep = near(match, Sort(), PAGE * 4, Position(corpus.frequencies.bounds[SortKey.LAST_ACTION_AT][50], "x"))
    first = near(match, Sort(), PAGE * 4)
    assert deep is not None
    assert first is not None
    assert deep.end.value < first.end.value, "it begins where the page before it ended"


async def test_a_near_end_begins_where_the_range_or_the_page_does(corpus: Corpus) -> None:
    bounds = corpus.frequencies.bounds[SortKey.LAST_ACTION_AT]
    frequencies = Frequencies(1e6, {"educaca": 0.01}, 1e-5, corpus.frequencies.bounds)
    within = bounds[50] + (bounds[51] - bounds[50]) / 2
    for descending, begins, whole_step in (
        (True, {"last_action_before": within}, 49),
        (False, {"last_action_from": within}, 52),
    ):
        sort = Sort(SortKey.LAST_ACTION_AT, descending)
        for match, after in (
            (await corpus.match(BillFilter(text=SearchText("educacao"), **begins), frequencies), None),
            (await corpus.match(BillFilter(text=SearchText("educacao")), frequencies), Position(within, "x")),
        ):
            part = near(match, sort, 1, after)
            assert part is not None
            assert part.end.value == bounds[whole_step], "the step that it begins within may be over at once"
            assert part.part == pytest.approx(2 / (len(bounds) - 1))
            first = page_ways.gather_page(Rough(match), sort, PAGE, after, page_ways.Lookup.TERMS, part.end)
            inner = first.sql.split("OFFSET 0")[0]
            assert inner.count("b.last_action_at") >= 2, "PostgreSQL is told both ends"


async def test_what_an_implied_end_does_not_cut_is_counted(corpus: Corpus) -> None:
    bounds = corpus.frequencies.bounds[SortKey.INTRODUCED_ON]
    frequencies = Frequencies(1e6, {"educaca": 0.01}, 1e-5, corpus.frequencies.bounds)
    last = len(bounds) - 1
    moved = BillFilter(text=SearchText("educacao"), last_action_before=bounds[last - 10])
    part = near(await corpus.match(moved, frequencies), Sort(SortKey.INTRODUCED_ON), 1)
    assert part is not None, "hardly a bill is introduced after it moved, so that is where they begin"
    assert part.part == pytest.approx(12 / last), "but those introduced later are looked up too"
