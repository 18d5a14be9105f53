"""A notifier over a fresh database, an API key that owns subscriptions, and receivers."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from api_gateway.access.scopes import Scope
from api_gateway.notifier.app import mail_deliveries, make_app
from api_gateway.notifier.guarded_session import socket_guard
from api_gateway.notifier.mail_deliveries import MailDeliveries
from api_gateway.notifier.matcher import Matcher
from api_gateway.settings import NotifierSettings, StoreSettings
from api_gateway.store.bills.bill_writer import apply
from api_gateway.store.database.pool import open_pool
from api_gateway.store.database.reader import Database
from api_gateway.store.keys.api_key_admin import KeyRequest, create_key
from api_gateway.store.subscriptions.mail_writer import confirm_address
from api_gateway.store.subscriptions.subscription_rows import Owner
from api_gateway.store.subscriptions.subscription_writer import NewSubscription, create_subscription
from api_gateway.subscriptions.subscription import Channel, Frequency, Subscription, SubscriptionState
from integration.bills import make_bill, observed
from integration.mailboxes import Mailbox, notifier_settings, receiving_mail
from integration.notifier.receivers import Receivers, listening
from legis.telemetry.traces import Traces
from opentelemetry.sdk.trace import TracerProvider

MASTER = "m" * 32
_NEWS = {"kind": ["CREATED", "MOVED", "EDITED", "READ"]}
Notifying = Callable[..., AbstractAsyncContextManager[None]]


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Any]:
    opened = await open_pool(StoreSettings(database_url=database_url), name="test", statement_timeout=10)
    yield opened
    await opened.close()


@asynccontextmanager
async def reading_only(pool: Any) -> AsyncIterator[None]:
    """Inside, the database reads and does not write."""
    name = await pool.fetchval("SELECT current_database()")

    async def write(allowed: bool) -> None:
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute("SET TRANSACTION READ WRITE")
            value = "off" if allowed else "on"
            await connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {value}')
        await pool.expire_connections()

    await write(False)
    try:
        yield
    finally:
        await write(True)


@pytest.fixture
async def owner(pool: Any) -> Owner:
    key, _ = await create_key(pool, KeyRequest("tests", frozenset({Scope.SUBSCRIPTIONS})))
    return Owner(key.id)


@pytest.fixture
async def receivers() -> AsyncIterator[Receivers]:
    async with listening() as found:
        yield found


@pytest.fixture
def notifying(database_url: str) -> Notifying:
    """`async with notifying():` a notifier that may call this machine, and that waits 50 ms after failures."""

    @asynccontextmanager
    async def run(**rules: Any) -> AsyncIterator[None]:
        settings = NotifierSettings(
            database_url=database_url, signing_master_key=MASTER, notifier_poll_seconds=0.05
        )  # fmt: skip
        rules = {"guard": socket_guard(is_allowed=lambda host: True), "delay": _soon} | rules
        app = make_app(settings, Traces(TracerProvider()), **rules)
        async with app.router.lifespan_context(app):
            yield

    return run


def _soon(failures: int, asked: timedelta | None) -> timedelta:
    return timedelta(milliseconds=50)


@pytest.fixture
def subscribe(pool: Any, owner: Owner, receivers: Receivers) -> Callable[..., Any]:
    """`await subscribe("a", type=["PL"])`: a webhook to the receiver of that name."""

    async def make(name: str, **parameters: Any) -> Subscription:
        wanted = NewSubscription(
            Channel.WEBHOOK, receivers.address(name), parameters, Frequency.IMMEDIATE, "pt-BR", SubscriptionState.ACTIVE
        )
        return await create_subscription(pool, owner, wanted)

    return make


@pytest.fixture
def change(pool: Any) -> Callable[..., Any]:
    """`await change(range(1, 5), type_code="PL")`: stores these bills, which is one entry of the log each."""

    async def put(numbers: Any, **claims: Any) -> None:
        await apply(pool, [observed(make_bill(n, introduced=None, **claims)) for n in numbers], confirm_seconds=0)

    return put


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with receiving_mail() as box:
        yield box


@pytest.fixture
def mail(pool: Any, mailbox: Mailbox) -> MailDeliveries:
    assert notifier_settings(mailbox, MASTER).sends_mail
    return mail_deliveries(notifier_settings(mailbox, MASTER), pool)


@pytest.fixture
def subscribe_mail(pool: Any, owner: Owner) -> Callable[..., Any]:
    """`await subscribe_mail("en", Frequency.DAILY)`: e-mail that waits to be confirmed."""

    async def make(language: str = "pt-BR", frequency: Frequency = Frequency.IMMEDIATE) -> Subscription:
        wanted = NewSubscription(
            Channel.EMAIL, "ana@exemplo.org.br", _NEWS, frequency, language, SubscriptionState.PENDING, "Saúde"
        )
        return await create_subscription(pool, owner, wanted)

    return make


@pytest.fixture
async def daily_mail(pool: Any, mailbox: Mailbox, subscribe_mail: Any) -> MailDeliveries:
    """E-mail at 11:00 UTC of today, to one DAILY subscription in English that was confirmed nine days ago."""
    one = await subscribe_mail("en", Frequency.DAILY)
    await confirm_address(pool, one.public_id)
    await pool.execute("UPDATE subscription SET confirmed_at = confirmed_at - interval '9 days'")
    morning = datetime.now(UTC).replace(hour=11, minute=0)
    return mail_deliveries(notifier_settings(mailbox, MASTER), pool, clock=lambda: morning)


async def later(pool: Any, **ago: int) -> None:
    """Puts the changes of the log that far into the past."""
    await pool.execute("UPDATE bill_change SET changed_at = changed_at - $1::interval", timedelta(**ago))


async def matched(url: str) -> None:
    """Matches all that is in the log, once."""
    own = await open_pool(StoreSettings(database_url=url), name="matcher", statement_timeout=10)
    try:
        matcher = Matcher(own, Database(own, own, limit=2, acquire_timeout=5.0))
        while (await matcher.step())[1]:
            pass
    finally:
        own.terminate()  # the readers keep a connection
