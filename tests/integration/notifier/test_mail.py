"""E-mail over a real database and a real mail server: an address is asked first, then told. Raw headers are checked."""

import email
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
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
from integration.notifier.conftest import MASTER
from legis_launcher.servers.ports import free_port

ALL = {"kind": ["CREATED", "MOVED", "EDITED", "READ"]}


class Mailbox:
    """Takes every message, as bytes; `refuses` is what it answers recipients instead."""

    def __init__(self) -> None:
        self.raw: list[bytes] = []
        self.senders: list[str] = []
        self.refuses = ""
        self.port = free_port()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.raw.append(envelope.original_content)
        self.senders.append(envelope.mail_from)
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


def settings_of(mailbox: Mailbox) -> NotifierSettings:
    return NotifierSettings(
        signing_master_key=MASTER,
        smtp_url=f"smtp://127.0.0.1:{mailbox.port}",
        mail_from="legis@legis.org.br",
        public_base_url="https://api.legis.org.br",
    )


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
        await Matcher(own, Database(own, own, limit=2, acquire_timeout=5.0)).step()
    finally:
        own.terminate()  # the readers keep a connection


async def test_an_address_is_asked_and_then_told(
    pool: Any, mail: MailDeliveries, mailbox: Mailbox, subscribe: Any, change: Any, database_url: str
) -> None:
    one = await subscribe()
    await mail.step()
    await mail.step()
    (asked,) = mailbox.raw
    link = re.search(rb"https://api\.legis\.org\.br/c/([\w.=\r\n-]+)", asked)
    assert link is not None
    text = email.message_from_bytes(asked, policy=email.policy.default).get_body(("plain",)).get_content()  # type: ignore[union-attr]
    token = re.search(r"/c/([\w.-]+)", text)[1]  # type: ignore[index]
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
    message = email.message_from_bytes(told, policy=email.policy.default)
    assert message["Subject"] == "Saúde: 3 proposições andaram"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]  # type: ignore[attr-defined]
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
