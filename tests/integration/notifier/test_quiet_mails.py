"""E-mail subscriptions that nothing matches: each look asks only for what was matched since the one before."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from api_gateway.notifier import mail_deliveries as deliveries_module
from api_gateway.notifier import newest_matches as matches_module
from api_gateway.notifier.mail_deliveries import MailDeliveries
from api_gateway.store.subscriptions.mail_writer import confirm_address
from api_gateway.store.windows.checkpoint_reader import renew_epoch
from api_gateway.subscriptions.subscription import Subscription
from integration.mailboxes import Mailbox
from integration.notifier.conftest import later, matched

FOR_OTHERS = """
INSERT INTO change_match (seq, subscription_ids, matched_at)
SELECT n, ARRAY[9999], now() FROM generate_series($1::bigint, $2) n
"""


@pytest.fixture
async def quiet(pool: Any, subscribe_mail: Any) -> Subscription:
    """A confirmed subscription."""
    one: Subscription = await subscribe_mail("en")
    await confirm_address(pool, one.public_id)
    return one


@pytest.fixture
def others(pool: Any) -> Callable[[int], Awaitable[int]]:
    """`await others(20)`: as many entries that matched somebody else. Returns the last one's number."""

    async def match(number: int) -> int:
        head = await pool.fetchval("UPDATE change_counter SET last_seq = last_seq + $1 RETURNING last_seq", number)
        await pool.execute(FOR_OTHERS, head - number + 1, head)
        await pool.execute(
            """INSERT INTO match_position (singleton, epoch, seq) SELECT true, epoch::text, $1 FROM store_epoch
               ON CONFLICT (singleton) DO UPDATE SET seq = excluded.seq""",
            head,
        )
        return int(head)

    return match


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was asked for: `all of <id>`, and `new after <seq>`."""
    said: list[str] = []
    unsent, newest = deliveries_module.load_unsent, matches_module.newest_matches

    async def load_unsent(pool: Any, subscription_id: int, *arguments: Any) -> Any:
        said.append(f"all of {subscription_id}")
        return await unsent(pool, subscription_id, *arguments)

    async def newest_matches(pool: Any, after: int, up_to: int) -> Any:
        said.append(f"new after {after}")
        return await newest(pool, after, up_to)

    monkeypatch.setattr(deliveries_module, "load_unsent", load_unsent)
    monkeypatch.setattr(matches_module, "newest_matches", newest_matches)
    return said


async def test_a_second_look_asks_only_for_what_is_new(
    mail: MailDeliveries, quiet: Subscription, others: Any, asked: list[str]
) -> None:
    first = await others(20)
    await mail.step()
    assert asked == ["new after 0"]
    await mail.step()
    assert asked == ["new after 0"], "nothing was matched since"
    second = await others(3)
    await mail.step()
    assert asked[1:] == [f"new after {first}"]
    await mail.step()
    await others(1)
    await mail.step()
    assert asked[2:] == [f"new after {second}"]


async def test_what_matches_after_a_quiet_time_is_told_once(
    pool: Any, mail: MailDeliveries, mailbox: Mailbox, quiet: Subscription, others: Any, change: Any,
    database_url: str, asked: list[str],
) -> None:  # fmt: skip
    await others(20)
    await mail.step()
    await change([1, 2])
    await matched(database_url)
    await mail.step()
    assert mailbox.raw == [], "news of one minute are told together"
    await later(pool, seconds=61)
    for _ in range(3):
        await mail.step()
        await others(2)
    assert len(mailbox.raw) == 1
    assert b"2 bills changed" in mailbox.raw[0]
    assert asked.count(f"all of {quiet.id}") == 2


async def test_a_replay_is_told_again(
    pool: Any, mail: MailDeliveries, mailbox: Mailbox, quiet: Subscription, change: Any, database_url: str
) -> None:
    await change([1])
    await matched(database_url)
    await later(pool, seconds=61)
    for begin in (None, quiet.since_seq):
        if begin is not None:
            await pool.execute("UPDATE subscription SET sent_seq = $1", begin)
        await mail.step()
        await mail.step()
    assert len(mailbox.raw) == 2


async def test_a_replay_from_before_the_first_look_is_told(
    pool: Any, mail: MailDeliveries, mailbox: Mailbox, quiet: Subscription, change: Any, database_url: str
) -> None:
    await change([1])
    await matched(database_url)
    await later(pool, seconds=61)
    await pool.execute("UPDATE subscription SET sent_seq = (SELECT last_seq FROM change_counter)")
    await mail.step()
    assert mailbox.raw == []
    await pool.execute("UPDATE subscription SET sent_seq = since_seq")
    await mail.step()
    assert len(mailbox.raw) == 1


async def test_a_digest_tells_what_comes_after_a_look_that_found_nothing(
    pool: Any, daily_mail: MailDeliveries, mailbox: Mailbox, others: Any, change: Any, database_url: str
) -> None:
    await others(5)
    await daily_mail.step()
    for first in (1, 11):
        await change([first])
        await matched(database_url)
        await daily_mail.step()
    assert len(mailbox.raw) == 1
    assert await pool.fetchval("SELECT count(*) FROM digest") == 1


async def test_another_log_is_looked_through_from_its_beginning(
    pool: Any, mail: MailDeliveries, mailbox: Mailbox, quiet: Subscription, others: Any, change: Any, database_url: str
) -> None:
    await others(20)
    await mail.step()
    await pool.execute("UPDATE change_counter SET last_seq = 3")
    await renew_epoch(pool)
    await matched(database_url)
    await change([1])
    await matched(database_url)
    await later(pool, seconds=61)
    await mail.step()
    await mail.step()
    assert len(mailbox.raw) == 1
