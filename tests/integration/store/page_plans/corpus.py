"""Bills of every kind, in a database that a test asks in every way."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from api_gateway.store.bill_filter import BillFilter, Choice, SearchText, Sort, SortKey
from api_gateway.store.conditions import Arguments, text_query, where
from api_gateway.store.frequencies import Frequencies
from api_gateway.store.match import Match
from api_gateway.store.statement import Statement

BILLS = 500
PAGE = 15
NAMES = ("Maria Souza", "João Maria", "Ana Maria Lima", "Ana Lima Souza", "Maria Lima")
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
    "introduced or moved long ago": BillFilter(
        introduced_to=date(2018, 6, 1), last_action_before=datetime(2018, 9, 1, tzinfo=UTC)
    ),
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
    dates: dict[str, Any] = {
        "introduced_on": day,
        "latest_action": {"date": moved.date(), "at": moved, "kind": "MOVED"},
    }
    if number % 25 == 0:
        dates = dict.fromkeys(dates)
    return observe(
        number, str(number), chamber=dice.choice(("CAMARA", "SENADO")), type="OTHER" if code == "XPTO" else code,
        type_code=code, number=number % 40, year=day.year, title=" ".join(dice.sample(words, 3)),
        status=dice.choice(("ARCHIVED", "IN_COMMITTEE")), in_progress=dice.choice((True, False, None)),
        organization=dice.choice((None, {"acronym": "CCJC"}, {"acronym": "CFT"})),
        subjects=[{"name": dice.choice(("Educação", "Obras"))}],
        sponsorships=[
            {"name": dice.choice(NAMES), "role": "AUTHOR", "kind": "LEGISLATOR",
             "party": dice.choice(("PT", "PSB")), "state": dice.choice(("SP", "RJ", "PE"))}
        ],
        **dates,
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
