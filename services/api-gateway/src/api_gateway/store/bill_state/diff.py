"""What changed between two states of a bill: for people to read, and to fold back to the older state."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from legis.domain.change_kind import UNLOGGED_FIELDS, ChangeKind, strongest
from legis.domain.fingerprint import fold_blanks


@dataclass(frozen=True, slots=True)
class Diff:
    """`changes` are FieldChange-shaped; `before` has the old value of every field of the document that differs."""

    changes: tuple[dict[str, Any], ...]
    before: dict[str, Any]
    untold: frozenset[str] = frozenset()
    """Fields beside the document that differ: told to nobody, but links may rest on them."""

    @property
    def fields(self) -> list[str]:
        """Names of the changed fields."""
        return [change["field"] for change in self.changes]

    @property
    def kind(self) -> ChangeKind | None:
        """The strongest kind of a changed field; None where nothing is told."""
        return strongest(ChangeKind(change["kind"]) for change in self.changes)


NOTHING = Diff((), {})


def diff(old: Mapping[str, Any], new: Mapping[str, Any], histories: Sequence[dict[str, Any]] = ()) -> Diff:
    """Compares two contents of a document; `histories` are the changes of its lists, as `history_change` makes them.

    Differences in white space alone are not told, but are folded back.
    """
    before = {name: old.get(name) for name in new if old.get(name) != new[name]}
    told = [
        {"field": name, "old": value, "new": new[name]}
        for name, value in before.items()
        if name not in UNLOGGED_FIELDS and fold_blanks(value) != fold_blanks(new[name])
    ]
    return Diff((*told, *histories), before)


def history_change(field: str, old: Sequence[str], new: Sequence[str]) -> dict[str, Any] | None:
    """The entries that went and came between two lists of rendered entries; None where none did."""
    came, went = Counter(new), Counter(old)
    gone = list((went - came).elements())
    added = list((came - went).elements())
    if not gone and not added:
        return None
    return {"field": field, "old": _parsed(gone), "new": _parsed(added)}


def _parsed(items: Sequence[str]) -> list[Any]:
    return [orjson.loads(item) for item in items]
