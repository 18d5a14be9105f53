"""A reader of lists, all the time: what it is answered must be a state that the log had, and answers must come."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from threading import Event, Thread
from typing import Any

import aiohttp
import asyncpg
import orjson
from api_gateway.indexer.follow import SIZES_SECONDS

from chaos.faults.timelines import Era
from chaos.system.cast import CHECK_SECONDS, Cast

EVERY_SECONDS = 0.12
READ_SECONDS = 4.0
GRACE_SECONDS = 12.0
"""Lists are answered again within this time after the last thing that happened to the index or to web, on two quiet
cores.
"""

FLIPPED_SECONDS = CHECK_SECONDS + 4.0
"""Flipped bytes may be answered from until the next check, and what came of them until the next build."""

CUT_SECONDS = SIZES_SECONDS + 1.0
"""The same for a cut file, whose size is checked more often; on two quiet cores, and with the step of the indexer that
is under way.
"""

YOUNG_SECONDS = 2.0
"""For so long after its first answer a process of web may not have read yet of which history the database is."""

CHANGED = "/api/v1/bills?sort=-changed_at&limit=50&fields=version"
ASKED = (
    CHANGED,
    "/api/v1/bills?limit=100&count=exact&fields=version",
    "/api/v1/bills?sort=changed_at&limit=100&fields=version",
    "/api/v1/bills?q=lei&limit=50&fields=version",
    "/api/v1/bills?chamber=SENADO&sort=introduced_on&limit=50&fields=version&count=exact",
)
_LOG = "SELECT seq, bill_id, version, kind, fields, about FROM bill_change ORDER BY seq"


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply to a list, or why there was none. `pid` is the process that was asked; `seq` the index's position."""

    path: str
    began: float
    ended: float
    pid: int | None
    status: int
    seq: int = 0
    kept: bool = False
    items: tuple[tuple[str, int], ...] = ()
    count: int | None = None
    said: str = ""


@dataclass(slots=True)
class Log:
    """One history of the database: when each version of each bill came, and which bills went."""

    last: int = 0
    versions: dict[str, dict[int, int]] = field(default_factory=dict)
    following: dict[tuple[str, int], int] = field(default_factory=dict)
    removed: set[tuple[str, int]] = field(default_factory=set)
    steps: list[tuple[int, int]] = field(default_factory=list)
    """Change number, and by how much the number of bills that lists show grew."""

    def add(self, rows: Iterable[Any]) -> "Log":
        latest: dict[str, int] = {}
        for row in rows:
            seq, bill, version, kind = row["seq"], row["bill_id"], row["version"], row["kind"]
            self.last = seq
            if row["about"] != "BILL":
                continue
            self.versions.setdefault(bill, {})[version] = seq
            if bill in latest:
                self.following[bill, latest[bill]] = seq
            latest[bill] = version
            if kind == "REMOVED":
                self.removed.add((bill, version))
            grown = 1 if "removed_at" in row["fields"] else {"CREATED": 1, "REMOVED": -1}.get(kind, 0)
            if grown:
                self.steps.append((seq, grown))
        return self

    def bounds(self, seq: int) -> tuple[int, int]:
        """The fewest and the most bills that there were at `seq` or later."""
        now = sum(grown for at, grown in self.steps if at <= seq)
        least = most = now
        for at, grown in self.steps:
            if at > seq:
                now += grown
                least, most = min(least, now), max(most, now)
        return least, most

    def wrong(self, answer: Answer) -> str | None:
        """What of an answer this history never had; None where it had all of it."""
        if answer.seq > self.last:
            return f"the index is at {answer.seq}, the log ends at {self.last}"
        if len({bill for bill, _ in answer.items}) < len(answer.items):
            return "a bill is on the page twice"
        for bill, version in answer.items:
            if version not in self.versions.get(bill, {}):
                return f"{bill} never had version {version}"
            if (bill, version) in self.removed:
                return f"{bill} version {version} is removed"
            after = self.following.get((bill, version))
            if after is not None and after <= answer.seq:
                return f"{bill} has version {version}, which entry {after} ended; the index is at {answer.seq}"
        if answer.count is not None and "chamber=" not in answer.path:
            least, most = self.bounds(answer.seq)
            if not least <= answer.count <= most:
                return f"{answer.count} bills at entry {answer.seq}, where there were {least} to {most}"
        return None


def near(hits: dict[str, list[float]], name: str, seconds: float, began: float, ended: float) -> bool:
    """Whether something happened to it while a question was under way, or so many seconds before."""
    return any(began - seconds < hit < ended for hit in hits.get(name, ()))


def excused(hits: dict[str, list[float]], status: int, began: float, ended: float, *, slowness: float) -> bool:
    """Whether something had happened to the index or to web that lists may go unanswered after: by 503, or not at all.

    Once there is no index, whatever holds up its builder counts; while there is one, the builder does not matter.
    """
    if status not in (0, 503):
        return False
    grace = GRACE_SECONDS * slowness
    if any(near(hits, name, grace, began, ended) for name in ("web", "index:truncate")):
        return True
    harmed = near(hits, "index", 3 * grace, began, ended)
    causes = ("index", "indexer", "postgres")
    return status == 503 and harmed and any(near(hits, name, grace, began, ended) for name in causes)


def session_for(seconds: float) -> aiohttp.ClientSession:
    """A session of its own: by default aiohttp shares a resolver between loops, which threads must not make at once."""
    connector = aiohttp.TCPConnector(resolver=aiohttp.ThreadedResolver())
    return aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=seconds))


class ListWatch:
    """Asks for lists until it is stopped, and judges the answers when all logs are known."""

    def __init__(self, cast: Cast, hits: dict[str, list[float]]) -> None:
        self.answers: list[Answer] = []
        self.is_awake = True
        """Whether it looked to the end."""
        self._cast = cast
        self._hits = hits
        self._stop = Event()
        self._thread = Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.is_awake = self._thread.is_alive()
        self._stop.set()
        self._thread.join(2 * READ_SECONDS)

    @property
    def longest_outage(self) -> float:
        """Seconds between two good answers, at most."""
        good = [one.ended for one in self.answers if one.status == 200]
        return max((b - a for a, b in pairwise(good)), default=0.0)

    async def judge(self, eras: Sequence[Era]) -> list[tuple[str, str]]:
        """Invariants that were broken, with words."""
        logs = [await _log(self._cast, era.database) for era in eras]
        wrong = [] if self.is_awake else [("run", "nobody asked for lists any more")]
        wrong += [("I17", line) for line in self._wrong_answers(eras, logs)]
        wrong += [("I17", line) for line in self._went_back(eras)]
        wrong += [("I18", line) for line in self._not_answered()]
        return wrong

    def _is_young(self, answer: Answer) -> bool:
        """Whether the process that answered had just begun to."""
        first = min((one.began for one in self.answers if one.pid == answer.pid and one.status == 200), default=0.0)
        return answer.began < first + YOUNG_SECONDS * self._cast.slowness

    def _wrong_answers(self, eras: Sequence[Era], logs: Sequence[Log]) -> Iterable[str]:
        for answer in self.answers:
            if answer.status != 200 or self._from_damage(answer):
                continue
            # one that is kept and says its age was right once, which is all it promises
            allowed = [
                log
                for era, log in zip(eras, logs, strict=True)
                if answer.kept or (era.began <= answer.ended and answer.began <= era.ended + era.linger)
            ]
            found = [log.wrong(answer) for log in allowed]
            if None not in found and not (self._is_young(answer) and None in [log.wrong(answer) for log in logs]):
                yield f"{answer.path} {answer.began - eras[0].began:.1f} s after the start: {found[-1]}"

    def _went_back(self, eras: Sequence[Era]) -> Iterable[str]:
        last: dict[tuple[int | None, int], int] = {}
        for answer in self.answers:
            if answer.status != 200 or answer.kept or self._from_damage(answer):
                continue
            era = next((n for n, one in enumerate(eras) if one.began <= answer.began < one.ended), 0)
            if era and answer.began < eras[era].began + eras[era - 1].linger:
                continue
            before = last.get((answer.pid, era), 0)
            if answer.seq < before:
                at = answer.began - eras[0].began
                yield f"web went back from {before} to {answer.seq} {at:.1f} s after the start: {answer.path}"
            last[answer.pid, era] = answer.seq

    def _not_answered(self) -> Iterable[str]:
        for answer in self.answers:
            if answer.status != 200 and not self._excused(answer):
                yield f"{answer.path} {answer.began - self.answers[0].began:.1f} s after the first: {answer.said}"

    def _excused(self, answer: Answer) -> bool:
        return excused(self._hits, answer.status, answer.began, answer.ended, slowness=self._cast.slowness)

    def _from_damage(self, answer: Answer) -> bool:
        """Whether it may come from a damaged file that no check has met yet."""
        limits = {"index:flip": FLIPPED_SECONDS, "index:truncate": CUT_SECONDS}
        return any(
            near(self._hits, name, seconds * self._cast.slowness, answer.began, answer.ended)
            for name, seconds in limits.items()
        )

    async def _run(self) -> None:
        count = 0
        while not self._stop.is_set():
            async with session_for(READ_SECONDS) as session:
                for _ in range(20):
                    if self._stop.is_set():
                        break
                    self.answers.append(await self._ask(session, ASKED[count % len(ASKED)]))
                    count += 1
                    await asyncio.sleep(EVERY_SECONDS)

    async def _ask(self, session: aiohttp.ClientSession, path: str) -> Answer:
        pid, began = self._cast.child("web").pid, time.time()
        try:
            async with session.get(self._cast.web_url + path) as reply:
                body = await reply.read()
                told, ended = reply.status, time.time()
                if told != 200:
                    return Answer(path, began, ended, pid, told, said=f"answered {told} {body[:120]!r}")
                found = orjson.loads(body)
                count = (found["page"]["count"] or {}).get("value")
                return Answer(
                    path, began, ended, pid, told,
                    seq=int(reply.headers["Legis-Index-Seq"]),
                    kept="X-Data-Age" in reply.headers,
                    items=tuple((one["id"], one["version"]) for one in found["data"]),
                    count=count,
                )  # fmt: skip
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError) as error:
            return Answer(path, began, time.time(), pid, 0, said=f"{type(error).__name__} {error}")


async def _log(cast: Cast, database: str) -> Log:
    connection = await asyncpg.connect(cast.postgres.url(database), timeout=5)
    try:
        return Log().add(await connection.fetch(_LOG))
    finally:
        with suppress(OSError):
            await connection.close()
