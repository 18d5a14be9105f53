"""Defects in how lists that shrink are doubted."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from api_gateway.store.bill_state import list_comparison, list_doubts
from api_gateway.store.bill_state.list_entries import PairedEntries
from api_gateway.store.bills import bill_writer, doubt_rows

from twin.store_double import store_statements

Patches = tuple[tuple[Any, str, Any], ...]


def _believes(self: Any, name: str, missing: str, *, vanished: bool = False) -> bool:
    """The first reading is believed."""
    self._made.doubts.pop(name, None)
    return True


def _counts(name: str, stored: Sequence[Any], read: Sequence[Any]) -> PairedEntries:
    """A list has lost something only if it is shorter."""
    fewer = max(0, len(stored) - len(read))
    return PairedEntries(tuple(stored[len(stored) - fewer :]), (), len(stored) - fewer)


_ACCEPTS = list_doubts.SettleRule.accepts


def _believes_later(self: Any, bill: Any, before: Any, doubt: Any, *, vanished: bool) -> bool:
    """Another bill that was whole after this reading speaks for it too."""
    health = {
        key: replace(one, **{name: _at_most(getattr(one, name), doubt.last_at) for name in _WITNESSED})
        for key, one in (self.health or {}).items()
    }
    return _ACCEPTS(replace(self, health=health), bill, before, doubt, vanished=vanished)


_WITNESSED = ("last_whole_at", "last_many_at")


def _at_most(at: datetime | None, limit: datetime) -> datetime | None:
    return None if at is None else min(at, limit)


async def _writes_none(*_: Any) -> None:
    """Doubts are not kept."""


async def _asks_nobody(*_: Any) -> list[Any]:
    """Nobody is asked again."""
    return []


LISTS: tuple[tuple[str, Patches], ...] = (
    ("lists: what is missing is believed at once", ((list_comparison._ListComparer, "_doubt", _believes),)),
    ("lists: what other bills show is ignored", ((list_doubts.SettleRule, "accepts", lambda *_, **__: True),)),
    ("lists: a witness may come later", ((list_doubts.SettleRule, "accepts", _believes_later),)),
    ("lists: compared by count", ((list_comparison, "compare", _counts),)),
    ("lists: doubts are forgotten", ((bill_writer.doubt_rows, "write_doubts", _writes_none),)),
    ("lists: nobody asks again", ((store_statements.STATEMENTS, doubt_rows._ASK, _asks_nobody),)),
)
