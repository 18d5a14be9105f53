"""Every way of finding a page finds the same bills, and PostgreSQL goes the way that was chosen."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import asyncpg
import pytest
from api_gateway.store import merged_years, page_costs, page_plan, page_ways
from api_gateway.store.bill_filter import BillFilter, Choice, Position, SearchText, Sort, SortKey
from api_gateway.store.bill_writer import apply
from api_gateway.store.conditions import Arguments, text_query, where
from api_gateway.store.counting import count_statement
from api_gateway.store.frequencies import Frequencies, load_frequencies
from api_gateway.store.match import Match
from api_gateway.store.near import near, nearest
from api_gateway.store.page_plan import plan_page
from api_gateway.store.rough import Rough
from api_gateway.store.search import page_statements
from api_gateway.store.statement import Statement

BILLS = 500
BRASILIA = timezone(timedelta(hours=-3))
PAGE = 15
NAMES = ("Maria Souza", "João Maria", "Ana Maria Lima", "Ana Lima Souza", "Maria Lima")
PARTS = ("near", "part of a walk")
SORTS = [Sort(key, down) for key in SortKey if key is not SortKey.RELEVANCE for down in (True, False)]
FILTERS = {
    "nothing": BillFilter(),
    "type": BillFilter(type_code=Choice(("PL",))),
    "types": BillFilter(type_code=Choice(("PL", "PEC"))),
    "no type": BillFilter(type_code=Choice((), ("PL",))),
    "other": BillFilter(type_code=Choice(("OTHER",))),
    "type, year": BillFilter(type_code=Choice(("PL",)), year=Choice((2020,))),
    "party, state": BillFilter(party=Choice(("PT",)), state=Choice(("SP",))),
    "author": BillFilter(author=Choice(("maria souza",))),
    "status, in progress": BillFilter(status=Choice(("ARCHIVED",)), in_progress=False),
    "introduced": BillFilter(introduced_from=date(2018, 5, 1), introduced_to=date(2021, 3, 1)),
    "moved": BillFilter(last_action_from=datetime(2019, 1, 1, tzinfo=UTC), type_code=Choice(("PL",))),
    "moved before": BillFilter(last_action_before=datetime(2019, 1, 1, tzinfo=UTC), state=Choice(("SP", "RJ"))),
    "words": BillFilter(text=SearchText("educacao saude")),
    "phrase": BillFilter(text=SearchText('"energia nuclear"'), chamber=Choice(("CAMARA",))),
    "beginning": BillFilter(text=SearchText("", None, ("educ",)), year=Choice((2019,))),
    "without": BillFilter(text=SearchText("educacao -saude")),
    "subject": BillFilter(subject=Choice(("educacao",)), organization=Choice((), ("CCJC",))),
    "sponsor of three names": BillFilter(author=Choice(("ana maria lima",))),
    "sponsors, words": BillFilter(author=Choice(("ana maria lima", "joao")), text=SearchText("educacao")),
    "not a sponsor": BillFilter(author=Choice((), ("ana maria lima",)), party=Choice(("PSB",))),
    "year, introduced": BillFilter(year=Choice((2019,)), introduced_from=date(2019, 9, 1)),
    "years, state": BillFilter(year=Choice((2018, 2021)), state=Choice(("PE",))),
    "introduced, moved": BillFilter(
        introduced_to=date(2018, 6, 1), last_action_from=datetime(2018, 9, 1, tzinfo=UTC), chamber=Choice(("SENADO",))
    ),
    "changed, words": BillFilter(changed_since=datetime(2020, 1, 1, tzinfo=UTC), text=SearchText("obras")),
    "other, number": BillFilter(type_code=Choice(("OTHER", "PEC")), number=Choice((7, 8, 9))),
    "common words, rare pair": BillFilter(
        text=SearchText("educacao"), party=Choice(("PT",)), state=Choice(("PE",)), in_progress=True
    ),
}


def observed(number: int, dice: random.Random, observe: Any) -> Any:
    day = date(2017, 1, 1) + timedelta(days=dice.randrange(2200))
    moved = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(days=dice.choice((0, 30, 900)))
    words = ["educacao", "saude", "energia nuclear", "nuclear energia", "obras"]
    code = dice.choice(("PL", "PL", "PEC", "XPTO"))
    return observe(
        number, str(number), chamber=dice.choice(("CAMARA", "SENADO")), type="OTHER" if code == "XPTO" else code,
        type_code=code, number=number % 40, year=day.year, title=" ".join(dice.sample(words, 3)), introduced_on=day,
        status=dice.choice(("ARCHIVED", "IN_COMMITTEE")), in_progress=dice.choice((True, False, None)),
        organization=dice.choice((None, {"acronym": "CCJC"}, {"acronym": "CFT"})),
        latest_action={"date": moved.date(), "at": moved, "kind": "MOVED"},
        subjects=[{"name": dice.choice(("Educação", "Obras"))}],
        sponsorships=[
            {"name": dice.choice(NAMES), "role": "AUTHOR", "kind": "LEGISLATOR",
             "party": dice.choice(("PT", "PSB")), "state": dice.choice(("SP", "RJ", "PE"))}
        ],
    )  # fmt: skip


class Direct:
    """One connection where the store's functions expect a database."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    async def rows(self, sql: str, args: Sequence[Any] = (), *, fixed: bool = False) -> list[Any]:
        return list(await self.connection.fetch(sql, *args))

    async def row(self, sql: str, args: Sequence[Any] = (), *, fixed: bool = False) -> Any:
        return await self.connection.fetchrow(sql, *args)


class Corpus:
    def __init__(self, connection: Any, frequencies: Frequencies) -> None:
        self.connection = connection
        self.frequencies = frequencies

    async def match(self, asked: BillFilter, frequencies: Frequencies | None = None) -> Match:
        words = None
        if asked.text is not None:
            arguments = Arguments()
            words = await self.connection.fetchval(
                f"SELECT ({text_query(asked.text, arguments, label=True)})::text", *arguments.values
            )
        return Match(asked, words, frequencies or self.frequencies)

    async def run(self, statement: Statement) -> list[tuple[Any, str]]:
        return [(r["position"], r["id"]) for r in await self.connection.fetch(statement.sql, *statement.arguments)]

    async def all_in_order(self, asked: BillFilter, sort: Sort) -> list[tuple[Any, str]]:
        arguments, down = Arguments(), "DESC" if sort.descending else "ASC"
        rows = await self.connection.fetch(
            f"SELECT b.{sort.key.value} AS position, b.id FROM bill b WHERE {where(asked, arguments)}"
            f" ORDER BY b.{sort.key.value} {down}, b.id {down}",
            *arguments.values,
        )
        return [(row["position"], row["id"]) for row in rows]


@pytest.fixture
async def corpus(database_url: str, observe: Any) -> Any:
    """Five hundred bills of every kind, and what PostgreSQL's statistics say of them."""
    dice = random.Random(11)
    async with asyncpg.create_pool(database_url, min_size=1, max_size=2) as pool:
        for first in range(1, BILLS, 100):
            await apply(pool, [observed(n, dice, observe) for n in range(first, first + 100)], confirm_seconds=0)
    connection = await asyncpg.connect(database_url, server_settings={"jit": "off", "TimeZone": "UTC"})
    await connection.execute("VACUUM ANALYZE bill")
    yield Corpus(connection, await load_frequencies(Direct(connection)))  # type: ignore[arg-type]
    await connection.close()


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
    assert ways == {"chosen", "gather", "walk", "merge", *PARTS}


def every_way(match: Match, sort: Sort, after: Position | None) -> list[tuple[str, Statement]]:
    rough = Rough(match)
    found = [("gather", page_ways.gather_page(rough, sort, PAGE, after, lookup)) for lookup in page_ways.Lookup]
    for led_by in page_plan._led_by(match, sort):
        assert page_costs.walk(match, sort, PAGE, led_by).cost > 0
    found.append(("walk", page_ways.walk_page(match, sort, PAGE, after)))
    far = nearest(match, sort, 0.2, after)
    limits = page_ways.Limits(far.end if far else None, 40)
    found.append(("part of a walk", page_ways.walk_page(match, sort, PAGE, after, limits)))
    if (ranged := page_plan._foreign_range(match, sort)) is not None:
        found.append(("merge", merged_years.merge_page(match, sort, PAGE, after, ranged)))
    if match.by_terms and (part := near(match, sort, PAGE, after)) is not None:
        found.append(("near", page_ways.gather_page(rough, sort, PAGE, after, page_ways.Lookup.TERMS, part.end)))
    plan = plan_page(match, sort, PAGE, after)
    return [*found, ("chosen", plan.otherwise or plan.first)]


async def test_a_walk_that_finds_too_few_is_followed_by_another_way(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_plan, "_SHORTEST_WALK", 20)
    monkeypatch.setattr(page_plan, "_PATIENCE", 1)
    # two values that are common, and never together as often as chance would have it
    frequencies = Frequencies(1e6, {"=type:PEC": 0.5, "=state:PE": 0.5})
    asked = BillFilter(type_code=Choice(("PEC",)), state=Choice(("PE",)))
    plan = plan_page(await corpus.match(asked, frequencies), Sort(), PAGE, None)
    assert plan.otherwise is not None
    whole = await corpus.all_in_order(asked, Sort())
    assert len(await corpus.run(plan.first)) < PAGE < len(whole)
    assert await corpus.run(plan.otherwise) == whole[:PAGE]


async def test_a_near_end_is_looked_at_first_where_all_would_be_many(corpus: Corpus) -> None:
    # one in a hundred of a million: too many to gather, and walking past six thousand rows' words takes longer still
    frequencies = Frequencies(1e6, {"educaca": 0.01}, 1e-5, corpus.frequencies.bounds)
    match = await corpus.match(BillFilter(text=SearchText("educacao")), frequencies)
    assert match.words == "'educaca'"
    for sort in [sort for sort in SORTS if sort.key in corpus.frequencies.bounds]:
        part = near(match, sort, PAGE * 4)
        assert part is not None
        assert part.end.operator == (">=" if sort.descending else "<=")
        assert part.part <= 0.03
        plan = plan_page(match, sort, PAGE, None)
        assert plan.otherwise is not None
        assert part.end.value in plan.first.arguments
        assert part.end.value not in plan.otherwise.arguments
    deep = near(match, Sort(), PAGE * 4, Position(corpus.frequencies.bounds[SortKey.LAST_ACTION_AT][50], "x"))
    first = near(match, Sort(), PAGE * 4)
    assert deep is not None
    assert first is not None
    assert deep.end.value < first.end.value, "it begins where the page before it ended"


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
    statement = plan.otherwise if name.startswith("side by side") and plan.otherwise else plan.first
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
