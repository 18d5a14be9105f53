"""Clients that leave before their answer: the work for them stops, on the database's side too."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from legis.telemetry.metrics import SHED
from starlette.responses import Response
from starlette.types import Message, Receive, Send

GONE = 499
"""What logs and figures call a request whose client left; nobody receives it."""

WATCHED_AFTER_SECONDS = 0.02
"""Work that is shorter than this is not worth a task that watches for its end."""


@asynccontextmanager
async def cancelled_when_gone(receive: Receive, send: Send) -> AsyncIterator[Receive]:
    """Cancels what runs inside when the client disconnects, and ends in peace. Gives the `receive` to use inside.

    What takes less than `WATCHED_AFTER_SECONDS` is finished for nobody.
    """
    work, gone = asyncio.current_task(), asyncio.Event()
    assert work is not None
    cancelled_before = work.cancelling()
    watcher: asyncio.Task[None] | None = None

    async def watch() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        gone.set()
        work.cancel()

    def begin() -> None:
        nonlocal watcher
        watcher = asyncio.create_task(watch())

    first = True

    async def still_there() -> Message:
        nonlocal first
        if first:
            first = False
            return {"type": "http.request", "body": b"", "more_body": False}
        await gone.wait()
        return {"type": "http.disconnect"}

    timer = asyncio.get_running_loop().call_later(WATCHED_AFTER_SECONDS, begin)
    try:
        try:
            yield still_there
        finally:
            timer.cancel()
            if watcher is not None:
                watcher.cancel()
        if gone.is_set():
            await asyncio.sleep(0)  # where a cancellation that came at the very end arrives
    except asyncio.CancelledError:
        if not gone.is_set() or work.uncancel() > cancelled_before:
            raise
        SHED.labels("gone").inc()
        await Response(status_code=GONE)({"type": "http"}, receive, send)
