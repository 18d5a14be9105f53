"""What is done to the cluster, one phase after the other, and when a phase is over."""

import asyncio
import os
import shutil
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from legis_launcher.processes.child_process import ChildFailed
from rolling_system import Process
from stage import status

from cluster.servers import Servers
from cluster.traffic import Traffic

NOTICE_SECONDS = 0.3
"""Time that a supervisor takes to notice that a process is gone."""

QUIET_SECONDS = 8.0
HARM_SECONDS = 6.0
WITHIN_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Phase:
    """A name and what is done; `act` returns what the report says of it, and raises ChildFailed."""

    name: str
    act: Callable[[Servers, Traffic], Awaitable[str]]
    needs_pooler: bool = False


async def quiet(_: Servers, __: Traffic) -> str:
    """Nothing happens."""
    await asyncio.sleep(QUIET_SECONDS)
    return ""


async def failover(servers: Servers, _: Traffic) -> str:
    """The primary is killed, and the standby with most is promoted."""
    database = servers.database
    before, killed = await _head(database.primary.url), time.monotonic()
    database.primary.kill()
    await asyncio.sleep(NOTICE_SECONDS)
    await asyncio.to_thread(database.promote)
    await _until(lambda: _wrote_past(database.primary.url, before), "writes are back")
    back = time.monotonic() - killed
    if back > 5:
        raise ChildFailed(f"writes were back after {back:.1f} s")
    await asyncio.sleep(QUIET_SECONDS)
    return f"writes back after {back:.1f} s"


async def rejoin(servers: Servers, _: Traffic) -> str:
    """The dead primary comes back as a standby."""
    began = time.monotonic()
    for node in servers.database.standbys:
        if not node.child.alive:
            await asyncio.to_thread(node.rewind)
            node.child.start()  # here in the main thread, to which children are tied
            await asyncio.to_thread(node.settle)
    await asyncio.to_thread(servers.database.until_streaming)
    await asyncio.sleep(QUIET_SECONDS / 2)
    return f"streams again after {time.monotonic() - began - QUIET_SECONDS / 2:.1f} s"


async def frozen_standby(servers: Servers, _: Traffic) -> str:
    """A standby stands still with its connections open."""
    node = servers.database.standbys[0]
    node.signal(signal.SIGSTOP)
    try:
        await asyncio.sleep(HARM_SECONDS)
    finally:
        node.signal(signal.SIGCONT)
    await asyncio.sleep(1)
    return ""


async def lagging_standby(servers: Servers, _: Traffic) -> str:
    """A standby receives and does not replay."""
    node = servers.database.standbys[0]
    await asyncio.to_thread(node.ask, "SELECT pg_wal_replay_pause()")
    await asyncio.sleep(HARM_SECONDS)
    behind = await _head(servers.database.primary.url) - await _head(node.url)
    await asyncio.to_thread(node.ask, "SELECT pg_wal_replay_resume()")
    await asyncio.sleep(1)
    if behind <= 0:
        raise ChildFailed("the standby did not lag")
    return f"{behind} entries behind"


async def lost_pooler(servers: Servers, _: Traffic) -> str:
    """The pooler of each node is killed and started again, one after the other."""
    for pooler in servers.poolers:
        pooler.kill()
        await asyncio.sleep(1)
        pooler.start()
        await asyncio.sleep(1)
    return f"{len(servers.poolers)} poolers"


async def lost_index(servers: Servers, _: Traffic) -> str:
    """The index folder of the second host is deleted; its indexer builds it again."""
    folder = servers.hosts[1]
    began = time.monotonic()
    shutil.rmtree(folder, ignore_errors=True)  # what the indexer writes meanwhile may stay

    async def built() -> bool:
        return any(folder.glob("schema-*/current"))

    await _until(built, "the index is built again")
    took = time.monotonic() - began
    await asyncio.sleep(2)
    return f"built again after {took:.1f} s"


async def rolling(servers: Servers, _: Traffic) -> str:
    """Every process is restarted in turn, as what it is. An indexer is relieved by another one, which waits beside it
    for the lock of the folder: however long a start takes, the index stays behind for no longer than that.
    """
    told = await _in_turn((*servers.webs, servers.worker))
    await _start_next_indexers(servers)
    for old in servers.indexers:
        await asyncio.to_thread(old.stop)
    servers.indexers, servers.next_indexers = servers.next_indexers, servers.indexers
    await asyncio.sleep(QUIET_SECONDS / 2)
    return f"{told}, and {len(servers.indexers)} indexers relieved"


async def upgrade(servers: Servers, _: Traffic) -> str:
    """Every process is replaced in turn by one of the next release, whose index has another schema: first the indexers,
    beside which those of this release go on until no web reads their index.
    """
    for process in (*servers.next_indexers, *servers.webs, servers.worker):
        process.renew()
    await _start_next_indexers(servers)
    told = await _in_turn((*servers.webs, servers.worker))
    for old in servers.indexers:
        await asyncio.to_thread(old.stop)
    await asyncio.sleep(QUIET_SECONDS)
    return f"{told}, and {len(servers.next_indexers)} indexers beside those before"


async def _start_next_indexers(servers: Servers) -> None:
    """Starts them beside those that run, and waits until they are ready."""
    for old, new in zip(servers.indexers, servers.next_indexers, strict=True):
        new.child.start()
        await _until(lambda: _is_ready(new), f"{new.child.name} is ready")  # noqa: B023 (awaited at once)
        assert old.child.alive


async def _in_turn(processes: Sequence[Process]) -> str:
    for process in processes:
        await asyncio.to_thread(process.stop)
        process.child.start()
        await _until(lambda: _is_ready(process), f"{process.child.name} is ready")  # noqa: B023 (awaited at once)
        await asyncio.sleep(0.5)
    return f"{len(processes)} processes"


async def triple_load(_: Servers, traffic: Traffic) -> str:
    """Three times the requests."""
    traffic.rate *= 3
    await asyncio.sleep(QUIET_SECONDS)
    traffic.rate /= 3
    return f"{3 * traffic.rate:.0f} requests/s"


PHASES = (
    Phase("quiet", quiet),
    Phase("primary killed", failover),
    Phase("old primary rejoins", rejoin),
    Phase("standby frozen", frozen_standby),
    Phase("standby lags", lagging_standby),
    Phase("pooler lost", lost_pooler, needs_pooler=True),
    Phase("index copy lost", lost_index),
    Phase("rolling restart", rolling),
    Phase("3 x load", triple_load),
    Phase("rolling upgrade", upgrade),
)


def processor_seconds(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _head(url: str) -> int:
    connection = await asyncpg.connect(url, timeout=2)
    try:
        return int(await connection.fetchval("SELECT last_seq FROM change_counter"))
    finally:
        await connection.close()


async def _wrote_past(url: str, seq: int) -> bool:
    try:
        return await _head(url) > seq
    except (OSError, asyncpg.PostgresError, TimeoutError):
        return False


async def _is_ready(process: Process) -> bool:
    return await asyncio.to_thread(status, process.ready_url) == 200


async def _until(true: Callable[[], Awaitable[bool]], what: str) -> None:
    deadline = time.monotonic() + WITHIN_SECONDS
    while not await true():
        if time.monotonic() > deadline:
            raise ChildFailed(f"not within {WITHIN_SECONDS:g} s: {what}")
        await asyncio.sleep(0.05)
