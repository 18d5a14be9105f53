"""Mutants of the two sources and of the engine that they share."""

import json
import os
from pathlib import Path
from typing import Any


def _ingest(module: str) -> bool:
    return module.startswith("ingest_")


def no_overlap(module: str) -> None:
    """Not a mutant: the walks that look back are off, so nothing is healed by being read again for good measure.

    Years that were left are asked for again: without that walk nothing else would ever read them.
    """
    if not _ingest(module):
        return
    from legis.events import Walk
    from legis.ingest import runner

    looking_back = {Walk.OVERLAP, Walk.VOTES, Walk.RECONCILE}
    runner.WALK_LOOPS = tuple(tuple(walk for walk in walks if walk not in looking_back) for walks in runner.WALK_LOOPS)


def cursor_at_publish(module: str) -> None:
    """Ingest keeps its own checkpoint and moves it once the window is published, as most such systems do."""
    if not _ingest(module):
        return
    from legis.events import Walk
    from legis.ingest.checkpoint import Checkpoint
    from legis.streams.checkpoints import SourceCursors

    original = Checkpoint.read
    path = Path(os.environ["CHAOS_FOLDER"]) / f"{module}.cursor"

    def own() -> dict[str, int]:
        found: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}
        return found

    async def read(self: Checkpoint) -> SourceCursors | None:
        told = await original(self)
        if told is None:
            return None
        kept = own()
        positions = {walk: kept[walk.value] for walk in Walk if walk.value in kept}
        return SourceCursors(told.epoch, told.max_read_seq, positions)

    async def confirmed(self: Checkpoint, walk: Any, hi: int, **_: Any) -> bool:
        path.write_text(json.dumps(own() | {walk.value: hi}))
        return True

    Checkpoint.read = read  # type: ignore[method-assign]
    Checkpoint.confirmed = confirmed  # type: ignore[method-assign]


def no_rewalk(module: str) -> None:
    """A walk of the Câmara's list counts although its pages moved meanwhile."""
    if module != "ingest_camara":
        return
    from ingest_camara.source.listing import Listing

    Listing.whole = property(lambda self: True)  # type: ignore[assignment,method-assign]


def stale_accepted(module: str) -> None:
    """The Senado's detail is taken although the list that led to it is newer."""
    if module != "ingest_senado":
        return
    from ingest_senado.source.bills import BillReader

    original = BillReader._fresh_detail

    async def any_detail(self: BillReader, process_id: str, not_before: Any) -> Any:
        return await original(self, process_id, None)

    BillReader._fresh_detail = any_detail  # type: ignore[method-assign]


def no_limiter(module: str) -> None:
    """Requests, repeated ones too, go out as fast as they come."""
    if not _ingest(module):
        return
    from legis.upstream.pacing import RateLimiter, Turn

    async def at_once(self: RateLimiter) -> Turn:
        return Turn(lambda: None)

    RateLimiter.acquire = at_once  # type: ignore[method-assign]


def unbounded_stream(module: str) -> None:
    """The publisher never finds the stream full."""
    if not _ingest(module):
        return
    from legis.streams.publisher import Publisher

    original = Publisher.__init__

    def init(self: Publisher, redis: Any, *, capacity: int, **rest: Any) -> None:
        original(self, redis, capacity=10**9, **rest)

    Publisher.__init__ = init  # type: ignore[method-assign]


def no_trace(module: str) -> None:
    """Events go out without the trace they were read in."""
    if not _ingest(module):
        return
    from legis.ingest.window_publisher import WindowPublisher

    def none(self: WindowPublisher, reading: Any) -> None:
        return None

    WindowPublisher._send_span = none  # type: ignore[method-assign]
