"""Reconstructs a bill's document as it was at an instant, by undoing later changes."""

from collections.abc import Sequence
from typing import Any

import orjson

from api_gateway.documents.render import INTERNAL_FIELD, instant
from api_gateway.store.changes.change_reader import PastChange
from api_gateway.web.params.moment import Moment, is_before


def begins_in_archive(changes: Sequence[PastChange], at: Moment) -> bool:
    """Whether the bill was known at `at`, but its last change until then is no longer in the log. `changes` as for
    `fold_back`.
    """
    oldest = changes[-1] if changes else None
    return oldest is not None and oldest.version > 1 and is_before(at, oldest.seq, oldest.changed_at)


def fold_back(document: bytes, changes: Sequence[PastChange], at: Moment) -> dict[str, Any] | None:
    """The document as it was at `at`; None if the bill was not known then.

    `changes` are in order, newest first, down to the last one at or before `at`. Provenance and links keep their
    present values.
    """
    folded: dict[str, Any] = orjson.loads(document)
    for change in changes:
        if not is_before(at, change.seq, change.changed_at):
            folded |= {
                "version": change.version,
                "change_seq": change.seq,
                "changed_at": instant(change.changed_at),
                "removed_at": instant(change.changed_at) if change.kind == "REMOVED" else None,
            }
            return folded
        if change.before:
            folded |= orjson.loads(change.before)
            folded.pop(INTERNAL_FIELD, None)  # older entries have it among the old values
    return None
