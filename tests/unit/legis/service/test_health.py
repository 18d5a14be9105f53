"""What health says, when, and what it costs to ask."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest
from legis.service import health as health_module
from legis.service.health import Health, HealthReport, Unfit
from prometheus_client import REGISTRY


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_module, "CHECK_EVERY_SECONDS", 0.02)
    monkeypatch.setattr(health_module, "CHECK_TIMEOUT_SECONDS", 0.05)
    monkeypatch.setattr(health_module, "TICK_SECONDS", 0.01)


async def good() -> None: ...


async def bad() -> None:
    raise ConnectionError("postgresql://user:secret@host refused")


async def hang() -> None:
    await asyncio.sleep(30)


async def after(health: Health, seconds: float = 0.15) -> HealthReport:
    """The report after the checks have run for a while, and each at least once, however slow the machine is."""
    stop, began = asyncio.Event(), time.monotonic()
    running = asyncio.create_task(health.run(stop))
    await asyncio.sleep(seconds)
    report = health.report()
    async with asyncio.timeout(20):
        while any(one.age_seconds is None or one.age_seconds > time.monotonic() - began for one in report.checks):
            await asyncio.sleep(0.01)
            report = health.report()
    stop.set()
    await asyncio.wait_for(running, 20)
    return report


Check = Callable[[], Awaitable[None]]


@pytest.mark.parametrize(
    ("required", "optional", "status", "ready"),
    [
        (good, good, "ok", True),
        (good, bad, "degraded", True),
        (good, hang, "degraded", True),
        (bad, good, "unavailable", False),
        (hang, good, "unavailable", False),
    ],
)
async def test_the_status_follows_the_checks(required: Check, optional: Check, status: str, ready: bool) -> None:
    health = Health()
    health.add("database", required, required=True)
    health.add("redis", optional, required=False)
    report = await after(health)
    assert (report.status, report.ready, report.live, report.started) == (status, ready, True, ready)


async def test_what_is_not_needed_for_a_start_keeps_it_from_being_ready_alone() -> None:
    health = Health()
    health.add("schema", good, required=True)
    health.add("index", bad, required=True, for_start=False)
    report = await after(health)
    assert (report.status, report.ready, report.started) == ("unavailable", False, True)


async def test_what_is_needed_for_a_start_alone_does_not_end_readiness_afterwards() -> None:
    broken = True

    async def check() -> None:
        if broken:
            raise OSError

    health = Health()
    health.add("database", check, required=False, for_start=True)
    report = await after(health)
    assert (report.status, report.ready, report.started) == ("unavailable", False, False)
    broken = False
    report = await after(health)
    assert (report.status, report.ready, report.started) == ("ok", True, True)
    broken = True
    report = await after(health)
    assert (report.status, report.ready, report.started) == ("degraded", True, True)


async def test_before_the_first_round_a_required_check_is_unknown_and_not_ready() -> None:
    health = Health()
    health.add("database", good, required=True)
    report = health.report()
    assert (report.status, report.ready, report.started, report.live) == ("unavailable", False, False, True)
    assert report.document()["checks"]["database"] == {
        "status": "unknown",
        "required": True,
        "age_seconds": None,
        "error": None,
    }


async def test_once_started_it_stays_started() -> None:
    broken = False

    async def check() -> None:
        if broken:
            raise OSError

    health = Health()
    health.add("database", check, required=True)
    assert (await after(health)).started
    broken = True
    report = await after(health)
    assert (report.ready, report.started) == (False, True)
    broken = False
    assert (await after(health)).ready


async def test_the_error_is_a_name_and_no_secret() -> None:
    began, health = time.monotonic(), Health()
    health.add("database", bad, required=True)
    health.add("redis", hang, required=False)
    report = await after(health)
    document = report.document()
    assert document["checks"]["database"]["error"] == "ConnectionError"
    assert document["checks"]["redis"]["error"] == "TimeoutError"
    assert 0 <= document["checks"]["database"]["age_seconds"] <= time.monotonic() - began + 0.05, "to a tenth"
    assert "secret" not in repr(report)
    assert REGISTRY.get_sample_value("legis_health_check", {"check": "database"}) == 0


async def test_asking_runs_no_check() -> None:
    runs = 0

    async def count() -> None:
        nonlocal runs
        runs += 1

    health = Health()
    health.add("database", count, required=True)
    for _ in range(100):
        health.report()
    assert runs == 0


async def test_draining_is_not_ready_but_alive_and_ok() -> None:
    health = Health()
    health.add("database", good, required=True)
    health.drain()
    report = await after(health)
    assert (report.ready, report.live, report.status, report.draining) == (False, True, "ok", True)


async def test_a_loop_that_stopped_ticking_is_dead() -> None:
    now = 100.0
    health = Health(clock=lambda: now)
    stop = asyncio.Event()
    running = asyncio.create_task(health.run(stop))
    await asyncio.sleep(0.05)
    assert health.report().live
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    now += 9.9
    assert health.report().live
    now += 0.2
    assert (health.report().live, health.report().ready) == (False, False)


async def test_a_slow_check_does_not_keep_others_waiting() -> None:
    health = Health()
    for number in range(5):
        health.add(f"slow{number}", hang, required=False)
    report = await after(health, 0.12)
    assert all(check.ok is False for check in report.checks)


async def test_a_late_loop_is_measured() -> None:
    import time

    health = Health()
    stop = asyncio.Event()
    running = asyncio.create_task(health.run(stop))
    await asyncio.sleep(0.005)
    time.sleep(0.2)  # noqa: ASYNC251 - the very thing that is measured
    await asyncio.sleep(0)
    worst = 0.0
    for _ in range(3):
        worst = max(worst, REGISTRY.get_sample_value("legis_loop_lag_seconds") or 0.0)
        await asyncio.sleep(0.002)
    stop.set()
    await running
    assert worst > 0.1


def test_names_are_unique() -> None:
    health = Health()
    health.add("database", good, required=True)
    with pytest.raises(ValueError, match="database"):
        health.add("database", good, required=False)


async def test_only_an_unfit_says_why() -> None:
    async def unfit() -> None:
        raise Unfit("schema 0002 or newer is required")

    health = Health()
    health.add("schema", unfit, required=True)
    health.add("database", bad, required=True)
    report = await after(health)
    assert [check.error for check in report.checks] == ["schema 0002 or newer is required", "ConnectionError"]
    assert not report.started
