"""The delivery log writes everything that was recorded before its end."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from api_gateway.notifier import delivery_log
from api_gateway.notifier.delivery_log import DeliveryLog
from api_gateway.store.subscriptions.delivery_writer import Attempt


def attempt(name: str) -> Attempt:
    return Attempt(1, name, 1, 1, datetime.now(UTC), 200, None, 1)


async def test_what_is_recorded_during_the_last_write_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def store(pool: Any, delivered: Sequence[Any], attempts: Sequence[Attempt]) -> frozenset[int]:
        begun.set()
        await may_end.wait()
        written.extend(one.message_id for one in attempts)
        return frozenset()

    monkeypatch.setattr(delivery_log, "store_deliveries", store)
    stop, log = asyncio.Event(), DeliveryLog(None)  # type: ignore[arg-type]
    log.attempted(attempt("first"))
    running = asyncio.create_task(log.run(stop))
    await begun.wait()
    log.attempted(attempt("second"))
    stop.set()
    may_end.set()
    await running
    assert written == ["first", "second"]
