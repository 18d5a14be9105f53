"""What a service says it offers is what it takes."""

from typing import Any

import httpx2
import pytest
from pydantic import SecretStr

PATH = "/api/v1/subscriptions/options"
KEY = {"signing_master_key": SecretStr("m" * 32)}
MAIL = {
    "smtp_url": SecretStr("smtp://127.0.0.1:9"),
    "mail_from": "legis@legis.example",
    "public_base_url": "https://legis.example",
}
WITHOUT_KEY = {
    "WEBHOOK": {"channel": "WEBHOOK", "target": "https://hooks.org.br/legis", "search": {}},
    "EMAIL": {"channel": "EMAIL", "target": "ana@exemplo.org.br", "search": {}},
}


@pytest.mark.parametrize(
    ("settings", "offered"),
    [
        ({}, set()),
        (MAIL, set()),
        (KEY, {"WEBHOOK"}),
        ({**KEY, **MAIL, "mail_from": ""}, {"WEBHOOK"}),
        ({**KEY, **MAIL}, {"WEBHOOK", "EMAIL"}),
    ],
)
async def test_what_is_offered_is_taken(serve: Any, settings: dict[str, Any], offered: set[str]) -> None:
    async with serve(**settings) as api:
        channels = (await api.get(PATH)).json()["data"]["channels"]
        assert {one["channel"] for one in channels if one["offered"]} == offered
        for one in channels:
            expected = 503 if not one["offered"] else 401 if one["needs_key"] else 202
            reply = await api.post("/api/v1/subscriptions", json=WITHOUT_KEY[one["channel"]])
            assert reply.status_code == expected, one


async def test_limits_digests_and_languages_are_told(serve: Any) -> None:
    async with serve() as api:
        reply: httpx2.Response = await api.get(PATH)
    assert reply.headers["cache-control"].startswith("public, max-age=60")
    data = reply.json()["data"]
    assert data["languages"] == ["en", "pt-BR"]
    assert data["digests"] == {"at": "07:00", "weekday": 1, "bills": 50}
    assert data["limits"] == {
        "of_a_key": 200,
        "webhooks_of_a_key": 10,
        "of_an_address": 20,
        "confirmations_a_day": 3,
        "unconfirmed_days": 7,
        "kept_days": 30,
    }
    assert {one["channel"]: one["frequencies"] for one in data["channels"]} == {
        "WEBHOOK": ["IMMEDIATE"],
        "EMAIL": ["IMMEDIATE", "DAILY", "WEEKLY"],
    }


async def test_no_parameter_is_taken(serve: Any) -> None:
    async with serve() as api:
        assert (await api.get(f"{PATH}?channel=EMAIL")).status_code == 400
