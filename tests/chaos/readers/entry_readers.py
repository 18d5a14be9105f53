"""Readers of the change log: by pages with long polls, and by the event stream."""

from collections.abc import Callable
from random import Random

import orjson
from followers.event_stream import Event, EventStream

from chaos.readers.kept_log import EVERYTHING, KeptLog, Stored
from chaos.readers.web_door import Door

Broken = Callable[[str], None]
MOST_BYTES = 700
"""Of a stream so many are taken at once: events are cut anywhere."""


class FeedReader:
    """Follows `/changes` by `next_after`, as it says; its place is kept after each page."""

    name = "feed"

    def __init__(self, door: Door, dice: Random, broken: Broken) -> None:
        self.kept = KeptLog()
        self._door = door
        self._dice = dice
        self._broken = broken

    async def live(self) -> None:
        """Reads until it is killed."""
        kept = self.kept
        while True:
            asked = f"after={kept.place}&limit={self._dice.choice((1, 7, 50, 100))}&about={EVERYTHING}&wait=1"
            epoch = f"&epoch={kept.epoch}" if kept.epoch else ""
            status, body = await self._door.get(f"/api/v1/changes?{asked}{epoch}")
            if status == 410:
                kept.forget()
            if status != 200:
                await self._door.breathe()
                continue
            told = orjson.loads(body)
            for change in told["data"]:
                if wrong := kept.take(change):
                    self._broken(wrong)
            await self._door.breathe()
            kept.place, kept.epoch = told["page"]["next_after"], told["page"]["epoch"]

    def wrong(self, stored: Stored) -> list[str]:
        """How it differs from what is stored."""
        return list(self.kept.wrong(stored, EVERYTHING))


class StreamReader:
    """Follows `/changes/stream`, and comes back with the last event id that it kept."""

    name = "sse"

    def __init__(self, door: Door, dice: Random, broken: Broken) -> None:
        self.kept = KeptLog()
        self._last_id = ""
        self._door = door
        self._dice = dice
        self._broken = broken

    async def live(self) -> None:
        """Connects again and again, until it is killed."""
        while True:
            stream = EventStream(self._last_id)
            headers = {"Last-Event-ID": self._last_id} if self._last_id else {}
            asked = f"/api/v1/changes/stream?after=0&about={EVERYTHING}"
            async with self._door.open(asked, headers) as reply:
                if reply.status == 410:
                    self._forget()
                if reply.status == 200:
                    async for piece in reply.content.iter_chunked(MOST_BYTES):
                        events = stream.take(piece)
                        if not all([self._take(event) for event in events]):
                            break
                        if self._dice.random() < 0.5:  # else it keeps its place later, and is told again
                            self._last_id = stream.last_id
            await self._door.breathe()

    def _take(self, event: Event) -> bool:
        """Takes an event. Returns whether the stream goes on."""
        if event.name == "gone":
            self._forget()
            return False
        told = orjson.loads(event.data)
        epoch = event.id.rpartition(".")[0]
        if self.kept.epoch not in ("", epoch):
            self._broken(f"a reader of the log {self.kept.epoch} was told of {epoch}")
        self.kept.epoch = epoch
        if event.name == "position":
            if self._last_id and event.id != self._last_id:
                self._broken(f"a reader that came back with {self._last_id} was sent on from {event.id}")
        elif wrong := self.kept.take(told):
            self._broken(wrong)
        return True

    def _forget(self) -> None:
        self.kept.forget()
        self._last_id = ""

    def wrong(self, stored: Stored) -> list[str]:
        """How it differs from what is stored."""
        return list(self.kept.wrong(stored, EVERYTHING))
