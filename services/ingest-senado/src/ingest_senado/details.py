"""Reads the details of listed processes, some at a time, without letting one of them hold up the rest for ever."""

from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from contextlib import aclosing

from legis.errors import LegisError, RecordGone, RecordRejected, UpstreamUnavailable
from legis.ingest.source import Item, ReadContext
from legis.telemetry.logs import get_logger

from ingest_senado.batches import in_batches
from ingest_senado.readings import Listed

log = get_logger(__name__)

PATIENCE = 3
"""Windows in which one process may fail while others are read, before it is set aside as a dead letter."""


class Details:
    """Remembers, between windows, which processes upstream could not produce."""

    def __init__(self, batch: int) -> None:
        self._batch = batch
        self._failures: Counter[str] = Counter()

    async def read(
        self,
        rows: Sequence[Listed],
        work: Callable[[Listed], Awaitable[list[Item]]],
        context: ReadContext,
        *,
        listed_already: bool,
    ) -> AsyncGenerator[Item, None]:
        """What `work` gives for each row. Where it gives nothing, the row itself unless `listed_already`.

        Raises the first UpstreamUnavailable after all others are read, and any other RetryableError at once.
        """
        failed: list[tuple[Listed, UpstreamUnavailable]] = []
        done = 0
        async with aclosing(in_batches(rows, work, self._batch)) as results:
            async for row, result in results:
                done += 1
                if isinstance(result, UpstreamUnavailable):
                    failed.append((row, result))
                    continue
                if not isinstance(result, LegisError):
                    self._failures.pop(row.id, None)
                for item in _items(row, result, listed_already=listed_already):
                    yield item
                if done % self._batch == 0:
                    context.progress(done, len(rows))
        for letter in self._set_aside(failed):
            yield letter

    def _set_aside(self, failed: Iterable[tuple[Listed, UpstreamUnavailable]]) -> list[RecordRejected]:
        """Dead letters for processes that fail again and again; raises while there is hope for one of them.

        One process whose detail upstream cannot produce would else keep its year from ever being finished. When
        upstream as a whole is down the circuit opens, and its BreakerOpen is no failure of the process.
        """
        letters: list[RecordRejected] = []
        hopeful: UpstreamUnavailable | None = None
        for row, error in failed:
            self._failures[row.id] += 1
            if self._failures[row.id] < PATIENCE:
                hopeful = hopeful or error
            else:
                message = f"detail unreadable in {self._failures[row.id]} windows: {error}"
                letters.append(RecordRejected(message, raw=b"", upstream_id=row.id, source_url=row.provenance.url))
        if hopeful is not None:
            raise hopeful
        for letter in letters:
            self._failures.pop(letter.upstream_id or "", None)
        return letters


def _items(row: Listed, result: list[Item] | LegisError, *, listed_already: bool) -> list[Item]:
    if not isinstance(result, LegisError):
        return result
    if not isinstance(result, RecordGone | RecordRejected):
        raise result
    items: list[Item] = [] if listed_already else [row.reading(None)]
    if isinstance(result, RecordRejected):
        return [*items, result]
    log.warning("process listed but gone", upstream_id=row.id)
    return items
