"""A database that reads and does not write: what was sent is not sent again, and is stored once that is possible."""

import asyncio
from typing import Any

import pytest
from api_gateway.notifier.delivery_log import DeliveryLog
from api_gateway.notifier.guarded_session import guarded_session, socket_guard
from api_gateway.notifier.mail_deliveries import MailDeliveries
from api_gateway.notifier.pings import Pings
from api_gateway.notifier.webhook_sender import WebhookSender
from api_gateway.store.subscriptions.mail_writer import confirm_address
from integration.mailboxes import Mailbox
from integration.notifier.conftest import MASTER, later, matched, reading_only
from integration.waiting import until
from legis.errors import StoreUnavailable
from structlog.testing import capture_logs


async def steps(mail: MailDeliveries, count: int) -> None:
    """Looks that often at what is due; nothing can be stored."""
    for _ in range(count):
        with pytest.raises(StoreUnavailable):
            await mail.step()


async def test_news_are_sent_once(
    pool: Any, mail: MailDeliveries, mailbox: Mailbox, subscribe_mail: Any, change: Any, database_url: str
) -> None:
    for one in (await subscribe_mail("en"), await subscribe_mail("en")):
        await confirm_address(pool, one.public_id)
    await change([1, 2])
    await matched(database_url)
    await later(pool, seconds=61)
    async with reading_only(pool):
        await steps(mail, 3)
        assert len(mailbox.raw) == 1
    await mail.step()
    assert len(mailbox.raw) == 2, "one for each subscription"
    assert await pool.fetchval("SELECT min(sent_seq) = max(sent_seq) AND min(sent_seq) > 0 FROM subscription")
    assert await pool.fetchval("SELECT count(*) FROM delivery_attempt") == 2


@pytest.mark.parametrize(("refuses", "state"), [("", "PENDING"), ("550 no such user", "BOUNCED")])
async def test_an_address_is_asked_once(
    pool: Any, mail: MailDeliveries, mailbox: Mailbox, subscribe_mail: Any, refuses: str, state: str
) -> None:
    one = await subscribe_mail("en")
    mailbox.refuses = refuses
    async with reading_only(pool):
        await steps(mail, 3)
        assert mailbox.asked == [one.target]
    await mail.step()
    await mail.step()
    assert mailbox.asked == [one.target]
    row = await pool.fetchrow("SELECT state, ping_at FROM subscription")
    assert (row["state"], row["ping_at"]) == (state, None)


async def test_a_test_message_is_sent_once(subscribe: Any, receivers: Any, pool: Any) -> None:
    await subscribe("new")
    await pool.execute("UPDATE subscription SET state = 'PENDING', ping_at = now()")
    stop = asyncio.Event()
    async with guarded_session(socket_guard(is_allowed=lambda host: True)) as session:
        pings = Pings(pool, WebhookSender(session, MASTER.encode()), DeliveryLog(pool))
        with capture_logs() as said:
            async with reading_only(pool):
                running = asyncio.create_task(pings.run(stop))
                await until(lambda: sum(one["event"] == "ping_not_stored" for one in said) >= 4)
            await until(lambda: _is_active(pool))
        stop.set()
        await running
    assert len(receivers.received["new"]) == 1


async def _is_active(pool: Any) -> bool:
    return await pool.fetchval("SELECT state FROM subscription") == "ACTIVE"
