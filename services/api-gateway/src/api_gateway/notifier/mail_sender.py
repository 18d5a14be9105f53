"""Hands one e-mail to the mail server and says what became of it."""

from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from urllib.parse import unquote, urlsplit

import aiosmtplib

from api_gateway.subscriptions.mail_message import wire_bytes

TIMEOUT_SECONDS = 30.0


class MailOutcome(StrEnum):
    """The outcome of one attempt to send a message, as the mail server answered."""

    SENT = "sent"
    LATER = "later"
    """Refused for now, or no server: to be tried again."""
    BOUNCED = "bounced"
    """Refused for good (5xx)."""


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
    return MailAnswer(MailOutcome.BOUNCED if code >= 500 else MailOutcome.LATER, code, f"{code} {words}")
