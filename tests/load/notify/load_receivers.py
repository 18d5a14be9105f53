"""Receivers of the load: one HTTP server with a path for each. Some take messages, some fail, some hang."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import orjson
from aiohttp import web


class LoadReceivers:
    """Receivers by number: the first `hanging` never answer, the next `failing` answer 500, the rest take messages.

    `ages` are seconds from a change to its first arrival at a healthy receiver; `repeated` counts later arrivals.
    """

    def __init__(self, count: int, hanging: int, failing: int) -> None:
        self.url = ""
        self.ages: list[float] = []
        self.repeated = self.failed = self.hung = 0
        self.healthy = range(hanging + failing, count)
        self._hanging = hanging
        self._ids: set[str] = set()

    async def handle(self, request: web.Request) -> web.Response:
        """Takes one message."""
        number, body = int(request.match_info["number"]), await request.read()
        if number < self._hanging:
            self.hung += 1
            await asyncio.sleep(3600)
        if number not in self.healthy:
            self.failed += 1
            return web.Response(status=500)
        name = request.headers["webhook-id"]
        if name in self._ids:
            self.repeated += 1
        else:
            self._ids.add(name)
            self.ages.append(time.time() - datetime.fromisoformat(orjson.loads(body)["timestamp"]).timestamp())
        return web.Response()


@asynccontextmanager
async def receiving(receivers: LoadReceivers) -> AsyncIterator[None]:
    """Listens on a free port of this machine."""
    app = web.Application()
    app.router.add_post("/{number}", receivers.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receivers.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield
    finally:
        await runner.cleanup()
