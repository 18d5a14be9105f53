"""Invented bills in Portuguese-looking text whose words are as frequent as words are: Zipf over 45 000 forms.

Bill `n` of a corpus is the same in every process and every run. Words that the queries ask for are planted at chosen
shares of all bills, so that "rare" and "common" mean the same at every size.
"""

import itertools
import random
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from legis.domain.bill import Bill, Provenance
from legis.domain.vocabulary import BillStatus, BillType, ReadingPart, Source
from legis.events import BillObserved, Walk, WindowRef

FORMS = 45_000
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PLANTED = {"legislação": 0.9, "saúde": 0.08, "ferrovia": 0.005, "jaborandi": 0.0003}
"""Words and the share of bills that have them: in nearly every bill, common, middling, rare."""

PHRASE, PHRASE_SHARE = "energia nuclear", 0.004


def _word_lists() -> dict[str, list[str]]:
    lists: dict[str, list[str]] = {}
    name = ""
    for line in Path(__file__).with_name("words.txt").read_text().splitlines():
        if line.startswith("["):
            name = line.strip("[]")
        elif line:
            lists.setdefault(name, []).append(line)
    return lists


_LISTS = _word_lists()


class Zipf:
    """Draws items, the first ones likeliest: the weight of the n-th is 1/n."""

    def __init__(self, items: list[str]) -> None:
        self.items = items
        self._sums = list(itertools.accumulate(1 / rank for rank in range(1, len(items) + 1)))

    def draw(self, dice: random.Random, count: int) -> list[str]:
        """So many items, with repetition."""
        return dice.choices(self.items, cum_weights=self._sums, k=count)

    def one(self, dice: random.Random) -> str:
        """One item."""
        return self.draw(dice, 1)[0]


@lru_cache(1)
def words() -> Zipf:
    """The vocabulary: real words at the head, forms built by rule behind them, none of the planted ones."""
    dice = random.Random(45)
    forms = dict.fromkeys(_LISTS["first"])
    while len(forms) < FORMS:
        stem = "".join(
            dice.choice(_LISTS["onsets"]) + dice.choice(_LISTS["vowels"]) for _ in range(dice.choice((1, 2, 2, 3)))
        )
        forms.update(
            dict.fromkeys(
                stem + dice.choice(_LISTS["onsets"]) + suffix for suffix in dice.sample(_LISTS["suffixes"], 4)
            )
        )
    return Zipf([form for form in forms if form not in PLANTED][:FORMS])


@lru_cache(1)
def _authors() -> Zipf:
    names = [
        f"{a} {b} {c}"
        for a, b, c in itertools.product(_LISTS["names"], _LISTS["surnames"], _LISTS["surnames"])
        if b != c
    ]
    return Zipf(random.Random(7).sample(names, 4000))


_choices = {name: Zipf(_LISTS[name]) for name in ("types", "statuses", "organs", "parties", "states", "subjects")}


def _title(dice: random.Random) -> str:
    found = words().draw(dice, dice.randint(8, 28))
    for word, share in PLANTED.items():
        if dice.random() < share:
            found.insert(dice.randrange(len(found)), word)
    if dice.random() < PHRASE_SHARE:
        found.insert(dice.randrange(len(found)), PHRASE)
    return " ".join(found).capitalize() + "."


def _day(dice: random.Random, n: int, total: int) -> date:
    """Newest first, as a backfill brings them; the years of late have the most bills."""
    age = (n / total) ** 1.5 * 36 * 365
    return date(2026, 11, 1) - timedelta(days=int(age + dice.randrange(60)))


def _moved(dice: random.Random, day: date) -> date:
    """The day of the last action: some 500 days after the first, or any day until now where that is in the future.
    So no day has more than a few thousand bills, as in the real data.
    """
    moved = day + timedelta(days=int(dice.expovariate(1 / 500)))
    return moved if moved <= NOW.date() else day + timedelta(days=dice.randrange((NOW.date() - day).days + 1))


def _action(dice: random.Random, day: date, order: int) -> dict[str, Any]:
    at = datetime(day.year, day.month, day.day, 12, dice.randrange(60), dice.randrange(60), tzinfo=UTC)
    text = " ".join(words().draw(dice, 6))
    return {
        "date": day, "at": at, "order": order, "kind": "REFERRED", "kind_code": "100", "kind_text": "Despacho",
        "description": text, "organization": {"acronym": _choices["organs"].one(dice), "chamber": "CAMARA"},
    }  # fmt: skip


def bill(n: int, total: int) -> Bill:
    """Bill `n` of `total`, counted from 1."""
    dice = random.Random(n * 2_654_435_761)
    senado = n % 5 == 0
    house = "SENADO" if senado else "CAMARA"
    code, status = _choices["types"].one(dice), _choices["statuses"].one(dice)
    day = _day(dice, n, total)
    moved = _moved(dice, day)
    orders = range(1, dice.randint(4, 14) if n % 10 == 0 else 1)
    signed = [dice.choice((1, 1, 1, 1, 2, 3)), 12][n % 50 == 0]
    return Bill.model_validate({
        "source": "senado" if senado else "camara", "upstream_id": str(n), "chamber": house, "type": BillType(code),
        "type_code": code, "type_text": "Proposição", "number": n % 9973 + 1, "number_text": str(n % 9973 + 1),
        "year": day.year, "identifier": f"{code} {n % 9973 + 1}/{day.year}", "title": _title(dice),
        "abstract": " ".join(words().draw(dice, 40)) if n % 6 == 0 else None, "introduced_on": day,
        "status": BillStatus(status), "status_code": "924", "status_text": status.capitalize().replace("_", " "),
        "in_progress": dice.random() < 0.3, "regime_text": "Ordinário (Art. 151, III, RICD)",
        "keywords": words().draw(dice, 6),
        "organization": {"code": "180", "acronym": _choices["organs"].one(dice), "chamber": house},
        "latest_action": _action(dice, moved, 99),
        "actions": [_action(dice, min(day + timedelta(days=order), moved), order) for order in orders],
        "sponsorships": [
            {"name": _authors().one(dice), "role": "AUTHOR", "kind": "LEGISLATOR", "order": order,
             "legislator_id": str(dice.randrange(9000)), "party": _choices["parties"].one(dice),
             "state": _choices["states"].one(dice)}
            for order in range(1, signed + 1)
        ],
        "subjects": [{"name": name} for name in dict.fromkeys(_choices["subjects"].draw(dice, dice.randint(1, 3)))],
        "documents": [{"kind": "FULL_TEXT", "url": f"https://house.example/text/{n}"}],
        "url": f"https://house.example/bills/{n}",
    })  # fmt: skip


def observed(n: int, total: int, *, upstream_id: str | None = None, window: str = "bench") -> BillObserved:
    """Bill `n` as the worker receives it; `upstream_id` gives the same bill under another key."""
    made = bill(n, total)
    if upstream_id is not None:
        made = made.model_copy(update={"upstream_id": upstream_id})
    return BillObserved(
        source=Source(made.source),
        published_at=datetime.now(UTC),
        window=WindowRef(window_id=window, walk=Walk.BACKFILL, index=n),
        read_seq=n,
        bill=made,
        provenance=Provenance(url=made.url or "", fetched_at=NOW, payload_sha256="0" * 64, parser_version="1"),
        part=ReadingPart.BULK,
        marks={ReadingPart.BULK: f"{n:064x}"},
    )
