"""A bill's growing lists, rendered as they are stored and parsed only when the entries are needed."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from legis.domain.bill import Action, VoteEvent
from legis.domain.organization import Organization, named, names_by_code
from legis.domain.proceedings.action_order import in_order
from legis.lazy_attribute import lazy_attribute

from api_gateway.documents.render import history_items
from api_gateway.store.bill_state.stored_fingerprints import EMPTY, history_hash

_FIRST_DAY = date.min
_MODELS: dict[str, type[Action] | type[VoteEvent]] = {"actions": Action, "vote_events": VoteEvent}


class History:
    """One list of one bill, oldest entry first. Equal hashes mean equal lists."""

    def __init__(self, field: str, items: Sequence[str] = (), hashed: str = EMPTY) -> None:
        self.field = field
        self.items = list(items)
        """Rendered entries."""
        self.hash = hashed
        """Hash of the entries' content, in order."""

    @classmethod
    def of(cls, field: str, entries: Sequence[Any]) -> "History":
        """A history made from entries in any order."""
        if not entries:
            return cls(field)
        ordered: tuple[Any, ...] = in_order(entries) if field == "actions" else tuple(sorted(entries, key=_vote_order))
        made = cls(field, history_items(ordered), history_hash(ordered))
        made.__dict__["entries"] = ordered
        return made

    def named(self, entries: Sequence[Any]) -> Sequence[Any]:
        """`entries` of a new reading, with names of bodies taken from this list where the reading lacks them: the
        source's directory of bodies may have been unavailable.
        """
        if not self.items or not any(_nameless(entry.organization) for entry in entries):
            return entries
        names = names_by_code(entry.organization for entry in self.entries)
        return [_with_name(entry, names) for entry in entries]

    @lazy_attribute
    def entries(self) -> tuple[Any, ...]:
        """The parsed entries."""
        model = _MODELS[self.field]
        return tuple(model.model_validate_json(item) for item in self.items)


def _nameless(body: Organization | None) -> bool:
    return body is not None and body.code is not None and not body.name


def _with_name(entry: Any, names: Mapping[str, str]) -> Any:
    body = named(entry.organization, names)
    return entry if body is entry.organization else entry.model_copy(update={"organization": body})


def _vote_order(event: VoteEvent) -> tuple[Any, ...]:
    return (event.date or _FIRST_DAY, _instant(event.at), event.upstream_id)


def _instant(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(UTC).isoformat()
