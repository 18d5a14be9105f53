"""Faults of our own: what one message or one subscription triggers is tried later, and is no concern of the others."""

from datetime import timedelta
from typing import Any

import pytest
from api_gateway.notifier.webhook_sender import Answer, WebhookSender
from api_gateway.subscriptions.subscription import Subscription
from integration.notifier.receivers import Receivers
from integration.waiting import until

ALL = {"kind": ["CREATED", "MOVED", "EDITED", "READ"]}


@pytest.fixture
def crashing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Makes every attempt at the receiver `odd` raise after it was sent. Returns the ids of what was sent."""
    sent: list[str] = []
    send = WebhookSender.send

    async def crash(self: WebhookSender, one: Subscription, message_id: str, body: bytes) -> Answer:
        answer = await send(self, one, message_id, body)
        if one.target.endswith("/odd"):
            sent.append(message_id)
            raise OverflowError("date value out of range")
        return answer

    monkeypatch.setattr(WebhookSender, "send", crash)
    return sent


def in_an_hour(failures: int, asked: timedelta | None) -> timedelta:
    return timedelta(hours=1)


async def stored(pool: Any, one: Subscription) -> Any:
    return await pool.fetchrow(
        """SELECT s.*, ARRAY(SELECT error FROM delivery_attempt a WHERE a.subscription_id = s.id) AS errors
           FROM subscription s WHERE s.id = $1""",
        one.id,
    )


async def test_a_crash_is_a_failure_that_waits(
    notifying: Any, subscribe: Any, change: Any, receivers: Receivers, pool: Any, crashing: list[str]
) -> None:
    odd = await subscribe("odd", **ALL)
    await subscribe("well", **ALL)
    await change([1])
    async with notifying(delay=in_an_hour):
        await until(lambda: _failed(pool, odd), 20)
        await change(range(2, 6))
        await until(lambda: len(receivers.received["well"]) == 5)
    row = await stored(pool, odd)
    assert len(crashing) == 1
    assert (row["state"], row["failures"], row["sent_seq"]) == ("ACTIVE", 1, odd.since_seq)
    assert row["errors"] == ["an error of this service (OverflowError)"]


async def _failed(pool: Any, one: Subscription) -> bool:
    row = await stored(pool, one)
    return row["failures"] == 1 and row["errors"] != []


async def test_a_test_message_that_crashes_waits(
    notifying: Any, subscribe: Any, receivers: Receivers, pool: Any, crashing: list[str]
) -> None:
    odd, well = await subscribe("odd"), await subscribe("well")
    await pool.execute("UPDATE subscription SET state = 'PENDING', ping_at = now()")
    async with notifying():
        await until(lambda: _refused(pool, odd), 20)
        await pool.execute("UPDATE subscription SET ping_at = now() WHERE id = $1", well.id)
        await until(lambda: _is_active(pool, well))
    row = await stored(pool, odd)
    assert len(crashing) == 1
    assert row["state"] == "PENDING"
    assert row["errors"] == ["an error of this service (OverflowError)"]
    assert row["state_reason"] == "The test message was not taken: an error of this service (OverflowError)"


async def _refused(pool: Any, one: Subscription) -> bool:
    return (await stored(pool, one))["state_reason"] is not None


async def _is_active(pool: Any, one: Subscription) -> bool:
    return (await stored(pool, one))["state"] == "ACTIVE"
