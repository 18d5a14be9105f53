"""Which entries of the change log are asked for by what they tell, whatever bill they are about."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from api_gateway.store.changes.legacy_entries import stored_kinds

ENTRIES_PASSED = 5000
"""Entries that one page passes over at most: numbers have no gaps, so a page without a match is never slow either."""


@dataclass(frozen=True, slots=True)
class ChangeFilter:
    """At least one of the wanted kinds and fields, where some are, and none of the others. `movement` asks for what
    followers are told of unless they ask for more. Without any: every entry.
    """

    kinds: tuple[str, ...] = ()
    not_kinds: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    not_fields: tuple[str, ...] = ()
    movement: bool = False

    def condition(self, first: int) -> tuple[str, list[Any]]:
        """SQL that is true for the entries, to follow other conditions, and its arguments from `$first` on."""
        asked: Sequence[tuple[str, Sequence[str]]] = (
            ("kind = ANY(${}::text[])", stored_kinds(self.kinds)),
            ("kind <> ALL(${}::text[])", stored_kinds(self.not_kinds)),
            ("fields && ${}::text[]", self.fields),
            ("NOT fields && ${}::text[]", self.not_fields),
        )
        used = [(text, list(values)) for text, values in asked if values]
        parts = [text.format(place) for place, (text, _) in enumerate(used, first)]
        if self.movement:
            parts.append("movement")
        return "".join(f" AND {part}" for part in parts), [values for _, values in used]


EVERY_ENTRY = ChangeFilter()
MOVEMENT = ChangeFilter(movement=True)
