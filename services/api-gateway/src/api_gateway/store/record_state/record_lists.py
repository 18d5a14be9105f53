"""Compares the lists of a reading with the stored ones: a list that lacks stored entries is in doubt.

It keeps what is stored, and a second reading that lacks the same entries a settle time later is believed; one that was
read empty only while the same list is not empty for many other records too. See docs/adr/0027. No I/O.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from legis.domain.fingerprint import canonical_hash
from legis.domain.records.any_record import NAMED_LISTS, AnyRecord
from legis.domain.vocabulary import ReadingPart

from api_gateway.store.bill_state.list_doubts import NO_DOUBTS, Doubt, SettleRule
from api_gateway.store.bill_state.list_entries import pair_entries
from api_gateway.store.record_state.record_fields import ENTRY_KEYS

EMPTY = ".empty"
"""Ends the field of a doubt whose list was read empty: only these are counted when an outage is looked for."""


@dataclass(slots=True)
class ComparedLists:
    """A reading after the comparison. `record` is what may be applied; `doubts` are all open ones after it. `whole`,
    `accepted` and `refused` are as in `list_comparison.ComparedReading`.
    """

    seen_at: datetime
    record: AnyRecord
    doubts: dict[str, Doubt]
    whole: dict[str, int] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    doubtful: bool = False


@dataclass(slots=True)
class RecordLists:
    """The list doubts of one record while a batch is applied to it. `before` are the stored ones."""

    rule: SettleRule = field(default_factory=SettleRule)
    before: Mapping[str, Doubt] = field(default_factory=dict)
    doubts: dict[str, Doubt] = field(default_factory=dict)
    applied: list[ComparedLists] = field(default_factory=list)

    def load(self, doubts: Iterable[Doubt]) -> None:
        """Sets the stored doubts."""
        self.before = {doubt.field: doubt for doubt in doubts}
        self.doubts = dict(self.before)

    def compare(
        self, stored: AnyRecord | None, read: AnyRecord, part: ReadingPart, at: datetime, seq: int
    ) -> ComparedLists:
        """What may be applied of a reading; it becomes the newest one."""
        made = ComparedLists(at, read, dict(self.doubts))
        update: dict[str, Any] = {}
        for name, kept, given in _lists(stored, read):
            if (merged := self._merged(made, name, kept, given, (part, at, seq), read)) is not given:
                _put(update, read, name, merged)
        if update:
            made.record = read.model_copy(update=update)
        self.doubts = made.doubts
        self.applied.append(made)
        return made

    def _merged(
        self,
        made: ComparedLists,
        name: str,
        stored: Sequence[Any],
        read: Sequence[Any],
        reading: tuple[ReadingPart, datetime, int],
        record: AnyRecord,
    ) -> Sequence[Any]:
        kind = ENTRY_KEYS[name.partition(".")[0]]
        lost = pair_entries(kind, stored, read).lost
        if not lost:
            if read:
                made.whole[name + EMPTY] = len(stored)
            made.doubts.pop(name, None)
            made.doubts.pop(name + EMPTY, None)
            return read
        part, at, seq = reading
        label, other = (name, name + EMPTY) if read else (name + EMPTY, name)
        made.doubts.pop(other, None)
        missing = canonical_hash(sorted(repr(kind.keys[0](one)) for one in lost))[:32]
        before = made.doubts.get(label)
        if before is None or before.missing != missing:
            doubt = Doubt(label, part.value, missing, at, at, 1, seq)
        else:
            doubt = Doubt(label, part.value, missing, before.first_at, at, before.readings + 1, seq)
            if (at - before.first_at).total_seconds() >= self.rule.settle_seconds:
                source = record.source.value if record.source else ""
                health = self.rule.health  # None: the doubt began in this batch, and is not accepted in it
                out = health is None or (label.endswith(EMPTY) and health.get((source, label), NO_DOUBTS).is_out)
                if not out:
                    made.accepted.add(label)
                    made.doubts.pop(label)
                    return read
                made.refused.add(label)
        made.doubts[label] = doubt
        made.doubtful = True
        return (*read, *lost)


def field_of(doubt: Doubt) -> str:
    """The field of a record that the doubt is about."""
    return doubt.field.removesuffix(EMPTY)


def list_of(label: str) -> str:
    """The list that a doubt's label is about: `members` for `members.now.empty`."""
    return label.removesuffix(EMPTY).partition(".")[0]


def _lists(stored: AnyRecord | None, read: AnyRecord) -> Iterator[tuple[str, Sequence[Any], Sequence[Any]]]:
    for name in sorted(ENTRY_KEYS.keys() & read.model_fields_set):
        if name in NAMED_LISTS:
            known = getattr(stored, name) if stored else {}
            yield from ((f"{name}.{k}", known.get(k, ()), given) for k, given in sorted(getattr(read, name).items()))
        else:
            yield name, getattr(stored, name) if stored else (), getattr(read, name)


def _put(update: dict[str, Any], read: AnyRecord, name: str, entries: Sequence[Any]) -> None:
    field_name, _, key = name.partition(".")
    if field_name in NAMED_LISTS:
        update[field_name] = {**update.get(field_name, getattr(read, field_name)), key: tuple(entries)}
    else:
        update[field_name] = tuple(entries)
