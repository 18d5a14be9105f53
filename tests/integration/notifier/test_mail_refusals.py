"""Refusals of a real mail server: only that there is no such mailbox ends a subscription."""

from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from api_gateway.notifier.mail_deliveries import MailDeliveries
from api_gateway.notifier.mail_sender import MailOutcome, MailSender
from api_gateway.store.subscriptions.mail_writer import confirm_address
from integration.mailboxes import Mailbox

NO_MAILBOX = (
    "550 no such user",
    "551 User not local",
    "553 mailbox name not allowed",
    "550 5.1.1 <ana@exemplo.org.br>: Recipient address rejected: User unknown",
    "554 5.1.1 no such user",
    "550 5.1.2 bad destination system",
    "550 5.1.10 null MX",
    "553 sorry, no mailbox here by that name (#5.1.1)",
    "550-5.1.1 The email account that you tried to reach does not exist.\r\n550 5.1.1 See our pages",
    "550 no such user; refused at 5.7.1.1",
)
TRIED_LATER = (
    "450 4.1.1 not now",
    "450 5.1.1 not now",
    "550 4.7.1 greylisted",
    "554 5.7.1 <ana@exemplo.org.br>: Relay access denied",
    "550 5.7.1 Relaying denied",
    "550 relay not permitted",
    "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
    "550 5.2.2 mailbox full",
    "550 5.2.1 mailbox disabled",
    "550 5.4.1 no route",
    "550 5.1.8 <legis@legis.org.br>: Sender address rejected: Domain not found",
    "550 5.1.7 bad address of the sender",
    "552 too much mail",
    "554 rejected",
    "521 no mail here",
    "530 5.7.0 authentication required",
)


async def outcome_of(mailbox: Mailbox, refusal: str) -> MailOutcome:
    mailbox.refuses = refusal
    message = EmailMessage()
    message["To"] = "ana@exemplo.org.br"
    answer = await MailSender(mailbox.url).send(message, "bounces@legis.org.br")
    assert answer.code == int(refusal[:3])
    return answer.outcome


@pytest.mark.parametrize("refusal", NO_MAILBOX)
async def test_there_is_no_such_mailbox(mailbox: Mailbox, refusal: str) -> None:
    assert await outcome_of(mailbox, refusal) is MailOutcome.BOUNCED


@pytest.mark.parametrize("refusal", TRIED_LATER)
async def test_any_other_refusal_may_end(mailbox: Mailbox, refusal: str) -> None:
    assert await outcome_of(mailbox, refusal) is MailOutcome.LATER


async def test_an_address_that_is_refused_is_asked_ever_more_seldom(
    pool: Any, mail: MailDeliveries, mailbox: Mailbox, subscribe_mail: Any
) -> None:
    one = await subscribe_mail()
    mailbox.refuses = "554 rejected"
    waits = []
    for _ in range(10):
        before = await pool.fetchval("UPDATE subscription SET ping_at = now() RETURNING ping_at")
        await mail.step()
        waits.append(await pool.fetchval("SELECT ping_at FROM subscription") - before)
    assert timedelta(minutes=10) <= waits[0] < waits[1] < waits[2]
    assert sum(waits, timedelta()) > timedelta(days=2)
    assert max(waits) < timedelta(days=1)
    mailbox.refuses = ""
    await pool.execute("UPDATE subscription SET ping_at = now()")
    await mail.step()
    await confirm_address(pool, one.public_id)
    assert tuple(await pool.fetchrow("SELECT state, failures FROM subscription")) == ("ACTIVE", 0)


@pytest.mark.parametrize("refusal", [b"550 usu\xe1rio inexistente", b"550 no\x00 such user"])
async def test_words_in_another_encoding_are_stored(
    pool: Any, mail: MailDeliveries, mailbox: Mailbox, subscribe_mail: Any, refusal: bytes
) -> None:
    await subscribe_mail()
    mailbox.refuses = refusal
    await mail.step()
    row = await pool.fetchrow("SELECT state, state_reason, (SELECT error FROM delivery_attempt) FROM subscription")
    said = refusal.decode("ascii", "ignore").replace("\x00", "")
    assert tuple(row) == ("BOUNCED", said, said)
