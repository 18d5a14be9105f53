"""Webhooks over a real database and real HTTP: everything that matches, in order, signed, whatever receivers do."""

import socket
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from api_gateway.notifier.guarded_session import socket_guard
from api_gateway.store.subscriptions.subscription_rows import Owner
from api_gateway.store.subscriptions.subscription_writer import rotate_key, set_state
from api_gateway.subscriptions.signature import secret_text, signing_key
from api_gateway.subscriptions.subscription import SubscriptionState
from integration.notifier.conftest import MASTER
from integration.notifier.receivers import Receivers
from integration.waiting import until
from standardwebhooks.webhooks import Webhook

ALL = {"kind": ["CREATED", "MOVED", "EDITED", "READ", "CORRECTED", "REMOVED"]}


async def state_of(pool: Any, name: str) -> Any:
    return await pool.fetchrow("SELECT * FROM subscription WHERE target LIKE '%/' || $1", name)


async def test_each_subscriber_gets_what_it_asked_for_in_order(
    notifying: Any, subscribe: Any, change: Any, receivers: Receivers, pool: Any
) -> None:
    laws = await subscribe("laws", type=["PL"], **ALL)
    await subscribe("amendments", type=["PEC"], **ALL)
    await subscribe("every", **ALL)
    await subscribe("movement")
    async with notifying():
        await change(range(1, 31), type_code="PL")
        await change(range(101, 111), type_code="PEC")
        await until(lambda: len(receivers.received["every"]) == 40)
        await until(lambda: len(receivers.received["laws"]) == 30 and len(receivers.received["amendments"]) == 10)
    seqs = receivers.seqs("every")
    assert seqs == sorted(seqs)
    assert set(receivers.seqs("laws")) | set(receivers.seqs("amendments")) == set(seqs)
    assert receivers.received["movement"] == []  # bills introduced long ago are no news
    one = receivers.received["laws"][0]
    secret = secret_text(signing_key(MASTER.encode(), laws.public_id, 1))
    message = Webhook(secret).verify(one.body, one.headers)
    assert message["type"] == "bill.changed"
    assert message["data"]["change"]["seq"] == one.seq
    assert message["data"]["bill"]["id"] == message["data"]["change"]["bill_id"]
    assert len(one.body) < 20_000
    log = await pool.fetch("SELECT message_id, code FROM delivery_attempt WHERE subscription_id = $1", laws.id)
    assert {row["message_id"] for row in log} == {one.id for one in receivers.received["laws"]}
    assert (await state_of(pool, "laws"))["sent_seq"] == receivers.seqs("laws")[-1]


async def test_failing_and_hanging_receivers_hold_up_nobody(
    notifying: Any, subscribe: Any, change: Any, receivers: Receivers, pool: Any
) -> None:
    receivers.hanging = {f"hanging{n}" for n in range(4)}
    receivers.statuses = {f"failing{n}": [500] for n in range(4)}
    for name in (*sorted(receivers.hanging), *receivers.statuses, "healthy"):
        await subscribe(name, **ALL)
    async with notifying():
        began = datetime.now(UTC)
        await change(range(1, 21))
        await until(lambda: len(receivers.received["healthy"]) == 20, 12)
        assert datetime.now(UTC) - began < timedelta(seconds=12)  # the hanging ones are given 15 s each
        await until(lambda: _failures(pool, "failing0"))
    row = await state_of(pool, "failing0")
    assert (row["state"], row["sent_seq"]) == ("ACTIVE", row["since_seq"])


async def _failures(pool: Any, name: str) -> bool:
    return (await state_of(pool, name))["failures"] >= 2


async def test_a_receiver_that_recovers_gets_everything_with_the_same_ids(
    notifying: Any, subscribe: Any, change: Any, receivers: Receivers, pool: Any
) -> None:
    receivers.statuses = {"shaky": [500, 200, 503, 503, 200]}
    shaky = await subscribe("shaky", **ALL)
    async with notifying():
        await change(range(1, 11))
        await until(lambda: len(receivers.received["shaky"]) == 10)
    assert len(receivers.seqs("shaky")) == 10
    tried = await pool.fetch("SELECT message_id, code FROM delivery_attempt WHERE subscription_id = $1", shaky.id)
    failed = {row["message_id"] for row in tried if row["code"] >= 500}
    assert len(tried) == 13
    assert failed <= {one.id for one in receivers.received["shaky"]}


async def test_nothing_is_skipped_when_the_notifier_dies(
    notifying: Any, subscribe: Any, change: Any, receivers: Receivers, pool: Any
) -> None:
    await subscribe("steady", **ALL)
    for first in range(1, 61, 20):
        async with notifying():
            await change(range(first, first + 20))
            await until(lambda first=first: len(receivers.seqs("steady")) >= first)
        await change(range(first + 100, first + 105))  # while none is running
    async with notifying():
        await until(lambda: len(receivers.seqs("steady")) == 75)
    seqs = receivers.seqs("steady")
    assert seqs == sorted(seqs)
    ids = [one.id for one in receivers.received["steady"]]
    assert len({one.rsplit("_", 1)[1] for one in ids}) == len(set(ids)) == 75


async def test_gone_ends_a_subscription(
    notifying: Any, subscribe: Any, change: Any, receivers: Receivers, pool: Any
) -> None:
    receivers.statuses = {"gone": [410]}
    await subscribe("gone", **ALL)
    async with notifying():
        await change([1])
        await until(lambda: _is(pool, "gone", "DISABLED"))
    assert "410" in (await state_of(pool, "gone"))["state_reason"]


async def test_what_matched_while_it_was_disabled_comes_once_it_is_resumed(
    notifying: Any, subscribe: Any, change: Any, receivers: Receivers, pool: Any, owner: Owner
) -> None:
    receivers.statuses = {"returning": [410, 200]}
    one = await subscribe("returning", **ALL)
    async with notifying():
        await change([1])
        await until(lambda: _is(pool, "returning", "DISABLED"))
        await change(range(2, 5))
        await until(lambda: _all_is_matched(pool))
        await set_state(pool, owner, one.public_id, SubscriptionState.ACTIVE)
        await until(lambda: len(receivers.received["returning"]) == 4, 20)
    assert receivers.seqs("returning") == list(range(one.since_seq + 1, one.since_seq + 5))


async def test_one_that_is_resumed_at_once_skips_nothing(
    notifying: Any, subscribe: Any, change: Any, receivers: Receivers, pool: Any, owner: Owner
) -> None:
    receivers.statuses = {"returning": [410, 200]}
    one = await subscribe("returning", **ALL)
    await change(range(1, 4))
    async with notifying():
        await until(lambda: _is(pool, "returning", "DISABLED"))
        await set_state(pool, owner, one.public_id, SubscriptionState.ACTIVE)
        await until(lambda: len(receivers.received["returning"]) == 3, 20)


async def _all_is_matched(pool: Any) -> bool:
    return await pool.fetchval("SELECT (SELECT seq FROM match_position) = (SELECT last_seq FROM change_counter)")


async def _is(pool: Any, name: str, state: str) -> bool:
    return (await state_of(pool, name))["state"] == state


async def test_paused_resumed_and_replayed(
    notifying: Any, subscribe: Any, change: Any, receivers: Receivers, pool: Any, owner: Owner
) -> None:
    one = await subscribe("pausing", **ALL)
    async with notifying():
        await change(range(1, 6))
        await until(lambda: len(receivers.received["pausing"]) == 5)
        await set_state(pool, owner, one.public_id, SubscriptionState.PAUSED)
        await until(lambda: _position_written(pool, "pausing", receivers))
    async with notifying():
        await change(range(6, 9))
        await until(lambda: _matched(pool, 8))
        assert len(receivers.received["pausing"]) == 5
        await set_state(pool, owner, one.public_id, SubscriptionState.ACTIVE)
        await until(lambda: len(receivers.received["pausing"]) == 8)
        await set_state(pool, owner, one.public_id, SubscriptionState.ACTIVE, from_seq=one.since_seq)
        await until(lambda: len(receivers.received["pausing"]) == 16)
    assert [r.id for r in receivers.received["pausing"][:8]] == [r.id for r in receivers.received["pausing"][8:]]


async def _position_written(pool: Any, name: str, receivers: Receivers) -> bool:
    return (await state_of(pool, name))["sent_seq"] == receivers.seqs(name)[-1]


async def _matched(pool: Any, count: int) -> bool:
    return await pool.fetchval("SELECT count(*) FROM change_match") == count


async def test_a_message_that_only_one_receiver_refuses_is_parked(
    notifying: Any, subscribe: Any, change: Any, receivers: Receivers, pool: Any
) -> None:
    one = await subscribe("picky", **ALL)
    receivers.refused = {one.since_seq + 2}
    async with notifying():
        await change(range(1, 6))
        await until(lambda: len(receivers.received["picky"]) == 4)
        await until(lambda: _position_written(pool, "picky", receivers))
    parked = await pool.fetch("SELECT seq FROM parked_delivery WHERE subscription_id = $1", one.id)
    assert [row["seq"] for row in parked] == [one.since_seq + 2]


async def test_redirects_are_not_followed(
    notifying: Any, subscribe: Any, change: Any, receivers: Receivers, pool: Any
) -> None:
    receivers.statuses = {"moving": [307]}
    await subscribe("moving", **ALL)
    async with notifying():
        await change([1])
        await until(lambda: _failures(pool, "moving"))
    assert receivers.received["other"] == []


async def test_during_a_rotation_both_keys_sign(
    notifying: Any, subscribe: Any, change: Any, receivers: Receivers, pool: Any
) -> None:
    one = await subscribe("rotating", **ALL)
    assert await rotate_key(pool, one.id) == 2
    async with notifying():
        await change([1])
        await until(lambda: receivers.received["rotating"])
    message = receivers.received["rotating"][0]
    for number in (1, 2):
        Webhook(secret_text(signing_key(MASTER.encode(), one.public_id, number))).verify(message.body, message.headers)


class _Rebinding:
    """A resolver that answers with a public address first and with this machine's ever after."""

    def __init__(self) -> None:
        self.asked = 0

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_INET) -> list[dict[str, Any]]:
        self.asked += 1
        address = "203.0.114.1" if self.asked == 1 else "127.0.0.1"
        found = {"hostname": host, "host": address, "port": port, "family": socket.AF_INET, "proto": 0, "flags": 0}
        return [found]

    async def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0", "[::1]", "0x7f000001", "rebinding.org.br"])
async def test_this_machine_is_never_reached(
    notifying: Any, subscribe: Any, change: Any, receivers: Receivers, pool: Any, host: str
) -> None:
    one = await subscribe("inside", **ALL)
    port = receivers.url.rsplit(":", 1)[1]
    await pool.execute("UPDATE subscription SET target = $2 WHERE id = $1", one.id, f"http://{host}:{port}/inside")
    rules = {"resolver": _Rebinding()} if host.endswith("org.br") else {}
    async with notifying(guard=_quick_guard(), **rules):
        await change([1])
        await until(lambda: _failures(pool, "inside"), 60)
    assert receivers.received["inside"] == []


def _quick_guard() -> Any:
    """The real rule; a public address is refused too, but only after the rule let it through, since tests stay here."""
    rule = socket_guard()

    def guard(info: Any) -> socket.socket:
        made = rule(info)
        made.close()
        raise OSError("no connection leaves this machine in tests")

    return guard


async def test_bodies_are_json_of_one_shape(
    notifying: Any, subscribe: Any, change: Any, receivers: Receivers, pool: Any
) -> None:
    await subscribe("long", **ALL)
    async with notifying():
        await change([1], title="Dispõe sobre " + "a" * 40_000)
        await until(lambda: receivers.received["long"])
    body = receivers.received["long"][0].body
    assert len(body) <= 20_000
    assert orjson.loads(body)["data"]["change"]["truncated"] is True
