"""Runs every phase under traffic and prints what readers saw. Status 1 if a reply failed or was wrong, or a bill lost;
3 if nothing failed, but nginx or PgBouncer is missing, so that not everything was tried.

Run by `make cluster-test`.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import asyncpg
from nginx_process import find_nginx
from rolling_client import Tally, load

from cluster.phases import PHASES, Phase, processor_seconds
from cluster.servers import Servers, find_pooler, running
from cluster.traffic import Observed, Traffic

STORED_SECONDS = 60.0
EVENNESS_REQUESTS = 2000
EVENNESS_RATE = 300.0
NOT_RUN = 3
"""Exit status, as `make nightly` knows it."""

MOST_DEARER = 1.15
"""Most processor time of a request with two webs, relative to one."""


async def stored(servers: Servers, bills: int) -> int:
    """Waits until so many bills are stored; how many are."""
    found = 0
    async with asyncio.timeout(STORED_SECONDS * 2):
        for _ in range(int(STORED_SECONDS * 5)):
            connection = await asyncpg.connect(servers.database.primary.url)
            found = int(await connection.fetchval("SELECT count(*) FROM bill"))
            await connection.close()
            if found >= bills:
                break
            await asyncio.sleep(0.2)
    return found


async def watch(servers: Servers, phases: Sequence[Phase]) -> bool:
    """Every phase under traffic; whether all went well."""
    traffic = Traffic(servers.port, [servers.web_port(n) for n in range(3)], servers.redis_url)
    await traffic.seed()
    await stored(servers, traffic.published)
    await asyncio.sleep(2)
    running = asyncio.create_task(traffic.run())
    good = True
    for phase in phases:
        traffic.seen = seen = Observed()
        told = await phase.act(servers, traffic)
        good &= report(phase.name, seen, told)
    traffic.over.set()
    await running
    kept = await stored(servers, traffic.published)
    print(
        f"cluster: {traffic.published} bills published, {kept} stored; {traffic.counter} versions of one bill",
        flush=True,
    )
    return good and kept == traffic.published


def report(name: str, seen: Observed, told: str) -> bool:
    """Prints one phase; whether nothing failed and nothing was wrong."""
    tally, failed = seen.tally, seen.tally.failed + len(seen.failed)
    p50, p99 = (1000 * tally.percentile(share) for share in (0.5, 0.99))
    print(
        f"cluster: {name}: {tally.sent} requests and {seen.followed} entries followed, {failed} failed,"
        f" {len(seen.wrong)} wrong, p50 {p50:.0f} ms, p99 {p99:.0f} ms{', ' if told else ''}{told}",
        flush=True,
    )
    for what in (*tally.failures[:5], *seen.failed[:5]):
        print(f"    failed: {what}")
    for what in seen.wrong[:5]:
        print(f"    wrong: {what}")
    return not failed and not seen.wrong


async def ask(port: int, traffic: Traffic, requests: int, rate: float) -> Tally:
    """Sends so many requests to one web."""
    tally = Tally()
    await load(port, traffic.questions(), tally, lambda: tally.sent >= requests, rate=rate, connections=8)
    return tally


async def cost(servers: Servers) -> bool:
    """Processor seconds of 1 000 requests on one web, then on two at the same rate each; whether the second is not much
    more expensive.
    """
    traffic = Traffic(servers.port, [], servers.redis_url)
    found = []
    for count in (1, 2, 1, 2):
        pids = [web.child.pid or 0 for web in servers.webs[:count]]
        before = sum(map(processor_seconds, pids))
        ports = [servers.web_port(number) for number in range(count)]
        tallies = await asyncio.gather(*(ask(port, traffic, EVENNESS_REQUESTS, EVENNESS_RATE) for port in ports))
        sent = sum(tally.sent for tally in tallies)
        found.append((sum(map(processor_seconds, pids)) - before) / sent * 1000)
    one, two = min(found[0], found[2]), min(found[1], found[3])
    print(f"cluster: processor seconds per 1 000 requests: one web {one:.2f}, two {two:.2f}, {two / one:.2f}x")
    return two <= MOST_DEARER * one


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="names of phases, separated by commas")
    options = parser.parse_args()
    wanted = [name.strip() for name in options.only.split(",") if name.strip()]
    if unknown := set(wanted) - {phase.name for phase in PHASES}:
        parser.error(f"no such phase: {', '.join(sorted(unknown))}")
    phases = [phase for phase in PHASES if not wanted or phase.name in wanted]
    nginx = find_nginx()
    if nginx is None:
        print("cluster: not run, there is no nginx on this machine (Debian: apt-get install nginx-light)")
        return NOT_RUN
    pooler = find_pooler()
    untried = [phase.name for phase in phases if phase.needs_pooler and pooler is None]
    phases = [phase for phase in phases if phase.name not in untried]
    if not phases:
        print(f"cluster: not run: {', '.join(untried)}: there is no PgBouncer of 1.21 or newer")
        return NOT_RUN
    print(f"cluster: nginx, a primary, two standbys, three webs, two indexers; pooler: {pooler or 'none'}")
    with tempfile.TemporaryDirectory(prefix="legis-cluster-") as name:
        Path(name).chmod(0o755)  # as root, servers run as other users
        with running(Path(name), nginx) as servers:
            good = asyncio.run(watch(servers, phases))
            if not wanted:
                good &= asyncio.run(cost(servers))
            if not good:
                print(*(f"--- {one.name}\n{one.log_tail(15)}" for one in servers.children), sep="\n")
    lacking = f"; not run: {', '.join(untried)}, for want of PgBouncer 1.21 or newer" if untried else ""
    print(f"cluster: {'all that was run went well' if good else 'something failed'}{lacking}")
    return 1 if not good else NOT_RUN if untried else 0


if __name__ == "__main__":
    sys.exit(main())
