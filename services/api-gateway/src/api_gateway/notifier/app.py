"""Assembles the notifier: lease, matcher, deliveries, health checks. One notifier works at a time; others wait."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from legis.clock import Clock, utc_now
from legis.domain.brasilia_time import ZONE
from legis.errors import StoreUnavailable
from legis.service.app import build_app
from legis.service.health import Health
from legis.service.run import background
from legis.telemetry.logs import get_logger
from legis.telemetry.traces import Traces, suppressed
from legis.waiting import wait_or_stop

from api_gateway.notifier.delivery_log import DeliveryLog
from api_gateway.notifier.guarded_session import SocketFactory, guarded_session, socket_guard
from api_gateway.notifier.lane import Delay
from api_gateway.notifier.mail_deliveries import MailDeliveries
from api_gateway.notifier.mail_sender import MailSender
from api_gateway.notifier.matcher import Matcher, create_matcher_series
from api_gateway.notifier.pings import Pings
from api_gateway.notifier.webhook_deliveries import WebhookDeliveries
from api_gateway.notifier.webhook_sender import WebhookSender
from api_gateway.settings import NotifierSettings
from api_gateway.store.database.connections import Pool
from api_gateway.store.database.pool import close_pool, open_pool
from api_gateway.store.database.reader import Database
from api_gateway.store.database.schema_version import SchemaGate
from api_gateway.store.subscriptions.mail_addresses import drop_unused_addresses
from api_gateway.store.subscriptions.mail_writer import drop_unconfirmed
from api_gateway.store.subscriptions.match_writer import drop_old
from api_gateway.store.subscriptions.notifier_lease import NotifierLease
from api_gateway.subscriptions.forbidden_addresses import networks
from api_gateway.subscriptions.mail_message import MailRules
from api_gateway.subscriptions.retry_schedule import retry_delay

NAME = "notifier"
CONNECTIONS = 4
CLOSE_SECONDS = 5.0
LEASE_SECONDS = 2.0
"""Time between two looks at the lease; another notifier takes over as soon as PostgreSQL ends the session."""

HOUSEKEEPING_SECONDS = 3600.0
_log = get_logger(__name__)


def make_app(
    settings: NotifierSettings,
    tracing: Traces,
    *,
    guard: SocketFactory | None = None,
    resolver: Any = None,
    delay: Delay = retry_delay,
) -> FastAPI:
    """The notifier as an ASGI app. Tests replace the rules about addresses by `guard` and `resolver`, and the waits
    after failures by `delay`.
    """
    create_matcher_series()
    health = Health()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        stop = asyncio.Event()
        pool = await open_pool(
            settings,
            name=NAME,
            statement_timeout=settings.notifier_statement_timeout_seconds,
            size=CONNECTIONS,
            stateless=True,
        )
        schema = SchemaGate(pool)
        health.add("schema", schema.check_if_reachable, required=True)
        guarding = guard or socket_guard(networks(settings.own_networks.split(",")))
        session = guarded_session(guarding, **({} if resolver is None else {"resolver": resolver}))
        try:
            work = WorkFactory(settings, pool, session, delay)
            async with background(stop, _when_leading(settings, pool, schema, work, stop)):
                yield
        finally:
            await session.close()
            await close_pool(pool, CLOSE_SECONDS)
            await tracing.shutdown()

    return build_app(NAME, lifespan=lifespan, health=health)


class WorkFactory:
    """Makes the tasks of the notifier that leads. Each time again: nothing is kept from an earlier turn."""

    def __init__(self, settings: NotifierSettings, pool: Pool, session: Any, delay: Delay) -> None:
        self._settings = settings
        self._pool = pool
        self._session = session
        self._delay = delay

    def tasks(self, stop: asyncio.Event) -> list[Coroutine[Any, Any, None]]:
        """The tasks, which end once `stop` is set."""
        settings, pool = self._settings, self._pool
        database = Database(pool, pool, limit=CONNECTIONS, acquire_timeout=5.0)
        log = DeliveryLog(pool)
        sender = WebhookSender(self._session, settings.signing_master_key.get_secret_value().encode())
        deliveries = WebhookDeliveries(pool, sender, log, delay=self._delay)
        mail = [mail_deliveries(settings, pool).run(stop)] if settings.sends_mail else []
        return [
            *mail,
            _match(Matcher(pool, database), settings.notifier_poll_seconds, stop),
            Pings(pool, sender, log).run(stop),
            _deliver(deliveries, log, stop),
            _tidy(pool, stop),
        ]


def mail_deliveries(settings: NotifierSettings, pool: Pool, clock: Clock = utc_now) -> MailDeliveries:
    """E-mail by the settings; all that `sends_mail` asks for must be set."""
    master = settings.signing_master_key.get_secret_value().encode()
    rules = MailRules(master, settings.public_base_url.rstrip("/"), settings.mail_from)
    return MailDeliveries(pool, MailSender(settings.smtp_url.get_secret_value()), rules, clock=clock)


async def _when_leading(
    settings: NotifierSettings, pool: Pool, schema: SchemaGate, work: WorkFactory, stop: asyncio.Event
) -> None:
    """Waits for the lease, works while it is held, and waits again."""

    async def lead() -> None:
        async with NotifierLease(settings.database_url) as lease:
            while not stop.is_set() and not await lease.acquired():
                await wait_or_stop(stop, LEASE_SECONDS)
            if not stop.is_set():
                await _lead(lease, work, stop)

    async def run(ending: asyncio.Event) -> None:
        while not ending.is_set():
            try:
                await lead()
            except StoreUnavailable as error:
                _log.warning("lease_lost", error=str(error))
            await wait_or_stop(ending, LEASE_SECONDS)

    with suppressed():
        await schema.run_when_fit(run, stop)


async def _lead(lease: NotifierLease, work: WorkFactory, stop: asyncio.Event) -> None:
    """Works until `stop` is set or the lease is lost. Raises StoreUnavailable if it is lost."""
    ending = asyncio.Event()
    _log.info("leading")
    tasks = [asyncio.create_task(one) for one in work.tasks(ending)]
    try:
        while not stop.is_set():
            await wait_or_stop(stop, LEASE_SECONDS)
            await lease.held()
            for task in tasks:
                if task.done():
                    task.result()
    finally:
        ending.set()
        await asyncio.wait(tasks, timeout=CLOSE_SECONDS)
        for task in tasks:
            task.cancel()


async def _match(matcher: Matcher, seconds: float, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            _, left = await matcher.step()
        except StoreUnavailable as error:
            _log.warning("matching_waits_for_the_store", error=str(error))
            left = 0
        if not left:
            await wait_or_stop(stop, seconds)


async def _deliver(deliveries: WebhookDeliveries, log: DeliveryLog, stop: asyncio.Event) -> None:
    """Delivers, and writes the last outcomes when that has ended."""
    written = asyncio.Event()
    writing = asyncio.create_task(log.run(written))
    try:
        await deliveries.run(stop)
    finally:
        written.set()
        await writing


async def _tidy(pool: Pool, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            await drop_old(pool)
            await drop_unconfirmed(pool, utc_now())
            await drop_unused_addresses(pool, utc_now().astimezone(ZONE).date())
        except StoreUnavailable as error:
            _log.warning("old_deliveries_not_deleted", error=str(error))
        await wait_or_stop(stop, HOUSEKEEPING_SECONDS)
