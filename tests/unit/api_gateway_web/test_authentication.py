"""Who asks: headers read, keys proved, remembered for less than a second, and what happens while the store is away."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from api_gateway.access.api_key import ApiKey
from api_gateway.access.identity import Forbidden, NotAuthenticated, TooManyFailures
from api_gateway.access.key_text import KeyText, new_key
from api_gateway.access.scopes import Scope
from api_gateway.store.database.reader import StoreBusy
from api_gateway.subscriptions.mail_token import Purpose, mail_token
from api_gateway.web.pipeline.access_refusals import forbidden, not_authenticated, too_many_failures
from api_gateway.web.pipeline.authentication import FRESH_SECONDS, LOOK_UPS_AT_ONCE, Authenticator
from legis.errors import StoreUnavailable
from legis.languages import Text
from unit.api_gateway_access.test_key_states import NOON, key

CLIENT = "192.0.2.1"


class Store:
    """Keys by prefix, a count of look-ups, and whether it answers; `clock` stands still unless moved."""

    def __init__(self) -> None:
        self.keys: dict[str, ApiKey] = {}
        self.asked: list[str] = []
        self.away = self.busy = False
        self.at_once = self.most_at_once = 0
        self.time = 1000.0
        self.instant = NOON
        self.used: list[int] = []

    async def find(self, prefix: str) -> ApiKey | None:
        self.asked.append(prefix)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        if self.busy:
            raise StoreBusy("busy")
        if self.away:
            raise StoreUnavailable("away")
        return self.keys.get(prefix)

    def add(self, **changed: Any) -> KeyText:
        text = new_key()
        facts = {"id": len(self.keys) + 1, "prefix": text.prefix, "secret_sha256": text.digest} | changed
        self.keys[text.prefix] = key(**facts)
        return text

    def replica(self) -> Authenticator:
        return Authenticator(
            self.find, grace_seconds=60, used=self.used.append, clock=lambda: self.time, now=lambda: self.instant
        )


def bearer(text: KeyText) -> dict[bytes, bytes]:
    return {b"authorization": b"Bearer " + text.reveal().encode()}


async def test_without_a_key_the_address_counts_and_nothing_is_asked() -> None:
    store = Store()
    somebody = await store.replica().identify({b"accept": b"*/*"}, CLIENT)
    assert (somebody.counted_as, somebody.key_id, somebody.scopes) == (f"address:{CLIENT}", None, {Scope.READ})
    assert store.asked == []


async def test_a_key_is_taken_from_either_header() -> None:
    store = Store()
    text = store.add(limit_per_minute=9, scopes=frozenset({Scope.READ, Scope.ADMIN}))
    raw = text.reveal().encode()
    for headers in (
        {b"authorization": b"Bearer " + raw}, {b"authorization": b"bearer  " + raw + b" "}, {b"x-api-key": raw},
        {b"authorization": b"Bearer " + raw, b"x-api-key": raw},
    ):  # fmt: skip
        found = await store.replica().identify(headers, CLIENT)
        assert (found.counted_as, found.limit_per_minute) == ("key:1", 9)
        found.require(Scope.ADMIN)
        with pytest.raises(Forbidden):
            found.require(Scope.SUBSCRIPTIONS)
    assert store.used == [1, 1, 1, 1]


@pytest.mark.parametrize(
    "headers",
    [
        {b"authorization": b"Basic dXNlcjpwYXNz"}, {b"authorization": b"Bearer"}, {b"authorization": b""},
        {b"x-api-key": b""}, {b"x-api-key": b"legis_nothing"}, {b"x-api-key": b"\xff" * 500},
        {b"x-api-key": new_key().reveal().encode(), b"authorization": b"Bearer " + new_key().reveal().encode()},
    ],
)  # fmt: skip
async def test_what_is_no_key_is_refused_without_a_look_up(headers: dict[bytes, bytes]) -> None:
    store = Store()
    with pytest.raises(NotAuthenticated) as refused:
        await store.replica().identify(headers, CLIENT)
    assert refused.value.key_sent
    assert store.asked == []


async def test_neither_a_wrong_secret_nor_an_unknown_prefix_gets_in_and_both_hear_the_same() -> None:
    store = Store()
    text = store.add()
    said = set()
    for guess in (KeyText(text.prefix, bytes(32)), new_key()):
        with pytest.raises(NotAuthenticated) as refused:
            await store.replica().identify(bearer(guess), CLIENT)
        said.add(str(refused.value))
    assert len(said) == 1
    assert store.used == []


async def test_revoked_and_expired_keys_are_told_apart_to_their_holder_alone() -> None:
    store = Store()
    revoked, expired = store.add(revoked_at=NOON), store.add(expires_at=NOON)
    for text, said in ((revoked, "revoked"), (expired, "expired at 2026-11-20T12:00:00Z")):
        with pytest.raises(NotAuthenticated, match=said):
            await store.replica().identify(bearer(text), CLIENT)
        with pytest.raises(NotAuthenticated, match="no such"):
            await store.replica().identify(bearer(KeyText(text.prefix, bytes(32))), CLIENT)


async def test_a_look_up_is_believed_for_less_than_a_second_whatever_it_said() -> None:
    store = Store()
    replica, text, unknown = store.replica(), store.add(), new_key()
    for _ in range(3):
        await replica.identify(bearer(text), CLIENT)
        with pytest.raises(NotAuthenticated):
            await replica.identify(bearer(unknown), CLIENT)
    assert len(store.asked) == 2
    assert FRESH_SECONDS < 1
    store.keys[text.prefix] = replace(store.keys[text.prefix], revoked_at=NOON)
    store.time += FRESH_SECONDS + 0.01
    with pytest.raises(NotAuthenticated, match="revoked"):
        await replica.identify(bearer(text), CLIENT)


async def test_a_key_expires_while_its_look_up_is_still_believed() -> None:
    store = Store()
    replica, text = store.replica(), store.add(expires_at=NOON + timedelta(seconds=0.5))
    await replica.identify(bearer(text), CLIENT)
    store.instant += timedelta(seconds=0.5)
    with pytest.raises(NotAuthenticated, match="expired"):
        await replica.identify(bearer(text), CLIENT)
    assert len(store.asked) == 1


async def test_at_once_means_without_a_look_up() -> None:
    store = Store()
    replica, text = store.replica(), store.add()
    assert replica.identify_at_once({}, CLIENT) is not None
    assert replica.identify_at_once(bearer(text), CLIENT) is None
    await replica.identify(bearer(text), CLIENT)
    found = replica.identify_at_once(bearer(text), CLIENT)
    assert found is not None
    assert found.key_id == 1
    with pytest.raises(NotAuthenticated):
        replica.identify_at_once(bearer(KeyText(text.prefix, bytes(32))), CLIENT)


async def test_a_hundred_at_once_make_one_look_up() -> None:
    store = Store()
    replica, text = store.replica(), store.add()
    found = await asyncio.gather(*(replica.identify(bearer(text), CLIENT) for _ in range(100)))
    assert {one.key_id for one in found} == {1}
    assert len(store.asked) == 1


async def test_known_keys_go_on_while_the_store_is_away_and_unknown_ones_wait() -> None:
    store = Store()
    replica, text, stranger = store.replica(), store.add(), store.add()
    await replica.identify(bearer(text), CLIENT)
    with pytest.raises(NotAuthenticated):
        await replica.identify(bearer(guess := new_key()), CLIENT)
    store.away = True
    store.time += 30
    asked = len(store.asked)
    for _ in range(5):
        assert (await replica.identify(bearer(text), CLIENT)).key_id == 1
        for unknown in (stranger, guess):
            with pytest.raises(StoreUnavailable):
                await replica.identify(bearer(unknown), CLIENT)
    assert len(store.asked) == asked + 1, "a store that is away is asked once, not by every request"
    store.time += FRESH_SECONDS + 30
    with pytest.raises(StoreUnavailable):
        await replica.identify(bearer(text), CLIENT)
    store.away = False
    store.time += 1
    assert (await replica.identify(bearer(stranger), CLIENT)).key_id == 2


async def test_a_store_that_is_only_busy_gives_nobody_grace() -> None:
    store = Store()
    replica, text = store.replica(), store.add()
    await replica.identify(bearer(text), CLIENT)
    store.keys[text.prefix] = replace(store.keys[text.prefix], revoked_at=NOON)
    store.busy = True
    store.time += FRESH_SECONDS + 0.01
    with pytest.raises(StoreBusy):
        await replica.identify(bearer(text), CLIENT)
    store.busy = False
    with pytest.raises(NotAuthenticated, match="revoked"):  # asked again at once: a busy store is not away
        await replica.identify(bearer(text), CLIENT)


async def test_many_keys_at_once_are_looked_up_a_few_at_a_time() -> None:
    store = Store()
    replica, texts = store.replica(), [store.add() for _ in range(100)]
    found = await asyncio.gather(*(replica.identify(bearer(text), CLIENT) for text in texts))
    assert {one.key_id for one in found} == set(range(1, 101))
    assert store.most_at_once == LOOK_UPS_AT_ONCE


async def test_who_guesses_is_not_looked_up_any_more_and_disturbs_nobody() -> None:
    store = Store()
    replica, text = store.replica(), store.add()
    await replica.identify(bearer(text), CLIENT)
    for _ in range(21):
        with pytest.raises(NotAuthenticated):
            await replica.identify(bearer(new_key()), CLIENT)
    asked = len(store.asked)
    with pytest.raises(TooManyFailures) as refused:
        await replica.identify(bearer(new_key()), CLIENT)
    assert refused.value.retry_after == 1
    assert len(store.asked) == asked
    with pytest.raises(NotAuthenticated):
        await replica.identify(bearer(new_key()), "192.0.2.2")
    store.time += 0.95  # a key that was met before is looked up again, whoever guesses at its address
    assert (await replica.identify(bearer(text), CLIENT)).key_id == 1


def test_refusals_are_problems_with_a_challenge() -> None:
    wrong = not_authenticated(NotAuthenticated(Text("no", "não"), key_sent=True), "/x")
    assert (wrong.status_code, wrong.headers["www-authenticate"]) == (
        401,
        'Bearer realm="legis", error="invalid_token"',
    )
    none = not_authenticated(NotAuthenticated(Text("no", "não"), key_sent=False), "/x")
    assert none.headers["www-authenticate"] == 'Bearer realm="legis"'
    lacking = forbidden(Forbidden(Scope.ADMIN), "/x")
    assert lacking.status_code == 403
    assert 'error="insufficient_scope", scope="admin"' in lacking.headers["www-authenticate"]
    guessing = too_many_failures(TooManyFailures(3), "/x")
    assert (guessing.status_code, guessing.headers["retry-after"]) == (429, "3")
    assert {one.headers["content-type"] for one in (wrong, lacking, guessing)} == {"application/problem+json"}


async def test_a_token_of_an_e_mail_proves_an_address_and_nothing_is_asked() -> None:
    store, master = Store(), b"m" * 32
    replica = Authenticator(
        store.find, grace_seconds=60, used=store.used.append, mail_master=master, now=lambda: store.instant
    )
    token = mail_token(master, Purpose.MANAGE, "0" * 20, NOON + timedelta(days=1))
    headers = {b"authorization": b"Bearer " + token.encode()}
    found = await replica.identify(headers, CLIENT)
    assert found == replica.identify_at_once(headers, CLIENT)
    assert (found.address_id, found.key_id, found.counted_as) == ("0" * 20, None, f"address:{CLIENT}")
    assert found.scopes == {Scope.READ, Scope.SUBSCRIPTIONS}
    assert (store.asked, store.used) == ([], [])
    store.instant = NOON + timedelta(days=2)
    for wrong in (token, token[:-4] + "AAAA", mail_token(master, Purpose.UNSUBSCRIBE, "0" * 20)):
        with pytest.raises(NotAuthenticated, match="e-mail"):
            await replica.identify({b"authorization": b"Bearer " + wrong.encode()}, CLIENT)
    with pytest.raises(NotAuthenticated, match="e-mail"):
        await store.replica().identify(headers, CLIENT)
