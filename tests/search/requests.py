"""Random requests to every address that asks the index: good ones, odd ones, and bytes that mean nothing."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, quote_from_bytes

from api_gateway.search.filtering.filters import FACETS, FILTERS
from api_gateway.web.params.cursor import encode_place, question_hash
from api_gateway.web.params.parameters import BillParameters
from pydantic import ValidationError

from search.questions import Pool, query, question

BILLS = "/api/v1/bills"
FILTER_NAMES = tuple(one.name for one in FILTERS)
KNOWN = frozenset({
    *FILTER_NAMES, "sort", "fields", "highlight", "facets", "count", "min_seq", "limit", "cursor", "after", "wait",
})  # fmt: skip
_NUMBERS = ("0", "1", "-1", "2147483647", "2147483648", "9223372036854775807", "9223372036854775808", "1" * 40, "1e3",
            "０", "٣", "", "1.5", "NaN", "2020", "true")  # fmt: skip
_DATES = (
    "2020-01-01", "0001-01-01", "9999-12-31", "2020-02-30", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00.123456789Z",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2020-01-01 00:00", "20200101", "today", "1969-12-31",
    "2020-01-01T24:00:00Z", "2020-01-01T23:59:60Z", "2020-01-01T00:00:00+99:99",
)  # fmt: skip
_SORTS = ("last_action_at", "introduced_on", "changed_at", "relevance")
_PLACES = (0, 1, 20, 999, 1000, 1001, 2**24, 2**53, 2**62, 2**63 - 2, 2**63 - 1)
_ODD_BYTES = (
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\xc0\x80",
    b"\n",
    b"\r\n",
    b"\x7f",
    b"%",
    b"%zz",
    b"\xf4\x90\x80\x80",
)
_FIELDS = ("id", "title", "identifier", "status", "subjects")


@dataclass(slots=True)
class Seen:
    """What replies told, to be asked with again."""

    ids: list[str] = field(default_factory=lambda: ["camara-1"])
    cursors: list[str] = field(default_factory=lambda: ["W10"])


def target(dice: random.Random, pool: Pool, seen: Seen) -> str:
    """Path and query of a request."""
    kind = dice.random()
    if kind < 0.6:
        return BILLS + _list_query(dice, pool, seen)
    if kind < 0.68:
        return f"{BILLS}/suggest" + _written(dice, _some(dice, [("q", query(dice, pool)[:100]), _limit(dice)]))
    if kind < 0.75:
        return f"{BILLS}/{_bill_id(dice, seen)}/similar" + _written(dice, _some(dice, [_limit(dice)]))
    if kind < 0.8:
        after = ("after", _mostly(dice, str(dice.choice((0, 0, 100, 300))), _NUMBERS))
        asked = [*_filters(dice, pool), *_entries(dice), _limit(dice), after]
        return "/api/v1/changes" + _written(dice, _some(dice, asked))
    if kind < 0.9:
        asked = [*_filters(dice, pool), *_entries(dice), _limit(dice)]
        return "/api/v1/feeds/bills.atom" + _written(dice, _some(dice, asked))
    return "/api/v1/resolve" + _written(dice, _some(dice, [("q", _name(dice, pool, seen))]))


def _entries(dice: random.Random) -> list[tuple[str, str]]:
    """What an entry of the change log is asked to tell."""
    kinds, fields = ("MOVED", "-READ", "created", "EDITED,REMOVED"), ("status", "-title", "latest_action,actions")
    return [
        ("kind", _mostly(dice, dice.choice(kinds), ("UPDATED", ""))),
        ("field", _mostly(dice, dice.choice(fields), ("",))),
    ]


def _list_query(dice: random.Random, pool: Pool, seen: Seen) -> str:
    pairs = _filters(dice, pool)
    others = {
        "sort": _mostly(dice, dice.choice(("", "-")) + dice.choice(_SORTS[:3]), ("-relevance", "title")),
        "limit": _limit(dice)[1], "highlight": _mostly(dice, "true", _NUMBERS),
        "facets": ",".join(dice.sample(_mostly(dice, tuple(FACETS), ("nothing",) * 3), 3)),
        "fields": ",".join(dice.choices(_mostly(dice, _FIELDS, ("nothing",)), k=2)),
        "count": _mostly(dice, dice.choice(("none", "exact", "estimated")), ("all", "")),
        "min_seq": _mostly(dice, "0", _NUMBERS),
    }  # fmt: skip
    if any(name == "q" for name, _ in pairs) and dice.random() < 0.5:
        others["sort"] = "relevance"
    pairs += [(name, others[name]) for name in others if dice.random() < (0.02 if name == "min_seq" else 0.25)]
    if dice.random() < 0.2:
        pairs.append(("cursor", dice.choice(seen.cursors) if dice.random() < 0.4 else _forged(dice, pairs)))
    return _written(dice, pairs)


def _filters(dice: random.Random, pool: Pool) -> list[tuple[str, str]]:
    asked = question(dice, pool).given
    pairs: list[tuple[str, str]] = []
    for name, value in asked.items():
        if isinstance(value, list):
            pairs += [(name, ",".join(value))] if dice.random() < 0.5 else [(name, one) for one in value]
        else:
            pairs.append((name, str(value).lower() if isinstance(value, bool) else value))
    if dice.random() < 0.25:
        name = dice.choice(FILTER_NAMES)
        pairs.append(
            (name, dice.choice((*_NUMBERS, *_DATES, query(dice, pool), "-", ",", ",,", "a" * 300, "*", "position")))
        )
    return pairs


def _forged(dice: random.Random, pairs: Sequence[tuple[str, str]]) -> str:
    """A cursor of ours to any place, as anybody can make who reads the source."""
    given: dict[str, object] = {}
    for name, value in pairs:
        is_list = BillParameters.model_fields[name].annotation == list[str]
        given[name] = [*given.get(name, ()), value] if is_list else value  # type: ignore[misc]
    try:
        key = question_hash(BILLS, BillParameters.model_validate(given))
    except (ValidationError, UnicodeEncodeError):
        key = "x"
    made = encode_place(dice.choice((*_PLACES, dice.randrange(2**63))), key)
    return made if dice.random() < 0.9 else made[: dice.randrange(len(made))]


def _limit(dice: random.Random) -> tuple[str, str]:
    return "limit", _mostly(dice, dice.choice(("1", "5", "20")), _NUMBERS)


def _mostly(dice: random.Random, good: Any, odd: Sequence[Any]) -> Any:
    """The good value, and seldom one of the odd ones."""
    if dice.random() < 0.95:
        return good
    chosen = dice.choice(odd)
    return tuple(odd) if isinstance(good, tuple) else chosen


def _bill_id(dice: random.Random, seen: Seen) -> str:
    known = dice.choice(seen.ids)
    return quote(
        dice.choice((known, known, known, "camara-0", "position", "camara-", f"{known}/x", "🚑", "senado-a.b_c-"))
    )


def _name(dice: random.Random, pool: Pool, seen: Seen) -> str:
    return dice.choice((
        dice.choice(seen.ids), dice.choice(pool.values["urns"]), dice.choice(pool.texts)[:600], query(dice, pool),
        f"https://www.camara.leg.br/propostas-legislativas/{dice.choice(_NUMBERS)}", "http://[", "https://camara.leg.br:x/",
        "www.senado.leg.br/materia/1?id=1", "urn:lex:", "urn:" + "a" * 480, "7" * 20, "https://lexml.gov.br/urn/urn:lex:br;x",
    ))  # fmt: skip


def _some(dice: random.Random, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [pair for pair in pairs if dice.random() < 0.85]


def _written(dice: random.Random, pairs: list[tuple[str, str]]) -> str:
    """The query of an address; now and then with a parameter that is unknown, twice there, or not text at all."""
    if pairs and dice.random() < 0.05:
        pairs = [*pairs, dice.choice((dice.choice(pairs), ("qq", "1"), ("", ""), ("q", ""), ("Q", "a"), ("page", "2")))]
    parts = [f"{quote(name)}={_quoted(dice, value)}" for name, value in pairs]
    if dice.random() < 0.02:
        parts.append(dice.choice(("&&", "=", "q", "%", "q=%", "q=%ff", ";", "?", "q=a;b", "[]=1")))
    return "?" + "&".join(parts) if parts else ""


def _quoted(dice: random.Random, value: str) -> str:
    raw = value.encode("utf-8", "surrogatepass")
    if dice.random() < 0.03:
        place = dice.randrange(len(raw) + 1)
        raw = raw[:place] + dice.choice(_ODD_BYTES) + raw[place:]
    return (
        quote_from_bytes(raw, safe="-*(),:")
        if dice.random() < 0.9
        else quote_from_bytes(raw, safe="").replace("%20", "+")
    )
