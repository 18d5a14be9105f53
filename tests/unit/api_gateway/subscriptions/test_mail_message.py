"""E-mails of news: how many bills, those that are shown, and where all are seen."""

from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from api_gateway.subscriptions.mail_message import MailRules, News, news
from api_gateway.subscriptions.subscription import Channel, Frequency, Subscription, SubscriptionState
from unit.api_gateway_access.test_key_states import NOON

RULES = MailRules(b"m" * 32, "https://api.legis.org.br", "legis@legis.org.br")
ONE = Subscription(
    id=1, public_id="sub_0123456789abcdefghij", key_id=None, channel=Channel.EMAIL, target="ana@exemplo.org.br",
    name=None, parameters={}, frequency=Frequency.DAILY, language="en", state=SubscriptionState.ACTIVE,
    state_reason=None, created_at=NOON - timedelta(days=2), confirmed_at=NOON - timedelta(days=1), since_seq=7,
    sent_seq=40, failures=0, failing_since=None, next_attempt_at=None, address_id="0123456789abcdefghij",
)  # fmt: skip
BILLS = [{"id": f"camara-{n}", "identifier": f"PL {n}/2024", "title": "Dispõe."} for n in (1, 2)]


def parts(message: EmailMessage) -> tuple[str, str]:
    """The plain part and the HTML part."""
    found = [message.get_body((kind,)) for kind in ("plain", "html")]
    plain, html = [part.get_content() for part in found if part is not None]
    return plain, html


def link_to_all(parameters: dict[str, Any]) -> str:
    """The link with which the plain part of an e-mail of two bills among nine says where all are seen."""
    plain, _ = parts(news(RULES, replace(ONE, parameters=parameters), News(BILLS, 9, 60), NOON))
    return next(line for line in plain.splitlines() if line.startswith(f"{RULES.base}/api/v1/changes?"))


@pytest.mark.parametrize(
    ("language", "subject", "more"),
    [("en", "9 bills moved", "and 7 more: see all"), ("pt-BR", "9 proposições andaram", "e mais 7: ver todas")],
)
def test_it_says_how_many_more_there_are(language: str, subject: str, more: str) -> None:
    message = news(RULES, replace(ONE, language=language), News(BILLS, 9, 60), NOON)
    link = link_to_all({})
    plain, html = parts(message)
    assert message["Subject"] == subject
    assert f"\n{more}:\n{link}\n" in plain
    assert f'<p><a href="{escape(link)}">{more}</a></p>' in html
    assert plain.count("Dispõe.") == html.count("Dispõe.") == 2


def test_it_says_nothing_of_more_where_all_are_shown() -> None:
    plain, html = parts(news(RULES, ONE, News(BILLS, 2, 60), NOON))
    assert "more" not in plain.partition("\n-- \n")[0]
    assert "/changes" not in html


@pytest.mark.parametrize(
    ("parameters", "asked"),
    [
        ({}, {"kind": ["MOVED", "CREATED", "REMOVED"]}),
        ({"q": "saúde & lei", "type": ["PL", "PEC"]},
         {"q": ["saúde & lei"], "type": ["PL", "PEC"], "kind": ["MOVED", "CREATED", "REMOVED"]}),
        ({"kind": ["EDITED"], "in_progress": True, "year": 2024},
         {"kind": ["EDITED"], "in_progress": ["true"], "year": ["2024"]}),
        ({"field": ["status"]}, {"field": ["status"]}),
    ],
)  # fmt: skip
def test_all_are_seen_in_the_change_log_by_the_same_search(
    parameters: dict[str, Any], asked: dict[str, list[str]]
) -> None:
    assert parse_qs(urlsplit(link_to_all(parameters)).query) == {"after": ["40"], **asked}
