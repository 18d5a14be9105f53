"""The processes of one run: real servers, the simulated chambers, and our services as they are started in earnest."""

import os
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from legis_launcher.processes.child_process import Child
from legis_launcher.servers.ports import free_port
from legis_launcher.servers.postgres_server import PostgresServer
from legis_launcher.servers.redis_server import RedisServer
from legis_launcher.servers.simulator import Simulator

from chaos.plan import Plan

MUTANT_PROCESS = Path(__file__).parents[1] / "mutants/mutant_process.py"
MODULES = {
    "worker-1": "api_gateway.worker",
    "worker-2": "api_gateway.worker",
    "indexer": "api_gateway.indexer",
    "web": "api_gateway.web",
    "ingest-camara": "ingest_camara",
    "ingest-senado": "ingest_senado",
    "notifier": "api_gateway.notifier",
    "exporter": "api_gateway.exporter",
}
PORT_SETTINGS = {
    "worker-1": "WORKER_PORT",
    "worker-2": "WORKER_PORT",
    "indexer": "INDEXER_PORT",
    "web": "PORT",
    "ingest-camara": "CAMARA_PORT",
    "ingest-senado": "SENADO_PORT",
    "notifier": "NOTIFIER_PORT",
    "exporter": "EXPORTER_PORT",
}
INHERITED = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH")
REQUESTS_PER_SECOND = 80
"""Enough to read 513 deputies, four requests each, within the time in which all must be well again; and below the 100
traces that a process begins in a second at most, since I12 looks for the trace of every update.
"""

IN_FLIGHT = 8
STREAM_CAPACITY = 100  # the smallest that the setting allows
CHECK_SECONDS = 2
"""Time between two checks of the index's checksums; an hour in earnest."""

SETTINGS: Mapping[str, str] = {
    "POLL_INTERVAL_SECONDS": "0.5",
    "READER_LEASE_SECONDS": "1",
    "WINDOW_CONFIRM_TIMEOUT_SECONDS": "2",
    "STREAM_CAPACITY": str(STREAM_CAPACITY),
    "WORKER_RECLAIM_IDLE_SECONDS": "1",
    "WORKER_BATCH_SIZE": "20",
    # a process is killed here every other second: in earnest five deliveries are a killer, here they are an afternoon
    "WORKER_MAX_DELIVERIES": "25",
    "REGRESSION_CONFIRM_SECONDS": "2",
    "LIST_SETTLE_SECONDS": "4",  # longer than a list fails
    "CAMARA_AGENDA_POLL_SECONDS": "3",
    "SENADO_AGENDA_POLL_SECONDS": "3",
    "CAMARA_VOTINGS_POLL_SECONDS": "3",
    "SENADO_VOTINGS_POLL_SECONDS": "3",
    "CAMARA_REQUESTS_PER_SECOND": str(REQUESTS_PER_SECOND),
    "CAMARA_MAX_IN_FLIGHT": str(IN_FLIGHT),
    "CAMARA_PAGE_SIZE": "10",  # so that its list has pages to move
    "SENADO_REQUESTS_PER_SECOND": str(REQUESTS_PER_SECOND),
    "SENADO_MAX_IN_FLIGHT": str(IN_FLIGHT),
    "BREAKER_OPEN_SECONDS": "1",
    "BREAKER_MAX_OPEN_SECONDS": "2",
    "BLOCK_SECONDS": "1.5",
    "BLOCK_MAX_SECONDS": "3",
    "SET_ASIDE_WAIT_SECONDS": "1",
    "YEARS_RETRY_SECONDS": "2",
    "INDEX_CHECK_SECONDS": str(CHECK_SECONDS),
    "INDEX_WRITER_MEGABYTES": "15",
    "RATE_LIMIT_PER_MINUTE": "1000000",
    "RATE_LIMIT_BURST": "1000000",
    "DATASET": "sample",
    "SIGNING_MASTER_KEY": "k" * 32,
    "EXPORT_KEEP": "4",
    "EXPORT_RETRY_SECONDS": "2",
    "PYTHONUNBUFFERED": "1",
}
_BRASILIA = timedelta(hours=-3)


class Cast:
    """Everything that runs. Start, kill and restart from the main thread: children are tied to it."""

    def __init__(self, folder: Path, plan: Plan, *, bills: int, from_year: int, patches: str) -> None:
        self.folder = folder
        self._from_year = from_year
        self._patches = patches
        self.postgres = PostgresServer()
        self.redis = RedisServer()
        starts = (datetime.now(UTC) + _BRASILIA + timedelta(seconds=plan.skew)).replace(tzinfo=None)
        options = ("--changes-per-minute", "0", "--former-deputies", "0", "--starts-at", starts.isoformat())
        self.simulator = Simulator(folder, seed=plan.seed, bills=bills, options=options)
        self.services: dict[str, Child] = {}
        self.slowness = 1.0
        """By how much longer than on two quiet cores things take here; limits of time are multiplied by it."""
        self.ports = {name: free_port() for name in MODULES}

    @property
    def database_url(self) -> str:
        return self.postgres.url("legis")

    @property
    def index_folder(self) -> Path:
        return self.folder / "index"

    @property
    def web_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['web']}"

    def start_servers(self) -> None:
        """PostgreSQL with our schema, Redis, the simulator."""
        self.postgres.start(self.folder / "postgres", durable=False)
        self.postgres.create_database("legis")
        self.redis.start(self.folder / "redis", durable=True)
        self.simulator.start()
        migrate = Child(
            "migrate",
            [sys.executable, "-m", "api_gateway.migrations"],
            self.folder / "migrate.log",
            self._environment("migrate"),
        )
        migrate.start()
        if not migrate.wait_for_end(60) or migrate.exit_code != 0:
            raise RuntimeError(f"migrations failed:\n{migrate.log_tail()}")
        self.postgres.execute("CREATE SEQUENCE chaos_seq", "legis")  # for the mutant seq_outside_lock alone

    def start_services(self) -> None:
        for name, module in MODULES.items():
            command = [sys.executable, str(MUTANT_PROCESS), self._patches, module]
            self.services[name] = Child(name, command, self.folder / f"{name}.log", self._environment(name))
            self.services[name].start()

    def child(self, name: str) -> Child:
        if name == "redis":
            return self.redis.child
        return self.postgres.child if name == "postgres" else self.services[name]

    def bring_back(self, name: str) -> None:
        """Starts again what was killed; a server is waited for."""
        if name == "redis":
            self.redis.restart()
        elif name == "postgres":
            self.postgres.restart()
        elif not self.services[name].alive:
            self.services[name].start()

    def stop(self) -> None:
        for child in self.services.values():
            child.kill()
        self.simulator.child.kill()
        self.redis.child.kill()
        self.postgres.stop("immediate")

    def trace_files(self) -> list[Path]:
        return sorted(self.folder.glob("*.trace*"))

    def _environment(self, name: str) -> dict[str, str]:
        inherited = {
            key: os.environ[key] for key in ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH") if key in os.environ
        }
        url = self.simulator.url
        own = {PORT_SETTINGS[name]: str(self.ports[name])} if name in PORT_SETTINGS else {}
        return {
            **inherited,
            **SETTINGS,
            **own,
            "BACKFILL_FROM_YEAR": str(self._from_year),
            "CAMARA_AGENDAS_FROM_YEAR": str(self._from_year),
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis.url(),
            "INDEX_FOLDER": str(self.index_folder),
            "EXPORTS_FOLDER": str(self.folder / "exports"),
            "EXPORT_SCRATCH_FOLDER": str(self.folder / "scratch"),
            "CAMARA_BASE_URL": f"{url}/camara/api/v2",
            "CAMARA_FILES_URL": f"{url}/camara/arquivos",
            "SENADO_BASE_URL": f"{url}/senado/dadosabertos",
            "LEGIS_TRACE_FILE": str(self.folder / f"{name}.trace"),
            "CHAOS_FOLDER": str(self.folder),
        }


def wait_until(moment: float) -> None:
    """Sleeps until a monotonic moment."""
    while (left := moment - time.monotonic()) > 0:
        time.sleep(min(left, 0.05))
