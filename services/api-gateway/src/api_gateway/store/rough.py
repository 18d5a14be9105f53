"""A filter as the few terms that leave least: quick to look up, with what they find too much to be told by its rows."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from legis.made_once import made_once

from api_gateway.store.match import Match
from api_gateway.store.tsquery import NOTHING, all_of, any_of, share, wanted_parts

_NARROWS = 0.5
"""Share of bills above which a look into a term's long list costs more than a look at the rows that it would spare."""

_ARRAYS = frozenset({"party", "state", "subject"})
_ARRAY_NARROWS = 0.8
"""The same of what is dear to tell by the row."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a query: the share of bills it finds, the filter it is of, and whether it tells all of that."""

    query: str
    share: float
    name: str
    exact: bool = True
    lists: float = 0.0
    """Shares of all its words together, where it has several."""


@dataclass(frozen=True)
class Rough:
    """A filter, its terms chosen for a page: the narrow ones, or the narrowest where none is and no range is either;
    `lean` chooses no more than the narrowest.
    """

    match: Match
    lean: bool = False

    @property
    def terms(self) -> str:
        """The query; '' where it would not narrow anything."""
        return all_of(part.query for part in self._chosen)

    @made_once
    def share(self) -> float:
        """Of bills that the terms find."""
        return math.prod(part.share for part in self._chosen)

    @made_once
    def least(self) -> float:
        """Of bills that have the narrowest of the terms: as many places of an index are looked at; 0 without terms."""
        return min((part.share for part in self._chosen), default=0.0)

    @made_once
    def others(self) -> float:
        """Shares of bills that have the other terms, together."""
        return sum(max(part.share, part.lists) for part in self._chosen) - self.least

    @made_once
    def told(self) -> frozenset[str]:
        """Names of the filters whose wanted values all have that is found."""
        return frozenset(part.name for part in self._chosen if part.exact)

    @made_once
    def exact(self) -> bool:
        """Whether what is found has the words and the sponsors that are asked for, and not those that are not."""
        return not self.match.asked.author.none_of and all(part.name in self.told for part in self._vectors)

    @property
    def several(self) -> bool:
        """Whether a lean one would look for less."""
        return self.others > 0

    @made_once
    def _chosen(self) -> list[Part]:
        parts = [*self._vectors, *self._filters()]
        narrow = [part for part in parts if part.share <= (_ARRAY_NARROWS if part.name in _ARRAYS else _NARROWS)]
        if narrow:
            return [min(narrow, key=lambda part: part.share)] if self.lean else narrow
        if not parts:
            return []
        least = min(parts, key=lambda part: part.share)
        return [] if any(ranged < least.share for ranged in self.match.ranges.values()) else [least]

    @made_once
    def _vectors(self) -> list[Part]:
        """What only the search vector tells: words, sponsors, URNs."""
        match, found = self.match, []
        if match.words is not None:
            found.append(self._words(match.words))
        if match.asked.author.any_of:
            found.append(self._authors())
        if query := match.by_urns:
            found.append(Part(query, share(query, match.frequencies.share), "urns"))
        return found

    def _words(self, words: str) -> Part:
        weigh = self.match.frequencies.share
        shares = {part: share(part, weigh) for part in wanted_parts(words)}
        if self.lean:
            rarest = min(shares, key=shares.__getitem__)
            return Part(rarest, shares[rarest], "text", exact=rarest == words)
        query = " & ".join(shares)
        return Part(query, min(share(words, weigh), *shares.values()), "text", query == words, sum(shares.values()))

    def _authors(self) -> Part:
        """All words of each name; of a lean one the rarest two: few others have these."""
        match, weigh = self.match, self.match.frequencies.share
        if not self.lean:
            lists = sum(sum(map(weigh, parts)) for parts in match.sponsors)
            return Part(match.by_sponsors, match.share_of_sponsors, "author", lists=lists)
        rarest = [min(parts, key=weigh) for parts in match.sponsors if parts]
        exact = all(len(parts) < 2 for parts in match.sponsors)
        return Part(any_of(rarest) if rarest else NOTHING, match.share_of_sponsors, "author", exact)

    def _filters(self) -> Iterator[Part]:
        for name, query in self.match.filters.items():
            yield Part(query, share(query, self.match.frequencies.share), name)
