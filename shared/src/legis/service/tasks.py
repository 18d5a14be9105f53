"""Background tasks that run as one group: all of them run, or none."""

import asyncio
from collections.abc import Coroutine
from typing import Any

GRACE_SECONDS = 10.0


async def supervise(
    stop: asyncio.Event, *coros: Coroutine[Any, Any, object], grace_seconds: float = GRACE_SECONDS
) -> None:
    """Runs the coroutines together until all have ended.

    Each must end soon after `stop` is set; a coroutine that still runs `grace_seconds` later is cancelled. If one
    raises an error, `stop` is set, the others are cancelled, and the error is raised: unchanged if it is the only one,
    otherwise in an ExceptionGroup.
    """
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(coro) for coro in coros]
            guard = group.create_task(_cancel_late(stop, tasks, grace_seconds))
            for task in tasks:
                task.add_done_callback(lambda _done: guard.cancel() if all(t.done() for t in tasks) else None)
            if not tasks:
                guard.cancel()
    except BaseExceptionGroup as failed:
        stop.set()
        if len(failed.exceptions) == 1:
            raise failed.exceptions[0] from None
        raise
    except asyncio.CancelledError:
        stop.set()
        raise


async def _cancel_late(stop: asyncio.Event, tasks: list[asyncio.Task[object]], grace_seconds: float) -> None:
    await stop.wait()
    _done, late = await asyncio.wait(tasks, timeout=grace_seconds)
    for task in late:
        task.cancel()
