"""Applies observations to one bill in memory and decides what is to be written.

No I/O. Observations are applied in the order of their read sequence; each that changes the bill's content makes a
version of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import orjson
from legis.domain.bill import HISTORY_FIELDS
from legis.domain.change_kind import ChangeKind
from legis.domain.merge import merge
from legis.domain.vocabulary import ReadingPart
from legis.events import BillObserved

from api_gateway.documents import render
from api_gateway.store.bill_state.bill_snapshot import Snapshot
from api_gateway.store.bill_state.diff import NOTHING, Diff, diff, history_change
from api_gateway.store.bill_state.kind_of_change import reading_again, with_kinds
from api_gateway.store.bill_state.list_comparison import ComparedReading, ListState, Stored
from api_gateway.store.bill_state.list_doubts import doubt_flags
from api_gateway.store.bill_state.regression import confirmed, is_older, source_at
from api_gateway.store.bill_state.rendered_histories import History
from api_gateway.store.bill_state.stored_fingerprints import EMPTY, Fingerprint
from api_gateway.store.bill_state.write_items import ItemResult, ObservedItem, Outcome

_OLDER_IS_NORMAL = frozenset({ReadingPart.BULK, ReadingPart.LIST})
_HINTS = "counterpart_hints"
_NO_HISTORIES: Mapping[str, tuple[()]] = {name: () for name in sorted(HISTORY_FIELDS)}


@dataclass(frozen=True, slots=True)
class Draft:
    """A version to be written: its change log entry without the stamp."""

    kind: ChangeKind
    version: int
    diff: Diff
    body: bytes
    read_seq: int
    published_at: datetime | None
    trace_id: str | None


@dataclass(slots=True)
class StoredBill:
    """A row of the table `bill`, locked for this batch."""

    snapshot: Snapshot
    fingerprint: Fingerprint
    version: int
    read_seq: int
    created_at: datetime
    provenance: dict[str, Any]
    pending_fingerprint: str | None = None
    pending_at: datetime | None = None
    removed_at: datetime | None = None
    known: frozenset[str] = frozenset()
    """Fields that readings have claimed so far, including those claimed to be empty."""
    change_seq: int = 0
    changed_at: datetime | None = None


@dataclass(slots=True)
class BillState:
    """A bill while a batch is applied to it. `stored` is None for a bill that is not stored yet."""

    bill_id: str
    stored: StoredBill | None = None
    drafts: list[Draft] = field(default_factory=list)
    touched: bool = False
    """Columns other than the content are to be written: read sequence, times, or the pending older state."""
    rewritten: set[str] = field(default_factory=set)
    """Histories to be written."""
    unlogged_change: bool = False
    """The row is to be rewritten under its current version: something changed that the change log does not contain."""
    unlogged_fields: set[str] = field(default_factory=set)
    """Fields that changed without a change log entry; counterpart links may depend on them."""
    seen_at: datetime | None = None
    source_at: datetime | None = None
    lists: ListState = field(default_factory=ListState)
    next_event: Any = None
    """The next event that has the bill on its agenda (`next_events.NextEvent`), or None. Not part of the bill's
    content.
    """

    @property
    def created(self) -> bool:
        """Whether the bill is new in this batch."""
        return bool(self.drafts) and self.drafts[0].kind is ChangeKind.CREATED

    @property
    def now(self) -> StoredBill:
        """The state after the observations so far. Raises LookupError if there is none."""
        if self.stored is None:
            raise LookupError(self.bill_id)
        return self.stored

    @property
    def source_name(self) -> str:
        """The bill's source."""
        return self.now.snapshot.bill.source.value

    @property
    def upstream_id(self) -> str:
        """The bill's key at its source."""
        return self.now.snapshot.bill.upstream_id

    def observe(self, item: ObservedItem, confirm_seconds: float) -> ItemResult:
        """Applies one observation. Those of one bill must come in the order of `read_seq`."""
        event, stored = item.event, self.stored
        if stored is None:
            compared = self._compare_lists(event)
            return self._applied(compared, self._change(item, self._merged(event, compared), _claims(compared)))
        if event.read_seq <= stored.read_seq:
            # An older reading is not marked as stored: what only it contains must be read again.
            known = event.read_seq == stored.read_seq and not self.lists.lacked_by(event.read_seq)
            return ItemResult(Outcome.STALE, remember=known)
        compared = self._compare_lists(event)
        merged = self._merged(event, compared)
        if merged.fingerprint == stored.fingerprint and stored.removed_at is None:
            return self._applied(compared, self._unchanged(event, compared, merged))
        if is_older(stored.snapshot.bill, event.bill, event.provenance.fetched_at):
            # The bill exists again, which is a change; the older content of this reading is not stored.
            if stored.removed_at is not None:
                self._change(item, stored.snapshot, frozenset())
                return ItemResult(Outcome.UPDATED, remember=event.part in _OLDER_IS_NORMAL)
            if event.part in _OLDER_IS_NORMAL:
                return ItemResult(Outcome.STALE, remember=True)
            if not self._confirms(event, str(merged.fingerprint), confirm_seconds):
                return ItemResult(Outcome.PENDING, remember=False)
        return self._applied(compared, self._change(item, merged, _claims(compared)))

    def remove(self, read_seq: int | None = None) -> bool:
        """Makes a version that marks the bill as removed. False if it is removed already, or was read after the answer
        that says so.

        `read_seq` is that of this answer: no earlier reading undoes the removal. Without it, any reading newer than the
        stored one does.
        """
        stored = self.stored
        if stored is None or stored.removed_at is not None:
            return False
        read_seq = stored.read_seq if read_seq is None else read_seq
        if read_seq < stored.read_seq:
            return False
        version = stored.version + 1
        body = render.change_body(stored.snapshot.content["identifier"], stored.snapshot.bill.source.value, ())
        self.drafts.append(Draft(ChangeKind.REMOVED, version, NOTHING, body, read_seq, None, None))
        self.stored = replace(stored, version=version, read_seq=read_seq)
        return True

    def _compare_lists(self, event: BillObserved) -> ComparedReading:
        now = self.stored.snapshot if self.stored else None
        return self.lists.compare(event, Stored(now.bill, now.histories) if now else Stored())

    def _applied(self, compared: ComparedReading, result: ItemResult) -> ItemResult:
        """Applies the list comparison. A reading that lacked entries which are kept is not stored as it was read, so it
        must not be marked as stored.
        """
        self.lists.apply(compared)
        return replace(result, remember=result.remember and not compared.doubtful)

    def _merged(self, event: BillObserved, compared: ComparedReading) -> Snapshot:
        observed, stored = compared.bill, self.stored
        histories = dict(stored.snapshot.histories) if stored else {name: History(name) for name in _NO_HISTORIES}
        histories |= compared.histories
        if not observed.model_fields_set.isdisjoint(_NO_HISTORIES):
            observed = observed.model_copy(update=_NO_HISTORIES)
        return Snapshot(
            self.bill_id,
            merge(stored.snapshot.bill if stored else None, observed),
            histories,
            event.provenance.fetched_at,
        )

    def _unchanged(self, event: BillObserved, compared: ComparedReading, merged: Snapshot) -> ItemResult:
        stored = self.now
        flagged = doubt_flags(merged.bill) != doubt_flags(stored.snapshot.bill)
        if flagged:
            stored.snapshot, self.unlogged_change = merged, True
        stored.read_seq = event.read_seq
        stored.known |= _claims(compared)
        stored.pending_fingerprint = stored.pending_at = None
        self._saw(event)
        return ItemResult(Outcome.UPDATED if flagged else Outcome.UNCHANGED, remember=True)

    def _confirms(self, event: BillObserved, fingerprint: str, seconds: float) -> bool:
        stored = self.now
        if stored.pending_fingerprint != fingerprint:
            stored.pending_fingerprint, stored.pending_at = fingerprint, event.provenance.fetched_at
            self.touched = True
            return False
        return confirmed(stored.pending_at, event.provenance.fetched_at, seconds)

    def _change(self, item: ObservedItem, merged: Snapshot, claims: frozenset[str]) -> ItemResult:
        """Takes over the merged bill. `claims` are the fields that the reading claims."""
        event, stored = item.event, self.stored
        found = self._diff(stored, merged, event) if stored else NOTHING
        known = stored.known if stored else frozenset[str]()
        for name in _NO_HISTORIES:
            if merged.histories[name].hash != (stored.snapshot.histories[name].hash if stored else EMPTY):
                self.rewritten.add(name)
        kind = _kind(stored, found)
        version = stored.version + 1 if stored else 1
        if stored and kind is None:
            self.unlogged_change, version = True, stored.version
            self.unlogged_fields |= found.unlogged_fields | found.before.keys()
        elif kind is not None:
            body = render.change_body(merged.content["identifier"], event.source.value, found.changes)
            self.drafts.append(Draft(kind, version, found, body, event.read_seq, event.published_at, item.trace_id))
        self.stored = StoredBill(
            snapshot=merged,
            fingerprint=merged.fingerprint,
            version=version,
            read_seq=event.read_seq,
            created_at=stored.created_at if stored else event.published_at,
            provenance={**(stored.provenance if stored else {}), event.part.value: _provenance(event)},
            known=known | claims,
            change_seq=stored.change_seq if stored else 0,
            changed_at=stored.changed_at if stored else None,
        )
        self._saw(event)
        return ItemResult(Outcome.UPDATED if stored else Outcome.INSERTED, remember=True)

    def _diff(self, stored: StoredBill, new: Snapshot, event: BillObserved) -> Diff:
        old, lists = stored.snapshot, []
        for name in _NO_HISTORIES:
            before, after = old.histories[name], new.histories[name]
            if before.hash == after.hash:
                continue
            # Rendered again, since the stored items may have been rendered by an older release.
            old_items = render.history_items(before.entries)
            if change := history_change(event.source.value, name, old_items, after.items):
                lists.append(change)
        found = diff(old.content, new.content, lists)
        changes = with_kinds(found.changes, old, new, stored.known, reading_again(event, stored.provenance))
        unlogged_fields = frozenset({_HINTS}) if old.full[_HINTS] != new.full[_HINTS] else frozenset[str]()
        if stored.removed_at is None:
            return Diff(changes, found.before, unlogged_fields)
        # The bill exists again: logged as a change of `removed_at`, which readers of the log need to restore past
        # states.
        gone = {"removed_at": render.instant(stored.removed_at)}
        back = {"field": "removed_at", "old": gone["removed_at"], "new": None, "kind": ChangeKind.CORRECTED.value}
        return Diff((*changes, back), found.before | gone, unlogged_fields)

    def _saw(self, event: BillObserved) -> None:
        seen_at = event.provenance.fetched_at
        self.touched = True
        self.seen_at = max(self.seen_at, seen_at) if self.seen_at else seen_at
        self.source_at = source_at(self.now.snapshot.bill, seen_at)


def _claims(compared: ComparedReading) -> frozenset[str]:
    """The fields that a reading claims, without lists whose loss is not accepted."""
    return frozenset(compared.bill.model_fields_set)


def _kind(stored: StoredBill | None, found: Diff) -> ChangeKind | None:
    """The kind of the change log entry; None if nothing is to be logged."""
    if stored is None:
        return ChangeKind.CREATED
    return found.kind if stored.removed_at is None else ChangeKind.CORRECTED


def provenance_list(provenance: Mapping[str, Any]) -> list[Any]:
    """The provenance of a bill as its document shows it, sorted by part."""
    return [provenance[part] for part in sorted(provenance)]


def provenance_bytes(provenance: Mapping[str, Any]) -> bytes:
    """The provenance of a bill as it is stored."""
    return orjson.dumps(provenance)


def _provenance(event: BillObserved) -> dict[str, Any]:
    source = event.provenance
    return {
        "part": event.part.value,
        "url": source.url,
        "fetched_at": render.instant(source.fetched_at),
        "payload_sha256": source.payload_sha256,
        "parser_version": source.parser_version,
    }
