"""A reader of the Atom feed, page by page along `next`.

The feed does not name its log. So this reader asks `/changes` which log there is, before and after a walk, and begins
again where it is another one: some seconds later, since the pages of the old one are still given for a moment.
"""

import asyncio
import time
from collections.abc import Callable
from random import Random

from followers.atom_copy import AtomCopy, AtomWalk, FeedEntry, feed_page
from legis.domain.change_kind import ChangeKind

from chaos.readers.kept_log import Stored
from chaos.readers.web_door import Door

LINGER_SECONDS = 6.0
"""How long a feed of the old log may be given after another one is there: `Era.linger`, and the time of a walk."""

EVERY_KIND = ",".join(ChangeKind)


class AtomReader:
    """Walks the feed again and again."""

    name = "atom"

    def __init__(self, door: Door, dice: Random, broken: Callable[[str], None]) -> None:
        self.kept = AtomCopy()
        self._epoch = ""
        self._not_before = 0.0
        self._door = door
        self._dice = dice
        self._broken = broken

    async def live(self) -> None:
        """Walks until it is killed."""
        while True:
            if await self._same_log() and time.monotonic() > self._not_before:
                await self._walk()
            await asyncio.sleep(self._dice.uniform(0.2, 0.6))

    async def _same_log(self) -> bool:
        epoch = await self._door.epoch()
        if epoch not in (None, self._epoch):
            if self._epoch:
                self._not_before = time.monotonic() + LINGER_SECONDS
            self._epoch = str(epoch)
            self.kept.forget()
        return epoch is not None

    async def _walk(self) -> None:
        walk, path = AtomWalk(self.kept), f"/api/v1/feeds/bills.atom?kind={EVERY_KIND}&limit={self._limit()}"
        while True:
            status, body = await self._door.get(path)
            if status != 200:
                return
            page = feed_page(body)
            if not walk.take(page):
                return
            assert page.next is not None  # else the walk had ended
            path = "/" + page.next.split("/", 3)[3]
            await self._door.breathe()

    def _limit(self) -> int:
        return self._dice.choice((7, 30, 100))

    def wrong(self, stored: Stored) -> list[str]:
        """How it differs from what is stored."""
        bills = {entry[1] for entry, about in stored.log if about == "BILL"}
        expected = {key: FeedEntry(key, *state) for key, state in stored.states.items() if key in bills}
        found = [
            key for key in expected.keys() | self.kept.bills.keys() if expected.get(key) != self.kept.bills.get(key)
        ]
        return [
            f"{key} was rebuilt as {self.kept.bills.get(key)}, not {expected.get(key)}" for key in sorted(found)[:3]
        ]
