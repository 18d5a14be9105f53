"""Hands one e-mail to the mail server and says what became of it."""

import re
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from urllib.parse import unquote, urlsplit

import aiosmtplib

from api_gateway.subscriptions.mail_message import wire_bytes

TIMEOUT_SECONDS = 30.0
_ENHANCED = re.compile(r"(?:^|#)([245]\.\d{1,3})\.(\d{1,3})(?![\d.])")
"""An enhanced status code (RFC 3463) where mail servers write it: first, or as `(#5.1.1)`."""

_OF_THE_SENDER = frozenset({"7", "8"})
"""Details of addresses (5.1.x) that are about the sender's address."""

_NO_MAILBOX = frozenset({550, 551, 553})
"""Codes (RFC 5321) that say so without an enhanced one."""


class MailOutcome(StrEnum):
    """The outcome of one attempt to send a message, as the mail server answered."""

    SENT = "sent"
    LATER = "later"
    """Refused for any other reason, or no server: to be tried again."""
    BOUNCED = "bounced"
    """There is no such mailbox."""


@dataclass(frozen=True, slots=True)
class MailAnswer:
    """An outcome, with the server's code where it gave one, and its words where the message was not taken."""

    outcome: MailOutcome
    code: int | None = None
    error: str | None = None


class MailSender:
    """Sends through the server of `smtp_url`, with a connection for each message."""

    def __init__(self, smtp_url: str) -> None:
        parts = urlsplit(smtp_url)
        self._tls = parts.scheme == "smtps"
        self._host, self._port = parts.hostname or "", parts.port or (465 if self._tls else 587)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None

    async def send(self, message: EmailMessage, bounces_to: str) -> MailAnswer:
        """One attempt; never raises for what the server or the network does."""
        try:
            await aiosmtplib.send(
                wire_bytes(message), sender=bounces_to, recipients=[str(message["To"])],
                hostname=self._host, port=self._port, username=self._user,
                password=self._password, use_tls=self._tls, timeout=TIMEOUT_SECONDS,
            )  # fmt: skip
        except aiosmtplib.SMTPRecipientsRefused as error:
            return _refused(error.recipients[0].code, error.recipients[0].message)
        except aiosmtplib.SMTPResponseException as error:
            return MailAnswer(MailOutcome.LATER, error.code, f"{error.code} {error.message}")
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            return MailAnswer(MailOutcome.LATER, error=f"{type(error).__name__}: {error}")
        return MailAnswer(MailOutcome.SENT, 250)


def _refused(code: int, words: str) -> MailAnswer:
    outcome = MailOutcome.BOUNCED if _lacks_mailbox(code, words) else MailOutcome.LATER
    return MailAnswer(outcome, code, f"{code} {words}")


def _lacks_mailbox(code: int, words: str) -> bool:
    """Whether a refused recipient is no mailbox. Our own relay refuses everybody when it is set up wrongly: that ends
    no subscription.
    """
    if code < 500:
        return False
    found = _ENHANCED.search(words)
    if found is None:
        return code in _NO_MAILBOX and "relay" not in words.lower()
    subject, detail = found.groups()
    return subject == "5.1" and detail not in _OF_THE_SENDER
