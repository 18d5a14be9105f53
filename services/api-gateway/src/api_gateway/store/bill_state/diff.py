"""Difference between two states of a bill: readable changes, and the old values to restore the older state."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from legis.domain.change_kind import ChangeKind, strongest
from legis.domain.changed_fields import UNLOGGED_FIELDS
from legis.domain.fingerprint import fold_blanks

from api_gateway.documents.reference_ids import with_reference_ids


@dataclass(frozen=True, slots=True)
class Diff:
    """`changes` have the shape of `FieldChange`; `before` has the old value of every document field that differs."""

    changes: tuple[dict[str, Any], ...]
    before: dict[str, Any]
    unlogged_fields: frozenset[str] = frozenset()
    """Fields outside the document that differ. They are not logged, but counterpart links may depend on them."""

    @property
    def fields(self) -> list[str]:
        """Names of the logged fields."""
        return [change["field"] for change in self.changes]

    @property
    def kind(self) -> ChangeKind | None:
        """The strongest kind of a logged change; None if nothing is logged."""
        return strongest(ChangeKind(change["kind"]) for change in self.changes)


NOTHING = Diff((), {})


def diff(old: Mapping[str, Any], new: Mapping[str, Any], histories: Sequence[dict[str, Any]] = ()) -> Diff:
    """Compares two contents of a document. `histories` are the changes of its lists, made by `history_change`.

    A difference in white space alone is not logged as a change, but is in `before`.
    """
    before = {name: old.get(name) for name in new if old.get(name) != new[name]}
    logged = [
        {"field": name, "old": value, "new": new[name]}
        for name, value in before.items()
        if name not in UNLOGGED_FIELDS and fold_blanks(value) != fold_blanks(new[name])
    ]
    return Diff((*logged, *histories), before)


def history_change(source: str, field: str, old: Sequence[str], new: Sequence[str]) -> dict[str, Any] | None:
    """The entries removed and added between two lists of rendered entries of a source's bill, with the ids of
    organizations in them; None if there are none.
    """
    came, went = Counter(new), Counter(old)
    gone = list((went - came).elements())
    added = list((came - went).elements())
    if not gone and not added:
        return None
    return {"field": field, "old": _parsed(source, gone), "new": _parsed(source, added)}


def _parsed(source: str, items: Sequence[str]) -> list[Any]:
    return [with_reference_ids(source, orjson.loads(item)) for item in items]
