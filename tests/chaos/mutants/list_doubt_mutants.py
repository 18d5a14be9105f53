"""Mutants of the store's doubts about lists that shrink."""

from collections.abc import Sequence
from typing import Any


def _worker(module: str) -> bool:
    return module == "api_gateway.worker"


def believes_at_once(module: str) -> None:
    """A list that shrinks is believed the first time."""
    if not _worker(module):
        return
    from api_gateway.store.bill_state import list_comparison

    def doubt(self: Any, name: str, missing: str, *, vanished: bool = False) -> bool:
        self._made.doubts.pop(name, None)
        return True

    list_comparison._ListComparer._doubt = doubt  # type: ignore[method-assign]


def believes_records_at_once(module: str) -> None:
    """A list of a voting, an event or a body that shrinks is believed the first time."""
    if not _worker(module):
        return
    from api_gateway.store.record_state.record_lists import RecordLists

    def merged(_: Any, made: Any, name: str, stored: Any, read: Any, *more: Any) -> Any:
        return read

    RecordLists._merged = merged  # type: ignore[method-assign]


def ignores_canary(module: str) -> None:
    """A second reading is enough, whatever other bills show."""
    if not _worker(module):
        return
    from api_gateway.store.bill_state.list_doubts import SettleRule

    SettleRule.accepts = lambda *_, **__: True  # type: ignore[method-assign,assignment]


def forgets_doubts(module: str) -> None:
    """Doubts are not kept: every reading is the first."""
    if not _worker(module):
        return
    from api_gateway.store.bills import doubt_rows

    async def write(*_: Any) -> None:
        return None

    doubt_rows.write_doubts = write


def compares_counts(module: str) -> None:
    """A list has lost something only if it is shorter."""
    if not _worker(module):
        return
    from api_gateway.store.bill_state import list_comparison
    from api_gateway.store.bill_state.list_entries import PairedEntries

    def compare(name: str, stored: Sequence[Any], read: Sequence[Any]) -> PairedEntries:
        fewer = max(0, len(stored) - len(read))
        return PairedEntries(tuple(stored[len(stored) - fewer :]), (), len(stored) - fewer)

    list_comparison.compare = compare  # type: ignore[attr-defined]
