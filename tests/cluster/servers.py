"""All servers and processes of the cluster: PostgreSQL, poolers, Valkey, worker, two indexers, three webs, nginx."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from api_gateway.migrations import migration_runner
from api_gateway.migrations.database_roles import settle_roles
from legis_launcher.processes.child_process import Child
from legis_launcher.servers.ports import LOOPBACK, answers, free_port
from legis_launcher.servers.privilege_drop import choose_privilege_drop
from legis_launcher.servers.redis_server import RedisServer
from nginx_process import start_nginx
from rolling_system import Process

from cluster.postgres_cluster import DATABASE, PostgresCluster, until

STOP_SECONDS = 30.0
POOLER_PASSWORD = "pooled"
POOLER_VERSION = (1, 21)
"""The first PgBouncer that keeps prepared statements in transaction mode."""

POOLER_INI = """
[databases]
{database} = host={host} port={target} dbname={database} user=legis_web
[pgbouncer]
listen_addr = {host}
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 8
max_prepared_statements = 200
server_login_retry = 1
query_wait_timeout = 2
"""


@dataclass(slots=True)
class Servers:
    """Everything that runs. `poolers` is empty without PgBouncer; `hosts` are the index folders of two hosts, of which
    the first has two webs; `next_indexers` are for the same folders, and are not started: they take over from those.
    """

    database: PostgresCluster
    redis_url: str
    worker: Process
    indexers: tuple[Process, ...]
    next_indexers: tuple[Process, ...]
    webs: tuple[Process, ...]
    poolers: tuple[Child, ...]
    hosts: tuple[Path, Path]
    port: int
    children: list[Child]

    def web_port(self, number: int) -> int:
        """Port of one web process itself."""
        return int(self.webs[number].ready_url.split(":")[2].split("/")[0])


def find_pooler() -> str | None:
    """Path of PgBouncer: `PGBOUNCER`, or the one on the path; None where there is none, or one before 1.21."""
    found = os.environ.get("PGBOUNCER") or shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        return None
    told = subprocess.run([found, "--version"], capture_output=True, text=True, timeout=10, check=False).stdout
    version = re.search(r"PgBouncer (\d+)\.(\d+)", told)
    return found if version and tuple(map(int, version.groups())) >= POOLER_VERSION else None


@contextmanager
def running(folder: Path, nginx: str) -> Iterator[Servers]:
    """Everything up and ready, with an empty database; taken down at the end."""
    database, valkey = PostgresCluster(folder / "postgres"), RedisServer()
    children: list[Child] = []
    try:
        database.start()
        valkey.start(folder / "redis", durable=False)
        asyncio.run(_prepare(database))
        poolers, pooled = _start_poolers(folder, database, children)
        common = _common(database, valkey.url(0))
        hosts = (folder / "host-1", folder / "host-2")
        first, second = ({**common, "INDEX_FOLDER": str(host)} for host in hosts)
        worker = _process(folder, "worker", "api_gateway.worker", "WORKER_PORT", "", common)
        indexers = tuple(
            _process(folder, f"indexer-{n}", "api_gateway.indexer", "INDEXER_PORT", "", there)
            for n, there in enumerate((first, second), 1)
        )
        following = tuple(
            _process(folder, f"indexer-next-{n}", "api_gateway.indexer", "INDEXER_PORT", "", there)
            for n, there in enumerate((first, second), 1)
        )
        children += (process.child for process in following)  # `stop` of one that never ran does nothing
        webs = tuple(
            _process(folder, f"web-{n}", "api_gateway.web", "PORT", "/api", there)
            for n, there in enumerate((first, first, second | pooled), 1)
        )
        for process in (worker, *indexers, *webs):
            children.append(process.child)
            process.start()
        addresses = [web.ready_url.split("/")[2] for web in webs]
        proxy, port = start_nginx(
            nginx, folder / "nginx", addresses, LEGIS_CLIENT_RATE="10000", LEGIS_CLIENT_CONNECTIONS="100"
        )
        children.append(proxy)
        yield Servers(database, valkey.url(0), worker, indexers, following, webs, poolers, hosts, port, children)
    finally:
        for child in reversed(children):
            child.stop(STOP_SECONDS)
        valkey.stop()
        database.stop()


async def _prepare(database: PostgresCluster) -> None:
    await migration_runner.upgrade(database.primary.url)
    await settle_roles(database.primary.url, {"web": POOLER_PASSWORD}, lock_timeout=10)


def _common(database: PostgresCluster, redis_url: str) -> dict[str, str]:
    return {
        "DATABASE_URL": database.url(),
        "DATABASE_READ_URL": database.url("legis_web"),
        "REDIS_URL": redis_url,
        "RATE_LIMIT_BURST": "1000000",
        "RATE_LIMIT_PER_MINUTE": "100000000",
        "DRAIN_SECONDS": "0.5",
        "LOG_LEVEL": "WARNING",
        "PROXY_CACHE": "true",
        "INDEX_CHECK_SECONDS": "5",
    }


def _start_poolers(
    folder: Path, database: PostgresCluster, children: list[Child]
) -> tuple[tuple[Child, ...], dict[str, str]]:
    """A PgBouncer before each node, and the settings of a web that goes through them."""
    program = find_pooler()
    if program is None:
        return (), {}
    hosts, poolers = [], []
    for node in database.nodes.values():
        home = folder / f"pooler-{node.name}"
        home.mkdir()
        port = free_port()
        ini = home / "pgbouncer.ini"
        ini.write_text(POOLER_INI.format(database=DATABASE, host=LOOPBACK, target=node.port, port=port))
        drop = choose_privilege_drop(Path(program), home)
        poolers.append(Child(f"pooler-{node.name}", [*drop.prefix, program, str(ini)], home / "pgbouncer.log"))
        poolers[-1].start()
        until(lambda: answers(port), f"pooler {node.name}", poolers[-1])  # noqa: B023 (called at once)
        hosts.append(f"{LOOPBACK}:{port}")
    children += poolers
    url = f"postgresql://legis_web:{POOLER_PASSWORD}@{','.join(hosts)}/{DATABASE}"
    return tuple(poolers), {"DATABASE_URL": url, "DATABASE_READ_URL": url, "DATABASE_POOLED": "true"}


def _process(folder: Path, name: str, module: str, setting: str, prefix: str, common: dict[str, str]) -> Process:
    port = free_port()
    environment = {**os.environ, **common, setting: str(port)}
    child = Child(name, [sys.executable, "-m", module], folder / f"{name}.log", environment)
    return Process(child, f"http://{LOOPBACK}:{port}{prefix}/health/ready")
