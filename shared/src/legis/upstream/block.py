"""Detects whether a chamber blocks this client or refuses only one URL, and when to try again."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

from legis.clock import Clock, utc_now
from legis.errors import LegisError, UpstreamBlocked, UpstreamRateLimited, UpstreamRequestRefused

MAX_CONSECUTIVE_403 = 10
"""After this many 403 without a good answer in between, the client counts as blocked whatever the probe says: a
firewall may block all bills and leave a reference table open."""

FORGET_SECONDS = 3600.0
"""Seconds after the end of a block until the doubling of pauses starts again with the first pause."""

T = TypeVar("T")
Probe = Callable[[], Awaitable[None]]


class Forbidden(UpstreamBlocked):
    """A 403 of which it is not known yet whether it refuses this client or only the URL."""


class Block:
    """State of being blocked by one chamber. Not blocked at first.

    After a 403 it requests the `probe`, a light URL. Where that is refused too, or after MAX_CONSECUTIVE_403, the
    client is blocked: no request is sent for `first` seconds, doubled with each following block up to `longest`; then
    the probe is sent before any other request. Otherwise only the one URL is refused. Without a probe every 403 counts
    as a block. `changed` is called at each beginning, extension and end. `clock` is monotonic, in seconds.
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
        """Time of the next request; None while not blocked. A block ends only with an answer."""
        self.reason: str | None = None
        """The answer that began the block."""

    @property
    def active(self) -> bool:
        """Whether the client is blocked."""
        return self.until is not None

    @property
    def remaining(self) -> float:
        """Seconds until the next request; 0 when it may be sent now."""
        return max(0.0, self._ends - self._clock()) if self.active else 0.0

    @property
    def probing(self) -> bool:
        """Whether the probe is being requested; new requests should wait for its result."""
        return self._probe_lock.locked()

    async def probe_finished(self) -> None:
        """Waits until no probe is being requested."""
        async with self._probe_lock:
            return

    def raise_if_active(self) -> None:
        """Raises UpstreamBlocked while blocked."""
        if self.active:
            raise self._refusal()

    async def guard(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Returns the result of `ask`. A 403 becomes UpstreamBlocked, or UpstreamRequestRefused where the probe is
        served.

        Raises UpstreamBlocked, without a request, while blocked.
        """
        await self._wait_or_probe()
        try:
            result = await ask()
        except Forbidden as error:
            raise await self._classified(error) from error
        self._consecutive_403 = 0
        return result

    async def _wait_or_probe(self) -> None:
        """Lets a caller pass unless blocked; once the pause is over, the first caller sends the probe."""
        if not self.active:
            return
        self._raise_if_paused()
        async with self._probe_lock:
            if not self.active:
                return
            self._raise_if_paused()
            await self._probe_again()

    async def _classified(self, error: Forbidden) -> LegisError:
        refused_at = self._clock()
        self._consecutive_403 += 1
        async with self._probe_lock:
            if self.active:
                return self._refusal()
            if self._consecutive_403 < MAX_CONSECUTIVE_403 and await self._others_are_served(refused_at):
                return UpstreamRequestRefused(f"{error}, while another address is served")
            self.begin(str(error))
            return self._refusal()

    def begin(self, reason: str, seconds: float | None = None) -> None:
        """Begins a block, of `seconds` where the chamber named a time. An active block can only become longer."""
        if not self.active and self._clock() - self._lifted_at > FORGET_SECONDS:
            self._pauses = 0
        pause = min(self._first * 2.0 ** min(self._pauses, 30), self._longest) if seconds is None else seconds
        if self.remaining:  # concurrent requests were refused: count them as one block
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

    async def _others_are_served(self, refused_at: float) -> bool:
        if self._probe is None:
            return False
        if self._probe_served_at < refused_at:  # else another request's probe answers this one too
            if await self._probe_refused() is not None:
                return False
            self._probe_served_at = self._clock()
        return True

    async def _probe_refused(self) -> LegisError | None:
        """The error with which the probe was refused; None where it was not. A probe that is missing or fails is no
        sign of a block.
        """
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
