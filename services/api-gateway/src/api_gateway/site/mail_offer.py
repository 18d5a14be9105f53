"""Whether the API takes subscriptions by e-mail from everybody: asked now and then, so that no page offers in vain."""

import asyncio

import aiohttp
from legis.waiting import wait_or_stop

ASK_EVERY_SECONDS = 60.0
_NO_ADDRESS = {"channel": "EMAIL", "target": "-", "search": {}}
"""A request that no service takes: its address is none. An API that takes right ones says what is wrong with it."""


class MailOffer:
    """The last answer; none was offered before the first."""

    def __init__(self, session: aiohttp.ClientSession, api: str) -> None:
        self.offered = False
        self._session = session
        self._address = f"{api}/api/v1/subscriptions"

    async def run(self, stop: asyncio.Event) -> None:
        """Asks until `stop` is set."""
        while not stop.is_set():
            self.offered = await self.ask()
            await wait_or_stop(stop, ASK_EVERY_SECONDS)

    async def ask(self) -> bool:
        """Whether the API refuses the address alone: not the lack of a key (401), nor all e-mail (503)."""
        try:
            async with self._session.post(self._address, json=_NO_ADDRESS) as reply:
                await reply.read()
                return reply.status in (202, 400, 422)
        except (aiohttp.ClientError, OSError, TimeoutError):
            return False
