"""Processor time of a page of the site, beside that of the calls of the API that it shows.

Run by `make page-cost`. A real site in front of a real API over PostgreSQL. Which calls a page makes is seen at a door
between the two; then pages, and the same calls without a page, are asked for in turns over kept connections. Ends with
1 where the API spends more on a page than `--limit` times what the page's calls cost it alone.
"""

import argparse
import asyncio
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import quote

import asyncpg
from bench.system import cpu
from integration.store.records.record_readings import reading, store, votes, voting
from legis_launcher.processes.child_process import Child
from legis_launcher.servers.ports import free_port
from load.pages.door import Door
from stage import Stage, identifier_of, status, until
from words import WORDS

KINDS: dict[str, Callable[[int], str]] = {
    "bill": lambda number: "/" + identifier_of(number).lower().replace(" ", "/"),
    "results": lambda number: f"/?q={quote(WORDS[number])}&sort=relevance",
    "vote": lambda number: f"/votes/camara-vote-{number}",
}
"""By kind of page, the address of one by a number."""

SEATS = "Y" * 300 + "N" * 120 + "AAOP" + "Y" * 80
READY_WITHIN = 300.0
"""Seconds: processor time is also worth reading on a machine that is busy with other things, and slow to start."""

UNASKED = ("/api/v1/subscriptions/options",)
"""Paths of the API that the site asks for by itself once in a while."""

DIFFERENT = 20
"""Pages of a kind that are asked for, one after the other."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of processor for one page: of the site, of the API for it, of the API for its calls alone."""

    site: float
    web: float
    calls: float


def main() -> int:
    """Prints the figures; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bills", type=int, default=2000)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--limit", type=float, default=3.0)
    asked = parser.parse_args()
    stage = Stage()
    try:
        stage.open()
        stage.fill(asked.bills)
        asyncio.run(_votings(stage.postgres.url("legis")))
        stage.start_indexer()
        return max(
            _measured(stage, "made again", {"RESPONSE_CACHE_ENTRIES": "0"}, asked),
            _measured(stage, "kept", {}, asked),
        )
    finally:
        stage.close()


def _measured(stage: Stage, label: str, settings: dict[str, str], asked: argparse.Namespace) -> int:
    web, web_port = _served(stage, "web", "PORT", "/api/health/ready", settings)
    door = Door(web_port)
    api = {"API_URL": f"http://127.0.0.1:{door.port}"}
    site, site_port = _served(stage, "site", "SITE_PORT", "/health/live", api)
    pages, calls = HTTPConnection("127.0.0.1", site_port), HTTPConnection("127.0.0.1", web_port)
    print(f"\nreplies of the API {label}: milliseconds of processor for a page, medians of {asked.turns} turns")
    print(f"{'page':<10}{'calls':>7}{'site':>8}{'API':>8}{'calls alone':>13}{'API : calls':>13}{'all : calls':>13}")
    kept = True
    for kind, address in KINDS.items():
        paths = [address(number) for number in range(1, DIFFERENT + 1)]
        shown = [path for path in door.seen(lambda paths=paths: _ask(pages, paths)) if path not in UNASKED]
        found = [_turn(site, web, pages, paths, calls, shown) for _ in range(asked.turns)]
        own, api, alone = (statistics.median(getattr(one, name) for one in found) for name in ("site", "web", "calls"))
        print(
            f"{kind:<10}{len(shown) / len(paths):>7.1f}{own:>8.2f}{api:>8.2f}{alone:>13.2f}"
            f"{api / max(alone, 1e-6):>13.2f}{(own + api) / max(alone, 1e-6):>13.2f}",
            flush=True,
        )
        kept &= api <= asked.limit * alone
    for child in (site, web):
        child.stop(10)
        stage.children.remove(child)
    door.close()
    return 0 if kept else 1


def _turn(
    site: Child, web: Child, pages: HTTPConnection, paths: Sequence[str], calls: HTTPConnection, shown: Sequence[str]
) -> Cost:
    before = _used(site), _used(web)
    _ask(pages, paths)
    between = _used(site), _used(web)
    _ask(calls, shown)
    each = 1000 / len(paths)
    return Cost((between[0] - before[0]) * each, (between[1] - before[1]) * each, (_used(web) - between[1]) * each)


def _used(child: Child) -> float:
    return cpu.family_seconds(child.pid or 0)


def _ask(connection: HTTPConnection, targets: Sequence[str]) -> None:
    for target in targets:
        connection.request("GET", target, headers={"Accept-Language": "pt-BR"})
        reply = connection.getresponse()
        body = reply.read()
        if reply.status != 200:
            raise SystemExit(f"{reply.status} for {target}: {body[:300]!r}")


def _served(stage: Stage, name: str, port_setting: str, health: str, settings: Mapping[str, str]) -> tuple[Child, int]:
    port = free_port()
    child = stage.child(name, f"api_gateway.{name}", {port_setting: str(port), **settings})
    until(lambda: status(f"http://127.0.0.1:{port}{health}") == 200, READY_WITHIN, f"{name} is ready")
    return child, port


async def _votings(url: str) -> None:
    parties = ("PT", "PL", "PSB", "MDB", "PP", "PSD", "PSOL", "NOVO")
    held = [
        reading(voting(number, bill=f"camara-{number}", votes=votes(SEATS, parties=parties), nominal=True), number)
        for number in range(1, DIFFERENT + 1)
    ]
    async with asyncpg.create_pool(url, min_size=1, max_size=2) as pool:
        await store(pool, *held)


if __name__ == "__main__":
    sys.exit(main())
