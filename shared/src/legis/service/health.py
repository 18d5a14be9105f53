"""Health of a process: live, ready, started, and the named checks behind them."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from legis.telemetry.logs import get_logger
from legis.telemetry.metrics import HEALTH_CHECK, LOOP_LAG
from legis.waiting import wait_or_stop

CHECK_EVERY_SECONDS = 2.0
CHECK_TIMEOUT_SECONDS = 1.0
TICK_SECONDS = 0.5
LIVE_SECONDS = 10.0

Check = Callable[[], Awaitable[None]]
_log = get_logger(__name__)


class Unfit(Exception):
    """A check failed for a known cause; the message contains nothing confidential."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The last result of a check. `age_seconds` is None until it has run once. `error` is the message of an `Unfit`,
    but only the type's name of any other exception, whose message may contain an address or a password.
    """

    name: str
    required: bool
    ok: bool | None
    age_seconds: float | None
    error: str | None

    def document(self) -> dict[str, Any]:
        """The result as JSON-compatible data."""
        status = "unknown" if self.ok is None else "ok" if self.ok else "failing"
        age = None if self.age_seconds is None else round(self.age_seconds, 1)
        return {"status": status, "required": self.required, "age_seconds": age, "error": self.error}


@dataclass(frozen=True, slots=True)
class HealthReport:
    """The health of the process. `unavailable`: it has not started, or a required check fails; `degraded`: an optional
    check fails.
    """

    status: Literal["ok", "degraded", "unavailable"]
    live: bool
    ready: bool
    started: bool
    draining: bool
    checks: tuple[CheckResult, ...]

    def document(self) -> dict[str, Any]:
        """The report as JSON-compatible data: `status`, `draining`, and `checks` by name."""
        checks = {check.name: check.document() for check in self.checks}
        return {"status": self.status, "draining": self.draining, "checks": checks}


@dataclass(slots=True)
class _State:
    check: Check
    required: bool
    for_start: bool
    ok: bool | None = None
    error: str | None = None
    checked_at: float | None = None


class Health:
    """Runs named checks in the background, so that a probe costs nothing and never waits.

    When `draining` is set, ready is false at once; live stays true. `clock` is monotonic, in seconds.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.draining = False
        self._clock = clock
        self._states: dict[str, _State] = {}
        self._last_tick: float | None = None
        self._started = False

    def add(self, name: str, check: Check, *, required: bool, for_start: bool | None = None) -> None:
        """Adds a check: it passes by returning, and fails by raising an exception or taking more than a second. Raises
        ValueError if the name is taken.

        While a `required` check fails, the process is not ready. Every check `for_start`, by default the required ones,
        must have passed before the process has started, and so before it is ready.
        """
        if name in self._states:
            raise ValueError(f"health check {name!r} exists")
        self._states[name] = _State(check, required, required if for_start is None else for_start)

    def drain(self) -> None:
        """From this call on, the process is not ready."""
        self.draining = True

    async def run(self, stop: asyncio.Event) -> None:
        """Runs all checks every 2 s, each for at most 1 s, and measures the delay of the event loop, until `stop` is
        set.
        """
        next_round = self._clock()
        while not stop.is_set():
            if self._clock() >= next_round:
                next_round = self._clock() + CHECK_EVERY_SECONDS
                await self._check_all()
            await self._tick(stop)

    def report(self) -> HealthReport:
        """The cached results with their ages; runs no check."""
        now = self._clock()
        checks = tuple(_result(name, state, now) for name, state in self._states.items())
        live = self._last_tick is None or now - self._last_tick < LIVE_SECONDS
        started = self._started or self._startable
        usable = started and all(check.ok for check in checks if check.required)
        status: Literal["ok", "degraded", "unavailable"] = "unavailable"
        if usable and live:
            status = "ok" if all(check.ok for check in checks) else "degraded"
        return HealthReport(
            status=status,
            live=live,
            ready=usable and live and not self.draining,
            started=started,
            draining=self.draining,
            checks=checks,
        )

    async def _tick(self, stop: asyncio.Event) -> None:
        before = self._clock()
        if not await wait_or_stop(stop, TICK_SECONDS):
            LOOP_LAG.set(max(0.0, self._clock() - before - TICK_SECONDS))
        self._last_tick = self._clock()

    async def _check_all(self) -> None:
        async with asyncio.TaskGroup() as group:
            for name, state in self._states.items():
                group.create_task(self._check(name, state))
        self._last_tick = self._clock()
        self._started = self._started or self._startable

    @property
    def _startable(self) -> bool:
        return all(state.ok for state in self._states.values() if state.for_start)

    async def _check(self, name: str, state: _State) -> None:
        was = state.ok
        try:
            async with asyncio.timeout(CHECK_TIMEOUT_SECONDS):
                await state.check()
        except Exception as error:  # any exception means that the check failed
            state.ok, state.error = False, str(error) if isinstance(error, Unfit) else type(error).__name__
            if was is not False:
                _log.warning("health_check_failing", check=name, required=state.required, error=repr(error))
        else:
            state.ok, state.error = True, None
            if was is False:
                _log.info("health_check_recovered", check=name)
        state.checked_at = self._clock()
        HEALTH_CHECK.labels(name).set(1 if state.ok else 0)


def _result(name: str, state: _State, now: float) -> CheckResult:
    age = None if state.checked_at is None else now - state.checked_at
    return CheckResult(name=name, required=state.required, ok=state.ok, age_seconds=age, error=state.error)
