"""What the rolling restarts need on one machine: servers, two web processes, a worker, indexers, and nginx in front."""

import asyncio
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from api_gateway.migrations import migration_runner
from legis_launcher.processes.child_process import Child
from legis_launcher.servers.ports import free_port
from legis_launcher.servers.postgres_server import PostgresServer
from legis_launcher.servers.redis_server import RedisServer
from nginx_process import start_nginx

NEXT_RELEASE = str(Path(__file__).with_name("next_release.py"))
START_SECONDS = 180.0
STOP_SECONDS = 30.0


class DidNotWork(RuntimeError):
    """A process did not become ready, or did not end when it was told to."""


@dataclass(frozen=True, slots=True)
class Process:
    """One of our processes with the address where it says that it is ready."""

    child: Child
    ready_url: str

    def start(self) -> None:
        """Starts it and waits until it is ready."""
        self.child.start()
        deadline = time.monotonic() + START_SECONDS
        while not _is_200(self.ready_url):
            if not self.child.alive or time.monotonic() > deadline:
                raise DidNotWork(f"{self.child.name} did not become ready:\n{self.child.log_tail(30)}")
            time.sleep(0.05)

    def renew(self) -> None:
        """From its next start on it is of the next release."""
        if NEXT_RELEASE not in self.child.command:
            self.child.command = [sys.executable, NEXT_RELEASE, self.child.command[-1]]

    def restart(self) -> float:
        """SIGTERM, its end, and ready again; the seconds from the signal to its end."""
        took = self.stop()
        self.start()
        return took

    def stop(self) -> float:
        """SIGTERM and its end, in good order; the seconds between them."""
        began = time.monotonic()
        if not self.child.stop(STOP_SECONDS):
            raise DidNotWork(f"{self.child.name} did not end within {STOP_SECONDS:g} s of SIGTERM")
        took = time.monotonic() - began
        if self.child.exit_code != 0:
            raise DidNotWork(f"{self.child.name} ended with status {self.child.exit_code}")
        return took


@dataclass(frozen=True, slots=True)
class System:
    """All that runs; `port` is nginx's, `indexers` are of this release and of the next, which is not started yet."""

    webs: tuple[Process, ...]
    worker: Process
    indexers: tuple[Process, Process]
    index_folder: Path
    database_url: str
    redis_url: str
    port: int
    proxy: Child

    def log_tails(self) -> list[str]:
        """The end of each log, for a run that failed."""
        children = (self.proxy, *(process.child for process in (*self.webs, self.worker, *self.indexers)))
        return [f"--- {child.name}\n{child.log_tail(20)}" for child in children]


@contextmanager
def running(folder: Path, nginx: str, *, drain_seconds: float) -> Iterator[System]:
    """Everything up and ready, with an empty database; taken down at the end."""
    postgres, valkey = PostgresServer(), RedisServer()
    started: list[Child] = []
    try:
        postgres.start(folder / "postgres", durable=False)
        valkey.start(folder / "redis", durable=False)
        postgres.create_database("rolling")
        url, redis_url = postgres.url("rolling"), valkey.url(0)
        asyncio.run(migration_runner.upgrade(url))
        common = {"DATABASE_URL": url, "REDIS_URL": redis_url, "RATE_LIMIT_BURST": "1000000"}
        common["RATE_LIMIT_PER_MINUTE"] = "100000000"
        common |= {"DRAIN_SECONDS": str(drain_seconds), "LOG_LEVEL": "WARNING", "PROXY_CACHE": "true"}
        common |= {"INDEX_FOLDER": str(folder / "index"), "INDEX_CHECK_SECONDS": "5"}
        webs = tuple(_process(folder, f"web-{n}", "api_gateway.web", "PORT", "/api", common) for n in (1, 2))
        worker = _process(folder, "worker", "api_gateway.worker", "WORKER_PORT", "", common)
        indexer, following = (
            _process(folder, name, "api_gateway.indexer", "INDEXER_PORT", "", common)
            for name in ("indexer", "indexer-next")
        )
        following.renew()
        started.append(following.child)  # `stop` of one that never ran does nothing
        for process in (indexer, *webs, worker):
            started.append(process.child)
            process.start()
        servers = [process.ready_url.split("/")[2] for process in webs]
        proxy, port = start_nginx(
            nginx, folder / "nginx", servers, LEGIS_CLIENT_RATE="10000", LEGIS_CLIENT_CONNECTIONS="100"
        )
        started.append(proxy)
        yield System(webs, worker, (indexer, following), folder / "index", url, redis_url, port, proxy)
    finally:
        for child in reversed(started):
            child.stop(STOP_SECONDS)
        valkey.stop()
        postgres.stop("immediate")


def _process(folder: Path, name: str, module: str, setting: str, prefix: str, common: dict[str, str]) -> Process:
    port = free_port()
    environment = {**os.environ, **common, setting: str(port)}
    child = Child(name, [sys.executable, "-m", module], folder / f"{name}.log", environment)
    return Process(child, f"http://127.0.0.1:{port}{prefix}/health/ready")


def _is_200(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as reply:
            return bool(reply.status == 200)
    except (OSError, urllib.error.HTTPError):
        return False
