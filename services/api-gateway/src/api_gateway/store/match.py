"""A filter weighed: its wanted values as one text search query over terms, and the share of bills that match it."""

import math
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import Any

from legis.made_once import made_once

from api_gateway.store.bill_filter import BillFilter, SortKey
from api_gateway.store.conditions import by_name
from api_gateway.store.frequencies import Frequencies, as_instant
from api_gateway.store.terms import name_wanted, term
from api_gateway.store.tsquery import all_of, any_of, share, without_order

_SINGLE = ("chamber", "type_code", "year", "status", "organization")
_CARRIED = (*_SINGLE, "in_progress")

_HARDLY = 1e-3
"""The share of what should not be there."""

_TERMS = {"chamber": "chamber", "type_code": "type", "number": "number", "year": "year", "status": "status",
          "organization": "organization", "party": "party", "state": "state", "subject": "subject"}  # fmt: skip


@dataclass(frozen=True)
class Match:
    """A filter with `words`, the query that PostgreSQL made of its text (None without text)."""

    asked: BillFilter
    words: str | None
    frequencies: Frequencies

    @made_once
    def by_terms(self) -> str:
        """The query of all wanted values and words; '' where none is asked for. Phrases count as words in any order."""
        text = [] if self.words is None else [without_order(self.words) or self.words]
        return all_of([*text, *filter(None, [self.by_sponsors]), *self._filters()])

    @property
    def has_phrase(self) -> bool:
        """Whether `by_terms` finds more than matches."""
        return self.words is not None and without_order(self.words) is not None

    @property
    def in_vector(self) -> bool:
        """Whether something is asked that only the search vector tells (`conditions.in_vector`)."""
        return bool(self.asked.text or self.asked.author or self.asked.urns)

    @made_once
    def share(self) -> float:
        """Of bills that `by_terms` finds; 1 where it is empty. Phrases are weighed as such: their words go together."""
        if not self.by_terms:
            return 1.0
        text = [] if self.words is None else [self.words]
        others = all_of([*text, *self._filters()])
        return (share(others, self.frequencies.share) if others else 1.0) * self.share_of_sponsors

    @made_once
    def sponsors(self) -> list[list[str]]:
        """The terms of each name that is wanted of a sponsor; [] for a name without words."""
        return [[term("author", part) for part in name_wanted(name)] for name in self.asked.author.any_of]

    @made_once
    def share_of_sponsors(self) -> float:
        """As rare as the rarest part of a name: the others come with it; 1 where no name is wanted."""
        if not self.sponsors:
            return 1.0
        weigh = self.frequencies.share
        return 1 - math.prod(1 - min(map(weigh, parts), default=0.0) for parts in self.sponsors)

    def share_of(self, column: str) -> float:
        """Of bills that have the one wanted value of a column."""
        return self.frequencies.share(term(_TERMS[column], self.single[column]))

    @made_once
    def carried(self) -> float:
        """Of bills that match what every order's index carries (`conditions.carried`), but for ranges."""
        wanted = [query for name, query in self.filters.items() if name in _CARRIED]
        if "OTHER" in self.asked.type_code.any_of:
            wanted.remove(self.filters["type_code"])
        return share(all_of(wanted), self.frequencies.share) if wanted else 1.0

    @made_once
    def single(self) -> dict[str, Any]:
        """The carried columns of which one value is wanted, with that value."""
        wanted = {column: getattr(self.asked, column).any_of for column in _SINGLE}
        return {c: v[0] for c, v in wanted.items() if len(v) == 1 and (c, v[0]) != ("type_code", "OTHER")}

    @made_once
    def ranges(self) -> dict[SortKey, float]:
        """Dates of which a range is wanted, with the share of bills in it."""
        ends: dict[SortKey, dict[str, Any]] = {}
        for end in self.asked.ends:
            ends.setdefault(end.key, {})["low" if end.operator == ">=" else "high"] = end.value
        return {k: self.frequencies.within(k, e.get("low"), e.get("high")) for k, e in ends.items()}

    @made_once
    def ranges_in_year(self) -> dict[SortKey, float]:
        """Where one year is wanted: of that year's bills, the share in each range that follows from the year.

        A bill is introduced in its year, and moves in it or later.
        """
        if "year" not in self.single:
            return {}
        found: dict[SortKey, float] = {}
        for key in (SortKey.INTRODUCED_ON, SortKey.LAST_ACTION_AT):
            if key in self.ranges:
                found[key] = self._share_of_year(key, int(self.single["year"]))
        return found

    def _share_of_year(self, key: SortKey, year: int) -> float:
        if not MINYEAR <= year < MAXYEAR:
            return 1.0
        first = datetime(year, 1, 1, tzinfo=UTC)
        end = datetime(year + 1, 1, 1, tzinfo=UTC) if key is SortKey.INTRODUCED_ON else None
        low, high = first, end
        for one in self.asked.ends:
            if one.key is key:
                at = as_instant(one.value)
                low, high = (max(low, at), high) if one.operator == ">=" else (low, min(high or at, at))
        if high is not None and high <= low:
            return _HARDLY
        return min(1.0, self.frequencies.within(key, low, high) / self.frequencies.within(key, first, end))

    @property
    def whole(self) -> float:
        """The share of bills that match filters, words and ranges, as far as these are independent."""
        return self.whole_but(None)

    def whole_but(self, key: SortKey | None) -> float:
        """The same without the range on one date."""
        found = self.share
        for ranged, part in self.ranges.items():
            found *= 1.0 if ranged is key else part
        return found

    @made_once
    def filters(self) -> dict[str, str]:
        """A query for each filter whose values are columns of their own, by the filter's name."""
        wanted = {name: (word, getattr(self.asked, name).any_of) for name, word in _TERMS.items()}
        found = {
            name: any_of(term(word, value) for value in values) for name, (word, values) in wanted.items() if values
        }
        if self.asked.in_progress is not None:
            found["in_progress"] = any_of([term("in_progress", self.asked.in_progress)])
        return found

    @made_once
    def by_sponsors(self) -> str:
        """The query of the sponsors' names; '' where none is asked for."""
        return by_name(self.asked.author.any_of)

    @property
    def by_urns(self) -> str:
        """The query of the URNs; '' where none is asked for."""
        return any_of(term("urn", urn) for urn in self.asked.urns) if self.asked.urns else ""

    def _filters(self) -> list[str]:
        return [*self.filters.values(), *filter(None, [self.by_urns])]
