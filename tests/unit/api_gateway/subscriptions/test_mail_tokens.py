"""Tokens in links of e-mails: for one purpose, one subscription or address, and for a time; none can be made up."""

import hmac
from datetime import timedelta
from unittest.mock import patch

import pytest
from api_gateway.access.key_text import new_key
from api_gateway.subscriptions.mail_address import mail_address, mailbox
from api_gateway.subscriptions.mail_token import (
    Purpose,
    address_of_token,
    is_mail_token,
    mail_token,
    subscription_of_token,
)
from unit.api_gateway_access.test_key_states import NOON

MASTER = b"m" * 32
NAME = "0123456789abcdefghij"
DAY = timedelta(days=1)


def test_a_token_manages_the_address_that_it_was_made_for_until_it_expires() -> None:
    token = mail_token(MASTER, Purpose.MANAGE, NAME, NOON + DAY)
    assert address_of_token(MASTER, token, NOON) == NAME
    assert address_of_token(MASTER, token, NOON + DAY) == NAME
    assert address_of_token(MASTER, token, NOON + DAY + timedelta(seconds=1)) is None
    assert address_of_token(b"n" * 32, token, NOON) is None
    assert address_of_token(b"", mail_token(b"", Purpose.MANAGE, NAME), NOON) is None, "no master key, no token"


@pytest.mark.parametrize("purpose", [Purpose.CONFIRM, Purpose.UNSUBSCRIBE])
def test_a_token_is_for_one_purpose(purpose: Purpose) -> None:
    token = mail_token(MASTER, purpose, f"sub_{NAME}", NOON + DAY)
    assert subscription_of_token(MASTER, purpose, token, NOON) == f"sub_{NAME}"
    assert address_of_token(MASTER, token, NOON) is None
    others = set(Purpose) - {purpose}
    assert not [one for one in others if subscription_of_token(MASTER, one, token, NOON)]


def test_to_unsubscribe_is_possible_for_ever() -> None:
    token = mail_token(MASTER, Purpose.UNSUBSCRIBE, f"sub_{NAME}")
    assert subscription_of_token(MASTER, Purpose.UNSUBSCRIBE, token, NOON + 36500 * DAY) == f"sub_{NAME}"


def test_no_letter_of_a_token_can_be_changed() -> None:
    token = mail_token(MASTER, Purpose.MANAGE, NAME, NOON + DAY)
    last_bits = {"A": "B", "Q": "R", "g": "h", "w": "x"}  # the last letter stands for two bits alone
    for position, letter in enumerate(token):
        other = last_bits.get(letter, "A") if position == len(token) - 1 else ("1" if letter != "1" else "2")
        assert address_of_token(MASTER, token[:position] + other + token[position + 1 :], NOON) is None, position


def test_tokens_are_compared_in_constant_time() -> None:
    token = mail_token(MASTER, Purpose.MANAGE, NAME)
    with patch.object(hmac, "compare_digest", wraps=hmac.compare_digest) as compared:
        assert address_of_token(MASTER, token, NOON) == NAME
        assert address_of_token(MASTER, token[:-3] + "AAA", NOON) is None
    assert compared.call_count == 2


def test_no_api_key_looks_like_a_token() -> None:
    assert is_mail_token(mail_token(MASTER, Purpose.MANAGE, NAME, NOON))
    assert not is_mail_token(new_key().reveal())


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("Ana.Souza@Exemplo.org.BR", "ana.souza@exemplo.org.br"),
        ("ana+legis@exemplo.org.br", "ana+legis@exemplo.org.br"),
        ("ana@exämple.org", "ana@xn--exmple-cua.org"),
        ("josé@exemplo.org.br", None),
        ("ana@localhost", None),
        ("ana", None),
        ("ana@exemplo.org.br\nBcc: eva@exemplo.org.br", None),
        ("ana@exemplo.org.br, eva@exemplo.org.br", None),
    ],
)
def test_an_address_has_one_spelling(given: str, stored: str | None) -> None:
    assert mail_address(given) == stored


def test_tags_lead_to_one_mailbox() -> None:
    assert {mailbox(f"ana{tag}@exemplo.org.br") for tag in ("", "+", "+a", "+b+c")} == {"ana@exemplo.org.br"}
    assert mailbox("+a@exemplo.org.br") == "+a@exemplo.org.br"
