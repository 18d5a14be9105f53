"""A bill's growing lists: rendered as stored, parsed only when somebody needs the entries."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from legis.domain.bill import Action, VoteEvent
from legis.made_once import made_once

from api_gateway.documents.render import history_items
from api_gateway.store.fingerprints import EMPTY, history_hash

_FIRST_DAY = date.min
_MODELS: dict[str, type[Action] | type[VoteEvent]] = {"actions": Action, "vote_events": VoteEvent}


class History:
    """One list of one bill, oldest first. Equal hashes mean equal lists."""

    def __init__(self, field: str, items: Sequence[str] = (), hashed: str = EMPTY) -> None:
        self.field = field
        self.items = list(items)
        """Rendered entries."""
        self.hash = hashed
        """Hash of what the entries say, in order."""

    @classmethod
    def of(cls, field: str, entries: Sequence[Any]) -> "History":
        """A history from what a source said, in whatever order it said it."""
        if not entries:
            return cls(field)
        ordered = tuple(sorted(entries, key=_action_order if field == "actions" else _vote_order))
        made = cls(field, history_items(ordered), history_hash(ordered))
        made.__dict__["entries"] = ordered
        return made

    @made_once
    def entries(self) -> tuple[Any, ...]:
        """The parsed entries."""
        model = _MODELS[self.field]
        return tuple(model.model_validate_json(item) for item in self.items)


def _action_order(action: Action) -> tuple[Any, ...]:
    # the upstream sequence is right where dates are mistyped; entries without one come in order of their day
    if action.order is not None:
        return (1, action.order, action.date or _FIRST_DAY, "")
    return (0, 0, action.date or _FIRST_DAY, _instant(action.at))


def _vote_order(event: VoteEvent) -> tuple[Any, ...]:
    return (event.date or _FIRST_DAY, _instant(event.at), event.upstream_id)


def _instant(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(UTC).isoformat()
