"""Remembers the last entry that each subscription matched, so that nobody looks for what is not there."""

from api_gateway.store.database.connections import Pool
from api_gateway.store.subscriptions.match_writer import load_reached, newest_matches


class NewestMatches:
    """The last match of every subscription among the entries after `_begin`. Each look reads, once for all, only what
    was matched since the look before.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._newest: dict[int, int] = {}
        self._epoch = ""
        self._begin = self._read_to = 0

    async def look(self, after: int) -> None:
        """Takes what was matched meanwhile. `after` is the lowest position that will be asked about: entries before it
        are read only if it goes back, as by a replay. Raises StoreUnavailable.
        """
        reached = await load_reached(self._pool)
        if reached is None:
            return
        if reached.epoch != self._epoch or after < self._begin:
            self._newest, self._epoch = {}, reached.epoch
            self._begin = self._read_to = after
        if reached.seq > self._read_to:
            self._newest |= await newest_matches(self._pool, self._read_to, reached.seq)
            self._read_to = reached.seq

    def any_after(self, subscription_id: int, seq: int) -> bool:
        """Whether the subscription matched an entry after `seq`, as far as the last look came."""
        return self._newest.get(subscription_id, 0) > seq

    def forget(self, subscription_id: int) -> None:
        """Takes back the match of a subscription for which none is stored any more."""
        self._newest.pop(subscription_id, None)
