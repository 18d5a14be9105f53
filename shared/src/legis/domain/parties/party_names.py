"""Resolves a party label to one party: old and new acronyms, cut names, with or without accents, by date.

Acronyms are reused: the PL of 2004 is another party than the PL of 2020. Of the parties that had an acronym, the one
whose period includes the day is taken, else the nearest one, since the houses apply a merger or a new name weeks later.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from legis.domain.parties.party_table import PARTIES
from legis.domain.storable_text import clean

SHORTEST_CUT = 7
"""Minimum number of letters of a cut name; it must be the beginning of one party's name only. Sources cut at 8 or 9."""

_NO_PARTY = re.compile(r"S(EM)?PART(I(D(O)?)?)?")
_NO_LETTER = re.compile(r"[^A-Z0-9]+")


@dataclass(frozen=True, slots=True)
class PartyName:
    """The party that a source's label names. `party` is None for a member without a party, and the label itself where
    `known` is false.

    `text` is the label as written, where it differs from the party.
    """

    party: str | None
    text: str | None = None
    known: bool = True


NO_LABEL = PartyName(None)


@dataclass(frozen=True, slots=True)
class _Bearer:
    """A party that had a name between two days; open ends are the first and the last day of the calendar."""

    key: str
    since: date
    until: date


@lru_cache(4096)
def party_of(label: str | None, on: date | None = None) -> PartyName:
    """The party that a label names on a day; without a day the newest one of that name. None and blank are no label.
    Characters that cannot be stored count as nothing.
    """
    text = " ".join(clean(label or "")[0].split())
    folded = _fold(text)
    if not folded:
        return NO_LABEL
    if _NO_PARTY.fullmatch(folded):
        return PartyName(None, text)
    bearers = _BEARERS.get(folded) or _BEARERS.get(_completed(folded))
    if not bearers:
        return PartyName(text, None, known=False)
    key = _nearest(bearers, on).key
    return PartyName(key, text if text != key else None)


@lru_cache(4096)
def parties_named(label: str) -> tuple[str, ...]:
    """The party whose key a label is. Else every party that ever had the label as its name, by key, newest first; the
    label in capitals, where none had.

    A key is what documents, facets and links have, and stands for its party alone: `PL` is that of today, not those of
    1945 and 1985.
    """
    if (key := _KEYS.get(label.strip().upper())) is not None:
        return (key,)
    folded = _fold(label)
    bearers = _BEARERS.get(folded) or _BEARERS.get(_completed(folded)) or ()
    newest = sorted(bearers, key=lambda one: one.until, reverse=True)
    return tuple(dict.fromkeys(one.key for one in newest)) or (label.strip().upper(),)


def last_day_of(key: str | None) -> date | None:
    """The last day of the party with this key; None for one that still exists, and for a key that is not known."""
    return None if key is None else _ENDS.get(key)


def party_keys(labels: Iterable[str | None]) -> tuple[str, ...]:
    """Party keys for a filter, sorted and unique. A key gives itself; an unknown label gives itself in capitals."""
    return tuple(sorted({key for label in labels if label and (key := _key(label))}))


@lru_cache(4096)
def _key(label: str) -> str | None:
    known = _KEYS.get(label.strip().upper())
    if known is not None:
        return known
    found = party_of(label)
    return found.party if found.known else label.strip().upper()


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.upper())
    return _NO_LETTER.sub("", "".join(c for c in decomposed if not unicodedata.combining(c)))


def _completed(folded: str) -> str:
    """The only name that begins like this; empty where several do or it is too short."""
    if len(folded) < SHORTEST_CUT:
        return ""
    whole = [name for name in _BEARERS if name.startswith(folded)]
    keys = {bearer.key for name in whole for bearer in _BEARERS[name]}
    return whole[0] if len(keys) == 1 else ""


def _nearest(bearers: tuple[_Bearer, ...], on: date | None) -> _Bearer:
    if on is None:
        return max(bearers, key=lambda one: one.until)
    # of two equally near parties the newer one: the day of a change counts for the newer party
    return min(bearers, key=lambda one: (max((one.since - on).days, (on - one.until).days, 0), -one.until.toordinal()))


def _bearers() -> dict[str, tuple[_Bearer, ...]]:
    found: defaultdict[str, list[_Bearer]] = defaultdict(list)
    for party in PARTIES:
        last = party.until or date.max
        for place, (acronym, since) in enumerate(party.names):
            later = [day for _, day in party.names[place + 1 :] if day]
            found[_fold(acronym)].append(_Bearer(party.key, since or date.min, later[0] if later else last))
        for spelling in party.spellings:
            found[_fold(spelling)].append(_Bearer(party.key, party.names[0][1] or date.min, last))
    return {name: tuple(bearers) for name, bearers in found.items()}


_BEARERS = _bearers()
_KEYS = {party.key.upper(): party.key for party in PARTIES}
_ENDS = {party.key: party.until for party in PARTIES}
