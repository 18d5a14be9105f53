"""Role × operation: what each kind of client is answered at every operation of the OpenAPI document."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx2
import pytest
from api_gateway.access.key_text import KeyText
from api_gateway.access.scopes import Scope
from api_gateway.settings import WebSettings
from api_gateway.store.keys.api_key_admin import KeyRequest, create_key, expire_key, revoke_key
from api_gateway.web.app import create_app
from api_gateway.web.pipeline.route_policy import POLICIES
from legis.streams.names import KEY_USAGE_KEY

Client = httpx2.AsyncClient
Keys = dict[str, dict[str, str]]

OPERATIONS = [
    (method.upper(), path)
    for path, methods in create_app(WebSettings()).openapi()["paths"].items()
    for method in methods
    if method in ("get", "head", "post", "put", "patch", "delete")
]
EXAMPLES = {"{bill_id}": "camara-1", "{source_id}": "camara", "{subscription_id}": "sub_" + "0" * 20}
QUERIES = {"/api/v1/resolve": "?q=PL+1/2020", "/api/v1/bills/suggest": "?q=edu"}
ANONYMOUS, REFUSED = ("keyless",), ("revoked", "expired", "malformed", "unknown", "two keys", "basic")
SCOPED = {"read": Scope.READ, "subscriptions": Scope.SUBSCRIPTIONS, "admin": Scope.ADMIN}
ROLES = (*ANONYMOUS, *SCOPED, *REFUSED)


def address(path: str) -> str:
    for name, value in EXAMPLES.items():
        path = path.replace(name, value)
    return path + QUERIES.get(path, "")


def expected(role: str, method: str, path: str) -> int | None:
    """The status of a refusal; None where the role may."""
    policy = POLICIES[path]
    if policy.operations:
        return None
    if role in ANONYMOUS and method in policy.open_methods:
        return None
    if role in ANONYMOUS:
        return None if policy.scope in (None, Scope.READ) else 401
    if role in REFUSED:
        return 401
    return None if policy.scope in (None, SCOPED[role]) else 403


@pytest.fixture(scope="module")
async def client(serve: Any, store: Any, make_bill: Any) -> AsyncIterator[Client]:
    await store([make_bill(1)])
    async with serve(response_cache_entries=100) as client:
        yield client


@pytest.fixture(scope="module")
async def keys(module_database_url: str) -> AsyncIterator[Keys]:
    """The headers of each role."""
    async with asyncpg.create_pool(module_database_url, min_size=1, max_size=1) as pool:

        async def made(scope: Scope = Scope.READ) -> tuple[str, str]:
            key, text = await create_key(pool, KeyRequest("matrix", frozenset({scope})))
            return key.prefix, text.reveal()

        told = {role: bearer((await made(scope))[1]) for role, scope in SCOPED.items()}
        revoked, expired = await made(), await made()
        await revoke_key(pool, revoked[0])
        await expire_key(pool, expired[0], datetime(2020, 1, 1, tzinfo=UTC))
        yield {
            **told,
            "keyless": {},
            "revoked": bearer(revoked[1]),
            "expired": {"X-API-Key": expired[1]},
            "malformed": {"X-API-Key": revoked[1][:-1] + "!"},
            "unknown": {"X-API-Key": KeyText("0" * 12, bytes(32)).reveal()},
            "two keys": {"X-API-Key": expired[1], **bearer(revoked[1])},
            "basic": {"Authorization": "Basic YTpi"},
        }


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


async def status_and_headers(client: Client, method: str, path: str, headers: dict[str, str]) -> Any:
    async with client.stream(method, address(path), headers=headers) as reply:  # one of them has no end
        return reply


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=[f"{m} {p}" for m, p in OPERATIONS])
async def test_each_role_gets_what_it_may(client: Client, keys: Keys, role: str, method: str, path: str) -> None:
    reply = await status_and_headers(client, method, path, keys[role])
    wanted = expected(role, method, path)
    if wanted is None:
        assert reply.status_code not in (401, 403, 429), reply.status_code
        assert "www-authenticate" not in reply.headers
        return
    assert reply.status_code == wanted
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["www-authenticate"].startswith('Bearer realm="legis"')
    assert "WWW-Authenticate" in reply.headers["access-control-expose-headers"]
    assert "ratelimit" in reply.headers
    assert reply.headers["cache-control"] == "no-store"


async def test_a_refused_key_is_refused_for_a_kept_reply_too(client: Client, keys: Keys) -> None:
    target = "/api/v1/bills?limit=1"
    kept = [await client.get(target, headers=keys[role]) for role in ("keyless", "read", "keyless")]
    assert {reply.status_code for reply in kept} == {200}
    assert len({reply.headers["etag"] for reply in kept}) == 1
    assert (await client.get(target, headers=keys["revoked"])).status_code == 401
    again = {"If-None-Match": kept[0].headers["etag"], **keys["expired"]}
    assert (await client.get(target, headers=again)).status_code == 401


async def test_each_key_has_a_limit_of_its_own_and_addresses_another(
    serve: Callable[..., Any], module_database_url: str
) -> None:
    async with asyncpg.create_pool(module_database_url, min_size=1, max_size=1) as pool:
        request = KeyRequest("own", frozenset({Scope.READ}), limit_per_minute=7)
        _, own = await create_key(pool, request)
        _, plain = await create_key(pool, KeyRequest("plain", frozenset({Scope.READ})))
    async with serve(rate_limit_per_minute=3, rate_limit_burst=1, api_key_rate_limit_per_minute=5) as client:
        told = [
            (await client.get("/api/v1/sources", headers=headers)).headers["ratelimit-policy"]
            for headers in ({}, bearer(own.reveal()), bearer(plain.reveal()))
        ]
    assert told == [f'"default";q={limit};w=60' for limit in (3, 7, 5)]


async def test_refused_keys_are_counted_by_their_address(serve: Callable[..., Any], keys: Keys) -> None:
    me = {"X-Forwarded-For": "203.0.113.77"}
    async with serve(rate_limit_per_minute=1, rate_limit_burst=2) as client:
        statuses = [
            (await client.get("/api/v1/sources", headers={**me, **keys[role]})).status_code
            for role in ("malformed", "revoked", "expired", "unknown", "keyless")
        ]
        other = await client.get("/api/v1/sources", headers={"X-Forwarded-For": "203.0.113.78"})
    assert statuses == [401, 401, 401, 429, 429]
    assert other.status_code == 200


async def test_a_use_is_noted_for_the_worker(client: Client, keys: Keys) -> None:
    resources = client.app.state.resources  # type: ignore[attr-defined]
    await client.get("/api/v1/sources", headers=keys["read"])
    await resources.key_usage.flush()
    assert await resources.gate.client.hlen(KEY_USAGE_KEY) >= 1


async def test_a_preflight_may_ask_to_send_a_key(client: Client) -> None:
    reply = await client.options("/api/v1/bills", headers={"Access-Control-Request-Headers": "x-api-key"})
    allowed = reply.headers["access-control-allow-headers"]
    assert {"Authorization", "X-API-Key"} <= set(allowed.replace(" ", "").split(","))


async def test_security_txt_is_where_scanners_look(client: Client) -> None:
    reply = await client.get("/.well-known/security.txt")
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/plain")
    assert reply.text.startswith("Contact: https://")
