"""Runs the builder as a child process and waits for its end."""

import asyncio
import contextlib
import os
import sys

from api_gateway.exporter.build import TUNED, BuildEnd

STOP_SECONDS = 5.0
"""Time in which a builder that was asked to end must have ended."""

BUILD_SECONDS = 6 * 3600.0
"""Longest time of one build; one that stands still is ended, and the next try begins again."""


async def run_builder(stop: asyncio.Event) -> BuildEnd:
    """Builds one export. FAILED where the process ended by a signal or took too long, or `stop` was set: what it left
    is deleted by the next one.
    """
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "api_gateway.exporter.build", env={**os.environ, **TUNED}
    )
    ended, stopped = asyncio.create_task(child.wait()), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((ended, stopped), timeout=BUILD_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()
        if child.returncode is None:
            await _end(child)
        ended.cancel()
    known = [one.value for one in BuildEnd]
    return BuildEnd(child.returncode) if child.returncode in known else BuildEnd.FAILED


async def _end(child: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        child.terminate()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                await child.wait()
            return
        child.kill()
        await child.wait()
