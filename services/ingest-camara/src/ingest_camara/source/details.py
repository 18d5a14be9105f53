"""Reads the details of bills named by a list or a file, several at a time."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing

from legis.clock import Clock
from legis.domain.vocabulary import ReadingPart, Source
from legis.errors import PermanentError, RecordGone, RecordRejected
from legis.events import Walk
from legis.ingest.record_readings import read_alone, read_each
from legis.ingest.set_aside import SetAside
from legis.ingest.source import Item, ReadContext
from legis.telemetry.metrics import RECORDS_READ

from ingest_camara.client.api import CamaraApi
from ingest_camara.source.bills import BillReader, Outcome
from ingest_camara.source.read_all_context import ReadAllContext
from ingest_camara.wire.bill_records import ListItem

_PARTS = (ReadingPart.DETAIL, ReadingPart.VOTES)


class Details:
    """Reads details, and remembers between windows which bills upstream could not produce."""

    def __init__(self, api: CamaraApi, bills: BillReader, size: int, clock: Clock) -> None:
        self._api = api
        self._bills = bills
        self._size = size
        self._clock = clock
        self._aside = SetAside()

    async def read(
        self,
        ids: Sequence[str],
        walk: Walk,
        context: ReadContext,
        *,
        listed: Mapping[str, ListItem] | None = None,
        file_marks: Mapping[str, str] | None = None,
        stale: list[str] | None = None,
    ) -> AsyncGenerator[Item, None]:
        """Each bill that changed, as it arrives. Ids whose detail is older than their row of the list go to `stale`.

        A bill that cannot be read is set aside. The other bills are read all the same; only after them the window
        fails, if a later attempt may succeed.
        """

        async def read(upstream_id: str) -> Outcome:
            listed_as, mark = (listed or {}).get(upstream_id), (file_marks or {}).get(upstream_id)
            return await self._bills.read(upstream_id, context, listed=listed_as, file_mark=mark)

        readings = read_each(ids, read, context, self._aside, size=self._size, address=self._api.address, parts=_PARTS)
        async with aclosing(readings) as outcomes:
            async for upstream_id, outcome in outcomes:
                if isinstance(outcome, RecordRejected):
                    yield outcome
                elif outcome is not None:
                    _note(upstream_id, outcome, walk, stale)
                    if outcome.item is not None:
                        yield outcome.item

    async def read_one(self, upstream_id: str, context: ReadContext) -> Sequence[Item]:
        """The bill read whole, as if nothing of it were stored; Absence where upstream does not have it."""
        if not (upstream_id.isascii() and upstream_id.isdigit()):
            raise PermanentError(f"no id of the Câmara: {upstream_id!r}")

        async def read() -> list[Item]:
            outcome = await self._bills.read(upstream_id, ReadAllContext(context))
            if outcome.gone:
                raise RecordGone(f"no bill {upstream_id}")
            return [outcome.item] if outcome.item is not None else []

        url = self._api.address(upstream_id)
        return await read_alone(upstream_id, read, context, self._aside, url=url, clock=self._clock)


def _note(upstream_id: str, outcome: Outcome, walk: Walk, stale: list[str] | None) -> None:
    if outcome.gone:
        RECORDS_READ.labels(Source.CAMARA, walk, "gone").inc()
    if outcome.stale and stale is not None:
        stale.append(upstream_id)
