"""Compares the lists of an observation with the stored ones, before the observation is merged.

A list in doubt keeps its stored entries and gets the new ones; the rest of the observation is applied. No I/O.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from legis.domain.bill import HISTORY_FIELDS, Bill, VoteEvent
from legis.domain.fingerprint import canonical_hash
from legis.domain.vocabulary import QualityFlagCode, ReadingPart, RelationKind
from legis.events import BillObserved

from api_gateway.store.bill_state.list_doubts import NO_ANSWER, WHOLE_PARTS, Doubt, SettleRule, doubt_flag
from api_gateway.store.bill_state.list_entries import ENTRY_KEYS, VOTES, PairedEntries, compare, entry_key
from api_gateway.store.bill_state.rendered_histories import History

_FOLLOWING = ("latest_action", "organization", "decision", "enactment")
_STATUS = ("status", "status_basis", "status_reason", "in_progress")
_SOURCES_WORDS = ("status_code", "status_text", "latest_action")


class Stored(NamedTuple):
    """The stored bill (without its histories) and its stored histories; both empty for a new bill."""

    bill: Bill | None = None
    histories: Mapping[str, History] = {}


@dataclass(slots=True)
class ComparedReading:
    """An observation after the comparison of its lists.

    `bill` is the part that may be applied, `histories` those of its lists that are stored separately. `doubts` are all
    open ones after this reading. `whole` are the lists returned complete, with the number of stored entries. A loss
    that this reading confirms is in `accepted`, or in `refused` if readings of other bills contradict it.
    """

    seen_at: datetime
    bill: Bill
    histories: dict[str, History]
    doubts: dict[str, Doubt]
    whole: dict[str, int] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    doubtful: bool = False
    """Whether this reading lacked stored entries and could confirm their loss. If so, it is not marked as stored, so
    that ingest publishes it again. A row of a bulk file never confirms, so it need not come again.
    """


@dataclass(slots=True)
class ListState:
    """The list doubts of one bill while a batch is applied to it. `before` are the stored ones."""

    rule: SettleRule = field(default_factory=SettleRule)
    before: Mapping[str, Doubt] = field(default_factory=dict)
    doubts: dict[str, Doubt] = field(default_factory=dict)
    applied: list[ComparedReading] = field(default_factory=list)

    def load(self, doubts: Iterable[Doubt]) -> None:
        """Sets the stored doubts."""
        self.before = {doubt.field: doubt for doubt in doubts}
        self.doubts = dict(self.before)

    def lacked_by(self, read_seq: int) -> bool:
        """Whether the reading with this sequence left a list in doubt; it may be delivered again."""
        return any(doubt.read_seq == read_seq for doubt in self.doubts.values())

    def compare(self, event: BillObserved, stored: Stored) -> ComparedReading:
        """What may be applied of an observation. Changes no state."""
        return _ListComparer(event, stored, self.doubts, self.rule).compare()

    def apply(self, weighed: ComparedReading) -> None:
        """Records that the observation is applied: its doubts are now the open ones."""
        self.doubts = weighed.doubts
        self.applied.append(weighed)


class _ListComparer:
    """The comparison of one observation with the stored lists in `before`."""

    def __init__(self, event: BillObserved, before: Stored, doubts: Mapping[str, Doubt], rule: SettleRule) -> None:
        self._event = event
        self._before = before
        self._doubts = doubts
        self._rule = rule
        self._seen_at = event.provenance.fetched_at
        self._update: dict[str, Any] = {}
        self._made = ComparedReading(self._seen_at, event.bill, {}, dict(doubts))

    def compare(self) -> ComparedReading:
        observed = self._event.bill
        claimed = observed.model_fields_set
        for name in ENTRY_KEYS:
            if name in claimed:
                (self._history if name in HISTORY_FIELDS else self._list)(name)
        unanswered = {f.field for f in observed.quality_flags if f.code is QualityFlagCode.LIST_IN_DOUBT}
        for name in sorted(unanswered & ENTRY_KEYS.keys()):
            self._made.whole.pop(name, None)
            self._doubt(name, NO_ANSWER)
        self._keep_what_follows()
        self._flag()
        if self._update:
            self._made.bill = observed.model_copy(update=self._update)
        return self._made

    def _list(self, name: str) -> None:
        read = getattr(self._event.bill, name)
        stored = getattr(self._before.bill, name) if self._before.bill else ()
        if not stored or stored == read:
            self._mark_complete(name, len(stored))
        elif (kept := self._compare_entries(name, stored, read)) is not None:
            self._update[name] = kept

    def _history(self, name: str) -> None:
        stored, given = self._before.histories.get(name), getattr(self._event.bill, name)
        made = History.of(name, stored.named(given) if stored else given)
        if stored is None or not stored.items or stored.hash == made.hash:
            known = stored is not None and bool(stored.items)
            self._mark_complete(name, len(made.items) if known else 0)
            if name == "vote_events":
                self._mark_complete(VOTES, max((len(e.votes) for e in made.entries), default=0) if known else 0)
        else:
            read = made.entries if made.items else ()
            weighed = self._votes(stored.entries, read) if name == "vote_events" else read
            kept = self._compare_entries(name, stored.entries, weighed)
            final = weighed if kept is None else kept
            if len(final) != len(read) or any(entry is not one for entry, one in zip(final, read, strict=True)):
                made = History.of(name, final)
        self._made.histories[name] = made

    def _compare_entries(self, name: str, stored: Sequence[Any], read: Sequence[Any]) -> tuple[Any, ...] | None:
        """Entries to store instead of the list read; None if the list is accepted as read."""
        found = compare(name, _spoken_of(name, stored, self._event.part), read)
        if found.lost:
            missing = _fingerprint(entry_key(name, entry) for entry in found.lost)
            return None if self._doubt(name, missing, vanished=not read) else _kept(name, stored, found)
        self._mark_complete(name, len(stored))
        unspoken = _unspoken(name, stored, read, self._event.part)
        return (*read, *unspoken) if unspoken else None

    def _votes(self, stored: Sequence[VoteEvent], read: Sequence[VoteEvent]) -> tuple[VoteEvent, ...]:
        """The votings read, with the stored votes of members where the reading has none or lacks some."""
        filled, kept, missing, vanished = [], [], [], False
        for event in read:
            before = _voting_of(event, stored)
            event = _with_votes_of(before, event)
            filled.append(event)
            found = compare(VOTES, before.votes, event.votes) if before else None
            if found and found.lost and before:
                missing += [f"{event.upstream_id} {entry_key(VOTES, vote)}" for vote in found.lost]
                vanished = vanished or not event.votes
                event = event.model_copy(update={"votes": before.votes, "counts": before.counts})
            kept.append(event)
        if missing:
            return tuple(filled if self._doubt(VOTES, _fingerprint(missing), vanished=vanished) else kept)
        self._mark_complete(VOTES, max((len(before.votes) for before in stored), default=0))
        return tuple(filled)

    def _mark_complete(self, name: str, stored: int) -> None:
        """Records that the list has all of its `stored` entries. A list without stored entries proves nothing."""
        self._made.doubts.pop(name, None)
        if stored and self._event.part in WHOLE_PARTS:
            self._made.whole[name] = stored

    def _doubt(self, name: str, missing: str, *, vanished: bool = False) -> bool:
        """Begins or continues a doubt. Returns whether the loss is accepted now."""
        known = self._doubts.get(name)
        if known is not None and (missing in (known.missing, NO_ANSWER)):
            again = replace(known, last_at=self._seen_at, readings=known.readings + 1, read_seq=self._event.read_seq)
            if missing != NO_ANSWER and self._rule.may_settle(again, self._event.part):
                if self._rule.accepts(self._event.bill, known, again, vanished=vanished):
                    self._made.doubts.pop(name, None)
                    self._made.accepted.add(name)
                    return True
                self._made.refused.add(name)
        else:
            part, seq = self._event.part.value, self._event.read_seq
            again = Doubt(name, part, missing, self._seen_at, self._seen_at, 1, seq)
        self._made.doubts[name] = again
        self._made.doubtful = self._event.part in WHOLE_PARTS
        return False

    def _keep_what_follows(self) -> None:
        """Keeps fields that are derived from the history while the history is in doubt: the entries they come from are
        missing.
        """
        observed, stored = self._event.bill, self._before.bill
        if stored is None or "actions" not in self._made.doubts or not self._made.doubtful:
            return
        claimed = observed.model_fields_set
        for name in _FOLLOWING:
            if name in claimed and getattr(observed, name) is None and getattr(stored, name) is not None:
                self._update[name] = getattr(stored, name)
        now = {name: self._update.get(name, getattr(observed, name)) for name in _SOURCES_WORDS if name in claimed}
        if all(value == getattr(stored, name) for name, value in now.items()):
            self._update |= {name: getattr(stored, name) for name in _STATUS if name in claimed}

    def _flag(self) -> None:
        if not self._made.doubts and not self._event.bill.quality_flags:
            return
        flags = [f for f in self._event.bill.quality_flags if f.code is not QualityFlagCode.LIST_IN_DOUBT]
        flags += [doubt_flag(doubt) for _, doubt in sorted(self._made.doubts.items())]
        if tuple(flags) != self._event.bill.quality_flags:
            self._update["quality_flags"] = tuple(flags)


def _kept(name: str, stored: Sequence[Any], found: PairedEntries) -> tuple[Any, ...]:
    """The stored list with the new entries.

    If no entry is in both lists, the list read may be of another bill, and nothing is added. Nor is an entry added that
    would give way to a missing one: it appears only because that is missing.
    """
    came = [entry for entry in found.came if not ENTRY_KEYS[name].gives_way(entry)]
    return (*stored, *came) if found.kept else tuple(stored)


def _spoken_of(name: str, stored: Sequence[Any], part: ReadingPart) -> Sequence[Any]:
    """The stored entries that a reading of this part would contain. A row of a yearly file never has bills of kind
    RELATED, although the detail does.
    """
    if name == "related_bills" and part not in WHOLE_PARTS:
        return [entry for entry in stored if entry.kind is not RelationKind.RELATED]
    return stored


def _unspoken(name: str, stored: Sequence[Any], read: Sequence[Any], part: ReadingPart) -> Sequence[Any]:
    if len(_spoken_of(name, stored, part)) == len(stored):
        return ()
    return compare(name, [entry for entry in stored if entry.kind is RelationKind.RELATED], read).lost


def _voting_of(event: VoteEvent, stored: Sequence[VoteEvent]) -> VoteEvent | None:
    return next((before for before in stored if before.upstream_id == event.upstream_id), None)


def _with_votes_of(before: VoteEvent | None, event: VoteEvent) -> VoteEvent:
    """The voting with the stored votes and totals, if this reading does not contain votes."""
    if before is None or not before.votes or "votes" in event.model_fields_set:
        return event
    return event.model_copy(update={"votes": before.votes, "counts": event.counts or before.counts})


def _fingerprint(keys: Iterable[str]) -> str:
    return canonical_hash(sorted(keys))[:32]
