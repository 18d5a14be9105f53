"""The whole system as processes, once per session: the launcher's own `up`, on a small simulated Congress."""

import asyncio
import json
import os
import shutil
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from legis_launcher.processes.child_process import Child
from legis_launcher.run_folder import RunFolder, RunState

E2E = Path(__file__).parent
BILLS = 300
SETTINGS = {
    "LEGIS_UPSTREAM": "sample",
    "LEGIS_SAMPLE_BILLS": str(BILLS),
    "POLL_INTERVAL_SECONDS": "2",  # an idle system that polls each second takes half a core from the other tests
    "PORT": "0",
    "RATE_LIMIT_PER_MINUTE": "100000",
    "RATE_LIMIT_BURST": "100000",
    "BREAKER_OPEN_SECONDS": "4",
    "BREAKER_MAX_OPEN_SECONDS": "6",
    "BLOCK_SECONDS": "2",
    "BLOCK_MAX_SECONDS": "4",
    "SET_ASIDE_WAIT_SECONDS": "1",
    "YEARS_RETRY_SECONDS": "2",
}
FOREIGN = ("DATABASE_URL", "REDIS_URL", "CAMARA_BASE_URL", "CAMARA_FILES_URL", "SENADO_BASE_URL", "DATASET")

PATIENCE = 3
"""By so much a wait may last longer than on a machine that has nothing else to do."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the tests of the session's system last: it takes up to half a core, also while nobody asks it."""
    items.sort(key=lambda item: item.path.is_relative_to(E2E) and _uses_the_sessions_system(item))


def _uses_the_sessions_system(item: pytest.Item) -> bool:
    assert isinstance(item, pytest.Function)
    return "legis" in item.fixturenames and not hasattr(item.module, "legis")  # some modules have a system of that name


async def until(condition: Callable[[], object], what: str, within: float = 60) -> None:
    """Waits for a true value, in seconds; what was waited for is in the failure."""
    try:
        async with asyncio.timeout(within):
            while not condition():  # noqa: ASYNC110 — nothing tells of it
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"not within {within} s: {what}") from None


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer, errors included."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Legis:
    """A running system. Addresses stay; process ids change when something is restarted, so ask for them again."""

    folder: RunFolder
    base_url: str
    simulator_url: str
    database_url: str
    redis_url: str
    launcher: Child

    @property
    def state(self) -> RunState:
        """What the launcher says now."""
        state = self.folder.read()
        assert state is not None, self.launcher.log_tail(40)
        return state

    @property
    def pids(self) -> dict[str, int]:
        return {name: record.pid for name, record in self.state.processes.items()}

    @property
    def traces(self) -> list[Path]:
        """Files of finished spans, one per process."""
        return self.folder.traces()

    def log(self, name: str) -> str:
        return self.folder.log(name).read_text(errors="replace")

    def get(self, path: str, **headers: str) -> Reply:
        """GET on the public API, as a client would."""
        target = urllib.parse.quote(path, safe="/?&=%:+,;@")
        return _ask(urllib.request.Request(self.base_url + target, headers=headers))

    def simulator(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """GET on one of the simulator's own paths, or POST when there is a body; its JSON."""
        data = None if body is None else json.dumps(body).encode()
        reply = _ask(urllib.request.Request(self.simulator_url + path, data, {"Content-Type": "application/json"}))
        assert 200 <= reply.status < 300, reply
        return reply.json() if reply.body else None

    def simulator_delete(self, path: str) -> None:
        """DELETE on one of the simulator's own paths."""
        reply = _ask(urllib.request.Request(self.simulator_url + path, method="DELETE"))
        assert 200 <= reply.status < 300, reply

    def query(self, sql: str, *arguments: Any) -> list[tuple[Any, ...]]:
        """Rows straight from the database, to check what the API says."""

        async def ask() -> list[tuple[Any, ...]]:
            connection = await asyncpg.connect(self.database_url)
            try:
                return [tuple(row) for row in await connection.fetch(sql, *arguments)]
            finally:
                await connection.close()

        loop = asyncio.new_event_loop()
        try:
            return loop.run_until_complete(ask())
        finally:
            loop.close()

    def until(self, condition: Callable[[], object], within: float = 30, what: str = "the condition") -> Any:
        """Waits for a true value and gives it; what it last saw is in the failure. `within` is in seconds of a machine
        that is not busy with other things.
        """
        deadline = time.monotonic() + within * PATIENCE
        while not (seen := condition()):
            assert time.monotonic() < deadline, f"{what} was not true in {PATIENCE} x {within:.0f} s; last saw {seen!r}"
            time.sleep(0.1)
        return seen


def _ask(request: urllib.request.Request) -> Reply:
    try:
        with urllib.request.urlopen(request, timeout=10) as reply:
            return Reply(reply.status, dict(reply.headers), reply.read())
    except urllib.error.HTTPError as error:
        with error:
            return Reply(error.code, dict(error.headers), error.read())


@pytest.fixture(scope="session")
def legis() -> Iterator[Legis]:
    """The system, up and ready: 300 simulated bills, looked at every second."""
    with running({}) as system:
        yield system


@pytest.fixture(scope="module")
def legis_comparing() -> Iterator[Legis]:
    """A system of its own that compares the two last years all the time and believes a miss of the same day."""
    impatient = {"RECONCILE_INTERVAL_SECONDS": "2", "RECONCILE_MISSES": "2", "RECONCILE_DAYS": "0"}
    with running(
        {"LEGIS_SAMPLE_BILLS": "1500", "BACKFILL_FROM_YEAR": str(datetime.now(UTC).year - 1), **impatient}
    ) as system:
        yield system


@contextmanager
def running(more: Mapping[str, str], ready_within: float = 100) -> Iterator[Legis]:
    """A system with these settings besides the usual; it must be ready in so many seconds."""
    place = Path(tempfile.mkdtemp(prefix="legis-e2e-"))
    place.chmod(0o755)  # as root the database may run as another user
    environment = {name: value for name, value in os.environ.items() if name not in FOREIGN} | SETTINGS
    environment |= more
    command = [sys.executable, "-m", "legis_launcher", "up", "--run-dir", str(place)]
    launcher = Child("launcher", command, place / "launcher.log", environment)
    launcher.start()
    try:
        yield _wait_until_ready(launcher, RunFolder(place), ready_within)
    finally:
        launcher.stop(60)
        shutil.rmtree(place, ignore_errors=True)


def _wait_until_ready(launcher: Child, folder: RunFolder, within: float) -> Legis:
    deadline = time.monotonic() + within
    while (state := folder.read()) is None or state.phase != "ready":
        assert launcher.alive, f"the launcher ended:\n{launcher.log_tail(60)}"
        assert time.monotonic() < deadline, f"not ready after {within:.0f} s:\n{launcher.log_tail(60)}"
        time.sleep(0.1)
    assert state.simulator_url is not None
    return Legis(folder, state.web_url, state.simulator_url, state.database_url, state.redis_url, launcher)
