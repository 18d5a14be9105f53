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
from urllib.parse import urlencode

from legis.domain.change_kind import ChangeKind
from legis.languages import Language

from api_gateway.subscriptions import mail_words as words
from api_gateway.subscriptions.mail_token import CONFIRM_WITHIN, MANAGE_WITHIN, Purpose, mail_token
from api_gateway.subscriptions.subscription import Subscription

_WIRE = SMTP.clone(max_line_length=998)
"""Of headers: the default length would encode an unsubscribe address of 75 characters, and no mail program would read
it. Bodies keep the default, 78.
"""

_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
</head>
<body style="margin:0 auto;padding:16px;max-width:600px;font:16px/1.5 sans-serif;overflow-wrap:anywhere">
{html}
<p style="margin-top:32px;border-top:1px solid #88847a;padding-top:12px;font-size:14px">Legis<br>
{links}</p>
</body>
</html>
"""
"""The HTML part: inline styles, nothing that is loaded. The colours are the mail program's, its dark mode too."""

_MOVEMENT = (ChangeKind.MOVED, ChangeKind.CREATED, ChangeKind.REMOVED)
"""The kinds of changes that a search is told of where it names neither kinds nor fields."""


@dataclass(frozen=True, slots=True)
class MailRules:
    """What all e-mails share. `base` is the public address of this service, without a slash at its end."""

    master: bytes
    base: str
    sender: str

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class News:
    """What an e-mail tells. `bills` are the list items that it shows, `count` is how many bills it is about, and `seq`
    the last entry of the change log that it tells of.
    """

    bills: Sequence[Mapping[str, Any]]
    count: int
    seq: int


def confirmation(rules: MailRules, one: Subscription, now: datetime) -> EmailMessage:
    """The e-mail that asks whether the address wants the subscription.

    It has no word of whoever asked for it, neither name nor search: they would be a letter to a stranger.
    """
    link = f"{rules.base}/c/{mail_token(rules.master, Purpose.CONFIRM, one.public_id, now + CONFIRM_WITHIN)}"
    language = Language(one.language)
    message = _message(rules, one, now, words.CONFIRM.told(language), f"confirm.{int(now.timestamp())}")
    asked = words.ASKED.told(language)
    footer = [(words.MANAGE.told(language), _manage_link(rules, one, now))]
    plain = f"{asked}\n\n{link}\n"
    html = f"<p>{escape(asked)}</p>\n{_button(link, words.CONFIRM_BUTTON.told(language))}"
    return _with_parts(message, language, plain, html, footer)


def news(rules: MailRules, one: Subscription, told: News, now: datetime) -> EmailMessage:
    """The e-mail about these bills. Of those that it does not show it says how many they are and where all are seen."""
    language = Language(one.language)
    stop = f"{rules.base}/u/{mail_token(rules.master, Purpose.UNSUBSCRIBE, one.public_id)}"
    count = _count(one, told.count, language)
    message = _message(rules, one, now, f"{one.name}: {count}" if one.name else count, str(told.seq))
    message["List-Unsubscribe"] = f"<{stop}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    footer = [
        (words.NO_MORE.told(language), stop), (words.MANAGE.told(language), _manage_link(rules, one, now))
    ]  # fmt: skip
    bills = [(str(bill["identifier"]), str(bill.get("title") or ""), _bill_link(rules, bill)) for bill in told.bills]
    plain = "\n".join([count, "", *(f"{name}\n{title}\n{link}\n" for name, title, link in bills)])
    rows = "\n".join(
        f'<li style="margin:0 0 16px"><a href="{escape(link)}"><strong>{escape(name)}</strong></a><br>'
        f"{escape(title)}</li>"
        for name, title, link in bills
    )
    html = f'<p>{escape(count)}</p>\n<ul style="padding:0;list-style:none">\n{rows}\n</ul>'
    if told.count > len(bills):
        more, link = words.MORE.told(language).format(count=told.count - len(bills)), _changes_link(rules, one)
        plain += f"\n{more}:\n{link}\n"
        html += f'\n<p><a href="{escape(link)}">{escape(more)}</a></p>'
    return _with_parts(message, language, plain, html, footer)


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


def _with_parts(
    message: EmailMessage, language: Language, plain: str, html: str, footer: Sequence[tuple[str, str]]
) -> EmailMessage:
    """Adds the plain part and the HTML part; the footer has texts and the links behind them."""
    ends = "\n".join(f"{text}:\n{link}" for text, link in footer)
    links = "<br>\n".join(f'<a href="{escape(link)}">{escape(text)}</a>' for text, link in footer)
    page = _PAGE.format(language=language, html=html, links=links)
    message.set_content(f"{plain}\n-- \nLegis\n{ends}\n", cte="quoted-printable")
    message.add_alternative(page, subtype="html", cte="quoted-printable")
    message["Content-Language"] = language.value  # after the parts: they clear such headers
    return message


def _button(link: str, text: str) -> str:
    style = "display:inline-block;padding:12px 20px;border:2px solid;border-radius:6px;font-weight:bold"
    return f'<p><a href="{escape(link)}" style="{style}">{escape(text)}</a></p>'


def _count(one: Subscription, bills: int, language: Language) -> str:
    """How many bills the e-mail is about. Only of movement it is said that they moved."""
    several, single = (words.NEWS, words.ONE) if _of_movement(one) else (words.CHANGED, words.ONE_CHANGED)
    return (single if bills == 1 else several).told(language).format(count=bills)


def _of_movement(one: Subscription) -> bool:
    return not {"kind", "field"} & one.parameters.keys()


def _changes_link(rules: MailRules, one: Subscription) -> str:
    """The change log since the last e-mail, by the search of the subscription."""
    asked: dict[str, Any] = {"after": one.sent_seq, **one.parameters}
    if _of_movement(one):
        asked["kind"] = _MOVEMENT
    plain = {name: str(value).lower() if isinstance(value, bool) else value for name, value in asked.items()}
    return f"{rules.base}/api/v1/changes?{urlencode(plain, doseq=True)}"


def _bill_link(rules: MailRules, bill: Mapping[str, Any]) -> str:
    return f"{rules.base}/api/v1/bills/{bill['id']}"


def _manage_link(rules: MailRules, one: Subscription, now: datetime) -> str:
    """The page with all subscriptions of the address."""
    if one.address_id is None:
        raise ValueError(f"the address of {one.public_id} has no id")
    return f"{rules.base}/m/{mail_token(rules.master, Purpose.MANAGE, one.address_id, now + MANAGE_WITHIN)}"
