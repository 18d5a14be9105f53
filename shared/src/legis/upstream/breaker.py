"""Extends aiobreaker's CircuitBreaker with a sliding window, `Retry-After` and probes.

aiobreaker 1.2.0 provides the states, the storage and the listener interface. Every decision is overridden here, because
as released it admits every caller when half open, mixes local and universal time, counts neither cancelled calls nor
rates, loses its state when a listener raises, and hides the error that opens it.
"""

import asyncio
import math
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from inspect import iscoroutinefunction
from typing import Any, Literal, NoReturn, TypeVar

from aiobreaker import CircuitBreaker, CircuitBreakerListener, CircuitBreakerState

from legis.clock import utc_now
from legis.errors import BreakerOpen
from legis.events import BreakerSnapshot
from legis.telemetry.logs import get_logger
from legis.upstream.policy import BreakerPolicy

T = TypeVar("T")
CLOSED, HALF_OPEN, OPEN = CircuitBreakerState.CLOSED, CircuitBreakerState.HALF_OPEN, CircuitBreakerState.OPEN
MIN_OPEN_SECONDS = 1.0
_NAMES: dict[CircuitBreakerState, Literal["closed", "half_open", "open"]] = {
    CLOSED: "closed",
    HALF_OPEN: "half_open",
    OPEN: "open",
}
_log = get_logger(__name__)


@dataclass(slots=True, eq=False)
class Permit:
    """Permission for one call. `generation` counts the circuit's transitions; a result from an earlier
    one is ignored.
    """

    generation: int
    probe: bool
    began: float

    def pause_timing(self) -> None:
        """Time from now until `GuardedBreaker.confirm` is local waiting and never counts against upstream."""
        self.began = math.inf


class GuardedBreaker(CircuitBreaker):  # type: ignore[misc]  # aiobreaker is untyped
    """A circuit in the memory of one process, for one event loop.

    Errors of the types in `ignored` are neither failures nor successes; an ExceptionGroup is ignored when all its
    errors are. A call that was cancelled is a failure only when it had run `hung_after` seconds: that is how a caller's
    time limit ends a request to a hanging upstream, while a shutdown says nothing about upstream. A call's error is
    always re-raised unchanged; only BreakerOpen is new. `clock` is monotonic, in seconds.
    """

    def __init__(
        self,
        policy: BreakerPolicy,
        *,
        name: str = "upstream",
        ignored: tuple[type[Exception], ...] = (),
        hung_after: float = 5.0,
        listeners: Iterable[CircuitBreakerListener] = (),
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        super().__init__(
            fail_max=policy.consecutive_failures, timeout_duration=timedelta(seconds=policy.open_seconds), name=name
        )
        self.policy = policy
        self.generation = 0
        self._ignored = (*ignored, BreakerOpen)
        self._hung_after = hung_after
        self._clock = clock
        self._chance = chance
        self._outcomes: deque[bool] = deque(maxlen=policy.window_calls)
        self._probing: set[int] = set()
        self._probe_successes = 0
        self._openings = 0
        self._open_until = 0.0
        self.add_listeners(*listeners)

    async def guard(self, call: Callable[[Permit], Awaitable[T]]) -> T:
        """Runs `call` under the circuit. Raises BreakerOpen, without calling, while the circuit admits no call."""
        permit = self._admit()
        try:
            result = await call(permit)
        except asyncio.CancelledError:
            if self._clock() - permit.began >= self._hung_after:
                self.report(permit, TimeoutError(f"cancelled from outside after {self._hung_after:g} s or more"))
            raise
        except Exception as error:
            self.report(permit, error)
            raise
        else:
            self.report(permit, None)
            return result
        finally:
            self._probing.discard(id(permit))

    async def call_async(self, func: Callable[..., Awaitable[T]], *args: Any, **kwargs: Any) -> T:
        """aiobreaker's entry point: the same as `guard` for a function that needs no permit."""
        return await self.guard(lambda _permit: func(*args, **kwargs))

    def confirm(self, permit: Permit) -> None:
        """Call it after a wait and before the request: raises BreakerOpen if the circuit opened meanwhile."""
        permit.began = self._clock()
        if permit.generation != self.generation and self.current_state is not CLOSED:
            raise self._refusal()

    def report(self, permit: Permit, error: BaseException | None) -> None:
        """Records the result of a call. `guard` does it; only a result that arrives later needs it."""
        if permit.generation != self.generation or (error is not None and not self.is_system_error(error)):
            return
        if error is None:
            self._succeeded()
            self._notify("success")
        else:
            self._state_storage.increment_counter()
            self._failed(getattr(error, "retry_after", None))
            self._notify("failure", error)

    def is_system_error(self, exception: BaseException) -> bool:
        """Whether the error counts against upstream."""
        if isinstance(exception, BaseExceptionGroup):
            return any(self.is_system_error(inner) for inner in exception.exceptions)
        return not isinstance(exception, self._ignored)

    def adopt(self, policy: BreakerPolicy) -> None:
        """Replaces the rules at once. Counts are kept; an open circuit waits at most `max_open_seconds` from now."""
        self.policy = policy
        self._fail_max = policy.consecutive_failures
        self._outcomes = deque(self._outcomes, maxlen=policy.window_calls)
        if self.current_state is OPEN:
            self._open_until = min(self._open_until, self._clock() + policy.max_open_seconds)
            self._timeout_duration = timedelta(seconds=self.retry_after or 0.0)

    # --- states -----------------------------------------------------------------------------------------------

    def open(self, seconds: float | None = None) -> None:
        """Opens the circuit, for `seconds` or for the policy's time."""
        self._openings += 1
        duration = self._open_seconds() if seconds is None else seconds
        self._timeout_duration = timedelta(seconds=duration)
        self._open_until = self._clock() + duration
        self._state_storage.opened_at = utc_now()
        self._change(OPEN)

    def half_open(self) -> None:
        """Lets probes through."""
        self._probe_successes = 0
        self._change(HALF_OPEN)

    def close(self) -> None:
        """Lets every call through and clears all counts."""
        self._openings = 0
        self._outcomes.clear()
        self._state_storage.reset_counter()
        self._change(CLOSED)

    def _change(self, new: CircuitBreakerState) -> None:
        old: object = self.state
        self.generation += 1
        self._state_storage.state = new
        self._state = self._create_new_state(new, prev_state=old, notify=False)
        self._notify("state_change", old, self._state)

    def _admit(self) -> Permit:
        if self.current_state is OPEN:
            if self._clock() < self._open_until:
                raise self._refusal()
            self.half_open()
        permit = Permit(self.generation, self.current_state is HALF_OPEN, self._clock())
        if permit.probe:
            if len(self._probing) >= self.policy.probes:
                raise self._refusal()
            self._probing.add(id(permit))
        self._notify("before_call", self.call_async)
        return permit

    def _succeeded(self) -> None:
        self._state_storage.reset_counter()
        self._outcomes.append(True)
        if self.current_state is HALF_OPEN:
            self._probe_successes += 1
            if self._probe_successes >= self.policy.successes_to_close:
                self.close()

    def _failed(self, retry_after: float | None) -> None:
        self._outcomes.append(False)
        if self.current_state is HALF_OPEN or self._should_open():
            self.open(None if retry_after is None else self._asked_for(retry_after))

    def _should_open(self) -> bool:
        if self.fail_counter >= self.policy.consecutive_failures:
            return True
        calls = len(self._outcomes)
        failures = calls - sum(self._outcomes)
        return calls >= self.policy.minimum_calls and failures / calls >= self.policy.failure_rate

    def _open_seconds(self) -> float:
        doubled = self.policy.open_seconds * 2.0 ** min(self._openings - 1, 30)
        varied = min(doubled, self.policy.max_open_seconds) * (1 + self.policy.jitter * (2 * self._chance() - 1))
        return min(varied, self.policy.max_open_seconds)

    def _asked_for(self, retry_after: float) -> float:
        """The time that upstream named, never shorter, with jitter upwards so that not all clients return at once."""
        named = min(max(retry_after, MIN_OPEN_SECONDS), self.policy.max_open_seconds)
        return named * (1 + self.policy.jitter * self._chance())

    # --- read access ----------------------------------------------------------------------------------------

    @property
    def retry_after(self) -> float | None:
        """Seconds until a probe is let through; None unless open, 0 when the time is over."""
        return max(0.0, self._open_until - self._clock()) if self.current_state is OPEN else None

    @property
    def opens_at(self) -> datetime | None:
        """When the next probe is let through; None unless open."""
        remaining = self.time_until_open
        return None if remaining is None else utc_now() + remaining

    @property
    def time_until_open(self) -> timedelta | None:
        """`retry_after` under aiobreaker's name."""
        remaining = self.retry_after
        return None if remaining is None else timedelta(seconds=remaining)

    async def sleep_until_open(self) -> None:
        """Waits until a probe would be let through; at once unless open."""
        await asyncio.sleep(self.retry_after or 0.0)

    def snapshot(self) -> BreakerSnapshot:
        """The circuit as `/sources` and `/api/metrics` show it."""
        return BreakerSnapshot(
            state=_NAMES[self.current_state],
            failures=self.fail_counter,
            opened_at=None if self.current_state is CLOSED else self._state_storage.opened_at,
            reset_timeout=self.timeout_duration.total_seconds(),
            retry_after=self.retry_after,
        )

    def add_listener(self, listener: CircuitBreakerListener) -> None:
        """Adds a listener. Raises TypeError for a coroutine method, which would never be awaited."""
        for method in ("before_call", "failure", "success", "state_change"):
            if iscoroutinefunction(getattr(listener, method, None)):
                raise TypeError(
                    f"{type(listener).__name__}.{method} is a coroutine function; listeners are not awaited"
                )
        super().add_listener(listener)

    def call(self, func: Callable[..., Any], *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: called with a coroutine function it would count nothing."""
        raise TypeError("use `await breaker.call_async(function)`")

    def __call__(self, *call_args: Any, ignore_on_call: bool = True) -> NoReturn:
        """Refused: a decorated function would bypass the breaker."""
        raise TypeError("not a decorator: use `await breaker.call_async(function)`")

    def _refusal(self) -> BreakerOpen:
        wait = self.retry_after
        return BreakerOpen(
            f"circuit {self.name} is {_NAMES[self.current_state]}", retry_after=1.0 if wait is None else wait
        )

    def _notify(self, method: str, *args: object) -> None:
        for listener in self.listeners:
            try:
                getattr(listener, method)(self, *args)
            except Exception:  # a listener's error must not affect the circuit
                _log.exception("breaker_listener_failed", listener=type(listener).__name__, method=method)
