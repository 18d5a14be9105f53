"""E-mail over a real database and a real mail server: an address is asked first, then told. Raw headers are checked."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from api_gateway.notifier.app import mail_deliveries
from api_gateway.notifier.mail_deliveries import MailDeliveries, digest_period
from api_gateway.notifier.matcher import Matcher
from api_gateway.settings import NotifierSettings, StoreSettings
from api_gateway.store.database.pool import open_pool
from api_gateway.store.database.reader import Database
from api_gateway.store.subscriptions.mail_writer import confirm_address
from api_gateway.store.subscriptions.subscription_rows import Owner
from api_gateway.store.subscriptions.subscription_writer import NewSubscription, create_subscription
from api_gateway.subscriptions.mail_token import Purpose, mail_token, subscription_of_token
from api_gateway.subscriptions.subscription import Channel, Frequency, Subscription, SubscriptionState
from integration.mailboxes import Mailbox, link, notifier_settings, parsed, receiving_mail
from integration.notifier.conftest import MASTER

ALL = {"kind": ["CREATED", "MOVED", "EDITED", "READ"]}


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with receiving_mail() as box:
        yield box


def settings_of(mailbox: Mailbox) -> NotifierSettings:
    return notifier_settings(mailbox, MASTER)


@pytest.fixture
def mail(pool: Any, mailbox: Mailbox) -> MailDeliveries:
    assert settings_of(mailbox).sends_mail
    return mail_deliveries(settings_of(mailbox), pool)


@pytest.fixture
def subscribe(pool: Any, owner: Owner) -> Callable[..., Any]:
    async def make(language: str = "pt-BR", frequency: Frequency = Frequency.IMMEDIATE) -> Subscription:
        wanted = NewSubscription(
            Channel.EMAIL, "ana@exemplo.org.br", ALL, frequency, language, SubscriptionState.PENDING, "Saúde"
        )
        return await create_subscription(pool, owner, wanted)

    return make


async def later(pool: Any, **ago: int) -> None:
    """Puts the changes of the log that far into the past."""
    await pool.execute("UPDATE bill_change SET changed_at = changed_at - $1::interval", timedelta(**ago))


async def matched(url: str) -> None:
    """Matches all that is in the log, once."""
    own = await open_pool(StoreSettings(database_url=url), name="matcher", statement_timeout=10)
    try:
        matcher = Matcher(own, Database(own, own, limit=2, acquire_timeout=5.0))
        while (await matcher.step())[1]:
            pass
    finally:
        own.terminate()  # the readers keep a connection


async def test_an_address_is_asked_and_then_told(
    pool: Any, mail: MailDeliveries, mailbox: Mailbox, subscribe: Any, change: Any, database_url: str
) -> None:
    one = await subscribe()
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
    pool: Any, mail: MailDeliveries, mailbox: Mailbox, subscribe: Any
) -> None:
    one = await subscribe("en")
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
    pool: Any, mailbox: Mailbox, subscribe: Any, change: Any, database_url: str, state: str
) -> None:
    now = datetime.now(UTC)
    mail = mail_deliveries(settings_of(mailbox), pool, clock=lambda: now)
    odd, well = await subscribe("en"), await subscribe("en")
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
    pool: Any, mailbox: Mailbox, subscribe: Any, change: Any, database_url: str
) -> None:
    one = await subscribe("en", Frequency.DAILY)
    await confirm_address(pool, one.public_id)
    await pool.execute("UPDATE subscription SET confirmed_at = confirmed_at - interval '9 days'")
    morning = datetime.now(UTC).replace(hour=11, minute=0)
    mail = mail_deliveries(settings_of(mailbox), pool, clock=lambda: morning)
    for first in (1, 11):
        await change(range(first, first + 2))
        await matched(database_url)
        await mail.step()
    (told,) = mailbox.raw
    assert b"\r\nSubject: " in told
    assert await pool.fetchval("SELECT count(*) FROM digest") == 1


async def test_a_digest_tells_of_all_that_matched_however_much(
    pool: Any, mailbox: Mailbox, subscribe: Any, change: Any, database_url: str
) -> None:
    one = await subscribe("en", Frequency.DAILY)
    await confirm_address(pool, one.public_id)
    await pool.execute("UPDATE subscription SET confirmed_at = confirmed_at - interval '9 days'")
    morning = datetime.now(UTC).replace(hour=11, minute=0)
    await change(range(1, 211))
    await matched(database_url)
    await mail_deliveries(settings_of(mailbox), pool, clock=lambda: morning).step()
    (told,) = mailbox.raw
    plain = parsed(told).get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert parsed(told)["Subject"] == "Saúde: 210 bills changed"
    assert plain.count("/api/v1/bills/camara-") == 50
    assert "and 160 more: see all" in plain
    assert await pool.fetchval("SELECT sent_seq FROM subscription") == await pool.fetchval(
        "SELECT last_seq FROM change_counter"
    )


async def test_the_bills_that_changed_last_are_shown_each_once(
    pool: Any, mail: MailDeliveries, mailbox: Mailbox, subscribe: Any, change: Any, database_url: str
) -> None:
    one = await subscribe("en")
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
    pool: Any, mail: MailDeliveries, mailbox: Mailbox, subscribe: Any, change: Any, database_url: str
) -> None:
    one = await subscribe("en")
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
