"""From the simulated Câmara's yearly files to the table: simulator, ingest, Redis, worker and PostgreSQL together."""

import asyncio
import time

import asyncpg
from legis_launcher.servers.simulator import Simulator
from stage import until

from bench.pace import Pace
from bench.report import Figure, Report, at_least
from bench.system import cpu, empty_databases
from bench.system.arena import Arena
from bench.turns import Ratio

PART = "writers"
_LIMIT_SECONDS = 1800.0


def run_line(arena: Arena, report: Report, pace: Pace) -> None:
    """One backfill, from its first bill in the table to its last."""
    simulator = Simulator(arena.folder, seed=5, bills=pace.simulated_bills, options=("--changes-per-minute", "0"))
    simulator.start(within=300)
    arena.children.append(simulator.child)
    camara = {
        "CAMARA_BASE_URL": f"{simulator.url}/camara/api/v2", "CAMARA_FILES_URL": f"{simulator.url}/camara/arquivos",
        "CAMARA_PORT": "0", "CAMARA_REQUESTS_PER_SECOND": "1000",
        "BACKFILL_FROM_YEAR": str(pace.oldest_year),
    }  # fmt: skip
    with empty_databases.database(arena) as url:
        worker = arena.child("worker", "api_gateway.worker", {"DATABASE_URL": url, "WORKER_PORT": "0"})
        ingest = arena.child("ingest-camara", "ingest_camara", {"DATABASE_URL": url, **camara})
        try:
            until(lambda: _stored(url), 60, "the first bill from the simulator")
            before = {child.name: cpu.seconds(child.pid or 0) for child in (worker, ingest, simulator.child)}
            began, first = time.perf_counter(), _stored(url)
            seconds, bills = _until_still(url, began, pace.still_seconds)
            used = {
                child.name: (cpu.seconds(child.pid or 0) - before[child.name]) / max(bills - first, 1) * 1e6
                for child in (worker, ingest, simulator.child)
            }
            mib = {child.name: cpu.resident_mib(child.pid or 0) for child in (worker, ingest)}
        finally:
            for child in (ingest, worker, simulator.child):
                arena.end(child)
    report.notes["whole line"] = {"bills": bills, "seconds": seconds, "µs a bill": used, "MiB": mib}
    told = " ".join(f"{name} {value:.0f}" for name, value in used.items())
    rate = (bills - first) / max(seconds, 1e-9)
    report.add(
        PART,
        Figure(
            "simulator to table, all on this machine", Ratio(rate, rate, rate), "/s", at_least(3000),
            f" {bills} bills; µs of processor a bill: {told}",
        ),
    )  # fmt: skip


def _until_still(url: str, began: float, still: float) -> tuple[float, int]:
    """Waits until so many seconds brought no new bill; seconds to the last one, and how many there are."""
    last, at = _stored(url), time.perf_counter()
    while time.perf_counter() - at < still and time.perf_counter() - began < _LIMIT_SECONDS:
        time.sleep(0.1)
        if (now := _stored(url)) != last:
            last, at = now, time.perf_counter()
    return at - began, last


def _stored(url: str) -> int:
    return asyncio.run(_count(url))


async def _count(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval("SELECT last_seq FROM change_counter"))
    finally:
        await connection.close()
