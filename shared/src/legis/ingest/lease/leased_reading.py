"""Runs the ingest loop while this process holds its source's lease, and stands by otherwise."""

import asyncio
from collections.abc import Callable

from legis.ingest.checkpoint import Checkpoint
from legis.ingest.lease.reader_lease import ReaderLease
from legis.ingest.runner import IngestRunner
from legis.ingest.state_reporter import StateReporter
from legis.telemetry.logs import get_logger
from legis.waiting import wait_or_stop

log = get_logger(__name__)


async def read_while_leased(
    lease: ReaderLease,
    checkpoint: Checkpoint,
    reporter: StateReporter,
    make_runner: Callable[[], IngestRunner],
    stop: asyncio.Event,
) -> None:
    """Reads in turns of one lease each, until `stop` is set.

    Each turn has a new runner: what another process has read meanwhile makes the memory of the last one void.
    """
    while await lease.wait_until_held(stop):
        if await _another_may_read(lease, checkpoint, stop):
            continue
        await _read_until_lost(lease, make_runner(), stop)
        reporter.stand_by()


async def _another_may_read(lease: ReaderLease, checkpoint: Checkpoint, stop: asyncio.Event) -> bool:
    """After a lease that was taken blind, waits until an earlier one must be over. A source that was never read has no
    earlier reader. Returns True if the lease was lost meanwhile, or `stop` set.
    """
    if lease.blind:
        cursors = await checkpoint.wait(stop)
        if cursors is not None and cursors.max_read_seq > 0:
            log.warning("reader_waits_for_an_unknown_one", seconds=lease.seconds)
            await wait_or_stop(stop, lease.seconds)
        lease.blind = False
    return stop.is_set() or not lease.held


async def _read_until_lost(lease: ReaderLease, runner: IngestRunner, stop: asyncio.Event) -> None:
    reading = asyncio.create_task(runner.run(stop), name="read")
    lost = asyncio.create_task(lease.wait_until_lost(), name="lease lost")
    try:
        await asyncio.wait({reading, lost}, return_when=asyncio.FIRST_COMPLETED)
        if not reading.done():
            log.warning("reader_lease_lost", reader=lease.holder)
    finally:
        for task in (reading, lost):
            task.cancel()
        await asyncio.wait({reading, lost})
    if not reading.cancelled():
        reading.result()
