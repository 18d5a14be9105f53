"""Records which API keys were used and reports them to the worker through Redis every ten seconds,
outside of requests.
"""

import asyncio

from legis.clock import Clock, utc_now
from legis.streams.names import KEY_USAGE_KEY
from legis.telemetry.traces import suppressed
from legis.waiting import wait_or_stop

from api_gateway.web.background.redis_fail_fast import RedisAway, RedisFailFast

FLUSH_SECONDS = 10.0
EXPIRY_SECONDS = 86_400


class KeyUsage:
    """The last minute in which this process accepted each key, until it is reported; at most one entry for each key."""

    def __init__(self, gate: RedisFailFast, *, now: Clock = utc_now) -> None:
        self._gate = gate
        self._now = now
        self._minutes: dict[int, int] = {}

    def note(self, key_id: int) -> None:
        """Records that the key is used now."""
        self._minutes[key_id] = int(self._now().timestamp()) // 60 * 60

    async def flush(self) -> None:
        """Reports the entries recorded since the last call; keeps them if Redis is away. Raises no error."""
        if not self._minutes:
            return
        told, self._minutes = self._minutes, {}
        pipeline = self._gate.client.pipeline(transaction=False)
        pipeline.hset(KEY_USAGE_KEY, mapping={str(key): second for key, second in told.items()})
        pipeline.expire(KEY_USAGE_KEY, EXPIRY_SECONDS)
        try:
            await self._gate.call(pipeline.execute)
        except RedisAway:
            self._minutes = {**told, **self._minutes}

    async def run(self, stop: asyncio.Event) -> None:
        """Reports every ten seconds until `stop` is set, and then once more."""
        while not stop.is_set():
            await wait_or_stop(stop, FLUSH_SECONDS)
            with suppressed():
                await self.flush()
