"""Receivers of webhooks: a real HTTP server with one path for each, and what each was sent."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass
class Received:
    """One request: the three headers of the specification, and the body."""

    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def seq(self) -> int:
        return int(self.id.rsplit("_", 1)[1])


@dataclass
class Receivers:
    """`statuses[name]` is what a receiver answers next, the last one for ever; `hanging` never answer."""

    url: str = ""
    received: defaultdict[str, list[Received]] = field(default_factory=lambda: defaultdict(list))
    statuses: dict[str, list[int]] = field(default_factory=dict)
    hanging: set[str] = field(default_factory=set)
    refused: set[int] = field(default_factory=set)
    """Numbers of entries that every receiver answers with 422."""

    def address(self, name: str) -> str:
        return f"{self.url}/{name}"

    def seqs(self, name: str) -> list[int]:
        """The entries that a receiver took, in order of arrival, each once."""
        return list(dict.fromkeys(one.seq for one in self.received[name]))

    async def handle(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        one = Received(dict(request.headers), await request.read())
        one.headers = {key.lower(): value for key, value in one.headers.items()}
        if name in self.hanging:
            await asyncio.sleep(3600)
        if self.refused and one.seq in self.refused:
            return web.Response(status=422)
        statuses = self.statuses.get(name, [200])
        status = statuses.pop(0) if len(statuses) > 1 else statuses[0]
        if status < 300:
            self.received[name].append(one)
        return web.Response(status=status, headers={"Location": f"{self.url}/other"} if 300 <= status < 400 else {})


@asynccontextmanager
async def listening() -> AsyncIterator[Receivers]:
    """Receivers on a free port of this machine."""
    receivers = Receivers()
    app = web.Application()
    app.router.add_post("/{name}", receivers.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receivers.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield receivers
    finally:
        await runner.cleanup()
