"""Readers and a writer that go on whatever is harmed, and what they may and may not see."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from legis.errors import StreamUnavailable
from legis.events import BillObserved, WindowRef
from legis.streams.connection import connect
from legis.streams.publisher import Publisher
from rolling_client import EVERYTHING, Ask, Tally, load
from stage import observed

SEEDED = 400
COUNTED = 1
"""The bill whose title counts up."""

WRITE_EVERY = 0.25
NEW_AT_ONCE = 3
FOLLOW_SECONDS = 10.0


def bill_event(number: int, read_seq: int, title: str | None = None) -> BillObserved:
    """An observation of an invented bill; `read_seq` orders those of one bill."""
    event = observed(number, random.Random(number)).event
    assert isinstance(event, BillObserved)
    bill = event.bill if title is None else event.bill.model_copy(update={"title": title})
    window = WindowRef(window_id=f"cluster-{read_seq}", walk=event.window.walk, index=0)
    return event.model_copy(update={"read_seq": read_seq, "bill": bill, "window": window})


@dataclass(slots=True)
class Observed:
    """What all readers saw. `wrong` are replies that must not be; `failed` those that did not come, or were refused."""

    tally: Tally = field(default_factory=Tally)
    wrong: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    followed: int = 0

    def is_wrong(self, what: str) -> None:
        self.wrong.append(f"{time.strftime('%H:%M:%S')} {what}")

    def has_failed(self, what: str) -> None:
        self.failed.append(f"{time.strftime('%H:%M:%S')} {what}")


class Traffic:
    """All traffic of one phase runs beside it; `seen` is started again for each phase."""

    def __init__(self, port: int, web_ports: Sequence[int], redis_url: str) -> None:
        self.seen = Observed()
        self.published = SEEDED
        self.counter = 0
        self.rate = 60.0
        self.over = asyncio.Event()
        self._port = port
        self._web_ports = web_ports
        self._redis_url = redis_url
        self._sequence = SEEDED + 1

    async def seed(self) -> None:
        """Publishes the first bills."""
        await self._publish([bill_event(number, number) for number in range(1, SEEDED + 1)])

    async def run(self) -> None:
        """All readers and the writer, until `over` is set."""
        limit = aiohttp.ClientTimeout(total=FOLLOW_SECONDS)
        async with aiohttp.ClientSession(timeout=limit) as session, asyncio.TaskGroup() as group:
            group.create_task(self._write())
            group.create_task(self._follow(session))
            group.create_task(self._ask_at_random())
            for port in self._web_ports:
                group.create_task(self._watch_counter(session, port))

    async def _write(self) -> None:
        while not self.over.is_set():
            self.counter += 1
            first = self.published + 1
            new = [bill_event(number, self._next()) for number in range(first, first + NEW_AT_ONCE)]
            counted = bill_event(COUNTED, self._next(), f"Contagem {self.counter}")
            await self._publish([*new, counted])
            self.published += NEW_AT_ONCE
            await asyncio.sleep(WRITE_EVERY)

    def _next(self) -> int:
        self._sequence += 1
        return self._sequence

    async def _publish(self, events: Sequence[BillObserved]) -> None:
        redis = connect(self._redis_url, client_name="cluster")
        try:
            await Publisher(redis, capacity=100_000).publish([(event, None) for event in events])
        except StreamUnavailable as error:
            self.seen.has_failed(f"publish: {error}")
        finally:
            await redis.aclose()

    async def _ask_at_random(self) -> None:
        """Lists, details and searches through nginx; lists are as long as asked for, details of the bill asked for."""
        while not self.over.is_set():
            tally, rate = self.seen.tally, self.rate
            done = lambda t=tally, r=rate: self.over.is_set() or self.seen.tally is not t or self.rate != r  # noqa: E731
            await load(self._port, self.questions(), tally, done, rate=rate, connections=16)

    def questions(self) -> list[Ask]:
        """What readers ask at random."""
        dice = random.Random(7)
        asks = [Ask("list", f"/api/v1/bills?limit={n}", self._checked(_length(n))) for n in (5, 20)]
        asks += [Ask("search", f"/api/v1/bills?type={t}&limit=5", self._checked(_length(5))) for t in ("PL", "PEC")]
        for number in dice.sample(range(2, SEEDED), 60):
            wanted = f"camara-{number}"
            asks.append(Ask("detail", f"/api/v1/bills/{wanted}", self._checked(_of_bill(wanted))))
        return asks

    def _checked(self, wrong: Callable[[Any], str | None]) -> Callable[[Any], str | None]:
        def judged(body: Any) -> str | None:
            if (what := wrong(body)) is not None:
                self.seen.is_wrong(what)
            return None

        return judged

    async def _follow(self, session: aiohttp.ClientSession) -> None:
        """Follows the change log through nginx, and asks for each changed bill with `min_seq`: it must be there."""
        base, after, epoch = f"http://127.0.0.1:{self._port}/api/v1", 0, None
        while not self.over.is_set():
            of = "" if epoch is None else f"&epoch={epoch}"
            page = await self._get(session, f"{base}/changes?after={after}&limit=100&about={EVERYTHING}{of}&wait=1")
            if page is None:
                await asyncio.sleep(0.2)
                continue
            seqs = [entry["seq"] for entry in page["data"]]
            if seqs != list(range(after + 1, after + 1 + len(seqs))):
                self.seen.is_wrong(f"changes after {after}: {seqs[:3]}…{seqs[-3:]}")
            after, epoch = page["page"]["next_after"], page["page"]["epoch"]
            self.seen.followed += len(seqs)
            bills = [entry["bill_id"] for entry in page["data"] if entry["bill_id"] is not None]
            if bills and seqs[-1] > SEEDED:
                one = await self._get(session, f"{base}/bills/{bills[-1]}?min_seq={seqs[-1]}")
                listed = await self._get(session, f"{base}/bills?ids={bills[-1]}&min_seq={seqs[-1]}")
                if one is not None and listed is not None and len(listed["data"]) != 1:
                    self.seen.is_wrong(f"{bills[-1]} is not listed at {seqs[-1]}")

    async def _watch_counter(self, session: aiohttp.ClientSession, port: int) -> None:
        """Asks one web for the counted bill: its title must never count back."""
        last = 0
        while not self.over.is_set():
            body = await self._get(session, f"http://127.0.0.1:{port}/api/v1/bills/camara-{COUNTED}", restarts=True)
            title = body["data"]["title"] if body else ""
            if title.startswith("Contagem "):
                found = int(title.split()[1])
                if found < last:
                    self.seen.is_wrong(f"web at {port}: counted back from {last} to {found}")
                last = max(last, found)
            await asyncio.sleep(0.05)

    async def _get(self, session: aiohttp.ClientSession, url: str, *, restarts: bool = False) -> Any:
        """The JSON of a reply; None after a failure, which is counted. One web that is restarted may be away."""
        began = time.perf_counter()
        try:
            async with session.get(url) as reply:
                if reply.status == 200:
                    return await reply.json()
                text = (await reply.text())[:200]
                self.seen.has_failed(f"{url}: {reply.status} {text} after {time.perf_counter() - began:.1f} s")
        except aiohttp.ClientConnectionError as error:
            if not restarts:
                self.seen.has_failed(f"{url}: {error!r}")
        except TimeoutError:
            self.seen.has_failed(f"{url}: no reply")
        return None


def _length(count: int) -> Callable[[Any], str | None]:
    return lambda body: None if len(body["data"]) == count else f"{len(body['data'])} entries, not {count}"


def _of_bill(wanted: str) -> Callable[[Any], str | None]:
    return lambda body: None if body["data"]["id"] == wanted else f"{body['data']['id']!r}, not {wanted}"
