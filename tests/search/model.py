"""What the search engine promises, said once more in plain Python: sets of bills and nothing else.

The model shares with the engine the analyzer, the reader of `q` and the order integers, and no line of what is between
them and the answer. It holds one state of the bills and does not change.
"""

from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import takewhile
from typing import Any

from api_gateway.search import orders
from api_gateway.search.filtering.bill_filter import BillFilter, Range
from api_gateway.search.index_documents import (
    MAX_SPONSORS,
    MAX_TEXT,
    NAME_WORDS,
    IndexedBill,
    exact_key,
    legislator_ids,
    microseconds,
    urn_key,
)
from api_gateway.search.language.analysis import name_tokens, surfaces, tokens, units

MAX_BEGINNINGS = 50
"""Words that a beginning stands for, the most frequent ones."""

Expand = Callable[[str], Sequence[str]]
"""The words that the engine takes a beginning for."""


class ModelDisagrees(Exception):
    """The engine took a beginning for words that the model cannot explain; the message says which."""


class Model:
    """Bills by number, in the order they were given. `dead` are former states, whose words the index may still count
    among the frequent ones; `expand` is asked where a beginning may stand for more words than are taken.
    """

    def __init__(
        self, bills: Iterable[IndexedBill], *, dead: Iterable[IndexedBill] = (), expand: Expand | None = None
    ) -> None:
        self.ids: list[str] = []
        self.removed: set[int] = set()
        self.orders = {name: array("q") for name in ("introduced", "acted", "changed", "changed_at")}
        self.having: defaultdict[str, dict[Any, array[int]]] = defaultdict(dict)
        """The bills that have a value, by what kind of value it is."""
        self._texts: list[array[int]] = []
        self._token_numbers: dict[str, int] = {}
        self._expand = expand
        for number, bill in enumerate(bills):
            self._add(number, bill)
        self.live = frozenset(set(range(len(self.ids))) - self.removed)
        """The bills that their source has."""
        self._surfaces = sorted(self.having["surface"])
        self._dead = Counter(
            word for bill in dead if not bill.removed for text in searched_texts(bill) for word in surfaces(units(text))
        )

    def one(self, kind: str, value: Any) -> set[int]:
        """The bills that have a value."""
        return set(self.having[kind].get(value, ()))

    def kept(self, asked: BillFilter) -> set[int]:
        """The bills that match all of a filter but its text."""
        is_named = any(name in ("ids", "urns") for name, _ in asked.choices)
        found = set(self.live) | (self.removed if is_named else set())
        for name, choice in asked.choices:
            if choice.any_of:
                found &= set().union(*(self._chosen(name, value) for value in choice.any_of))
            for value in choice.none_of:
                found -= self._chosen(name, value)
        for bounds in asked.ranges:
            found = {number for number in found if self._is_within(number, bounds)}
        return found

    def placed(self, found: Iterable[int], order: str, *, descending: bool) -> list[int]:
        """Bills in an order."""
        return sorted(found, key=self.orders[order].__getitem__, reverse=descending)

    def counted(self, found: set[int], kind: str) -> dict[Any, int]:
        """How many of the bills have each value of a kind."""
        each = ((value, len(found.intersection(bills))) for value, bills in self.having[kind].items())
        return {value: count for value, count in each if count}

    def with_phrase(self, words: Sequence[str]) -> set[int]:
        """The bills that have these tokens one behind the other, within one value."""
        if any(word not in self._token_numbers for word in words):
            return set()
        wanted = array("I", [self._token_numbers[word] for word in words]).tobytes()
        candidates = set.intersection(*(self.one("word", word) for word in words))
        return {number for number in candidates if _has(self._texts[number].tobytes(), wanted)}

    def beginnings(self, beginning: str) -> list[str]:
        """The words that a beginning stands for."""
        known = self._surfaces[bisect_left(self._surfaces, beginning) :]
        alive = list(takewhile(lambda word: word.startswith(beginning), known))
        buried = [word for word in self._dead if word.startswith(beginning)]
        if len({*alive, *buried}) <= MAX_BEGINNINGS:
            return alive
        if self._expand is None:
            return sorted(alive, key=lambda word: (-len(self.having["surface"][word]), word))[:MAX_BEGINNINGS]
        taken = list(self._expand(beginning))
        self._explain(beginning, taken, alive)
        return taken

    def _explain(self, beginning: str, taken: list[str], alive: list[str]) -> None:
        """Whether the words taken are the most frequent ones, deleted bills counted or not."""
        count = {word: len(self.having["surface"][word]) for word in alive}
        least = min((count.get(word, 0) + self._dead[word] for word in taken), default=0)
        missed = [word for word in alive if word not in taken and count[word] > least]
        if missed or not set(taken) <= {*alive, *self._dead} or len(taken) != MAX_BEGINNINGS:
            raise ModelDisagrees(f"{beginning}* stands for {taken}, not for {missed}")

    def _chosen(self, name: str, value: Any) -> set[int]:
        if name in ("author", "rapporteur"):
            return self._named(name, value)
        if name == "regime":
            found = [self.one("regime", token) for token in tokens(value)]
            return set.intersection(*found) if found else set()
        return self.one(name, value)

    def _named(self, name: str, value: str) -> set[int]:
        """The bills with a person who has all of the words in one name, or this id."""
        house, _, digits = value.rpartition("-")
        if digits.isdecimal() and (not house or _is_kind_of_person(house)):
            return self.one("legislator_id" if name == "author" else "rapporteur_id", value)
        words = set(name_tokens(value)[:NAME_WORDS])
        if not words:
            return set()
        return {number for known, bills in self.having[name].items() if words <= set(known) for number in bills}

    def _is_within(self, number: int, bounds: Range) -> bool:
        place = self.orders[bounds.field][number]
        if bounds.field in ("introduced", "acted") and place < orders.first_at(1):
            return False  # undated
        return (bounds.lower is None or bounds.lower <= place) and (bounds.upper is None or place <= bounds.upper)

    def _add(self, number: int, bill: IndexedBill) -> None:
        self.ids.append(bill.id)
        self.orders["introduced"].append(orders.placed(orders.of_day(bill.introduced_on), bill.ordinal))
        self.orders["acted"].append(orders.placed(orders.of_instant(bill.last_action_at), bill.ordinal))
        self.orders["changed"].append(bill.change_seq)
        self.orders["changed_at"].append(microseconds(bill.changed_at))
        for kind, value in (("ids", bill.id), *(("urns", urn_key(urn)) for urn in bill.urns)):
            self._note(number, kind, value)
        text = array("I")
        if bill.removed:
            self.removed.add(number)
        else:
            for kind, value in _values(bill):
                self._note(number, kind, value)
            for one in (*searched_texts(bill), *bill.labels):
                text.extend(self._numbers(number, tokens(one)))
                text.append(0)
        self._texts.append(text)

    def _numbers(self, number: int, found: list[str]) -> Iterator[int]:
        for token in found:
            self._note(number, "word", token)
            yield self._token_numbers.setdefault(token, len(self._token_numbers) + 1)

    def _note(self, number: int, kind: str, value: Any) -> None:
        bills = self.having[kind].get(value)
        if bills is None:
            bills = self.having[kind][value] = array("I")
        if not bills or bills[-1] != number:
            bills.append(number)


def searched_texts(bill: IndexedBill) -> list[str]:
    """Texts of a bill that its words are looked for in, each a value of its own; its labels are others."""
    record = bill.record
    names = {one["name"]: None for one in record.get("sponsorships", ())[:MAX_SPONSORS]}
    return [
        (record.get("title") or "")[:MAX_TEXT],
        record.get("nickname") or "",
        (record.get("abstract") or "")[:MAX_TEXT],
        " , ".join(record.get("keywords", ()))[:MAX_TEXT],
        *names,
        *(one["name"] for one in record.get("subjects", ())),
    ]


def _values(bill: IndexedBill) -> Iterator[tuple[str, Any]]:
    """All single values of a bill that its source has, with their kinds."""
    single = {
        "chamber": bill.chamber, "type": bill.type_code, "type_code": bill.type_code, "number": bill.number,
        "year": bill.year, "status": bill.status, "in_progress": bill.in_progress, "organization": bill.organization,
        "exact": exact_key((bill.record.get("title") or "")[:MAX_TEXT]),
    }  # fmt: skip
    yield from ((kind, value) for kind, value in single.items() if value is not None and value != "")
    if bill.type == "OTHER":
        yield "type", "OTHER"
    several = {"party": bill.parties, "state": bill.states, "subject": bill.subjects, "label": bill.labels}
    yield from ((kind, value) for kind, values in several.items() for value in values)
    sponsors, rapporteurs = bill.record.get("sponsorships", ())[:MAX_SPONSORS], bill.record.get("rapporteurs", ())
    for kind, people in (("author", sponsors), ("rapporteur", rapporteurs)):
        for person in people:
            if name := person.get("name"):
                yield kind, tuple(name_tokens(name)[:NAME_WORDS])
            if code := person.get("legislator_id"):
                ids = "legislator_id" if kind == "author" else "rapporteur_id"
                yield from ((ids, form) for form in legislator_ids(bill.source, code))
    yield from (("author_name", person["name"]) for person in sponsors if person["name"])
    yield from (("regime", token) for token in tokens(bill.record.get("regime_text") or ""))
    yield from (("surface", word) for text in searched_texts(bill) for word in surfaces(units(text)) if word)


def _is_kind_of_person(house: str) -> bool:
    source, _, kind = house.rpartition("-")
    return kind in ("deputy", "senator", "legislator") and source.isascii() and source.isalpha() and source.islower()


def _has(text: bytes, wanted: bytes) -> bool:
    """Whether numbers stand in a row of numbers, four bytes each."""
    place = text.find(wanted)
    while place > 0 and place % 4:
        place = text.find(wanted, place + 1)
    return place >= 0
