"""Reads records one by one for a source: many side by side, or one that was asked for alone.

What fails with one record alone costs that record: it is set aside (`legis.ingest.set_aside`), and all others are read.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import TypeVar

from legis.clock import Clock
from legis.concurrent_map import concurrent_map
from legis.domain.vocabulary import ReadingPart
from legis.errors import RecordGone, RecordRejected
from legis.ingest.set_aside import SetAside, WindowFailures
from legis.ingest.source import Absence, Item, ReadContext
from legis.telemetry.logs import get_logger

R = TypeVar("R")

log = get_logger(__name__)

_PREFETCHED_AT_ONCE = 5000
"""Ids whose marks are loaded in one round trip: some 500 KB of the reply."""


async def read_each(
    ids: Sequence[str],
    read: Callable[[str], Awaitable[R]],
    context: ReadContext,
    aside: SetAside,
    *,
    size: int,
    address: Callable[[str], str],
    parts: Sequence[ReadingPart] = (),
) -> AsyncGenerator[tuple[str, R | RecordRejected | None], None]:
    """Each id with what `read` gave, in the order in which the readings end, `size` of them at once.

    A RecordRejected instead: the record is set aside, now or from before, or does not fit. None: upstream has no such
    record. A record that failed and may succeed in the next window is left out. `address` is where a record is asked
    for; the marks of `parts` are loaded before. Raises the first UpstreamUnavailable after all others are read, and any
    other error that is the source's own at once.
    """
    troubles = WindowFailures(aside)

    async def read_one(upstream_id: str) -> R:
        with troubles.asking(upstream_id):
            return await read(upstream_id)

    done = 0
    for start in range(0, len(ids), _PREFETCHED_AT_ONCE):
        chunk = list(ids[start : start + _PREFETCHED_AT_ONCE])
        for part in parts:
            await context.prefetch(chunk, part)
        resting = {one: letter for one in chunk if (letter := troubles.resting(one)) is not None}
        for upstream_id, letter in resting.items():
            yield upstream_id, letter
        asked = [one for one in chunk if one not in resting]
        async with aclosing(concurrent_map(asked, read_one, size)) as results:
            async for upstream_id, result in results:
                done += 1
                context.progress(done, len(ids))
                if isinstance(result, RecordGone):
                    log.warning("record listed but gone", upstream_id=upstream_id)
                    troubles.read(upstream_id)
                    yield upstream_id, None
                elif not isinstance(result, Exception):
                    troubles.read(upstream_id)
                    yield upstream_id, result
                elif (refused := troubles.met(upstream_id, result, address(upstream_id))) is not None:
                    yield upstream_id, refused
    for letter in troubles.ended():
        yield letter.upstream_id or "", letter


async def read_items(
    ids: Sequence[str],
    read: Callable[[str], Awaitable[Sequence[Item]]],
    context: ReadContext,
    aside: SetAside,
    *,
    size: int,
    address: Callable[[str], str],
    parts: Sequence[ReadingPart] = (),
) -> AsyncGenerator[Item, None]:
    """The items that `read` gives of each id, and the RecordRejected of those set aside. Otherwise as `read_each`."""
    readings = read_each(ids, read, context, aside, size=size, address=address, parts=parts)
    async with aclosing(readings) as results:
        async for _, result in results:
            for item in [result] if isinstance(result, RecordRejected) else result or ():
                yield item


async def read_alone(
    upstream_id: str,
    read: Callable[[], Awaitable[Sequence[Item]]],
    context: ReadContext,
    aside: SetAside,
    *,
    url: str,
    clock: Clock,
) -> Sequence[Item]:
    """What `read` gives of one record; an Absence where it raises RecordGone; the letter of a record set aside.

    Raises every error that is the source's own, and the record's own while there is hope for it.
    """
    seq = context.next_seq()
    troubles = WindowFailures(aside)
    try:
        with troubles.asking(upstream_id):
            items = await read()
    except RecordGone:
        troubles.read(upstream_id)
        return [Absence(upstream_id, url, clock(), seq)]
    except Exception as error:  # sorted into the record's own fault and all others, which are raised again
        return troubles.of_one(upstream_id, error, url)
    troubles.read(upstream_id)
    return items
