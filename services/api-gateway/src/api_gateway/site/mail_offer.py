"""Whether the API takes subscriptions by e-mail from everybody: asked now and then, so that no page offers in vain."""

import asyncio
from typing import Any

import aiohttp
from legis.waiting import wait_or_stop

ASK_EVERY_SECONDS = 60.0
ASK_AGAIN_SECONDS = 5.0
"""After a failure: until the API has answered once, no page offers e-mail."""


class MailOffer:
    """The last answer; none was offered before the first. An API that is away offers what it did."""

    def __init__(self, session: aiohttp.ClientSession, api: str) -> None:
        self.offered = False
        self._session = session
        self._address = f"{api}/api/v1/subscriptions/options"

    async def run(self, stop: asyncio.Event) -> None:
        """Asks until `stop` is set."""
        while not stop.is_set():
            answered = await self.ask()
            await wait_or_stop(stop, ASK_EVERY_SECONDS if answered else ASK_AGAIN_SECONDS)

    async def ask(self) -> bool:
        """Asks once; whether the API answered."""
        try:
            async with self._session.get(self._address) as reply:
                document = await reply.json() if reply.status == 200 else None
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
            return False
        if document is None:
            return False
        self.offered = _offers_mail(document)
        return True


def _offers_mail(document: Any) -> bool:
    channels = document["data"]["channels"]
    return any(one["channel"] == "EMAIL" and one["offered"] and not one["needs_key"] for one in channels)
