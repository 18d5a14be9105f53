"""I16: the index holds exactly what the database says, by what readers are answered."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import aiohttp
import asyncpg
import orjson

from chaos.system.cast import Cast
from chaos.watch.list_watch import session_for

READ_SECONDS = 10.0
FOLLOWS_SECONDS = 2.0
"""Time that the index has to reach the end of the log that was seen."""

NOT_READ = "lists cannot be read"
"""Begins a line about lists that were not answered, or from an index that is behind."""

_BILLS = "SELECT id, summary, removed_at IS NOT NULL AS removed, type_code, status, chamber FROM bill"
_HEAD = "SELECT last_seq FROM change_counter"
_LOG = "SELECT seq, bill_id, version, kind, before FROM bill_change WHERE about = 'BILL' ORDER BY bill_id, version DESC"
_DOCUMENTS = "SELECT id, document, removed_at IS NOT NULL AS removed FROM bill"
_COUNTED = ("type", "status", "chamber")


class NotAnswered(Exception):
    """Lists are not answered, or from an index that is behind."""


async def index_difference(cast: Cast) -> list[str]:
    """What lists, counts and facets say that is not so; empty when the index is what the database is."""
    connection = await asyncpg.connect(cast.database_url, timeout=5)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            rows, head = await connection.fetch(_BILLS), await connection.fetchval(_HEAD)
    finally:
        await connection.close()
    try:
        async with _Reader(cast) as reader:
            return list(await _differing(reader, rows, head))
    except (NotAnswered, aiohttp.ClientError, TimeoutError, KeyError, ValueError) as error:
        return [f"{NOT_READ}: {type(error).__name__} {error}"]


async def _differing(reader: "_Reader", rows: list[Any], head: int) -> Iterable[str]:
    stored = {row["id"]: orjson.loads(row["summary"]) for row in rows if not row["removed"]}
    found = [item async for item in reader.pages("/api/v1/bills?sort=changed_at&limit=100", head)]
    shown = {item["id"]: item for item in found}
    wrong = [f"{key} is listed twice" for key in {item["id"] for item in found if item is not shown[item["id"]]}]
    wrong += [f"{key} is not listed" for key in sorted(stored.keys() - shown.keys())]
    wrong += [f"{key} is listed and not stored" for key in sorted(shown.keys() - stored.keys())]
    wrong += [
        f"{key} is listed as {_unlike(shown[key], stored[key])}"
        for key in sorted(stored.keys() & shown.keys())
        if shown[key] != stored[key]
    ]
    wrong += await _counts(reader, [row for row in rows if not row["removed"]])
    wrong += await _removed(reader, {row["id"]: orjson.loads(row["summary"]) for row in rows if row["removed"]})
    return wrong


def _unlike(shown: Mapping[str, Any], stored: Mapping[str, Any]) -> str:
    names = [name for name in shown.keys() | stored.keys() if shown.get(name) != stored.get(name)]
    return ", ".join(f"{name} {shown.get(name)!r}, stored is {stored.get(name)!r}" for name in names[:3])[:200]


async def _counts(reader: "_Reader", rows: list[Any]) -> list[str]:
    """Counts of all and by value, each filter's count too, against those of the database."""
    told = await reader.get(f"/api/v1/bills?limit=1&count=exact&facets={','.join(_COUNTED)}")
    wrong = [] if told["page"]["count"]["value"] == len(rows) else [f"{told['page']['count']}, {len(rows)} are stored"]
    for name in _COUNTED:
        column = "type_code" if name == "type" else name
        stored: dict[str, int] = {}
        for row in rows:
            if row[column] is not None:
                stored[row[column]] = stored.get(row[column], 0) + 1
        shown = {one["value"]: one["count"] for one in told["facets"]["values"][name]}
        if shown != stored:
            wrong.append(f"facet {name} is {shown}, stored are {stored}")
        for value, count in stored.items():
            answer = await reader.get(f"/api/v1/bills?limit=1&count=exact&{name}={quote(value)}")
            if answer["page"]["count"]["value"] != count:
                wrong.append(f"{name}={value} counts {answer['page']['count']['value']}, stored are {count}")
    return wrong


async def _removed(reader: "_Reader", stored: Mapping[str, Any]) -> list[str]:
    """Those that are removed are shown to who names them, as stored."""
    wrong, names = [], sorted(stored)
    for first in range(0, len(names), 50):
        ids = names[first : first + 50]
        told = await reader.get(f"/api/v1/bills?limit=100&ids={','.join(ids)}")
        shown = {item["id"]: item for item in told["data"]}
        wrong += [f"removed {key} is {shown.get(key)}"[:200] for key in ids if shown.get(key) != stored[key]]
    return wrong


# --- the change log by filters ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class State:
    """What a filter may ask of a bill at one moment; None stands for a bill that lists do not show."""

    type_code: str
    status: str
    chamber: str | None
    in_progress: bool | None


Matches = Callable[[State], bool]


async def filtered_difference(cast: Cast) -> list[str]:
    """Every page of the change log by some filters, against what log and documents say; folded back by our own code."""
    connection = await asyncpg.connect(cast.database_url, timeout=5)
    try:
        log = await connection.fetch(_LOG)
        documents = {row["id"]: row for row in await connection.fetch(_DOCUMENTS)}
    finally:
        await connection.close()
    around = dict(_around(log, documents))
    states = [state for pair in around.values() for state in pair if state is not None]
    wrong = []
    async with _Reader(cast) as reader:
        for query, matches in _filters(states):
            expected = sorted(seq for seq, pair in around.items() if any(s is not None and matches(s) for s in pair))
            found = await reader.changes(query)
            if found != expected:
                lacking, more = sorted({*expected} - {*found})[:3], sorted({*found} - {*expected})[:3]
                wrong.append(f"/changes?{query} lacks {lacking}, has {more} too, of {len(expected)}")
    return wrong


def _around(log: list[Any], documents: Mapping[str, Any]) -> Iterator[tuple[int, tuple[State | None, State | None]]]:
    """The states of its bill before and after each entry; the log comes newest version first for each bill."""
    bill, document, removed = "", {}, False
    for entry in log:
        if entry["bill_id"] != bill:
            bill = entry["bill_id"]
            document, removed = orjson.loads(documents[bill]["document"]), documents[bill]["removed"]
        after = _state(document, removed)
        before = orjson.loads(entry["before"] or b"{}")
        removed = entry["kind"] != "REMOVED" and (removed or bool(before.get("removed_at")))
        document = {**document, **before}
        yield entry["seq"], (None if entry["kind"] == "CREATED" else _state(document, removed), after)


def _state(document: Mapping[str, Any], removed: bool) -> State | None:
    if removed:
        return None
    return State(document["type_code"], document["status"], document["chamber"], document["in_progress"])


def _filters(states: list[State]) -> Iterator[tuple[str, Matches]]:
    for status in sorted({state.status for state in states}):
        yield f"status={status}", lambda state, value=status: state.status == value
    for chamber in sorted({state.chamber for state in states if state.chamber}):
        yield f"chamber={chamber}", lambda state, value=chamber: state.chamber == value
    for known in ("PL", "PEC"):
        yield f"type={known}", lambda state, value=known: state.type_code == value
    yield "in_progress=true", lambda state: state.in_progress is True
    yield "status=-ARCHIVED&chamber=CAMARA", lambda s: s.status != "ARCHIVED" and s.chamber == "CAMARA"


class _Reader:
    """Asks web. Raises NotAnswered."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._seq = 0

    async def __aenter__(self) -> "_Reader":
        self._session = session_for(READ_SECONDS)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def get(self, path: str) -> Any:
        async with self._session.get(self._cast.web_url + path) as reply:
            body = await reply.read()
            if reply.status != 200:
                raise NotAnswered(f"{path}: {reply.status} {body[:150]!r}")
            self._seq = int(reply.headers.get("Legis-Index-Seq", 0))
            return orjson.loads(body)

    async def pages(self, path: str, head: int) -> Any:
        """Every item of a list, page by page."""
        following, deadline = path, time.monotonic() + 20
        while following and time.monotonic() < deadline:
            told = await self._reached(following, head)
            if self._seq < head:
                raise NotAnswered(f"the index is at {self._seq}, the log at {head}")
            for item in told["data"]:
                yield item
            cursor = told["page"]["next_cursor"]
            following = f"{path}&cursor={quote(cursor)}" if cursor else ""

    async def _reached(self, path: str, head: int) -> Any:
        """The reply of an index that has reached the head, or after FOLLOWS_SECONDS whatever there is."""
        deadline = time.monotonic() + FOLLOWS_SECONDS
        told = await self.get(path)
        while self._seq < head and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
            told = await self.get(path)
        return told

    async def changes(self, query: str) -> list[int]:
        """The numbers of all entries that a filter shows, in the order in which they come."""
        found: list[int] = []
        after, more, epoch = 0, True, ""
        while more:
            told = await self.get(f"/api/v1/changes?{query}&limit=100&after={after}{epoch}")
            found += [entry["seq"] for entry in told["data"]]
            if told["page"]["next_after"] <= after and told["page"]["has_more"]:
                raise NotAnswered(f"{query}: a page says to go on from {after} again")
            after, more = told["page"]["next_after"], told["page"]["has_more"]
            epoch = f"&epoch={told['page']['epoch']}"
        return found
