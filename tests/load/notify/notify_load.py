"""How soon subscribers are told of changes, while some receivers hang and some fail.

Run by `make notify-load`. A real notifier process and PostgreSQL; the receivers and the writer are in this process.
Each search asks for one word, each change has as many words as it is to match. Ends with 1 unless all messages arrive
and the 99th percentile is at most `--limit` seconds.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from api_gateway.access.scopes import Scope
from api_gateway.migrations.migration_runner import upgrade
from api_gateway.settings import StoreSettings
from api_gateway.store.bills.bill_writer import apply
from api_gateway.store.database.pool import open_pool
from api_gateway.store.keys.api_key_admin import KeyRequest, create_key
from api_gateway.store.subscriptions.subscription_rows import Owner
from api_gateway.store.subscriptions.subscription_writer import NewSubscription, create_subscription
from api_gateway.subscriptions.subscription import WEBHOOKS_OF_A_KEY, Channel, Frequency, SubscriptionState
from integration.bills import make_bill, observed
from legis_launcher.processes.child_process import Child
from legis_launcher.servers.ports import free_port
from legis_launcher.servers.postgres_server import PostgresServer
from load.notify.load_receivers import LoadReceivers, receiving

TICK_SECONDS = 0.1
DRAIN_SECONDS = 120.0
WARM_UP = 20
"""Changes before the measurement: the notifier is up, and has met every receiver that fails."""


def main() -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--receivers", type=int, default=200)
    parser.add_argument("--hanging", type=int, default=20)
    parser.add_argument("--failing", type=int, default=20)
    parser.add_argument("--searches", type=int, default=1000)
    parser.add_argument("--matches", type=int, default=20, help="searches that each change matches")
    parser.add_argument("--rate", type=float, default=10, help="changes a second")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--limit", type=float, default=2.0, help="most seconds at the 99th percentile")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="legis-notify-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        postgres = PostgresServer()
        postgres.start(folder / "postgres", durable=False)
        try:
            postgres.create_database("legis")
            asyncio.run(upgrade(postgres.url("legis")))
            return asyncio.run(_measure(asked, postgres.url("legis"), folder))
        finally:
            postgres.stop("immediate")


async def _measure(asked: argparse.Namespace, url: str, folder: Path) -> int:
    receivers = LoadReceivers(asked.receivers, asked.hanging, asked.failing)
    pool = await open_pool(StoreSettings(database_url=url), name="load", statement_timeout=60)
    notifier = _notifier(url, folder)
    async with receiving(receivers):
        try:
            await _subscribe(pool, asked, receivers)
            notifier.start()
            await _write(pool, asked, WARM_UP, 0)
            warm = await _expected(pool, asked, receivers)
            await _arrived(receivers, warm)
            receivers.ages.clear()
            began = time.perf_counter()
            await _write(pool, asked, round(asked.rate * asked.seconds), WARM_UP)
            wrote = time.perf_counter() - began
            wanted = await _expected(pool, asked, receivers) - warm
            complete = await _arrived(receivers, wanted)
        finally:
            await asyncio.to_thread(notifier.stop)
            await pool.close()
    return _tell(asked, receivers, wanted, wrote, complete)


def _notifier(url: str, folder: Path) -> Child:
    told = {
        "DATABASE_URL": url,
        "SIGNING_MASTER_KEY": "l" * 32,
        "NOTIFIER_PORT": str(free_port()),
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    }
    command = [sys.executable, "-m", "load.notify.reachable_notifier"]
    return Child("notifier", command, folder / "notifier.log", {**os.environ, **told})


async def _subscribe(pool: Any, asked: argparse.Namespace, receivers: LoadReceivers) -> None:
    """One search for each word; receivers take turns."""
    kinds = ["CREATED", "MOVED", "EDITED", "READ"]
    for number in range(asked.searches):
        if number % WEBHOOKS_OF_A_KEY == 0:
            key, _ = await create_key(pool, KeyRequest(f"load {number}", frozenset({Scope.SUBSCRIPTIONS})))
        target = f"{receivers.url}/{number % asked.receivers}"
        search = {"q": f"palavra{number}", "kind": kinds}
        wanted = NewSubscription(
            Channel.WEBHOOK, target, search, Frequency.IMMEDIATE, "pt-BR", SubscriptionState.ACTIVE
        )
        await create_subscription(pool, Owner(key.id), wanted)


async def _write(pool: Any, asked: argparse.Namespace, count: int, first: int) -> None:
    """Stores `count` new bills at the rate, in batches of a tenth of a second."""
    dice, began, done = random.Random(first), time.perf_counter(), 0
    while done < count:
        due = min(count, int((time.perf_counter() - began) * asked.rate) + 1)
        bills = [make_bill(first + n, title=_title(dice, asked), introduced=None) for n in range(done, due)]
        if bills:
            await apply(pool, [observed(bill) for bill in bills], confirm_seconds=0)
        done = due
        await asyncio.sleep(TICK_SECONDS)


def _title(dice: random.Random, asked: argparse.Namespace) -> str:
    return " ".join(f"palavra{n}" for n in dice.sample(range(asked.searches), asked.matches))


async def _expected(pool: Any, asked: argparse.Namespace, receivers: LoadReceivers) -> int:
    """Messages that healthy receivers must get, counted by what the bills say, not by what was matched."""
    titles = await pool.fetch("SELECT document FROM bill")
    words = [int(word) for row in titles for word in _words(row["document"])]
    return sum(number % asked.receivers in receivers.healthy for number in words)


def _words(document: bytes) -> list[str]:
    text = bytes(document).decode()
    title = text.split('"title":"', 1)[1].split('"', 1)[0]
    return [word.removeprefix("palavra") for word in title.split()]


async def _arrived(receivers: LoadReceivers, wanted: int) -> bool:
    """Whether all arrived in time."""
    end = time.monotonic() + DRAIN_SECONDS
    while len(receivers.ages) < wanted and time.monotonic() < end:  # noqa: ASYNC110 -- counted by another task
        await asyncio.sleep(TICK_SECONDS)
    return len(receivers.ages) >= wanted


def _tell(asked: argparse.Namespace, receivers: LoadReceivers, wanted: int, wrote: float, complete: bool) -> int:
    ages = sorted(receivers.ages)
    print(
        f"{asked.receivers} receivers ({asked.hanging} hang, {asked.failing} fail), {asked.searches} searches, "
        f"{asked.rate * asked.seconds / wrote:.1f} changes/s × {asked.matches} matches"
    )
    print(f"healthy: {len(ages)} of {wanted} messages, {receivers.repeated} repeated")
    print(f"others: {receivers.hung} requests hang, {receivers.failed} answered 500")
    if len(ages) < 2:
        return 1
    cuts = statistics.quantiles(ages, n=100)
    print(f"age at arrival: p50 {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms, max {ages[-1] * 1000:.0f} ms")
    good = complete and len(ages) == wanted and cuts[98] <= asked.limit
    print("notify-load:", "good" if good else f"BAD: not all arrived, or later than {asked.limit} s")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
