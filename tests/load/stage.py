"""The stage of the load and fault harnesses: real servers and processes and invented bills, in one temporary folder."""

import asyncio
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import asyncpg
from api_gateway.migrations.migration_runner import upgrade
from api_gateway.store.bill_state.write_items import ObservedItem
from api_gateway.store.bills.bill_writer import apply
from legis.domain.bill import Action, Bill, Provenance, Sponsorship, Subject
from legis.domain.vocabulary import (
    ActionKind,
    BillStatus,
    BillType,
    Chamber,
    ReadingPart,
    Source,
    SponsorKind,
    SponsorshipRole,
)
from legis.events import BillObserved, Walk, WindowRef
from legis_launcher.plan import nice_of
from legis_launcher.processes.child_process import Child
from legis_launcher.servers.ports import free_port
from legis_launcher.servers.postgres_server import PostgresServer
from legis_launcher.servers.redis_server import RedisServer
from toxics import Proxy
from words import WORDS

KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV")


class Stage:
    """PostgreSQL and Valkey in a folder of their own, and children that use them; `close` ends all of it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="legis-stage-"))
        self.folder.chmod(0o755)
        self.postgres, self.redis = PostgresServer(), RedisServer()
        self.children: list[Child] = []
        self._proxies: list[Proxy] = []
        self._last_words: list[Callable[[], object]] = []

    def open(self) -> None:
        """Starts the servers and makes a migrated database."""
        self.postgres.start(self.folder / "postgres", durable=False)
        self.redis.start(self.folder / "redis", durable=False)
        self.postgres.create_database("legis")
        asyncio.run(upgrade(self.postgres.url("legis")))

    def child(self, name: str, module: str, environment: Mapping[str, str]) -> Child:
        """Starts `python -m module`, with nothing of our own environment but what a process needs to run, and with the
        priority that a service of this name has.
        """
        inherited = {key: os.environ[key] for key in KEPT if key in os.environ}
        plain = {
            "DATABASE_URL": self.postgres.url("legis"),
            "REDIS_URL": self.redis.url(),
            "DATASET": "sample",
            "INDEX_FOLDER": str(self.folder / "index"),
            "RATE_LIMIT_PER_MINUTE": "100000000",
            "RATE_LIMIT_BURST": "1000000",
        }
        child = Child(
            name,
            [sys.executable, "-m", module],
            self.folder / f"{name}.log",
            {**inherited, **plain, **environment},
        )
        child.nice = nice_of(name)
        child.start()
        self.children.append(child)
        return child

    def start_indexer(self, **environment: str) -> Child:
        """Starts what keeps the index that web answers from; web waits for it."""
        return self.child("indexer", "api_gateway.indexer", {"INDEXER_PORT": str(free_port()), **environment})

    def web(self, **environment: str) -> tuple[Child, int]:
        """Starts the public API on a free port and waits until it is ready."""
        port = free_port()
        child = self.child("web", "api_gateway.web", {"PORT": str(port), **environment})
        until(lambda: status(f"http://127.0.0.1:{port}/api/health/ready") == 200, 90, "web ready")
        return child, port

    def proxy(self, port: int) -> Proxy:
        """A way to a port that can be spoilt."""
        made = Proxy(port)
        made.start()
        self._proxies.append(made)
        return made

    def through(self, port: int) -> str:
        """URL of the database by way of another port."""
        return self.postgres.url("legis").replace(f":{self.postgres.port}/", f":{port}/")

    def also(self, act: Callable[[], object]) -> None:
        """Does this too at the end."""
        self._last_words.append(act)

    def fill(self, bills: int) -> None:
        """Stores invented bills by the worker's own writer."""
        asyncio.run(_fill(self.postgres.url("legis"), bills))

    def close(self) -> None:
        """Ends what was started, last first."""
        for child in reversed(self.children):
            child.stop(10)
        for act in self._last_words:
            act()
        for proxy in self._proxies:
            proxy.close()
        self.redis.stop()
        self.postgres.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)


def until(true: Callable[[], object], within: float, what: str) -> None:
    """Waits for a condition; SystemExit when it does not come."""
    deadline = time.monotonic() + within
    while not true():
        if time.monotonic() > deadline:
            raise SystemExit(f"not within {within:g} s: {what}")
        time.sleep(0.05)


def status(url: str, timeout: float = 5) -> int:
    """Status of a GET; 0 where there was no answer."""
    try:
        with urllib.request.urlopen(url, timeout=timeout) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0


def run(command: list[str], timeout: float) -> str:
    """What a program printed; CalledProcessError when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=True)
    return done.stdout


async def _fill(url: str, bills: int) -> None:
    dice = random.Random(7)
    async with asyncpg.create_pool(url, min_size=1, max_size=2) as pool:
        for first in range(1, bills + 1, 500):
            batch = [observed(number, dice) for number in range(first, min(first + 500, bills + 1))]
            await apply(pool, batch, confirm_seconds=0)
        await pool.execute("ANALYZE")


def identifier_of(number: int) -> str:
    """The label of the invented bill with this number."""
    return f"{('PL', 'PEC', 'PLP', 'PDL')[number % 4]} {number}/{1990 + number % 36}"


def observed(number: int, dice: random.Random) -> ObservedItem:
    """One invented bill as the worker receives it."""
    at = datetime(2026, 6, 1, 15, tzinfo=UTC) - timedelta(minutes=number)
    identifier = identifier_of(number)
    kind, year = identifier.split()[0], int(identifier[-4:])
    bill = Bill(
        source=Source.CAMARA,
        upstream_id=str(number),
        chamber=Chamber.CAMARA,
        type=BillType(kind),
        type_code=kind,
        number=number,
        number_text=str(number),
        year=year,
        identifier=identifier,
        title=" ".join(dice.choices(WORDS, k=25)),
        introduced_on=date(year, 2, 1),
        status=dice.choice((BillStatus.IN_COMMITTEE, BillStatus.ARCHIVED)),
        status_text="Tramitando",
        in_progress=True,
        latest_action=Action(date=at.date(), at=at, kind=ActionKind.TRANSFERRED, description="Recebido"),
        sponsorships=(
            Sponsorship(
                name=f"Autora {number % 500}",
                role=SponsorshipRole.AUTHOR,
                kind=SponsorKind.LEGISLATOR,
                order=1,
                party="PSB",
                state="PE",
            ),
        ),
        subjects=(Subject(name=dice.choice(WORDS)),),
        url=f"https://house.example/{number}",
    )
    event = BillObserved(
        source=bill.source,
        published_at=datetime.now(UTC),
        window=WindowRef(window_id=f"stage-{number}", walk=Walk.INCREMENTAL, index=0),
        read_seq=number,
        bill=bill,
        provenance=Provenance(url=bill.url, fetched_at=at, payload_sha256="0" * 64, parser_version="1"),
        part=ReadingPart.DETAIL,
    )
    return ObservedItem(event)
