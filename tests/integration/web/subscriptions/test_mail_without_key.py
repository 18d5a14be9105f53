"""Subscriptions by a confirmed address, without a key: their life by links in e-mails, and what strangers cannot."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import httpx2
import pytest
from api_gateway.access.scopes import Scope
from api_gateway.notifier.app import mail_deliveries
from api_gateway.notifier.matcher import Matcher
from api_gateway.settings import StoreSettings
from api_gateway.store.database.pool import open_pool
from api_gateway.store.database.reader import Database
from api_gateway.store.keys.api_key_admin import KeyRequest, create_key
from api_gateway.store.subscriptions.mail_addresses import count_asked, drop_unused_addresses
from api_gateway.store.subscriptions.mail_writer import drop_unconfirmed
from api_gateway.subscriptions.mail_token import Purpose, mail_token
from integration.mailboxes import BASE, SENDER, Mailbox, link, notifier_settings, receiving_mail
from pydantic import SecretStr

Client = httpx2.AsyncClient
PATH = "/api/v1/subscriptions"
MASTER = "m" * 32
KINDS = ["CREATED", "MOVED", "EDITED", "READ"]
SEARCH = {"ids": ["camara-1"], "kind": KINDS}
HTML = {"Accept": "text/html", "Accept-Language": "pt-BR"}


class Post:
    """The post of one module: the API, the mail server, and the notifier's e-mail, which the tests move by hand."""

    def __init__(self, api: Client, pool: Any, mailbox: Mailbox) -> None:
        self.api = api
        self.pool = pool
        self.mailbox = mailbox
        self._matcher = Matcher(pool, Database(pool, pool, limit=2, acquire_timeout=5.0))
        self._asked = 0
        self._late = timedelta(0)

    async def ask(self, target: str, client: str = "", **changed: Any) -> httpx2.Response:
        """Asks for a subscription without a key, each time from another address of the net."""
        self._asked += 1
        sent_from = client or f"198.51.{self._asked // 250}.{self._asked % 250 + 1}"
        body = {"channel": "EMAIL", "target": target, "search": SEARCH, **changed}
        return await self.api.post(PATH, json=body, headers={"X-Forwarded-For": sent_from})

    async def carry(self) -> list[bytes]:
        """Matches and sends all that is due once a minute has passed; the new messages."""
        before = len(self.mailbox.raw)
        self._late += timedelta(seconds=61)
        await self._matcher.step()
        clock = lambda: datetime.now(UTC) + self._late  # noqa: E731
        await mail_deliveries(notifier_settings(self.mailbox, MASTER), self.pool, clock=clock).step()
        return self.mailbox.raw[before:]

    async def confirmed(self, target: str, **changed: Any) -> str:
        """A confirmed subscription; the path that manages its address."""
        assert (await self.ask(target, **changed)).status_code == 202
        (asked,) = await self.carry()
        assert (await self.api.post(link(asked, "c"))).status_code == 200
        return link(asked, "m")


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with receiving_mail() as box:
        yield box


@pytest.fixture(scope="module")
async def pool(module_database_url: str) -> AsyncIterator[Any]:
    opened = await open_pool(StoreSettings(database_url=module_database_url), name="post", statement_timeout=10)
    yield opened
    opened.terminate()  # the readers keep a connection


@pytest.fixture(scope="module")
async def post(serve: Any, module_database_url: str, pool: Any, mailbox: Mailbox) -> AsyncIterator[Post]:
    told = {"smtp_url": SecretStr(mailbox.url), "mail_from": SENDER, "public_base_url": BASE}
    reading = f"{module_database_url}?default_transaction_read_only=on"  # as the role of web has it
    async with serve(signing_master_key=SecretStr(MASTER), database_url=reading, **told) as api:
        yield Post(api, pool, mailbox)


def bearer(manage: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {manage.removeprefix('/m/')}"}


async def one_of(api: Client, manage: str) -> dict[str, Any]:
    reply = await api.get(PATH, headers=bearer(manage))
    assert reply.status_code == 200, reply.text
    (found,) = reply.json()["data"]
    return dict(found)


async def test_from_the_first_request_to_the_end(post: Post, write: Any, make_bill: Any) -> None:
    reply = await post.ask("ana@exemplo.org.br", name="Meu projeto")
    assert reply.status_code == 202, reply.text
    assert (reply.json()["data"]["state"], reply.json()["data"]["search"]) == ("PENDING", SEARCH)
    assert "id" not in reply.json()["data"]
    await write([make_bill(1, title="Antes.")])
    (asked,) = await post.carry()
    assert b"Meu projeto" not in asked, "a stranger writes no letters through us"
    page = await post.api.get(link(asked, "c"), headers=HTML)
    assert "Meu projeto" in page.text
    assert "camara-1" in page.text
    assert await post.carry() == [], "nothing before it is confirmed"
    assert (await post.api.post(link(asked, "c"))).status_code == 200

    await write([make_bill(1, title="Depois.")])
    (news,) = await post.carry()
    manage = link(news, "m")
    one = await one_of(post.api, manage)
    address = f"{PATH}/{one['id']}"
    assert (one["state"], one["target"]) == ("ACTIVE", "ana@exemplo.org.br")

    paused = await post.api.patch(address, json={"state": "PAUSED"}, headers=bearer(manage))
    assert paused.json()["data"]["state"] == "PAUSED"
    await write([make_bill(1, title="Em pausa.")])
    assert await post.carry() == []
    resumed = await post.api.patch(address, json={"state": "ACTIVE"}, headers=bearer(manage))
    assert resumed.json()["data"]["state"] == "ACTIVE"
    (late,) = await post.carry()

    assert (await post.api.post(link(late, "u"), data={"List-Unsubscribe": "One-Click"})).status_code == 200
    await write([make_bill(1, title="No fim.")])
    assert await post.carry() == []
    assert (await post.api.get(PATH, headers=bearer(manage))).json()["data"] == []
    assert "não tem assinaturas" in (await post.api.get(manage, headers=HTML)).text
    assert "não existe mais" in (await post.api.get(link(late, "u"), headers=HTML)).text
    assert "não existe mais" in (await post.api.post(link(asked, "c"), headers=HTML)).text


async def test_the_page_changes_what_its_buttons_say(post: Post) -> None:
    manage = await post.confirmed("bia@exemplo.org.br", search={"q": "<b>saúde</b>", "type": ["PL"]})
    page = await post.api.get(manage, headers=HTML)
    assert "Palavras: &lt;b&gt;saúde&lt;/b&gt; · Tipo: PL" in page.text
    assert "<b>" not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    one = await one_of(post.api, manage)
    for action, field, value in (
        ("pause", "state", "PAUSED"), ("resume", "state", "ACTIVE"), ("WEEKLY", "frequency", "WEEKLY"),
    ):  # fmt: skip
        pressed = await post.api.post(manage, data={"id": one["id"], "action": action})
        assert (pressed.status_code, pressed.headers["location"]) == (303, manage)
        assert (await one_of(post.api, manage))[field] == value
    assert (await post.api.post(manage, data={"id": one["id"], "action": "explode"})).status_code == 400
    await post.api.post(manage, data={"id": one["id"], "action": "delete"})
    assert (await post.api.get(PATH, headers=bearer(manage))).json()["data"] == []


async def test_a_token_sees_and_changes_its_own_address_alone(post: Post) -> None:
    carla, dora = await post.confirmed("carla@exemplo.org.br"), await post.confirmed("dora@exemplo.org.br")
    hers = await one_of(post.api, dora)
    address = f"{PATH}/{hers['id']}"
    for method, path, body in (
        ("GET", address, None), ("PATCH", address, {"state": "PAUSED"}), ("DELETE", address, None),
        ("GET", f"{address}/deliveries", None), ("POST", f"{address}/replay", {"after_seq": 0}),
    ):  # fmt: skip
        reply = await post.api.request(method, path, json=body, headers=bearer(carla))
        assert reply.status_code == 404, (method, path)
    for action in ("pause", "delete", "DAILY"):
        await post.api.post(carla, data={"id": hers["id"], "action": action})
    assert await one_of(post.api, dora) == hers
    forged = carla[:-4] + "AAAA"
    assert (await post.api.get(PATH, headers=bearer(forged))).status_code == 401
    assert (await post.api.get(forged, headers=HTML)).status_code == 404
    confirms = mail_token(MASTER.encode(), Purpose.CONFIRM, hers["id"])
    assert (await post.api.get(PATH, headers=bearer(f"/m/{confirms}"))).status_code == 401
    assert (await post.api.get(PATH)).status_code == 401
    hook = {"channel": "WEBHOOK", "target": "https://hooks.org.br/l"}
    assert (await post.api.post(PATH, json=hook, headers=bearer(carla))).status_code == 401


async def test_both_are_changed_at_once_or_neither(post: Post) -> None:
    assert (await post.ask("elisa@exemplo.org.br")).status_code == 202
    (asked,) = await post.carry()
    manage = link(asked, "m")
    one = await one_of(post.api, manage)
    both = {"state": "ACTIVE", "frequency": "WEEKLY"}
    reply = await post.api.patch(f"{PATH}/{one['id']}", json=both, headers=bearer(manage))
    assert reply.status_code == 409, "resuming confirms nothing"
    assert await one_of(post.api, manage) == one
    await post.api.post(manage, data={"id": one["id"], "action": "resume"})
    assert (await one_of(post.api, manage))["state"] == "PENDING"
    reply = await post.api.patch(f"{PATH}/{one['id']}", json={}, headers=bearer(manage))
    assert reply.status_code == 400
    await post.api.post(link(asked, "c"))
    reply = await post.api.patch(f"{PATH}/{one['id']}", json={**both, "state": "PAUSED"}, headers=bearer(manage))
    assert (reply.json()["data"]["state"], reply.json()["data"]["frequency"]) == ("PAUSED", "WEEKLY")


async def test_known_and_unknown_addresses_are_answered_alike(post: Post) -> None:
    await post.confirmed("fabi@exemplo.org.br")
    replies = [await post.ask(target) for target in ("fabi@exemplo.org.br", "gabi@exemplo.org.br")]
    replies += [await post.ask("fabi@exemplo.org.br") for _ in range(3)]  # beyond what it is sent in a day
    await post.carry()
    varying = {"date", "x-request-id", "traceparent", "ratelimit"}
    bodies = {reply.content.replace(b"gabi", b"fabi") for reply in replies}
    headers = {tuple(sorted((k, v) for k, v in reply.headers.items() if k not in varying)) for reply in replies}
    assert {reply.status_code for reply in replies} == {202}
    assert len(bodies) == 1
    assert len(headers) == 1


async def test_a_mailbox_is_asked_three_times_a_day_whatever_the_tag(post: Post) -> None:
    addresses = ["Hana@exemplo.org.br", "hana+a@exemplo.org.br", "hana+b@exemplo.org.br", "hana@exemplo.org.br"]
    replies = await asyncio.gather(*(post.ask(one) for one in addresses))
    assert {reply.status_code for reply in replies} == {202}
    assert len(await post.carry()) == 3
    assert await post.carry() == []
    tomorrow = date.today() + timedelta(days=2)
    async with post.pool.acquire() as connection:
        days = [(await count_asked(connection, "hana@exemplo.org.br", tomorrow)).may_be_asked for _ in range(4)]
    assert days == [True, True, True, False]


async def test_what_nobody_confirms_is_deleted_after_seven_days(post: Post) -> None:
    manage = await post.confirmed("iris@exemplo.org.br")
    await post.ask("jana@exemplo.org.br")
    (asked,) = await post.carry()
    now = datetime.now(UTC)
    await drop_unconfirmed(post.pool, now + timedelta(days=6, hours=23))
    assert (await one_of(post.api, link(asked, "m")))["state"] == "PENDING"
    await drop_unconfirmed(post.pool, now + timedelta(days=7, minutes=1))
    assert (await post.api.get(PATH, headers=bearer(link(asked, "m")))).json()["data"] == []
    assert (await one_of(post.api, manage))["state"] == "ACTIVE"
    known = "SELECT count(*) FROM mail_address WHERE address = $1"
    await drop_unused_addresses(post.pool, date.today() - timedelta(days=1))
    assert await post.pool.fetchval(known, "jana@exemplo.org.br") == 1, "its count is still needed"
    await drop_unused_addresses(post.pool, date.today() + timedelta(days=2))
    assert await post.pool.fetchval(known, "jana@exemplo.org.br") == 0
    assert await post.pool.fetchval(known, "iris@exemplo.org.br") == 1


async def test_an_address_has_twenty_subscriptions_at_most(post: Post) -> None:
    manage = await post.confirmed("karla@exemplo.org.br")
    await post.pool.execute(
        """INSERT INTO subscription (public_id, channel, target, parameters, frequency, language, state, created_at,
                                     confirmed_at, since_seq, sent_seq)
           SELECT 'sub_' || lpad(n::text, 20, '0'), channel, target, parameters, frequency, language, state, created_at,
                  confirmed_at, since_seq, sent_seq
           FROM subscription CROSS JOIN generate_series(1, 19) n WHERE target = 'karla@exemplo.org.br'"""
    )
    await post.ask("karla@exemplo.org.br")
    (asked,) = await post.carry()
    assert "20 assinaturas, o máximo" in (await post.api.post(link(asked, "c"), headers=HTML)).text
    await post.api.post(manage, data={"id": "sub_" + "1".zfill(20), "action": "delete"})
    assert "Confirmada" in (await post.api.post(link(asked, "c"), headers=HTML)).text
    assert len((await post.api.get(f"{PATH}?limit=100", headers=bearer(manage))).json()["data"]) == 20


async def test_a_client_sends_few_mails_to_many_addresses(post: Post) -> None:
    statuses = [(await post.ask(f"vitima{n}@exemplo.org.br", "203.0.113.9")) for n in range(12)]
    assert [reply.status_code for reply in statuses] == [202] * 10 + [429] * 2
    assert 1 <= int(statuses[-1].headers["retry-after"]) <= 1800
    assert len(await post.carry()) == 10
    assert (await post.ask("outra@exemplo.org.br", "203.0.113.10")).status_code == 202
    await post.carry()


async def test_an_html_form_is_answered_by_a_page(post: Post) -> None:
    form = [
        ("target", "lena@exemplo.org.br"), ("q", "saúde"), ("type", "PL"), ("type", "PEC"), ("year", ""),
        ("frequency", "DAILY"), ("language", "en"),
    ]  # fmt: skip
    kind = {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": "203.0.113.20"}
    reply = await post.api.post(PATH, content=str(httpx2.QueryParams(form)).encode(), headers=kind)
    assert (reply.status_code, reply.headers["location"]) == (303, "/c"), reply.text
    page = await post.api.get("/c", headers=HTML)
    assert "Enviamos um link" in page.text
    (asked,) = await post.carry()
    assert b"Subject: Confirm your subscription to Legis" in asked
    one = await one_of(post.api, link(asked, "m"))
    assert one["search"] == {"q": "saúde", "type": ["PL", "PEC"]}
    assert (one["frequency"], one["language"]) == ("DAILY", "en")
    for wrong in ("target=ana", "target=m%40exemplo.org.br&typ=PL", "target=m%40exemplo.org.br&q=a&q=b"):
        assert (await post.api.post(PATH, content=wrong.encode(), headers=kind)).status_code == 400, wrong


async def test_a_key_does_not_ask_an_address_more_often(post: Post, module_database_url: str) -> None:
    async with asyncpg.create_pool(module_database_url, min_size=0, max_size=1) as pool:
        _, text = await create_key(pool, KeyRequest("tests", frozenset({Scope.SUBSCRIPTIONS})))
    body = {"channel": "EMAIL", "target": "mila@exemplo.org.br", "search": SEARCH}
    replies = [await post.api.post(PATH, json=body, headers={"X-API-Key": text.reveal()}) for _ in range(4)]
    assert [reply.status_code for reply in replies] == [201, 201, 201, 429]
    assert len(await post.carry()) == 3
