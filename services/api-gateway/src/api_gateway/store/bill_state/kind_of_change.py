"""Assigns each logged change of a bill its kind, from the bill before and after a reading."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from legis.domain.change_kind import ChangeKind, EarlierReading, field_kind, strongest
from legis.domain.changed_fields import MOVED_FIELDS
from legis.domain.vocabulary import QualityFlagCode

if TYPE_CHECKING:
    from legis.events import BillObserved

    from api_gateway.store.bill_state.bill_snapshot import Snapshot

_WORDS = frozenset({"status", "in_progress"})
"""Our fields that are derived from the source's own words."""


def with_kinds(
    changes: Sequence[Mapping[str, Any]],
    old: "Snapshot",
    new: "Snapshot",
    known: frozenset[str],
    reading: EarlierReading,
) -> tuple[dict[str, Any], ...]:
    """The changes, each with its `kind`. `known` are the fields claimed before this reading.

    A field derived from others counts as MOVED only if one of these did. Example: a status that becomes ENACTED because
    the history of an old law is read for the first time has not moved.
    """
    following = frozenset(_following(changes, old, new, known))
    kinds = {
        one["field"]: field_kind(one["field"], one["old"], one["new"], reading)
        if one["field"] in known
        else ChangeKind.READ
        for one in changes
        if one["field"] not in following
    }
    cause = strongest(kind for field, kind in kinds.items() if field in MOVED_FIELDS)
    for one in changes:
        if one["field"] in following:
            kinds[one["field"]] = cause or field_kind(one["field"], one["old"], one["new"], reading)
    return tuple({**one, "kind": kinds[one["field"]].value} for one in changes)


def reading_again(event: "BillObserved", provenance: Mapping[str, Any]) -> EarlierReading:
    """How a reading relates to the last reading of the same part that changed the bill."""
    before, now = provenance.get(event.part.value), event.provenance
    if before is None:
        return EarlierReading(first=True)
    same = before["payload_sha256"] == now.payload_sha256
    return EarlierReading(reread=same and before["parser_version"] != now.parser_version)


def _following(
    changes: Sequence[Mapping[str, Any]], old: "Snapshot", new: "Snapshot", known: frozenset[str]
) -> Iterator[str]:
    """Fields that differ only because they are derived from others: those for which the bill claims the same as before,
    and our status fields if they changed because a history was read for the first time.
    """
    first_history = "actions" not in known and any(one["field"] == "actions" for one in changes)
    doubted = _status_is_stale(new) and not _status_is_stale(old)
    for one in changes:
        field = one["field"]
        same_claim = field not in old.histories and old.full.get(field) == new.full.get(field)
        by_history = first_history and field in _WORDS and (doubted or one["old"] in (None, "UNKNOWN"))
        if same_claim or by_history:
            yield field


def _status_is_stale(snapshot: "Snapshot") -> bool:
    stale = QualityFlagCode.STATUS_STALE
    return any(flag.code is stale and flag.field == "status" for flag in snapshot.bill.quality_flags)
