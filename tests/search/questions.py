"""Random questions about bills: parameters as a reader would write them, in all their variety."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from api_gateway.search.filtering.bill_filter import Sort, SortKey
from api_gateway.search.filtering.filters import FACETS, MAX_Q
from api_gateway.search.index_documents import IndexedBill

from search.corpus import NOW

_EDITS: Sequence[Callable[[str], str]] = (str, str, str, str.upper, str.lower, str.title, str.swapcase)
_GLUE = (
    " ",
    " ",
    " ",
    " ",
    " OR ",
    " OU ",
    " AND ",
    " E ",
    " -",
    ' "',
    '" ',
    " (",
    ") ",
    "  ",
    "-",
    "/",
    "*",
    "* ",
    ", ",
    " or ",
)
_ODD = (
    '"', '""', "(", ")", "()", "((", "-", "--", "*", "**", "OR", "E", "AND OR", "-(", '-"', "!", "?!", "…", "🚑",
    "\U0001f469\u200d\u2695", "\u200d", "\u00ad", "\u202e", "\u0301", "º", "n º", "nº", "\t", "\n", "\u3000", "٣",
    "\uff21", "\U0001f1e7", "a" * 70,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: parameters by name, order, page size, facets; and how many pages are followed."""

    given: dict[str, Any]
    sort: Sort
    limit: int = 20
    facets: tuple[str, ...] = ()
    pages: int = 3

    def without(self, name: str) -> "Question":
        """The question with one parameter less."""
        return replace(self, given={key: value for key, value in self.given.items() if key != name})


@dataclass(slots=True)
class Pool:
    """Values that bills have, from which questions are made."""

    texts: list[str] = field(default_factory=list)
    values: dict[str, list[str]] = field(default_factory=dict)
    days: list[date] = field(default_factory=list)
    instants: list[datetime] = field(default_factory=list)

    def add(self, bill: IndexedBill) -> None:
        """Takes what a bill has."""
        record = bill.record
        self.texts += [text for text in (record.get("title"), record.get("abstract"), *bill.labels) if text]
        people = [*record.get("sponsorships", ()), *record.get("rapporteurs", ())]
        names = [one["name"] for one in people if one.get("name")]
        codes = [str(one["legislator_id"]) for one in people if one.get("legislator_id")]
        found: dict[str, Sequence[Any]] = {
            "chamber": [bill.chamber], "type": [bill.type_code, bill.type], "number": [bill.number],
            "year": [bill.year], "status": [bill.status], "author": [*names, *codes], "rapporteur": [*names, *codes],
            "legislator_id": [*codes, *(f"{bill.source}-deputy-{code}" for code in codes)], "party": bill.parties,
            "state": bill.states, "subject": [one["name"] for one in record.get("subjects", ())],
            "organization": [bill.organization], "regime": [record.get("regime_text")], "ids": [bill.id],
            "urns": bill.urns,
        }  # fmt: skip
        for name, values in found.items():
            self.values.setdefault(name, []).extend(str(value) for value in values if value is not None)
        self.days += [bill.introduced_on] if bill.introduced_on else []
        self.instants += [bill.last_action_at] if bill.last_action_at else []


def question(dice: random.Random, pool: Pool) -> Question:
    """Any question."""
    given: dict[str, Any] = {}
    if dice.random() < 0.6:
        given["q"] = query(dice, pool)
    names = [*pool.values, "in_progress"]
    for name in dice.sample(names, dice.choice((0, 0, 0, 1, 1, 2, 3))):
        given[name] = dice.random() < 0.5 if name == "in_progress" else _choices(dice, name, pool.values[name])
    if dice.random() < 0.3:
        given |= _ranges(dice, pool)
    relevant = "q" in given and dice.random() < 0.4
    key = SortKey.RELEVANCE if relevant else dice.choice(list(SortKey)[:3])
    facets = tuple(dice.sample(list(FACETS), dice.choice((1, 3, len(FACETS))))) if dice.random() < 0.15 else ()
    limit = dice.choice((1, 2, 5, 20, 20, 100))
    return Question(given, Sort(key, dice.random() < 0.6 or relevant), limit, facets, dice.choice((1, 3, 40)))


def query(dice: random.Random, pool: Pool) -> str:
    """A text for `q` of at most `MAX_Q` characters; nothing that is refused as a parameter."""
    kind = dice.random()
    if kind < 0.05:  # some or all words of a short title, one of which is unwanted
        words = dice.choice(pool.texts).split(" ")[:4]
        made = " ".join(dice.choice(("", "", "-")) + word for word in words)
    elif kind < 0.15:
        made = _label(dice, pool)
    elif kind < 0.3:
        made = _stretch(dice, dice.choice(pool.texts), 12)
    else:
        home = dice.choice(pool.texts)
        parts = dice.choice((1, 1, 1, 2, 2, 2, 3, 5, 9, 30))
        texts = [home if dice.random() < 0.6 else dice.choice(pool.texts) for _ in range(parts)]
        made = dice.choice(("", "", "", "", "-", "(-", '-"')) + "".join(
            _piece(dice, text) + dice.choice(_GLUE) for text in texts
        )
    return made[:MAX_Q].strip() or "a"


def _piece(dice: random.Random, home: str) -> str:
    kind = dice.random()
    if kind < 0.06:
        return dice.choice(_ODD)
    if kind < 0.09:
        return "".join(chr(_code_point(dice)) for _ in range(dice.randint(1, 8)))
    text = dice.choice(_EDITS)(_stretch(dice, home, 1 if kind < 0.7 else 3))
    if kind < 0.2:
        return f"{text[: dice.randint(2, 5)]}*"
    if kind < 0.35:
        return f'"{_stretch(dice, home, dice.choice((2, 2, 3, 6)))}"'
    return _misspelt(dice, text) if kind < 0.4 else text


def _stretch(dice: random.Random, text: str, words: int) -> str:
    """Some words of a text as they stand there."""
    found = text.split(" ")
    start = dice.randrange(len(found))
    return " ".join(found[start : start + words])


def _label(dice: random.Random, pool: Pool) -> str:
    code, number, year = (
        dice.choice(pool.values["type"]),
        dice.choice(pool.values["number"]),
        dice.choice(pool.values["year"]),
    )
    shape = dice.choice((
        "{c} {n}/{y}", "{c} nº {n}/{y}", "{c}-{n}-{y}", "{c} n. {n} de {y}", "{c} {n}/{s}", "{n}/{y}",
        "projeto de lei {n} de {y}", "projeto de lei nº {n}, de {y}", "medida provisória {n}/{s}", "{c}{n}/{y} texto",
    ))  # fmt: skip
    return dice.choice(_EDITS)(shape.format(c=code, n=number, y=year, s=year[-2:]))


def _misspelt(dice: random.Random, text: str) -> str:
    place = dice.randrange(len(text) + 1)
    return text[:place] + dice.choice("aeioux") + text[place + dice.randint(0, 1) :]


def _code_point(dice: random.Random) -> int:
    while True:
        point = dice.choice(
            (dice.randrange(0x20, 0x7F), dice.randrange(0xA0, 0x2FFF), dice.randrange(0x10000, 0x20000))
        )
        if not 0xD800 <= point <= 0xDFFF:
            return point


def _choices(dice: random.Random, name: str, known: Sequence[str]) -> list[str]:
    found = dice.choices(known, k=dice.choice((1, 1, 1, 2, 3, 100 if dice.random() < 0.1 else 2)))
    if name in ("author", "rapporteur", "regime"):
        found = [" ".join(dice.sample(words := one.split(), dice.randint(1, len(words)))) for one in found]
    if name not in ("type", "status", "chamber", "state", "number", "year") and dice.random() < 0.1:
        found.append(dice.choice(("!!!", "🚑", "xyzzy", "a" * 100, "position", "*", "13")))
    if name in ("ids", "urns"):
        return found[:100]
    return [("-" if dice.random() < 0.3 else "") + dice.choice(_EDITS[:5])(one) for one in found[:100]]


def _ranges(dice: random.Random, pool: Pool) -> dict[str, str]:
    days = sorted(dice.choices(pool.days, k=2)) if dice.random() < 0.9 else dice.choices(pool.days, k=2)
    instants = sorted(dice.choices(pool.instants, k=2))
    both = {
        "introduced_from": days[0].isoformat(), "introduced_to": days[1].isoformat(),
        "last_action_from": _written(dice, instants[0]), "last_action_to": _written(dice, instants[1]),
        "changed_since": _written(dice, NOW + timedelta(seconds=dice.randrange(500))),
    }  # fmt: skip
    return {name: both[name] for name in dice.sample(list(both), dice.choice((1, 1, 2, 3)))}


def _written(dice: random.Random, at: datetime) -> str:
    return at.date().isoformat() if dice.random() < 0.4 else at.isoformat().replace("+00:00", "Z")


def shown(asked: Question) -> str:
    """A question in one line: parameters, order, page size, facets, pages."""
    order = f"{'-' * asked.sort.descending}{asked.sort.key}"
    return orjson.dumps([asked.given, order, asked.limit, asked.facets, asked.pages]).decode()
