"""Reads the details of listed processes, some at a time, without letting one of them hold up the rest."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing

from legis.errors import RecordGone
from legis.ingest.concurrent_map import concurrent_map
from legis.ingest.set_aside import SetAside, WindowFailures
from legis.ingest.source import Item, ReadContext
from legis.telemetry.logs import get_logger

from ingest_senado.readings import Listed

log = get_logger(__name__)


class Details:
    """Remembers, between windows, which processes upstream could not produce: `aside`."""

    def __init__(self, batch: int) -> None:
        self._batch = batch
        self.aside = SetAside()

    async def read(
        self,
        rows: Sequence[Listed],
        work: Callable[[Listed], Awaitable[list[Item]]],
        context: ReadContext,
        *,
        listed_already: bool,
    ) -> AsyncGenerator[Item, None]:
        """What `work` gives for each row, as it comes. Where it gives nothing, the row itself unless `listed_already`.

        Raises the first UpstreamUnavailable after all others are read, and any other RetryableError at once. A process
        that is refused, or fails again and again, is set aside.
        """
        troubles = WindowFailures(self.aside)
        resting = {row.id: letter for row in rows if (letter := troubles.resting(row.id)) is not None}
        for row in rows:
            if row.id in resting:
                for item in _alone(row, listed_already=listed_already):
                    yield item
                yield resting[row.id]
        asked = [row for row in rows if row.id not in resting]

        async def ask(row: Listed) -> list[Item]:
            with troubles.asking(row.id):
                return await work(row)

        done = 0
        async with aclosing(concurrent_map(asked, ask, self._batch)) as results:
            async for row, result in results:
                done += 1
                for item in _items(row, result, troubles, listed_already=listed_already):
                    yield item
                if done % self._batch == 0:
                    context.progress(done, len(asked))
        for letter in troubles.ended():
            yield letter


def _items(
    row: Listed, result: list[Item] | Exception, troubles: WindowFailures, *, listed_already: bool
) -> list[Item]:
    if not isinstance(result, Exception):
        troubles.read(row.id)
        return result
    if isinstance(result, RecordGone):
        log.warning("process listed but gone", upstream_id=row.id)
        troubles.read(row.id)
        return _alone(row, listed_already=listed_already)
    letter = troubles.met(row.id, result, row.provenance.url)
    return [] if letter is None else [*_alone(row, listed_already=listed_already), letter]


def _alone(row: Listed, *, listed_already: bool) -> list[Item]:
    """The row without its detail: what the list says is served, whatever the detail is like."""
    return [] if listed_already else [row.reading(None)]
