"""A receiver of webhooks that comes and goes, refuses, and loses its answers.

What came before its first message it reads from `/changes`. So it does after a restore, since nobody is told what
happened before the log began again; it asks which log there is.
"""

import asyncio
from collections.abc import Callable
from random import Random

import orjson
from aiohttp import web
from api_gateway.access.scopes import Scope
from api_gateway.settings import StoreSettings
from api_gateway.store.database.pool import open_pool
from api_gateway.store.keys.api_key_admin import KeyRequest, create_key
from api_gateway.store.subscriptions.subscription_rows import Owner
from api_gateway.store.subscriptions.subscription_writer import NewSubscription, create_subscription
from api_gateway.subscriptions.subscription import Channel, Frequency, SubscriptionState
from legis.domain.change_kind import ChangeKind
from legis_launcher.servers.ports import free_port

from chaos.readers.kept_log import BILLS, KeptLog, Stored
from chaos.readers.web_door import Door

EPOCH_DIGITS = 8
"""So much of the log's epoch stands in a message's id: `evt_<epoch>_<subscription>_<seq>`."""


class WebhookReader:
    """Listens for messages about every change of a bill."""

    name = "webhook"

    def __init__(self, door: Door, dice: Random, broken: Callable[[str], None]) -> None:
        self.kept = KeptLog()
        self.port = free_port()
        self.refused = 0
        self._filled = 0
        """Up to where this log was read by pages."""

        self._first = 0
        """The first entry of this log that a message told; 0: none did yet. What came before is read by pages."""

        self.messages = 0

        self._door = door
        self._dice = dice
        self._broken = broken

    async def subscribe(self, database_url: str) -> None:
        """Subscribes to every change of every bill from now on."""
        pool = await open_pool(StoreSettings(database_url=database_url), name="chaos", statement_timeout=10)
        try:
            key, _ = await create_key(pool, KeyRequest("chaos", frozenset({Scope.SUBSCRIPTIONS})))
            wanted = NewSubscription(
                Channel.WEBHOOK, f"http://127.0.0.1:{self.port}/hook", {"kind": list(ChangeKind)},
                Frequency.IMMEDIATE, "en", SubscriptionState.ACTIVE,
            )  # fmt: skip
            await create_subscription(pool, Owner(key.id), wanted)
        finally:
            await pool.close()

    async def live(self) -> None:
        """Listens until it is killed."""
        app = web.Application()
        app.router.add_post("/hook", self._receive)
        runner = web.AppRunner(app, shutdown_timeout=0.05, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", self.port, reuse_address=True).start()
            while True:
                await self._look_at_log()
                await asyncio.sleep(0.3)
        finally:
            await runner.cleanup()

    async def _receive(self, request: web.Request) -> web.Response:
        if self._dice.random() < 0.1:
            self.refused += 1
            return web.Response(status=503)
        change = orjson.loads(await request.read())["data"]["change"]
        self._of_log(request.headers["webhook-id"].split("_")[1])
        self.messages += 1
        self._first = self._first or int(change["seq"])
        if wrong := self.kept.take(change):
            self._broken(wrong)
        lost = self._dice.random() < 0.1
        return web.Response(status=500 if lost else 200)

    def _of_log(self, epoch: str) -> None:
        """Begins again where the log is another one than it was."""
        if self.kept.epoch not in ("", epoch):
            self.kept.forget()
            self._filled, self._first = 0, 0
        self.kept.epoch = epoch

    async def _look_at_log(self) -> None:
        epoch = await self._door.epoch()
        if epoch is not None:
            self._of_log(epoch[:EPOCH_DIGITS])
        while not (self._first and self._filled >= self._first - 1):
            status, body = await self._door.get(f"/api/v1/changes?about={BILLS}&after={self._filled}&limit=100")
            if status != 200:
                return
            told = orjson.loads(body)
            if told["page"]["epoch"][:EPOCH_DIGITS] != self.kept.epoch:
                return
            for change in told["data"]:
                if wrong := self.kept.take(change):
                    self._broken(wrong)
            self._filled = told["page"]["next_after"]
            if not told["page"]["has_more"]:
                return

    def wrong(self, stored: Stored) -> list[str]:
        """How it differs from what is stored."""
        return list(self.kept.wrong(stored, BILLS))
