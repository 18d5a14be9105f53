"""What pages are planned by, and the indexes that PostgreSQL takes."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from api_gateway.store.bill_filter import BillFilter, Choice, SearchText, Sort, SortKey
from api_gateway.store.counting import count_statement
from api_gateway.store.frequencies import Frequencies
from api_gateway.store.match import Match
from api_gateway.store.page_plan import plan_page
from api_gateway.store.search import page_statements
from integration.store.page_plans.corpus import BILLS, FILTERS, PAGE, Corpus

BRASILIA = timezone(timedelta(hours=-3))


async def test_a_range_that_an_index_carries_is_picked_without_rows(corpus: Corpus) -> None:
    asked = BillFilter(changed_since=datetime(2000, 1, 1, tzinfo=UTC), in_progress=True)
    frequencies = Frequencies(
        1.2e6,
        {"=in_progress:true": 0.3},
        1e-5,
        {SortKey.CHANGED_AT: [datetime(1999, 1, n, tzinfo=UTC) for n in range(1, 32)]},
    )
    plan = plan_page(await corpus.match(asked, frequencies), Sort(), PAGE, None)
    picked = next(one for one in plan if "JOIN bill" in one.sql)
    whole = await corpus.all_in_order(asked, Sort())
    assert await corpus.run(picked) == whole[:PAGE]
    rows = await corpus.connection.fetch(f"EXPLAIN {picked.sql}", *picked.arguments)
    text = "\n".join(row[0] for row in rows)
    assert "Nested Loop" in text, text


YEAR = {"year": Choice((2020,))}
IN_YEAR = [
    ({"introduced_from": date(2019, 5, 1)}, SortKey.INTRODUCED_ON, 1.0),
    ({"introduced_from": date(2020, 7, 1)}, SortKey.INTRODUCED_ON, 0.5),
    ({"introduced_to": date(2019, 7, 1)}, SortKey.INTRODUCED_ON, 0.0),
    ({"introduced_from": date(2021, 7, 1)}, SortKey.INTRODUCED_ON, 0.0),
    ({"last_action_before": datetime(2019, 12, 1, tzinfo=UTC)}, SortKey.LAST_ACTION_AT, 0.0),
    ({"last_action_from": datetime(2022, 1, 1, tzinfo=UTC)}, SortKey.LAST_ACTION_AT, 0.5),
]


@pytest.mark.parametrize(("ends", "key", "expected"), IN_YEAR)
def test_a_year_tells_what_a_range_of_dates_leaves_of_it(ends: Any, key: SortKey, expected: float) -> None:
    months = [datetime(year, month, 1, tzinfo=UTC) for year in range(2014, 2024) for month in range(1, 13)]
    known = Frequencies(1e6, bounds={SortKey.INTRODUCED_ON: months, SortKey.LAST_ACTION_AT: months})
    assert Match(BillFilter(**YEAR, **ends), None, known).ranges_in_year[key] == pytest.approx(expected, abs=0.1)
    assert Match(BillFilter(**ends), None, known).ranges_in_year == {}


async def test_counts_by_terms_and_by_columns_agree(corpus: Corpus) -> None:
    many = Frequencies(1e9, dict(corpus.frequencies.words), 1.0)
    for name, asked in FILTERS.items():
        counts = set()
        for frequencies in (corpus.frequencies, many):
            statement = count_statement(await corpus.match(asked, frequencies), exact=True)
            counts.add(await corpus.connection.fetchval(statement.sql, *statement.arguments))
        assert counts == {len(await corpus.all_in_order(asked, Sort()))}, name


async def test_statistics_know_words_terms_and_dates(corpus: Corpus) -> None:
    known, total = corpus.frequencies, BILLS
    assert known.bills == total
    of_type = await corpus.connection.fetchval("SELECT count(*) FROM bill WHERE type_code = 'PL'")
    assert known.share("=type:PL") * total == pytest.approx(of_type)
    assert 0 < known.share("=type:PLV") < 2 / total
    assert known.share("=type:P", beginning=True) > known.share("=type:PL")
    assert known.within(SortKey.INTRODUCED_ON, date(2018, 1, 1), date(2018, 12, 31)) == pytest.approx(1 / 6, abs=0.05)
    assert known.within(SortKey.CHANGED_AT, None, None) == 1.0


NAMED = [
    ("newest", BillFilter(), Sort(), "bill_action_idx"),
    ("of a type", BillFilter(type_code=Choice(("PL",))), Sort(), "bill_action_idx"),
    ("of a type and year", BillFilter(type_code=Choice(("PL",)), year=Choice((2020,))), Sort(), "bill_type_year_idx"),
    ("of a year", BillFilter(year=Choice((2020,))), Sort(), "bill_year_action_idx"),
    ("of a year, by introduction", BillFilter(year=Choice((2020,))), Sort(SortKey.INTRODUCED_ON),
     "bill_year_introduction_idx"),
    ("of a year, by change", BillFilter(year=Choice((2020,))), Sort(SortKey.CHANGED_AT), "bill_year_change_idx"),
    ("of a status", BillFilter(status=Choice(("ARCHIVED",))), Sort(), "bill_action_idx"),
    ("of a body", BillFilter(organization=Choice(("CCJC",))), Sort(), "bill_action_idx"),
    ("of a house", BillFilter(chamber=Choice(("SENADO",))), Sort(), "bill_action_idx"),
    ("oldest introduced", BillFilter(), Sort(SortKey.INTRODUCED_ON, False), "bill_introduction_idx"),
    ("last changed", BillFilter(), Sort(SortKey.CHANGED_AT), "bill_change_idx"),
    ("rare words", BillFilter(text=SearchText("jaborandi")), Sort(), "bill_search_idx"),
    ("rare words, best first", BillFilter(text=SearchText("jaborandi")), Sort(SortKey.RELEVANCE), "bill_search_idx"),
    ("a rare pair", BillFilter(party=Choice(("PXX",)), state=Choice(("ZZ",))), Sort(), "bill_search_idx"),
    ("a number", BillFilter(number=Choice((7,))), Sort(), "bill_search_idx"),
    ("side by side, introduced then by action",
     BillFilter(introduced_from=date(2018, 1, 1), introduced_to=date(2019, 1, 1)), Sort(),
     "bill_introduction_year_action_idx"),
    ("side by side, moved then by change",
     BillFilter(last_action_from=datetime(2019, 1, 1, tzinfo=UTC)), Sort(SortKey.CHANGED_AT),
     "bill_action_year_change_idx"),
]  # fmt: skip


AS_MANY = """
UPDATE pg_class SET reltuples = 1.2e6
WHERE oid = 'bill'::regclass OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = 'bill'::regclass)
"""


@pytest.mark.parametrize(("name", "asked", "sort", "index"), NAMED, ids=[one[0] for one in NAMED])
async def test_named_queries_use_their_index(
    corpus: Corpus, name: str, asked: BillFilter, sort: Sort, index: str
) -> None:
    frequencies = Frequencies(1.2e6, {**corpus.frequencies.words, "=number:7": 1e-4}, 1e-5, corpus.frequencies.bounds)
    plan = page_statements(await corpus.match(asked, frequencies), sort, PAGE)
    statement = list(plan)[-1 if name.startswith("side by side") else 0]
    transaction = corpus.connection.transaction()
    await transaction.start()
    try:  # as in the whole corpus: a table this small would rather be read from end to end, or by any of its indexes
        await corpus.connection.execute(AS_MANY)
        await corpus.connection.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        mode = "force_generic_plan" if statement.fixed else "force_custom_plan"
        await corpus.connection.execute(f"SET LOCAL plan_cache_mode = {mode}")
        rows = await corpus.connection.fetch(f"EXPLAIN {statement.sql}", *statement.arguments)
    finally:
        await transaction.rollback()
    text = "\n".join(row[0] for row in rows)
    assert f" {index} " in text, text
    assert "Seq Scan on bill" not in text, text
