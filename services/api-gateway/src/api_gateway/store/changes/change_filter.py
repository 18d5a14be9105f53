"""Filter of change log entries by kind, by changed fields and by movement; filters on bills are elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from legis.domain.change_kind import ChangeKind

from api_gateway.documents.render import ABOUT_BILL
from api_gateway.store.changes.legacy_entries import stored_kinds

_MOVES = frozenset({ChangeKind.MOVED, ChangeKind.REMOVED})
"""Kinds of changes of bills that are movement, whichever bill it is."""

ENTRIES_PASSED = 5000
"""Entries that one page skips at most. `seq` has no gaps, so this also bounds the time of a page without a match."""


@dataclass(frozen=True, slots=True)
class ChangeFilter:
    """Entries with at least one of the wanted kinds and fields (if any are given) and none of the excluded ones.
    `movement` selects the entries that followers receive by default. `about` are the kinds of records that the entries
    are about; empty for all. An empty filter selects every entry about bills.
    """

    kinds: tuple[str, ...] = ()
    not_kinds: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    not_fields: tuple[str, ...] = ()
    movement: bool = False
    about: tuple[str, ...] = (ABOUT_BILL,)

    @property
    def only_movement(self) -> bool:
        """Whether every entry that matches is marked as movement."""
        return self.movement or (bool(self.kinds) and {*self.kinds} <= _MOVES and self.about == (ABOUT_BILL,))

    def condition(self, first: int) -> tuple[str, list[Any]]:
        """The SQL condition, to be appended to others with AND, and its arguments, numbered from `$first`."""
        conditions: Sequence[tuple[str, Sequence[str]]] = (
            ("kind = ANY(${}::text[])", stored_kinds(self.kinds)),
            ("kind <> ALL(${}::text[])", stored_kinds(self.not_kinds)),
            ("fields && ${}::text[]", self.fields),
            ("NOT fields && ${}::text[]", self.not_fields),
            ("about = ANY(${}::text[])", self.about),
        )
        used = [(text, list(values)) for text, values in conditions if values]
        parts = [text.format(place) for place, (text, _) in enumerate(used, first)]
        if self.movement:
            parts.append("movement")
        return "".join(f" AND {part}" for part in parts), [values for _, values in used]


EVERY_ENTRY = ChangeFilter()
MOVEMENT = ChangeFilter(movement=True)
