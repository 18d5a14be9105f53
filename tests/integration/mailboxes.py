"""A real mail server that keeps what it takes, and a notifier's e-mail that sends through it."""

import email
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from api_gateway.settings import NotifierSettings
from legis_launcher.servers.ports import free_port

BASE = "https://api.legis.org.br"
SENDER = "legis@legis.org.br"


class Mailbox:
    """Takes every message, as bytes; `refuses` is what it answers recipients instead. `asked` are all recipients that
    were named, refused or not.
    """

    def __init__(self) -> None:
        self.raw: list[bytes] = []
        self.senders: list[str] = []
        self.recipients: list[str] = []
        self.asked: list[str] = []
        self.refuses: str | bytes = ""
        self.port = free_port()

    @property
    def url(self) -> str:
        """The server as `SMTP_URL` names it."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str | bytes:
        self.asked.append(address)
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.raw.append(envelope.original_content)
        self.senders.append(envelope.mail_from)
        self.recipients += envelope.rcpt_tos
        return "250 OK"


@contextmanager
def receiving_mail() -> Iterator[Mailbox]:
    """The server listens on a free port of this machine."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def notifier_settings(mailbox: Mailbox, master: str) -> NotifierSettings:
    """Settings of a notifier that sends e-mail to the mailbox."""
    return NotifierSettings(
        signing_master_key=master, smtp_url=mailbox.url, mail_from=SENDER, public_base_url=BASE
    )  # fmt: skip


def parsed(raw: bytes) -> EmailMessage:
    """A message as a mail program reads it."""
    message = email.message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def link(raw: bytes, kind: str) -> str:
    """The path of the message's link that begins with `/<kind>/`, as it stands in the plain part."""
    part = parsed(raw).get_body(("plain",))
    assert part is not None
    found = re.search(rf"{re.escape(BASE)}(/{kind}/[\w.-]+)", part.get_content())
    assert found is not None, kind
    return found[1]
