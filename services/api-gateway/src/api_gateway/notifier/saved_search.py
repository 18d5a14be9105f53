"""A subscription's search as filters of the change log, in the same words as `/changes`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from legis.domain.change_kind import ChangeKind

from api_gateway.search.filtering.bill_filter import BillFilter
from api_gateway.search.filtering.filters import read_filter
from api_gateway.search.filtering.values import choice, one_of

ENTRY_PARAMETERS = ("kind", "field")
_kind = one_of(ChangeKind)


@dataclass(frozen=True, slots=True)
class EntryRule:
    """Which entries of the log a subscriber wants, by kind and fields. Without kinds and fields: movement."""

    kinds: frozenset[str] = frozenset()
    not_kinds: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    not_fields: frozenset[str] = frozenset()

    def wants(self, entry: Any) -> bool:
        """Whether an entry of the log is of a wanted kind; its bill is not looked at."""
        kind, fields = entry["kind"], set(entry["fields"])
        if kind in self.not_kinds or fields & self.not_fields:
            return False
        if self.fields and not fields & self.fields:
            return False
        if self.kinds:
            return kind in self.kinds
        return bool(self.fields) or bool(entry["movement"])


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """Which changes a subscriber wants: those that the rule wants, of bills that match before or after the change
    (None: any bill). Equal searches are equal, so each is matched once however many subscribe to it.
    """

    bills: BillFilter | None
    rule: EntryRule = EntryRule()


def saved_search(parameters: Mapping[str, Any]) -> SavedSearch:
    """The filters that stored parameters describe. Raises InvalidParameter: the rules of a release may have changed
    since they were stored.
    """
    given = dict(parameters)
    kinds = choice("kind", given.pop("kind", ()), _kind)
    fields = choice("field", given.pop("field", ()), lambda _, value: value)
    types = frozenset(part.lstrip("-") for value in given.get("type", ()) for part in value.split(","))
    bills = read_filter(given, types)
    rule = EntryRule(
        kinds=frozenset(kinds.any_of),
        not_kinds=frozenset(kinds.none_of),
        fields=frozenset(fields.any_of),
        not_fields=frozenset(fields.none_of),
    )
    return SavedSearch(bills=None if bills == BillFilter() else bills, rule=rule)
