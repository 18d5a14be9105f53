"""Defects in how readers of the change log keep their positions."""

from dataclasses import replace
from typing import Any

from api_gateway.notifier import lane
from api_gateway.store.changes import change_reader

Patches = tuple[tuple[Any, str, Any], ...]

_FAILED = lane.Lane.failed
_BEHIND = change_reader._behind


def _moves_anyway(self: lane.Lane, answer: Any, wait: Any) -> None:
    """The position moves before the message was taken."""
    _FAILED(self, answer, wait)
    self.succeeded()


async def _reaches_the_head(*arguments: Any) -> Any:
    """A full page tells the end of the log as the place to go on from."""
    found = await _BEHIND(*arguments)
    return replace(found, reached=found.position.head)


READERS: tuple[tuple[str, Patches], ...] = (
    ("readers: a cursor moves before its delivery", ((lane.Lane, "failed", _moves_anyway),)),
    ("readers: a full page skips what follows", ((change_reader, "_behind", _reaches_the_head),)),
)
