"""Pages behind the links of e-mails: a look changes nothing, a press does, without a key; a forged link is 404."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx2
import pytest
from api_gateway.access.scopes import Scope
from api_gateway.store.keys.api_key_admin import KeyRequest, create_key
from api_gateway.subscriptions.mail_token import Purpose, mail_token
from pydantic import SecretStr

PATH = "/api/v1/subscriptions"
MASTER = "m" * 32
MAIL = {"channel": "EMAIL", "target": "ana@exemplo.org.br", "search": {"q": "saúde"}, "frequency": "DAILY"}


@pytest.fixture(scope="module")
async def api(serve: Any) -> AsyncIterator[httpx2.AsyncClient]:
    told = {"smtp_url": SecretStr("smtp://127.0.0.1:9"), "mail_from": "legis@legis.org.br"}
    told |= {"public_base_url": "https://api.legis.org.br", "site_url": "https://legis.org.br"}
    async with serve(signing_master_key=SecretStr(MASTER), **told) as one:
        yield one


@pytest.fixture
async def key(module_database_url: str) -> AsyncIterator[dict[str, str]]:
    async with asyncpg.create_pool(module_database_url, min_size=0, max_size=1) as pool:
        _, text = await create_key(pool, KeyRequest("tests", frozenset({Scope.SUBSCRIPTIONS})))
        yield {"X-API-Key": text.reveal()}


async def test_an_address_confirms_and_leaves(api: httpx2.AsyncClient, key: dict[str, str]) -> None:
    reply = await api.post(PATH, json=MAIL, headers=key)
    assert reply.status_code == 201, reply.text
    one = reply.json()["data"]
    assert (one["state"], one["frequency"], one["target"]) == ("PENDING", "DAILY", "ana@exemplo.org.br")
    assert "secret" not in one
    name, address = one["id"], f"{PATH}/{one['id']}"
    until = datetime.now(UTC) + timedelta(hours=1)
    confirm = f"/c/{mail_token(MASTER.encode(), Purpose.CONFIRM, name, until)}"
    stop = f"/u/{mail_token(MASTER.encode(), Purpose.UNSUBSCRIBE, name)}"

    page = await api.get(confirm, headers={"Accept-Language": "pt-BR", "Accept": "text/html"})
    assert (page.status_code, page.headers["content-language"]) == (200, "pt-BR")
    assert ">Confirmar a assinatura</button>" in page.text
    assert '<a class="brand" href="https://legis.org.br/"' in page.text
    assert "form-action 'self'" in page.headers["content-security-policy"]
    assert (await api.get(address, headers=key)).json()["data"]["state"] == "PENDING", "a look confirms nothing"
    assert (await api.post(confirm)).status_code == 200
    assert (await api.get(address, headers=key)).json()["data"]["state"] == "ACTIVE"

    assert (await api.get(stop)).status_code == 200
    assert (await api.get(address, headers=key)).status_code == 200, "a look ends nothing"
    for _ in range(2):
        left = await api.post(stop, data={"List-Unsubscribe": "One-Click"})
        assert left.status_code == 200, left.text
        assert (await api.get(address, headers=key)).status_code == 404


@pytest.mark.parametrize("path", ["/c/x", "/u/x", "/m/x", "/c/00000000000000000000.0.AAAAAAAAAAAAAAAAAAAAAA"])
async def test_a_forged_link_does_nothing(api: httpx2.AsyncClient, path: str) -> None:
    assert (await api.get(path)).status_code == 404
    assert (await api.post(path)).status_code == 404


@pytest.mark.parametrize(
    "target", ["ana", "ana@localhost", "ana@exemplo.org.br\nBcc: eva@exemplo.org.br", "josé@exemplo.org.br"]
)
async def test_a_wrong_address_is_refused(api: httpx2.AsyncClient, key: dict[str, str], target: str) -> None:
    reply = await api.post(PATH, json={**MAIL, "target": target}, headers=key)
    assert reply.status_code == 400
    assert reply.json()["errors"][0]["parameter"] == "target"


async def test_without_a_mail_server_there_is_no_mail(serve: Any, key: dict[str, str]) -> None:
    async with serve(signing_master_key=SecretStr(MASTER)) as api:
        reply = await api.post(PATH, json=MAIL, headers=key)
    assert reply.status_code == 503
    assert "SMTP_URL" in reply.json()["detail"]
