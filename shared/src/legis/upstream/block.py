"""Whether a chamber has shut us out, or only refuses one address; and when it is asked again."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

from legis.clock import Clock, utc_now
from legis.errors import LegisError, UpstreamBlocked, UpstreamRateLimited, UpstreamRequestRefused

MAX_CONSECUTIVE_403 = 10
"""So many 403 without one good answer in between are a block, whatever the probe says: a firewall may close all that
matters and leave a reference table open."""

FORGET_SECONDS = 3600.0
"""A block that begins later than this after the end of the one before it starts again with the first pause."""

T = TypeVar("T")
Probe = Callable[[], Awaitable[None]]


class Forbidden(UpstreamBlocked):
    """A 403 of which nobody knows yet whether it is meant for us or for the address."""


class Block:
    """The state of being shut out. Not blocked at first.

    After a 403 the `probe`, a light address, is asked. Where that is refused too, or ten addresses were in a row, we
    are blocked: nobody asks for `first` seconds, doubled with each block that follows up to `longest`; then the probe
    is asked before anybody else. Otherwise only the one address is refused. Without a probe every 403 is a block.
    `changed` hears of each beginning, extension and end. `clock` is monotonic, in seconds.
    """

    def __init__(
        self,
        *,
        first: float,
        longest: float,
        probe: Probe | None,
        changed: Callable[["Block"], object] = lambda block: None,
        clock: Callable[[], float] = time.monotonic,
        wall: Clock = utc_now,
    ) -> None:
        self._first = first
        self._longest = longest
        self._probe = probe
        self._changed = changed
        self._clock = clock
        self._wall = wall
        self._probe_lock = asyncio.Lock()
        self._ends = 0.0
        self._consecutive_403 = 0
        self._pauses = 0
        self._probe_served_at = float("-inf")
        self._lifted_at = float("-inf")
        self.until: datetime | None = None
        """When the chamber is asked again; None while we are not blocked. A block lasts until an answer ends it."""
        self.reason: str | None = None
        """The answer that began the block."""

    @property
    def active(self) -> bool:
        """Whether we are blocked."""
        return self.until is not None

    @property
    def remaining(self) -> float:
        """Seconds until the chamber is asked again; 0 when it may be asked now."""
        return max(0.0, self._ends - self._clock()) if self.active else 0.0

    @property
    def probing(self) -> bool:
        """Whether the probe is under way: who asks now should wait for what it says."""
        return self._probe_lock.locked()

    async def probe_finished(self) -> None:
        """Returns when no probe is under way any more."""
        async with self._probe_lock:
            return

    def raise_if_active(self) -> None:
        """Raises UpstreamBlocked while we are blocked."""
        if self.active:
            raise self._refusal()

    async def guard(self, ask: Callable[[], Awaitable[T]]) -> T:
        """What `ask` gives. A 403 becomes what it means: UpstreamBlocked, or UpstreamRequestRefused where others are
        served. Raises UpstreamBlocked, without asking, while a block active.
        """
        await self._wait_or_probe()
        try:
            result = await ask()
        except Forbidden as error:
            raise await self._classified(error) from error
        self._consecutive_403 = 0
        return result

    async def _wait_or_probe(self) -> None:
        """Lets a caller pass; when the time of a block is over the first of them probes."""
        if not self.active:
            return
        self._raise_if_paused()
        async with self._probe_lock:
            if not self.active:
                return
            self._raise_if_paused()
            await self._probe_again()

    async def _classified(self, error: Forbidden) -> LegisError:
        heard = self._clock()
        self._consecutive_403 += 1
        async with self._probe_lock:
            if self.active:
                return self._refusal()
            if self._consecutive_403 < MAX_CONSECUTIVE_403 and await self._others_are_served(heard):
                return UpstreamRequestRefused(f"{error}, while another address is served")
            self.begin(str(error))
            return self._refusal()

    def begin(self, reason: str, seconds: float | None = None) -> None:
        """We are blocked, for `seconds` where the chamber named a time; a block that active is only made longer."""
        if not self.active and self._clock() - self._lifted_at > FORGET_SECONDS:
            self._pauses = 0
        pause = min(self._first * 2.0 ** min(self._pauses, 30), self._longest) if seconds is None else seconds
        if self.remaining:  # several asked side by side: what they hear is one block
            if seconds is None or seconds <= self.remaining:
                return
        else:
            self._pauses += 1
        self._ends = self._clock() + pause
        self.until = self._wall() + timedelta(seconds=pause)
        self.reason = self.reason or reason
        self._changed(self)

    async def _probe_again(self) -> None:
        if (refused := await self._probe_refused()) is not None:
            self.begin(str(refused))
            raise self._refusal() from refused
        self._lifted_at = self._clock()
        self._consecutive_403 = 0
        self.until = self.reason = None
        self._changed(self)

    async def _others_are_served(self, heard: float) -> bool:
        if self._probe is None:
            return False
        if self._probe_served_at < heard:  # else another's verdict, for which this one waited, is as good
            if await self._probe_refused() is not None:
                return False
            self._probe_served_at = self._clock()
        return True

    async def _probe_refused(self) -> LegisError | None:
        """The refusal of us that the probe met, if it did. An address that is gone or fails tells of no block."""
        if self._probe is not None:
            try:
                await self._probe()
            except (UpstreamBlocked, UpstreamRateLimited) as error:
                return error
            except LegisError:
                return None
        return None

    def _raise_if_paused(self) -> None:
        if self.remaining:
            raise self._refusal()

    def _refusal(self) -> UpstreamBlocked:
        remaining = max(self.remaining, 1.0)
        return UpstreamBlocked(f"blocked for {remaining:.0f} s more: {self.reason}", retry_after=remaining)
