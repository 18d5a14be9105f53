"""The database's part of the reads: every filter, every pair, every order, depth, changes, search; on one connection.

Statements are built by the product's own store functions and planned as its pool has them planned. The cache is warm:
each statement is run once before it is timed.
"""

import asyncio
import itertools
import random
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import asyncpg
from api_gateway.store.bill_filter import BillFilter, Choice, Position, SearchText, Sort, SortKey
from api_gateway.store.change_reader import load_changes
from api_gateway.store.match import Match
from api_gateway.store.search import BillSearch
from legis.domain.search_text import fold

from bench.arena import Arena
from bench.corpus import NOW, PHRASE, PLANTED
from bench.pace import Pace
from bench.questions import PAGE, Direct, Questions, Recorder, page_plan
from bench.report import Figure, Report, Target, at_most
from bench.rivals.pgbench import filled
from bench.turns import Ratio

PART = "queries"
SORTS = [Sort(key, descending) for key in SortKey if key is not SortKey.RELEVANCE for descending in (True, False)]
GIVE_UP_SECONDS = 2.5
"""What the API gives a statement; one that needs more counts as this."""

_SLOW_SECONDS = 0.1
_VALUES = """
SELECT value FROM (SELECT value, count(*) AS n, row_number() OVER (ORDER BY count(*) DESC, value) AS place,
                          count(*) OVER () AS all_values
                   FROM (SELECT {0} AS value FROM bill {1}) AS v WHERE value IS NOT NULL GROUP BY value) AS ranked
WHERE place IN (1, (all_values + 1) / 2, all_values) ORDER BY place
"""


@dataclass(frozen=True, slots=True)
class Timed:
    """One question with the seconds of each time it was asked."""

    name: str
    sql: str
    arguments: Sequence[Any]
    seconds: tuple[float, ...]


class Clock:
    """Runs statements on connections of both kinds, as the API has them, and times them."""

    def __init__(self, connection: Any, fixed: Any, repeats: int) -> None:
        self._connection = connection
        self._fixed = fixed
        self._repeats = repeats
        self._search = BillSearch(Direct(connection))  # type: ignore[arg-type]

    async def match(self, asked: BillFilter) -> Match:
        """A filter, weighed."""
        return await self._search.match(asked)

    async def ask(self, name: str, asked: BillFilter, sort: Sort, after: Position | None = None,
                  repeats: int = 0) -> Timed:  # fmt: skip
        """A page, with the next statement where one finds too little; the time of all that ran."""
        plan = page_plan(await self._search.match(asked), sort, after)
        seconds = [0.0] * (repeats or self._repeats)
        for number, one in enumerate(plan, 1):
            timed = await self.time(name, one.sql, one.arguments, repeats, fixed=one.fixed)
            seconds = [a + b for a, b in zip(seconds, timed.seconds, strict=False)]
            told = name if number == 1 else f"{name} ({number} statements)"
            last = Timed(told, one.sql, one.arguments, tuple(seconds))
            if len(await self._connection.fetch(one.sql, *one.arguments)) > PAGE:
                break
        return last

    async def time(
        self, name: str, sql: str, arguments: Sequence[Any], repeats: int = 0, *, fixed: bool = False
    ) -> Timed:
        """Once unmeasured, then as often as told; a slow one is not waited for as often."""
        found: list[float] = []
        wanted = repeats or self._repeats
        for number in range(wanted + 1):
            began = time.perf_counter()
            try:
                await (self._fixed if fixed else self._connection).fetch(sql, *arguments)
            except asyncpg.QueryCanceledError:
                found = [GIVE_UP_SECONDS]
                break
            seconds = time.perf_counter() - began
            if number:
                found.append(seconds)
            if seconds > _SLOW_SECONDS and found:
                break
        return Timed(name, sql, list(arguments), tuple(found))

    async def plan(self, timed: Timed) -> list[str]:
        """How PostgreSQL answered it."""
        try:
            rows = await self._connection.fetch(f"EXPLAIN (ANALYZE, BUFFERS) {timed.sql}", *timed.arguments)
        except asyncpg.QueryCanceledError:
            rows = await self._connection.fetch(f"EXPLAIN {timed.sql}", *timed.arguments)
        return [row[0] for row in rows]


def run(arena: Arena, questions: Questions, report: Report, pace: Pace) -> None:
    """All of the database part."""
    asyncio.run(_run(arena, questions, report, pace))


async def _run(arena: Arena, questions: Questions, report: Report, pace: Pace) -> None:
    settings = {
        "plan_cache_mode": "force_custom_plan", "jit": "off", "TimeZone": "UTC",
        "statement_timeout": str(round(GIVE_UP_SECONDS * 1000)),
    }  # fmt: skip
    url, generic = arena.postgres.url("legis"), {**settings, "plan_cache_mode": "force_generic_plan"}
    connection = await asyncpg.connect(url, server_settings=settings, command_timeout=300)
    fixed = await asyncpg.connect(url, server_settings=generic, command_timeout=300)
    try:
        clock = Clock(connection, fixed, pace.repeats)
        await connection.execute("SET statement_timeout = 0")
        values = await _values(connection)
        await connection.execute(f"SET statement_timeout = {round(GIVE_UP_SECONDS * 1000)}")
        await _filters(clock, values, report, pace)
        await _depth(clock, questions, report)
        await _changes(clock, arena.bills, values, report)
        await _search(clock, report)
    finally:
        await connection.close()
        await fixed.close()


async def _values(connection: Any) -> dict[str, list[dict[str, Any]]]:
    """For each filter of the API its commonest, a middling and its rarest value, as fields of a BillFilter."""

    async def found(expression: str) -> list[Any]:
        rows = await connection.fetch(_VALUES.format(expression, "TABLESAMPLE SYSTEM (20)"))
        return [row["value"] for row in rows]

    options: dict[str, list[dict[str, Any]]] = {"q": [{"text": SearchText(fold(word))} for word in PLANTED]}
    for name, expression in (
        ("chamber", "chamber"), ("type_code", "type_code"), ("number", "number"), ("year", "year"),
        ("status", "status"), ("party", "unnest(parties)"), ("state", "unnest(states)"),
        ("subject", "unnest(subjects)"), ("organization", "organization"),
    ):  # fmt: skip
        options[name] = [{name: Choice((value,))} for value in await found(expression)]
    names = await connection.fetch(
        "SELECT convert_from(summary, 'UTF8')::jsonb -> 'authors' ->> 0 AS n FROM bill ORDER BY id LIMIT 3"
    )
    options["author"] = [{"author": Choice((row["n"],))} for row in names] + [{"author": Choice(("Maria",))}]
    options["in_progress"] = [{"in_progress": True}, {"in_progress": False}]
    days = [NOW - timedelta(days=days) for days in (90, 2000, 9000)]
    options["introduced_from"] = [{"introduced_from": at.date()} for at in days]
    options["introduced_to"] = [{"introduced_to": at.date()} for at in days]
    options["last_action_from"] = [{"last_action_from": at} for at in days]
    options["last_action_to"] = [{"last_action_before": at} for at in days]
    last = await connection.fetchval("SELECT max(changed_at) FROM bill")
    options["changed_since"] = [{"changed_since": last - timedelta(seconds=s)} for s in (5, 600, 86_400)]
    rows = await connection.fetch(
        "SELECT id, urns[1] AS urn FROM bill WHERE cardinality(urns) > 0 ORDER BY id LIMIT 20"
    )
    options["ids"] = [{"ids": tuple(row["id"] for row in rows)}]
    options["urns"] = [{"urns": tuple(row["urn"] for row in rows)}]
    return {name: found for name, found in options.items() if found}


def _asked(values: Mapping[str, list[dict[str, Any]]], limit: int | None) -> Iterable[tuple[str, dict[str, Any]]]:
    """Every filter alone and every pair with every other, each with its values in turn: common, middling, rare."""
    yield "no filter", {}
    for name, options in values.items():
        yield from ((name, option) for option in options)
    pairs = list(itertools.combinations(values, 2))
    random.Random(3).shuffle(pairs)
    for one, other in pairs[:limit]:
        rounds = max(len(values[one]), len(values[other]))
        for turn in range(rounds):
            first, second = values[one][turn % len(values[one])], values[other][turn % len(values[other])]
            yield f"{one} + {other}", {**first, **second}


async def _filters(clock: Clock, values: Mapping[str, list[dict[str, Any]]], report: Report, pace: Pace) -> None:
    found = []
    for name, fields in _asked(values, pace.questions):
        for sort in SORTS if pace.questions is None else SORTS[:2]:
            told = f"{name} by {'-' if sort.descending else ''}{sort.key.value}"
            found.append(await clock.ask(told, BillFilter(**fields), sort))
    alone = [one for one in found if " + " not in one.name]
    pairs = [one for one in found if " + " in one.name]
    noise = [await clock.time("SELECT 1", "SELECT 1", (), 500)]
    report.add(
        PART,
        *_times("noise of this machine: SELECT 1", noise, 0.99),
        *_times("filters alone", alone, 0.99, at_most(5)),
        *_times("filter pairs", pairs, 0.99, at_most(5)),
        *_times("filters alone, best run of each", _best(alone), 0.99),
        *_times("filter pairs, best run of each", _best(pairs), 0.99),
    )
    worst = sorted(found, key=lambda one: -min(one.seconds))[:10]
    over = sum(min(one.seconds) > 0.005 for one in found)
    report.add(
        PART,
        Figure(
            "questions above 5 ms in their best run",
            _exact(100 * over / len(found)),
            "%",
            note=f"{over} of {len(found)}",
        ),
    )
    for one in worst:
        print(f"    slowest: {min(one.seconds) * 1000:8.1f} ms  {one.name}")
    report.notes["slowest filters"] = [
        {"question": one.name, "ms": min(one.seconds) * 1000, "sql": filled(one.sql, one.arguments),
         "plan": await clock.plan(one)}
        for one in worst
    ]  # fmt: skip
    for line in report.notes["slowest filters"][0]["plan"][:14]:
        print(f"      {line[:130]}")


async def _depth(clock: Clock, questions: Questions, report: Report) -> None:
    """Page 1 and the deep page in turns, as their readers ask for them."""
    first, deep = [], []
    for _ in range(40):
        first.append(await clock.ask("page 1", BillFilter(), Sort()))
        deep.append(await clock.ask("deep page", BillFilter(), Sort(), questions.deep[0]))
    ratios = [min(d.seconds) / min(f.seconds) for f, d in zip(first, deep, strict=True)]
    report.add(
        PART,
        *_times("page 1", first, 0.99, at_most(5)),
        *_times(f"page {questions.deep_page} by keyset", deep, 0.99, at_most(5)),
        Figure(f"page {questions.deep_page} : page 1", Ratio.of(ratios), target=at_most(1.3)),
    )


async def _changes(clock: Clock, bills: int, values: Mapping[str, list[dict[str, Any]]], report: Report) -> None:
    dice, found, filtered = random.Random(5), [], []
    for turn in range(60):
        recorder, after = Recorder(), dice.randrange(bills)
        await load_changes(_Log(recorder), None, after=after, limit=PAGE)  # type: ignore[arg-type]
        found.append(await clock.time("changes", *recorder.statements[0]))
        names = list(values)
        fields = values[names[turn % len(names)]][0]
        recorder = Recorder()
        match = await clock.match(BillFilter(**fields))
        await load_changes(_Log(recorder), match, after=after, limit=PAGE)  # type: ignore[arg-type]
        filtered.append(await clock.time(f"changes by {names[turn % len(names)]}", *recorder.statements[0]))
    report.add(PART, *_times("changes", found, 0.99, at_most(5)), *_times("changes, filtered", filtered, 0.99))


class _Log:
    """A database whose log is empty, so that its reader goes through to the end."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    async def rows(self, sql: str, args: Sequence[Any] = ()) -> list[Any]:
        await self._recorder.rows(sql, args)
        return [{"seq": None, "last": None, "more": False}] if "seen" in sql else []


async def _search(clock: Clock, report: Report) -> None:
    words = {"in nearly every bill": "legislação", "common": "saúde", "middling": "ferrovia", "rare": "jaborandi",
             "phrase": f'"{PHRASE}"', "two words": "saúde ferrovia", "not there": "inexistentíssimo"}  # fmt: skip
    for sort, bound in ((Sort(), 25), (Sort(SortKey.RELEVANCE), 40)):
        found = []
        for name, text in words.items():
            asked = BillFilter(text=SearchText(fold(text)))
            found.append(await clock.ask(f"search, {name}, by {sort.key.value}", asked, sort, repeats=20))
        for one in found:
            report.add(PART, *_times(one.name, [one], 0.95, at_most(bound)))
        slowest = max(found, key=lambda one: max(one.seconds))
        report.notes[f"slowest search by {sort.key.value}"] = {
            "question": slowest.name,
            "plan": await clock.plan(slowest),
        }


def _times(name: str, found: Sequence[Timed], share: float, target: Target | None = None) -> list[Figure]:
    """The quantile over all times, with the median as the spread's low end and the worst as its high end."""
    seconds = sorted(second for one in found for second in one.seconds)
    at = seconds[min(len(seconds) - 1, int(share * len(seconds)))] * 1000
    value = Ratio(at, seconds[len(seconds) // 2] * 1000, seconds[-1] * 1000)
    return [Figure(f"{name}, p{share * 100:.0f} (p50..worst)", value, "ms", target, f" n={len(seconds)}")]


def _best(found: Sequence[Timed]) -> list[Timed]:
    """Each question with its quickest run alone: what the statement costs when the machine lets it."""
    return [Timed(one.name, one.sql, one.arguments, (min(one.seconds),)) for one in found]


def _exact(value: float) -> Ratio:
    return Ratio(value, value, value)
