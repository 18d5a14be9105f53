"""Subscriptions over HTTP: made, read, changed and ended by their owner, and by nobody else."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx2
import pytest
from api_gateway.access.scopes import Scope
from api_gateway.store.keys.api_key_admin import KeyRequest, create_key
from api_gateway.store.subscriptions.ping_writer import due_pings, store_ping
from api_gateway.subscriptions.signature import signing_key
from pydantic import SecretStr

PATH = "/api/v1/subscriptions"
HOOK = {"channel": "WEBHOOK", "target": "https://hooks.org.br/legis", "search": {"q": "saúde", "type": ["PL"]}}


@pytest.fixture(scope="module")
async def api(serve: Any) -> AsyncIterator[httpx2.AsyncClient]:
    async with serve(signing_master_key=SecretStr("m" * 32), public_base_url="https://api.legis.org.br") as client:
        yield client


@pytest.fixture(scope="module")
async def pool(module_database_url: str) -> AsyncIterator[Any]:
    opened = await asyncpg.create_pool(module_database_url, min_size=0, max_size=2)
    yield opened
    await opened.close()


@pytest.fixture
async def key(pool: Any) -> dict[str, str]:
    return await new_key(pool, Scope.SUBSCRIPTIONS, Scope.READ)


async def new_key(pool: Any, *scopes: Scope) -> dict[str, str]:
    _, text = await create_key(pool, KeyRequest("tests", frozenset(scopes)))
    return {"X-API-Key": text.reveal()}


async def made(api: httpx2.AsyncClient, key: dict[str, str], **changed: Any) -> dict[str, Any]:
    reply = await api.post(PATH, json={**HOOK, **changed}, headers=key)
    assert reply.status_code == 201, reply.text
    found: dict[str, Any] = reply.json()["data"]
    assert reply.headers["location"] == f"{PATH}/{found['id']}"
    return found


async def test_a_webhook_from_its_making_to_its_end(api: httpx2.AsyncClient, key: dict[str, str], pool: Any) -> None:
    one = await made(api, key, name="Saúde")
    assert (one["state"], one["search"], one["name"]) == ("PENDING", HOOK["search"], "Saúde")
    assert one["secret"].startswith("whsec_")
    address = f"{PATH}/{one['id']}"
    read = (await api.get(address, headers=key)).json()["data"]
    assert "secret" not in read
    assert {name: read[name] for name in read} == {name: one[name] for name in read}
    assert (await api.patch(address, json={"state": "PAUSED"}, headers=key)).status_code == 409
    (due,) = [ping for ping in await due_pings(pool) if ping.public_id == one["id"]]
    await store_ping(pool, due.id, None)
    assert (await api.get(address, headers=key)).json()["data"]["state"] == "ACTIVE"
    paused = await api.patch(address, json={"state": "PAUSED"}, headers=key)
    assert paused.json()["data"]["state"] == "PAUSED"
    resumed = await api.patch(address, json={"state": "ACTIVE", "resume_from": "now"}, headers=key)
    assert resumed.json()["data"]["state"] == "ACTIVE"
    replayed = await api.post(f"{address}/replay", json={"after_seq": 0}, headers=key)
    assert replayed.json()["data"]["sent_seq"] == one["since_seq"]
    ahead = await api.post(f"{address}/replay", json={"after_seq": 2**63 - 1}, headers=key)
    assert ahead.json()["data"]["sent_seq"] == one["since_seq"], "what was not delivered yet is not skipped"
    assert (await api.post(f"{address}/replay", json={"after_seq": 2**63}, headers=key)).status_code == 400
    rotated = (await api.post(f"{address}/rotate-secret", headers=key)).json()["data"]
    assert rotated["secret"] != one["secret"]
    assert signing_key(b"m" * 32, one["id"], 1) != signing_key(b"m" * 32, one["id"], 2)
    assert (await api.post(f"{address}/test", headers=key)).status_code == 202
    assert (await api.get(f"{address}/deliveries", headers=key)).json()["data"] == []
    assert (await api.delete(address, headers=key)).status_code == 204
    assert (await api.get(address, headers=key)).status_code == 404


async def test_every_example_of_a_body_in_the_description_is_taken(
    api: httpx2.AsyncClient, key: dict[str, str], pool: Any
) -> None:
    paths = (await api.get("/openapi.json")).json()["paths"]

    def example(method: str, path: str) -> Any:
        return paths[path][method]["requestBody"]["content"]["application/json"]["example"]

    asked = example("post", PATH)
    one = await made(api, key, **asked)
    assert (one["target"], one["search"]) == (asked["target"], asked["search"])
    (due,) = [ping for ping in await due_pings(pool) if ping.public_id == one["id"]]
    await store_ping(pool, due.id, None)
    address, template = f"{PATH}/{one['id']}", f"{PATH}/{{subscription_id}}"
    replay = example("post", f"{template}/replay")
    assert (await api.post(f"{address}/replay", json=replay, headers=key)).status_code == 200
    change = example("patch", template)
    changed = await api.patch(address, json=change, headers=key)
    assert (changed.status_code, changed.json()["data"]["state"]) == (200, change["state"])


async def test_nobody_sees_or_changes_what_belongs_to_others(
    api: httpx2.AsyncClient, key: dict[str, str], pool: Any
) -> None:
    one = await made(api, key)
    other = await new_key(pool, Scope.SUBSCRIPTIONS)
    address = f"{PATH}/{one['id']}"
    for method, path, body in (
        ("GET", address, None),
        ("GET", f"{address}/deliveries", None),
        ("PATCH", address, {"state": "PAUSED"}),
        ("DELETE", address, None),
        ("POST", f"{address}/test", None),
        ("POST", f"{address}/replay", {"after_seq": 0}),
        ("POST", f"{address}/rotate-secret", None),
    ):
        reply = await api.request(method, path, json=body, headers=other)
        assert reply.status_code == 404, (method, path)
    assert (await api.get(PATH, headers=other)).json()["data"] == []
    assert [found["id"] for found in (await api.get(PATH, headers=key)).json()["data"]] == [one["id"]]


async def test_a_key_with_the_scope_is_needed(api: httpx2.AsyncClient, pool: Any) -> None:
    reader = await new_key(pool, Scope.READ)
    assert (await api.get(PATH)).status_code == 401
    assert (await api.post(PATH, json=HOOK)).status_code == 401
    assert (await api.get(PATH, headers=reader)).status_code == 403
    assert (await api.post(PATH, json=HOOK, headers=reader)).status_code == 403


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({**HOOK, "target": "http://hooks.org.br/"}, "target"),
        ({**HOOK, "target": "https://127.0.0.1/"}, "target"),
        ({**HOOK, "target": "https://api.legis.org.br/"}, "target"),
        ({**HOOK, "search": {"typo": ["PL"]}}, "typo"),
        ({**HOOK, "search": {"kind": ["NEVER"]}}, "kind"),
        ({**HOOK, "channel": "FAX"}, "channel"),
        ({**HOOK, "colour": "red"}, "colour"),
        ({"channel": "WEBHOOK"}, "target"),
        ({**HOOK, "name": "a\x00b"}, "name"),
        ({**HOOK, "search": {"number": ["0" * 20 + "9" * 30]}}, "number"),
        ([], "body"),
    ],
)
async def test_a_wrong_body_is_explained(api: httpx2.AsyncClient, key: dict[str, str], body: Any, named: str) -> None:
    reply = await api.post(PATH, json=body, headers=key)
    assert reply.status_code == 400
    assert reply.headers["content-type"] == "application/problem+json"
    assert any(named in error["parameter"] for error in reply.json()["errors"]), reply.text


@pytest.mark.parametrize(
    ("changed", "en", "pt"),
    [
        ({"search": {"typ": ["PL"]}}, "did you mean type?", "você quis dizer type?"),
        ({"targt": "x"}, "did you mean target?", "você quis dizer target?"),
        ({"colour": "red"}, "Allowed: channel, target", "Parâmetros: channel, target"),
        ({"target": "https://127.0.0.1/"}, "must name a host", "deve conter o nome"),
    ],
)
async def test_what_is_wrong_is_told_in_both_languages(
    api: httpx2.AsyncClient, key: dict[str, str], changed: dict[str, Any], en: str, pt: str
) -> None:
    for language, words in (("en", en), ("pt-BR", pt)):
        reply = await api.post(PATH, json={**HOOK, **changed}, headers={**key, "Accept-Language": language})
        assert words in reply.json()["errors"][0]["detail"]


async def test_what_is_no_json_is_refused(api: httpx2.AsyncClient, key: dict[str, str]) -> None:
    kind = {"Content-Type": "application/json"}
    assert (await api.post(PATH, content=b"{", headers=key | kind)).status_code == 400
    other = await api.post(PATH, content=b"a=b", headers=key | {"Accept-Language": "pt"})
    assert (other.status_code, other.json()["type"]) == (415, "/problems/unsupported-media-type")
    assert other.json()["detail"] == "O corpo deve ser application/json ou application/x-www-form-urlencoded."
    large = await api.post(PATH, content=b'"' + b"a" * 20_000 + b'"', headers=key | kind)
    assert (large.status_code, large.json()["type"]) == (413, "/problems/body-too-large")


async def test_a_word_that_is_none_of_a_few_is_answered_with_the_nearest(
    api: httpx2.AsyncClient, key: dict[str, str]
) -> None:
    reply = await api.post(PATH, json={**HOOK, "channel": "WEBHOK"}, headers=key | {"Accept-Language": "pt"})
    (told,) = reply.json()["errors"]
    assert told["detail"] == "'WEBHOK' não é um valor aceito; você quis dizer WEBHOOK? Valores: WEBHOOK, EMAIL"


async def test_a_key_has_ten_webhooks_at_most(api: httpx2.AsyncClient, key: dict[str, str]) -> None:
    found = [await made(api, key) for _ in range(10)]
    reply = await api.post(PATH, json=HOOK, headers=key)
    assert reply.status_code == 409
    assert reply.json()["type"] == "/problems/too-many-subscriptions"
    first = (await api.get(f"{PATH}?limit=4", headers=key)).json()
    rest = (await api.get(f"{PATH}?limit=100&cursor={first['page']['next_cursor']}", headers=key)).json()
    assert [one["id"] for one in first["data"] + rest["data"]] == [one["id"] for one in found]


async def test_a_method_that_is_not_taken(api: httpx2.AsyncClient, key: dict[str, str]) -> None:
    reply = await api.put(PATH, json={}, headers=key)
    assert (reply.status_code, reply.headers["allow"]) == (405, "GET, HEAD, OPTIONS, POST")
    assert (await api.post("/api/v1/bills")).headers["allow"] == "GET, HEAD, OPTIONS"
    assert (await api.head(PATH, headers=key)).status_code == 200


@pytest.mark.parametrize(
    ("path", "allow"),
    [
        ("", "GET, HEAD, OPTIONS, POST"),
        ("/options", "GET, HEAD, OPTIONS"),
        ("/sub_0123456789abcdefghij", "DELETE, GET, HEAD, OPTIONS, PATCH"),
        ("/sub_0123456789abcdefghij/test", "OPTIONS, POST"),
    ],
)
async def test_an_address_says_which_methods_it_takes(api: httpx2.AsyncClient, path: str, allow: str) -> None:
    told = await api.options(PATH + path)
    assert (told.status_code, told.headers["allow"]) == (204, allow)
    for method in {"GET", "POST", "PATCH", "DELETE", "PUT"} - set(allow.split(", ")):
        reply = await api.request(method, PATH + path, json={"after_seq": 0})
        assert (reply.status_code, reply.headers["allow"]) == (405, allow), method
