"""Reads the details of listed processes, several at a time."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing

from legis.errors import RecordRejected
from legis.ingest.record_readings import read_each
from legis.ingest.set_aside import SetAside
from legis.ingest.source import Item, ReadContext

from ingest_senado.source.listing import Listed


class Details:
    """Reads details, and remembers between windows which processes upstream could not produce: `aside`."""

    def __init__(self, size: int) -> None:
        self._size = size
        self.aside = SetAside()

    async def read(
        self,
        rows: Sequence[Listed],
        work: Callable[[Listed], Awaitable[list[Item]]],
        context: ReadContext,
        *,
        listed_already: bool,
    ) -> AsyncGenerator[Item, None]:
        """The items that `work` gives for each row, as they arrive. Where it gives none, the row itself.

        With `listed_already` the row is left out. Without it the row is served, whatever the state of the detail.
        Raises the first UpstreamUnavailable after all others are read, and any other RetryableError at once. A process
        that is refused, or fails again and again, is set aside.
        """
        by_id = {row.id: row for row in rows}

        def read(upstream_id: str) -> Awaitable[list[Item]]:
            return work(by_id[upstream_id])

        def address(upstream_id: str) -> str:
            return by_id[upstream_id].provenance.url

        readings = read_each(list(by_id), read, context, self.aside, size=self._size, address=address)
        async with aclosing(readings) as results:
            async for upstream_id, result in results:
                if isinstance(result, list):
                    for item in result:
                        yield item
                    continue
                if not listed_already:
                    yield by_id[upstream_id].reading(None)
                if isinstance(result, RecordRejected):
                    yield result
