"""E-mail over a real database and a real mail server: an address is asked first, then told. Raw headers are checked."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from api_gateway.notifier.app import mail_deliveries
from api_gateway.notifier.mail_deliveries import MailDeliveries, digest_period
from api_gateway.store.subscriptions.mail_writer import confirm_address
from api_gateway.subscriptions.mail_token import Purpose, mail_token, subscription_of_token
from api_gateway.subscriptions.subscription import Frequency
from integration.mailboxes import Mailbox, link, notifier_settings, parsed
from integration.notifier.conftest import MASTER, later, matched


async def test_an_address_is_asked_and_then_told(
    pool: Any, mail: MailDeliveries, mailbox: Mailbox, subscribe_mail: Any, change: Any, database_url: str
) -> None:
    one = await subscribe_mail()
    await mail.step()
    await mail.step()
    (asked,) = mailbox.raw
    token = link(asked, "c").removeprefix("/c/")
    now = datetime.now(UTC)
    assert subscription_of_token(MASTER.encode(), Purpose.CONFIRM, token, now) == one.public_id
    assert subscription_of_token(MASTER.encode(), Purpose.CONFIRM, token, now + timedelta(hours=49)) is None
    assert subscription_of_token(MASTER.encode(), Purpose.UNSUBSCRIBE, token, now) is None
    assert b"List-Unsubscribe" not in asked
    await confirm_address(pool, one.public_id)
    await change(range(1, 4), title="Saúde pública.")
    await matched(database_url)
    await mail.step()
    assert len(mailbox.raw) == 1, "news of one minute are told together"
    await later(pool, seconds=61)
    await mail.step()
    await mail.step()
    _, told = mailbox.raw
    assert mailbox.senders[1] == f"bounces+{one.public_id[4:]}@legis.org.br"
    stop = f"https://api.legis.org.br/u/{mail_token(MASTER.encode(), Purpose.UNSUBSCRIBE, one.public_id)}"
    assert len(stop) <= 72
    assert b"\r\nList-Unsubscribe: <%s>\r\n" % stop.encode() in told
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in told
    assert b"\r\nAuto-Submitted: auto-generated\r\n" in told
    assert told.isascii()
    assert b"\r\nContent-Language: pt-BR\r\n" in told
    assert all(len(line) <= 998 for line in told.split(b"\r\n"))
    assert all(len(line) <= 78 for line in told.split(b"\r\n\r\n", 1)[1].split(b"\r\n"))
    assert b"\n" not in told.replace(b"\r\n", b"")
    message = parsed(told)
    assert message["Subject"] == "Saúde: 3 proposições mudaram"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    plain = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert plain.count("Saúde pública.") == 3
    assert stop in plain


async def test_a_mailbox_that_is_not_there_ends_the_subscription(
    pool: Any, mail: MailDeliveries, mailbox: Mailbox, subscribe_mail: Any
) -> None:
    one = await subscribe_mail("en")
    mailbox.refuses = "450 busy"
    await mail.step()
    assert await pool.fetchval("SELECT state FROM subscription WHERE id = $1", one.id) == "PENDING"
    await pool.execute("UPDATE subscription SET ping_at = now()")
    mailbox.refuses = "550 no such user"
    await mail.step()
    state, reason = await pool.fetchrow("SELECT state, state_reason FROM subscription WHERE id = $1", one.id)
    assert (state, reason) == ("BOUNCED", "550 no such user")


@pytest.mark.parametrize("state", ["PENDING", "ACTIVE"])
async def test_one_that_no_message_can_be_made_for_holds_up_nobody(
    pool: Any, mailbox: Mailbox, subscribe_mail: Any, change: Any, database_url: str, state: str
) -> None:
    now = datetime.now(UTC)
    mail = mail_deliveries(notifier_settings(mailbox, MASTER), pool, clock=lambda: now)
    odd, well = await subscribe_mail("en"), await subscribe_mail("en")
    if state == "ACTIVE":
        for one in (odd, well):
            await confirm_address(pool, one.public_id)
        await change([1])
        await matched(database_url)
        await later(pool, seconds=61)
    await pool.execute("UPDATE subscription SET target = 'ana' WHERE id = $1", odd.id)
    await mail.step()
    await mail.step()
    assert mailbox.recipients == [well.target]
    row = await pool.fetchrow("SELECT * FROM subscription WHERE id = $1", odd.id)
    assert (row["state"], row["sent_seq"]) == (state, odd.since_seq)
    assert (row["ping_at"] or row["next_attempt_at"]) > now
    tried = await pool.fetch("SELECT error FROM delivery_attempt WHERE subscription_id = $1", odd.id)
    assert [row["error"].split(" (")[0] for row in tried] == ["an error of this service"]


async def test_a_digest_comes_once_a_day(
    pool: Any, daily_mail: MailDeliveries, mailbox: Mailbox, change: Any, database_url: str
) -> None:
    for first in (1, 11):
        await change(range(first, first + 2))
        await matched(database_url)
        await daily_mail.step()
    (told,) = mailbox.raw
    assert b"\r\nSubject: " in told
    assert await pool.fetchval("SELECT count(*) FROM digest") == 1


async def test_a_digest_tells_of_all_that_matched_however_much(
    pool: Any, daily_mail: MailDeliveries, mailbox: Mailbox, change: Any, database_url: str
) -> None:
    await change(range(1, 211))
    await matched(database_url)
    await daily_mail.step()
    (told,) = mailbox.raw
    plain = parsed(told).get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert parsed(told)["Subject"] == "Saúde: 210 bills changed"
    assert plain.count("/api/v1/bills/camara-") == 50
    assert "and 160 more: see all" in plain
    assert await pool.fetchval("SELECT sent_seq FROM subscription") == await pool.fetchval(
        "SELECT last_seq FROM change_counter"
    )


async def test_the_bills_that_changed_last_are_shown_each_once(
    pool: Any, mail: MailDeliveries, mailbox: Mailbox, subscribe_mail: Any, change: Any, database_url: str
) -> None:
    one = await subscribe_mail("en")
    await confirm_address(pool, one.public_id)
    await change(range(1, 53))
    await change([1], title="Dispõe de novo.")
    await matched(database_url)
    await later(pool, seconds=61)
    await mail.step()
    (told,) = mailbox.raw
    plain = parsed(told).get_body(("plain",)).get_content()  # type: ignore[union-attr]
    newest = await pool.fetch("SELECT bill_id FROM bill_change GROUP BY bill_id ORDER BY max(seq) DESC LIMIT 50")
    assert parsed(told)["Subject"] == "Saúde: 52 bills changed"
    assert newest[0]["bill_id"] == "camara-1"
    assert re.findall(r"/api/v1/bills/(camara-\d+)", plain) == [row["bill_id"] for row in newest]


async def test_what_is_not_stored_any_more_is_passed_over(
    pool: Any, mail: MailDeliveries, mailbox: Mailbox, subscribe_mail: Any, change: Any, database_url: str
) -> None:
    one = await subscribe_mail("en")
    await confirm_address(pool, one.public_id)
    await change([1, 2])
    await matched(database_url)
    await pool.execute("DELETE FROM bill_change")
    await mail.step()
    assert mailbox.raw == []
    assert await pool.fetchval("SELECT sent_seq FROM subscription") == one.since_seq + 2


@pytest.mark.parametrize(
    ("frequency", "instant", "day"),
    [
        (Frequency.DAILY, "2026-03-04T09:59:00+00:00", None),
        (Frequency.DAILY, "2026-03-04T10:00:00+00:00", "2026-03-04"),
        (Frequency.WEEKLY, "2026-03-02T09:59:00+00:00", None),
        (Frequency.WEEKLY, "2026-03-02T10:00:00+00:00", "2026-03-02"),
        (Frequency.WEEKLY, "2026-03-04T03:00:00+00:00", "2026-03-02"),
        (Frequency.IMMEDIATE, "2026-03-04T10:00:00+00:00", None),
    ],
)
def test_digests_are_due_at_seven_in_brasilia(frequency: Frequency, instant: str, day: str | None) -> None:
    found = digest_period(frequency, datetime.fromisoformat(instant))
    assert (found and found.isoformat()) == day
