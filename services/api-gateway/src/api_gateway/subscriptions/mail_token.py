"""Tokens in the links of e-mails: they prove that who opens the link was sent it. Derived, not stored."""

import base64
import hashlib
import hmac
import re
from datetime import datetime, timedelta
from enum import StrEnum

CONFIRM_WITHIN = timedelta(hours=48)
MANAGE_WITHIN = timedelta(days=365)
_SHAPE = re.compile(r"([0-9a-z]{20})\.([0-9a-f]{1,10})\.([\w-]{22})", re.ASCII)
_NEVER = 0
_PREFIX = "sub_"


class Purpose(StrEnum):
    """The action that a token allows."""

    CONFIRM = "confirm"
    """To confirm one subscription."""
    UNSUBSCRIBE = "unsubscribe"
    """To end one subscription."""
    MANAGE = "manage"
    """To see and change every subscription of one address."""


def mail_token(master: bytes, purpose: Purpose, public_id: str, expires: datetime | None = None) -> str:
    """`<id>.<expiry in hexadecimal>.<MAC>`; without an expiry it holds for ever. The id is that of a subscription, or,
    to manage, that of an address.
    """
    name, until = public_id.removeprefix(_PREFIX), _NEVER if expires is None else int(expires.timestamp())
    return f"{name}.{until:x}.{_mac(master, purpose, name, until)}"


def subscription_of_token(master: bytes, purpose: Purpose, token: str, now: datetime) -> str | None:
    """The id of the subscription that a token is about; None where it is forged, expired or for another purpose."""
    name = _proved(master, purpose, token, now)
    return None if name is None else _PREFIX + name


def address_of_token(master: bytes, token: str, now: datetime) -> str | None:
    """The id of the address whose subscriptions a token manages; None where it is forged, expired or for another
    purpose.
    """
    return _proved(master, Purpose.MANAGE, token, now)


def is_mail_token(text: str) -> bool:
    """Whether a text has the form of a token; it may still be forged. No API key has it."""
    return _SHAPE.fullmatch(text) is not None


def _proved(master: bytes, purpose: Purpose, token: str, now: datetime) -> str | None:
    found = _SHAPE.fullmatch(token)
    if found is None or not master:
        return None
    name, until = found[1], int(found[2], 16)
    if not hmac.compare_digest(_mac(master, purpose, name, until), found[3]):
        return None
    return None if until != _NEVER and until < now.timestamp() else name


def _mac(master: bytes, purpose: Purpose, name: str, until: int) -> str:
    mac = hmac.digest(master, f"mail.{purpose}.{name}.{until:x}".encode(), hashlib.sha256)[:16]
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()
