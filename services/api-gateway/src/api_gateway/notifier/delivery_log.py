"""Collects outcomes of deliveries and writes them together, ten times a second."""

import asyncio

from legis.errors import StoreUnavailable
from legis.telemetry.logs import get_logger
from legis.waiting import wait_or_stop

from api_gateway.store.database.connections import Pool
from api_gateway.store.subscriptions.delivery_writer import Attempt, Delivered, store_deliveries

FLUSH_SECONDS = 0.1
MOST_ATTEMPTS = 10_000
"""Attempts kept while the database is away; older ones are dropped then, positions never."""

_log = get_logger(__name__)


class DeliveryLog:
    """Positions of subscriptions and attempts that are not written yet. After a crash, what was not written is sent
    again with the same ids.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._moved: dict[int, Delivered] = {}
        self._attempts: list[Attempt] = []
        self.writing = asyncio.Lock()
        """Held while positions are written: under it, `positions` are those in the store."""
        self.positions: dict[int, int] = {}
        """The position of each subscription that was written last, or read."""

    def delivered(self, subscription_id: int, seq: int) -> None:
        """Records that everything up to `seq` is delivered."""
        known = self._moved.get(subscription_id)
        before = known.before if known else self.positions[subscription_id]
        self._moved[subscription_id] = Delivered(subscription_id, before, seq)

    def forget(self, subscription_id: int, position: int) -> None:
        """Takes over a position that the owner has set; what was not written is not written any more."""
        self._moved.pop(subscription_id, None)
        self.positions[subscription_id] = position

    def attempted(self, attempt: Attempt) -> None:
        """Records one attempt."""
        self._attempts.append(attempt)
        if len(self._attempts) > MOST_ATTEMPTS:
            del self._attempts[: MOST_ATTEMPTS // 10]

    async def flush(self) -> None:
        """Writes what was recorded. Raises StoreUnavailable, and keeps it then."""
        async with self.writing:
            moved, attempts = self._moved, self._attempts
            if not moved and not attempts:
                return
            self._moved, self._attempts = {}, []
            self.positions |= {one.subscription_id: one.seq for one in moved.values()}
            try:
                await store_deliveries(self._pool, list(moved.values()), attempts)
            except BaseException:
                self.positions |= {one.subscription_id: one.before for one in moved.values()}
                for one in self._moved.values():  # recorded meanwhile: it continues what was not written
                    earlier = moved.get(one.subscription_id)
                    moved[one.subscription_id] = Delivered(
                        one.subscription_id, earlier.before if earlier else one.before, one.seq
                    )
                self._moved, self._attempts = moved, attempts + self._attempts
                raise

    async def run(self, stop: asyncio.Event) -> None:
        """Writes until `stop` is set, and once more then."""
        while True:
            ending = stop.is_set()
            try:
                await self.flush()
            except StoreUnavailable as error:
                _log.warning("deliveries_not_written", error=str(error))
                await wait_or_stop(stop, 1.0)
            if ending:
                return
            await wait_or_stop(stop, FLUSH_SECONDS)


def own_fault(error: Exception) -> str:
    """The words of an attempt that a fault of ours ended. They name the kind of the error; what it says is for our own
    log alone.
    """
    return f"an error of this service ({type(error).__name__})"
