"""Legislators, events and votings: stored through the worker in constant memory, and read at any depth."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from api_gateway.settings import StoreSettings
from api_gateway.store.database.pool import open_pool
from api_gateway.store.database.reader import Database
from api_gateway.store.records.reading.agreement_reader import (
    agreement_member_party,
    agreement_of_members,
    agreement_parties,
    rice,
)
from api_gateway.store.records.reading.event_reader import EventFilter, list_events
from api_gateway.store.records.reading.record_reader import LegislatorFilter, list_legislators
from api_gateway.store.records.reading.vote_reader import VoteEventFilter, list_member_votes, list_vote_events

from bench.memory import feed
from bench.pace import Pace
from bench.reading.engine import exact
from bench.reading.questions import Questions
from bench.report import Figure, Report, at_most
from bench.system import cpu, empty_databases
from bench.system.arena import Arena
from bench.system.record_corpus import BENCH_MEMBERS, VOTES, observed, total

PART = "records"
_PAGE = 20
_DEPTHS = 200
"""Pages of one list that are timed, spread over all of its depth."""

_TOTAL = 400
"""Pairs of members and of parties whose agreement is timed."""


def run(arena: Arena, _questions: Questions, report: Report, pace: Pace) -> None:
    """Sends the records through a worker, then reads lists at all depths and rates of agreement."""
    records = total(pace.votings)
    with empty_databases.template(arena), empty_databases.database(arena) as url:
        worker = arena.child("worker", "api_gateway.worker", {"DATABASE_URL": url, "WORKER_PORT": "0"})
        pid = worker.pid or 0
        began = time.monotonic()
        try:
            seen = asyncio.run(
                feed(
                    arena.redis.url(),
                    records,
                    lambda: {"worker": cpu.resident_mib(pid)},
                    lambda number: observed(number, pace.votings),
                )
            )
        finally:
            arena.end(worker)
        took = time.monotonic() - began
        report.notes["records stored a second"] = round(records / took)
        report.notes["members' votes"] = pace.votings * VOTES
        first, last = seen[0][1]["worker"], seen[-1][1]["worker"]
        note = f" {first:.0f} -> {last:.0f} MiB, {records / took:.0f} records/s"
        report.add(PART, Figure("memory of the worker, at the end : at a twelfth", exact(last / first), "x",
                                at_most(1.1), note))  # fmt: skip
        for name, bound, seconds in asyncio.run(_read(url)):
            median = f" p50 {statistics.median(seconds) * 1000:.1f} ms"
            report.add(PART, Figure(f"p99 of {name}", exact(_p99(seconds) * 1000), "ms", at_most(bound), median))


async def _read(url: str) -> list[tuple[str, float, list[float]]]:
    settings = StoreSettings(database_url=url)
    pools = [
        await open_pool(settings, name="bench", statement_timeout=10, stateless=True, size=2, plans=plans)
        for plans in ("force_custom_plan", "force_generic_plan")
    ]
    database = Database(*pools, limit=2, acquire_timeout=5)
    try:
        await database.rows("VACUUM ANALYZE")
        return [
            ("votings, any depth", 10.0, await _deep(lambda **p: list_vote_events(database, VoteEventFilter(), **p))),
            ("a member's votes, any depth", 10.0,
             await _deep(lambda **p: list_member_votes(database, "camara-deputy-1", **p))),
            ("a member's votings by filter", 10.0, await _deep(lambda **p: list_vote_events(
                database, VoteEventFilter(legislator_id="camara-deputy-2", options=("NO",)), **p))),
            ("events, any depth", 10.0, await _deep(lambda **p: list_events(database, EventFilter(), **p))),
            ("legislators, any depth", 10.0,
             await _deep(lambda **p: list_legislators(database, LegislatorFilter(), **p))),
            ("agreement of two members", 50.0, await _timed(
                lambda n: agreement_of_members(database, _who(n), _who(n + 1)))),
            ("agreement of a member and a party", 50.0, await _timed(
                lambda n: agreement_member_party(database, _who(n), "PT"))),
            ("agreement of two parties", 50.0, await _timed(lambda n: agreement_parties(database, "PT", "PL"))),
            ("Rice's index", 50.0, await _timed(lambda n: rice(database, "PT"))),
        ]  # fmt: skip
    finally:
        await database.close(5)


def _who(number: int) -> str:
    return f"camara-deputy-{number % BENCH_MEMBERS + 1}"


async def _deep(read: Callable[..., Awaitable[Any]]) -> list[float]:
    """Seconds of pages of twenty at up to 200 depths, from the first page to the last one."""
    keys: list[Any] = [None]
    while True:
        page = await read(after=keys[-1], limit=500)
        if not page.more:
            break
        keys += page.keys[::100]
    step = max(len(keys) // _DEPTHS, 1)
    return [await _seconds(lambda key=key: read(after=key, limit=_PAGE)) for key in keys[::step] for _ in range(3)]


async def _timed(read: Callable[[int], Awaitable[Any]]) -> list[float]:
    return [await _seconds(lambda number=number: read(number)) for number in range(_TOTAL)]


async def _seconds(read: Callable[[], Awaitable[Any]]) -> float:
    began = time.perf_counter()
    await read()
    return time.perf_counter() - began


def _p99(seconds: Sequence[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.99)]
