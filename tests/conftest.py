"""Fixtures every test may use: real servers on loopback, fresh databases, a simulated Congress."""

import asyncio
import gc
import itertools
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings
from legis_launcher.servers.postgres_server import PostgresServer
from legis_launcher.servers.redis_server import DATABASES, RedisServer
from legis_launcher.servers.simulator import Simulator

# How quickly a machine draws examples says nothing about the product; two test processes share the cores.
settings.register_profile("legis", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("legis")

# The default of structlog draws each traceback with the source and the locals of every frame, for seconds.
structlog.configure(
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)

# By the defaults of Python, each full collection examines every module, test and record again: two fifths of the
# processor time where many records are read. The services do the same when they have started.
gc.set_threshold(50_000, 10, 5)

TESTS = Path(__file__).parent
sys.path.append(str(TESTS))  # what several test modules share stands beside them: `from contract.shapes import …`
pytest.register_assert_rewrite("contract", "integration", "unit", "monitoring", "compose")  # failures say what they saw
FOLDERS = (
    "unit", "contract", "integration", "e2e", "architecture", "twin", "chaos", "compose", "k8s", "monitoring",
    "scripts", "clients", "browser",
)  # fmt: skip
TEMPLATE = "legis_template"
COPY_SECONDS = 60.0
"""Longest time for a copy of the template; a quarter of a second where the machine is quiet."""

_HALF = DATABASES // 2  # logical databases: the lower half for tests, the upper for modules
_numbers = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks each test by the folder it lives in, so that nobody forgets one."""
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0] if item.path.is_relative_to(TESTS) else ""
        if folder in FOLDERS:
            item.add_marker(folder)


def pytest_collection_finish() -> None:
    """Excludes the loaded modules and the tests themselves from garbage collection."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def closed_port() -> Iterator[int]:
    """A port of loopback that refuses connections. One that was free a moment ago may be anybody's by now."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound and never listened on
        yield held.getsockname()[1]


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """Where this session's servers keep their files; short, and outside pytest's own numbered folders."""
    folder = Path(tempfile.mkdtemp(prefix="legis-tests-"))
    folder.chmod(0o755)  # as root the database may run as another user, who must be able to pass through
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server(server_folder: Path) -> Iterator[PostgresServer]:
    """PostgreSQL of the session, without safety against power loss."""
    server = PostgresServer()
    server.start(server_folder / "postgres", durable=False)
    yield server
    server.stop("immediate")


@pytest.fixture(scope="session")
def redis_server(server_folder: Path) -> Iterator[RedisServer]:
    """Valkey of the session, in memory only."""
    server = RedisServer()
    server.start(server_folder / "redis", durable=False)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def migrated_template(postgres_server: PostgresServer) -> str:
    """Name of a database at the newest schema, from which others are copied; never connect to it."""
    from api_gateway.migrations.migration_runner import upgrade  # here: tests without a database need no migrations

    postgres_server.create_database(TEMPLATE)
    with ThreadPoolExecutor(1) as thread:  # a loop of its own, whatever loop the tests run on
        thread.submit(lambda: asyncio.run(upgrade(postgres_server.url(TEMPLATE)))).result(60)
    return TEMPLATE


class DatabaseCopies:
    """Makes and drops databases on a thread of its own: a copy takes a quarter of a second, for which no test waits."""

    def __init__(self, server: PostgresServer, template: str) -> None:
        self._server = server
        self._template = template
        self._numbers = itertools.count(1)
        self._thread = ThreadPoolExecutor(1)
        self._ready = self._thread.submit(self._copy)

    @contextmanager
    def one(self) -> Iterator[str]:
        """The address of a fresh database; it is dropped afterwards."""
        name = self._ready.result(COPY_SECONDS)
        self._ready = self._thread.submit(self._copy)
        yield self._server.url(name)
        self._thread.submit(self._server.drop_database, name)

    def close(self) -> None:
        """Ends when what was begun is done."""
        self._thread.shutdown()

    def _copy(self) -> str:
        name = f"test_{next(self._numbers)}"
        # copied as files: half the processor time of the default way, which logs each page
        self._server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{self._template}" STRATEGY FILE_COPY')
        return name


@pytest.fixture(scope="session")
def database_copies(postgres_server: PostgresServer, migrated_template: str) -> Iterator[DatabaseCopies]:
    """Databases at the newest schema, copied ahead of their tests."""
    copies = DatabaseCopies(postgres_server, migrated_template)
    yield copies
    copies.close()


@pytest.fixture
def empty_database_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A fresh database without any table."""
    name = f"empty_{next(_numbers)}"
    postgres_server.create_database(name)
    yield postgres_server.url(name)
    postgres_server.drop_database(name)


@pytest.fixture
def database_url(database_copies: DatabaseCopies) -> Iterator[str]:
    """A fresh database at the newest schema, for one test."""
    with database_copies.one() as url:
        yield url


@pytest.fixture(scope="module")
def module_database_url(database_copies: DatabaseCopies) -> Iterator[str]:
    """A fresh database at the newest schema, shared by one module's tests."""
    with database_copies.one() as url:
        yield url


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """An empty logical database, for one test. Pub/sub channels are the server's, not the database's."""
    return _empty_redis(redis_server, next(_numbers) % _HALF)


@pytest.fixture(scope="module")
def module_redis_url(redis_server: RedisServer) -> str:
    """An empty logical database, shared by one module's tests."""
    return _empty_redis(redis_server, _HALF + next(_numbers) % _HALF)


def _empty_redis(server: RedisServer, number: int) -> str:
    server.execute("FLUSHDB", database=number)
    return server.url(number)


SimulatorFactory = Callable[..., Simulator]


@pytest.fixture(scope="session")
def simulator(server_folder: Path) -> Iterator[SimulatorFactory]:
    """`simulator(seed=…, bills=…, options=…)` starts one and gives it; the same arguments give the same one again."""
    running: dict[tuple[object, ...], Simulator] = {}

    def start(*, seed: int = 1, bills: int = 300, options: tuple[str, ...] = (), fresh: bool = False) -> Simulator:
        key = (seed, bills, options, next(_numbers) if fresh else 0)
        if key not in running or not running[key].child.alive:
            made = Simulator(server_folder / f"simulator-{next(_numbers)}", seed=seed, bills=bills, options=options)
            made.start()
            running[key] = made
        return running[key]

    yield start
    for one in running.values():
        one.stop()
