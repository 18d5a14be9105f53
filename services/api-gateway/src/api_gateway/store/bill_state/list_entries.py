"""Pairs the entries of a list as read with those of the list as stored, and finds the stored entries that are missing.

An edited entry is still the same entry, so entries are paired by keys and lists are never compared by length.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from legis.domain.bill import Action, Document, Rapporteur, RelatedBill, Sponsorship, Subject, Vote, VoteEvent
from legis.domain.search_text import plain
from legis.domain.vocabulary import DocumentKind, RelationKind

VOTES = "vote_events.votes"
"""The members' votes within the votings of a bill: a list of its own, since upstream serves it separately."""

Key = Callable[[Any], Hashable | None]
_SINGLE_LINKS = frozenset({RelationKind.MAIN_BILL, RelationKind.PREVIOUS, RelationKind.NEXT})
_DERIVED_CODES = frozenset({"SITUACAO", "MOVIMENTACAO"})
"""Codes of actions in the Senado that come from a situation or a movement alone. They disappear when a report of the
same event is published.
"""


@dataclass(frozen=True, slots=True)
class EntryKeys:
    """How to recognise two entries of a list as the same: by the first of `keys` that both have and that is equal.

    `differ` rules a pair out although a key is equal, such as two people of one name. `gives_way` marks entries that
    may disappear when another one has come, which is no loss.
    """

    keys: tuple[Key, ...]
    differ: Callable[[Any, Any], bool] = lambda old, new: False
    gives_way: Callable[[Any], bool] = lambda old: False


@dataclass(frozen=True, slots=True)
class PairedEntries:
    """`lost` entries are stored but not in the list read, `came` entries the other way round; `kept` counts those in
    both.
    """

    lost: tuple[Any, ...]
    came: tuple[Any, ...]
    kept: int


def compare(field: str, stored: Sequence[Any], read: Sequence[Any]) -> PairedEntries:
    """Pairs the entries of two lists of one field, by the most reliable keys first. Each entry is paired at most
    once.
    """
    return pair_entries(ENTRY_KEYS[field], stored, read)


def pair_entries(kind: EntryKeys, stored: Sequence[Any], read: Sequence[Any]) -> PairedEntries:
    """The same for entries of a kind."""
    left, came = list(stored), list(read)
    for key in kind.keys:
        if left and came:
            left, came = _pair(left, came, key, kind.differ)
    lost = [entry for entry in left if not (came and kind.gives_way(entry))]
    return PairedEntries(tuple(lost), tuple(came), len(stored) - len(left))


def entry_key(field: str, entry: Any) -> str:
    """The most reliable key of an entry, as text."""
    return repr(next((value for key in ENTRY_KEYS[field].keys if (value := key(entry)) is not None), None))


def _pair(
    stored: list[Any], read: list[Any], key: Key, differ: Callable[[Any, Any], bool]
) -> tuple[list[Any], list[Any]]:
    by_key: defaultdict[Hashable, list[int]] = defaultdict(list)
    for place, entry in enumerate(read):
        if (value := key(entry)) is not None:
            by_key[value].append(place)
    taken: set[int] = set()
    left = []
    for entry in stored:
        value = key(entry)
        places = by_key.get(value, []) if value is not None else []
        found = next((place for place in places if not differ(entry, read[place])), None)
        if found is None:
            left.append(entry)
        else:
            taken.add(found)
            places.remove(found)
    return left, [entry for place, entry in enumerate(read) if place not in taken]


def _folded(text: str | None) -> str | None:
    return " ".join(plain(text).split()) if text else None


def _member(entry: Sponsorship | Rapporteur | Vote) -> Hashable | None:
    return entry.legislator_id


def _name(entry: Sponsorship | Rapporteur | Vote) -> Hashable | None:
    return _folded(entry.name)


def _other_people(old: Sponsorship | Rapporteur | Vote, new: Sponsorship | Rapporteur | Vote) -> bool:
    return bool(old.legislator_id and new.legislator_id and old.legislator_id != new.legislator_id)


def _signed_at(entry: Sponsorship) -> Hashable | None:
    """The place in the order of signature, for those without a more reliable key. It pairs a name that was
    corrected.
    """
    return None if entry.legislator_id or entry.organization_code else entry.order


def _appointment(entry: Rapporteur) -> Hashable:
    return (entry.legislator_id or _folded(entry.name), _body(entry), entry.designated_on)


def _body(entry: Rapporteur) -> Hashable:
    """The body that a rapporteur reports to; another rapporteur of the same body replaces them. Empty if none is named,
    as in the Câmara.
    """
    body = entry.organization
    return (body.code or body.acronym or body.name or "") if body else ""


def _step(entry: Action) -> Hashable | None:
    """The same words on the same day; upstream may have numbered its entries again."""
    words = _folded(entry.description or entry.status_text)
    return None if words is None and _is_numbered(entry) else (entry.date, entry.kind_code, words)


def _same_day(entry: Action) -> Hashable | None:
    """For entries without number and id: finds one whose words were edited."""
    return None if _is_numbered(entry) else (entry.date, entry.kind_code)


def _same_words(entry: Action) -> Hashable | None:
    """For entries without number and id: finds one whose date was corrected."""
    words = _folded(entry.description)
    return None if _is_numbered(entry) or words is None else (entry.kind_code, words)


def _is_numbered(entry: Action) -> bool:
    return entry.order is not None or entry.upstream_id is not None


def _other_ids(old: Action, new: Action) -> bool:
    return bool(old.upstream_id and new.upstream_id and old.upstream_id != new.upstream_id)


def _subject(entry: Subject) -> Hashable:
    return _folded(entry.name)


def _link(entry: RelatedBill) -> Hashable | None:
    """A bill has one main bill, one previous and one next bill; a new one of such a kind replaces the old one."""
    return entry.kind if entry.kind in _SINGLE_LINKS else None


def _titled(entry: Document) -> Hashable | None:
    return (entry.kind, _folded(entry.title), entry.published_on) if entry.title else None


def _text(entry: Document) -> Hashable | None:
    """A bill has one full text; a newer edition replaces it."""
    return entry.kind if entry.kind is DocumentKind.FULL_TEXT else None


def _upstream_id(entry: Action | Document | RelatedBill | VoteEvent) -> Hashable | None:
    return entry.upstream_id


ENTRY_KEYS: Mapping[str, EntryKeys] = {
    "sponsorships": EntryKeys((_member, lambda e: e.organization_code, _name, _signed_at), _other_people),
    "rapporteurs": EntryKeys((_appointment, _member, _name, _body)),
    "subjects": EntryKeys((lambda e: e.code, _subject)),
    # Upstream has one line of text: if it has a new term, the line was rewritten.
    "keywords": EntryKeys((_folded,), gives_way=lambda old: True),
    "related_bills": EntryKeys((_upstream_id, lambda e: e.identifier, _link)),
    "documents": EntryKeys((_upstream_id, lambda e: e.url, _titled, _text)),
    "actions": EntryKeys(
        (_upstream_id, lambda e: e.order, _step, _same_day, _same_words),
        _other_ids,
        gives_way=lambda old: old.kind_code in _DERIVED_CODES,
    ),
    "vote_events": EntryKeys((_upstream_id,)),
    VOTES: EntryKeys((_member, _name), _other_people),
}
"""Every list of a bill that can be in doubt, by its field."""
