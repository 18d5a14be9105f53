"""Applies readings to one record in memory and decides what is to be written. No I/O.

Each field keeps the read sequence of the newest reading that claimed it: the parts of a record (row, detail, votes)
come from different answers, and an older answer about other fields is no older news.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from legis.domain.change_kind import ChangeKind
from legis.domain.records.any_record import AnyRecord, merge_records
from legis.domain.records.vote_event_record import VoteEventRecord
from legis.domain.voting import VoteResult, VotingFlag

from api_gateway.documents import render
from api_gateway.store.bill_state.apply_observations import Draft
from api_gateway.store.bill_state.diff import NOTHING, Diff
from api_gateway.store.bill_state.write_items import ItemResult, Outcome
from api_gateway.store.record_state.observed_record import RecordItem
from api_gateway.store.record_state.record_changes import record_diff
from api_gateway.store.record_state.record_fields import claims, restricted, title_of
from api_gateway.store.record_state.record_lists import RecordLists

_UNION = "bills"
"""Bills of a voting only add up, so even an older reading adds some."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What other records say about a voting: flags that only the store can find, the voting that it repeats, and
    its result by the agenda of its event.
    """

    flags: tuple[VotingFlag, ...] = ()
    duplicate_of: str | None = None
    result: VoteResult | None = None
    result_text: str | None = None


@dataclass(slots=True)
class StoredRecord:
    """A row of the table `record`, locked for this batch. `field_seqs`: the newest reading of each field."""

    record: AnyRecord
    version: int
    read_seq: int
    created_at: datetime | None
    changed_at: datetime | None
    change_seq: int
    provenance: dict[str, Any]
    field_seqs: dict[str, int]
    judgement: Judgement = Judgement()
    removed_at: datetime | None = None


@dataclass(slots=True)
class RecordState:
    """A record while a batch is applied to it. `stored` is None for one that is not stored yet; `before` is what was
    stored when the batch began.
    """

    bill_id: str
    stored: StoredRecord | None = None
    before: AnyRecord | None = None
    removed_before: bool = False
    drafts: list[Draft] = field(default_factory=list)
    touched: bool = False
    unlogged_change: bool = False
    seen_at: datetime | None = None
    lists: RecordLists = field(default_factory=RecordLists)

    @property
    def now(self) -> StoredRecord:
        """The state after the readings so far. Raises LookupError if there is none."""
        if self.stored is None:
            raise LookupError(self.bill_id)
        return self.stored

    @property
    def created(self) -> bool:
        """Whether the record is new in this batch."""
        return bool(self.drafts) and self.drafts[0].kind is ChangeKind.CREATED

    @property
    def is_removed(self) -> bool:
        """Whether its source has the record no more, after the readings so far."""
        if self.drafts:
            return self.drafts[-1].kind is ChangeKind.REMOVED
        return self.stored is not None and self.stored.removed_at is not None

    @property
    def rewritten(self) -> bool:
        """Whether the row is to be rendered and written."""
        return bool(self.drafts) or self.unlogged_change

    @property
    def source_name(self) -> str:
        """The source of the record; empty for one that no house publishes."""
        source = self.now.record.source
        return source.value if source else ""

    @property
    def upstream_id(self) -> str:
        """The key of the record in lists of doubts: its own id, since keys of several kinds of records may be equal."""
        return self.bill_id

    def observe(self, item: RecordItem) -> ItemResult:
        """Applies one reading. Those of one record must come in the order of `read_seq`."""
        stored = self.stored
        seqs = stored.field_seqs if stored else {}
        given = frozenset(claims(item.record))
        if stored and stored.removed_at is not None and item.read_seq <= stored.read_seq:
            return ItemResult(Outcome.STALE, remember=False)
        kept = frozenset(name for name in given if seqs.get(name, -1) < item.read_seq or name == _UNION)
        if stored and not kept - {_UNION}:
            again = all(seqs.get(name) == item.read_seq for name in given) and not self._lacked(item.read_seq)
            if _UNION not in kept or self._adds_nothing(item.record):
                return ItemResult(Outcome.STALE, remember=again)
        read = item.record if kept == given else restricted(item.record, kept)
        compared = self.lists.compare(
            stored.record if stored else None, read, item.part, item.provenance.fetched_at, item.read_seq
        )
        merged = merge_records(stored.record if stored else None, compared.record)
        outcome = self._take(item, merged, kept)
        return ItemResult(outcome, remember=not compared.doubtful)

    def remove(self, read_seq: int) -> bool:
        """Makes a version that marks the record as removed; False where it is, or was read later."""
        stored = self.stored
        if stored is None or self.is_removed or read_seq < stored.read_seq:
            return False
        self._draft(ChangeKind.REMOVED, NOTHING, read_seq, None)
        stored.read_seq = read_seq
        return True

    def revive(self, read_seq: int) -> bool:
        """Makes a version of a removed record that its source lists again; False where it is not removed."""
        stored = self.stored
        if stored is None or stored.removed_at is None or read_seq <= stored.read_seq:
            return False
        self._draft(ChangeKind.CORRECTED, _back(stored, NOTHING), read_seq, None)
        stored.removed_at, stored.read_seq = None, read_seq
        return True

    def judge(self, judgement: Judgement) -> None:
        """Takes over what other records say about this one."""
        if self.now.judgement != judgement:
            self.now.judgement, self.unlogged_change = judgement, True

    def _lacked(self, read_seq: int) -> bool:
        return any(doubt.read_seq == read_seq for doubt in self.lists.doubts.values())

    def _adds_nothing(self, read: AnyRecord) -> bool:
        record = self.now.record
        return merge_records(record, restricted(read, frozenset({_UNION}))) == record

    def _take(self, item: RecordItem, merged: AnyRecord, kept: frozenset[str]) -> Outcome:
        stored = self.stored
        seen_at = item.provenance.fetched_at
        self.seen_at = max(self.seen_at, seen_at) if self.seen_at else seen_at
        if stored is None:
            self.stored = stored = StoredRecord(merged, 0, item.read_seq, None, None, 0, {}, {})
            self._draft(ChangeKind.CREATED, NOTHING, item.read_seq, item)
            self._read(item, kept)
            return Outcome.INSERTED
        old, stored.record = stored.record, merged
        found = record_diff(old, merged)
        self._read(item, kept)
        if stored.removed_at is not None:
            self._draft(ChangeKind.CORRECTED, _back(stored, found), item.read_seq, item)
            stored.removed_at = None
            return Outcome.UPDATED
        if found.kind is not None:
            self._draft(found.kind, found, item.read_seq, item)
            return Outcome.UPDATED
        if _unlogged(old, merged) or self._flags_changed():
            self.unlogged_change = True
            return Outcome.UPDATED
        return Outcome.UNCHANGED

    def _flags_changed(self) -> bool:
        applied = self.lists.applied
        earlier = applied[-2].doubts if len(applied) > 1 else self.lists.before
        return _since(earlier) != _since(applied[-1].doubts)

    def _read(self, item: RecordItem, kept: frozenset[str]) -> None:
        stored, source = self.now, item.provenance
        stored.field_seqs |= {name: max(item.read_seq, stored.field_seqs.get(name, -1)) for name in kept}
        stored.read_seq = max(stored.read_seq, item.read_seq)
        stored.provenance[item.part.value] = {
            "part": item.part.value,
            "url": source.url,
            "fetched_at": render.instant(source.fetched_at),
            "payload_sha256": source.payload_sha256,
            "parser_version": source.parser_version,
        }
        self.touched = True

    def _draft(self, kind: ChangeKind, found: Diff, read_seq: int, item: RecordItem | None) -> None:
        stored = self.now
        stored.version += 1
        source = stored.record.source
        body = render.change_body(title_of(stored.record), source.value if source else "", found.changes)
        published_at = item.event.published_at if item and item.event else None
        trace_id = item.trace_id if item else None
        self.drafts.append(Draft(kind, stored.version, found, body, read_seq, published_at, trace_id))


def _since(doubts: Mapping[str, Any]) -> dict[str, datetime]:
    return {name: doubt.first_at for name, doubt in doubts.items()}


def _unlogged(old: AnyRecord, new: AnyRecord) -> bool:
    """Whether something differs that no entry tells: warnings, fields without a name of ours, the order of a list, or
    that upstream said for the first time that there is nothing.
    """
    if old.model_fields_set != new.model_fields_set:
        return True
    names = new.model_fields_set - {"state_at"}
    return any(getattr(old, name) != getattr(new, name) for name in names)


def _back(stored: StoredRecord, found: Diff) -> Diff:
    removed_at = render.instant(stored.removed_at) if stored.removed_at else None
    back = {"field": "removed_at", "old": removed_at, "new": None, "kind": ChangeKind.CORRECTED.value}
    return Diff((*found.changes, back), {})


def is_voting(state: RecordState) -> bool:
    """Whether the record is a voting."""
    return isinstance(state.now.record, VoteEventRecord)
