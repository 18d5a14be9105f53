"""E-mails to subscribers: plain text and HTML, Portuguese or English, with the headers that mail programs read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from typing import Any

from legis.languages import Language, Text

from api_gateway.subscriptions.mail_token import CONFIRM_WITHIN, Purpose, mail_token
from api_gateway.subscriptions.subscription import Subscription

_WIRE = SMTP.clone(max_line_length=998)
"""Of headers: the default length would encode an unsubscribe address of 75 characters, and no mail program would read
it. Bodies keep the default, 78.
"""

_CONFIRM = Text("Confirm your subscription to Legis", "Confirme sua assinatura da Legis")
_ASKED = Text(
    "Somebody, perhaps you, asked for e-mails about bills to this address. To get them, open this address within 48 "
    "hours and press the button. Otherwise do nothing: no more e-mails will come.",
    "Alguém, talvez você, pediu e-mails sobre proposições neste endereço. Para recebê-los, abra este endereço em até "
    "48 horas e aperte o botão. Senão, não faça nada: não virão outros e-mails.",
)
_NEWS = Text("{count} bills moved", "{count} proposições andaram")
_ONE = Text("1 bill moved", "1 proposição andou")
_NO_MORE = Text("No more of these e-mails", "Não receber mais estes e-mails")


@dataclass(frozen=True, slots=True)
class MailRules:
    """What all e-mails share. `base` is the public address of this service, without a slash at its end."""

    master: bytes
    base: str
    sender: str

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]


def confirmation(rules: MailRules, one: Subscription, now: datetime) -> EmailMessage:
    """The e-mail that asks whether the address wants the subscription."""
    link = f"{rules.base}/c/{mail_token(rules.master, Purpose.CONFIRM, one.public_id, now + CONFIRM_WITHIN)}"
    language = _language(one)
    message = _message(rules, one, now, _CONFIRM.told(language), f"confirm.{int(now.timestamp())}")
    asked = _ASKED.told(language)
    html = f'<p>{escape(asked)}</p>\n<p><a href="{link}">{link}</a></p>'
    return _with_parts(message, language, f"{asked}\n\n{link}\n", html)


def news(
    rules: MailRules, one: Subscription, bills: Sequence[Mapping[str, Any]], seq: int, now: datetime
) -> EmailMessage:
    """The e-mail about these bills, which are list items; `seq` is the last entry that it tells of."""
    language = _language(one)
    stop = f"{rules.base}/u/{mail_token(rules.master, Purpose.UNSUBSCRIBE, one.public_id)}"
    count = (_ONE if len(bills) == 1 else _NEWS).told(language).format(count=len(bills))
    message = _message(rules, one, now, f"{one.name}: {count}" if one.name else count, str(seq))
    message["List-Unsubscribe"] = f"<{stop}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    end = _NO_MORE.told(language)
    plain, rows = [], []
    for bill in bills:
        name, title, link = (
            str(bill["identifier"]),
            str(bill.get("title") or ""),
            f"{rules.base}/api/v1/bills/{bill['id']}",
        )
        plain.append(f"{name}\n{title}\n{link}\n")
        rows.append(f'<li><a href="{escape(link)}">{escape(name)}</a><br>{escape(title)}</li>')
    listed = "\n".join(rows)
    html = f'<p>{escape(count)}</p>\n<ul>\n{listed}\n</ul>\n<p><a href="{stop}">{escape(end)}</a></p>'
    return _with_parts(message, language, "\n".join([count, "", *plain, f"{end}: {stop}", ""]), html)


def wire_bytes(message: EmailMessage) -> bytes:
    """The message as it is sent: ASCII, lines that end with CRLF."""
    return message.as_bytes(policy=_WIRE)


def _message(rules: MailRules, one: Subscription, now: datetime, subject: str, part: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = Address("Legis", addr_spec=rules.sender)
    message["To"] = Address(addr_spec=one.target)
    message["Subject"] = " ".join(subject.split())[:200]
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{one.public_id}.{part}@{rules.domain}>"
    message["List-Id"] = f"<{one.public_id.removeprefix('sub_')}.{rules.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Precedence"] = "bulk"
    return message


def _with_parts(message: EmailMessage, language: Language, plain: str, html: str) -> EmailMessage:
    page = (
        f'<!doctype html>\n<html lang="{language}">\n<body style="font-family:sans-serif">\n{html}\n</body>\n</html>\n'
    )
    message.set_content(plain, cte="quoted-printable")
    message.add_alternative(page, subtype="html", cte="quoted-printable")
    message["Content-Language"] = language.value  # after the parts: they clear such headers
    return message


def _language(one: Subscription) -> Language:
    return Language(one.language)
