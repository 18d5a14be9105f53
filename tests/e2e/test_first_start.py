"""A first start where something is wrong: the console says in one line what it is and what to do."""

import os
import shutil
import signal
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from e2e.conftest import FOREIGN
from legis_launcher.processes.child_process import Child
from legis_launcher.run_folder import RunFolder, RunState


@contextmanager
def starting(more: Mapping[str, str]) -> Iterator[tuple[Child, RunFolder]]:
    """A launcher that has just been started, with its folder."""
    place = Path(tempfile.mkdtemp(prefix="legis-first-"))
    place.chmod(0o755)  # as root the database may run as another user
    environment = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    command = [sys.executable, "-m", "legis_launcher", "up", "--run-dir", str(place)]
    launcher = Child("launcher", command, place / "launcher.log", {**environment, "PORT": "0", **more})
    launcher.start()
    try:
        yield launcher, RunFolder(place)
    finally:
        launcher.stop(60)
        shutil.rmtree(place, ignore_errors=True)


def until(launcher: Child, folder: RunFolder, wanted: str, within: float = 90) -> RunState:
    """Waits for a phase, or for a process of that name to be there."""
    deadline = time.monotonic() + within
    while True:
        state = folder.read()
        if state is not None and (state.phase == wanted or wanted in state.processes):
            return state
        assert launcher.alive, launcher.log_tail(60)
        assert time.monotonic() < deadline, launcher.log_tail(60)
        time.sleep(0.02)


class Refusal(BaseHTTPRequestHandler):
    """A chamber that has blocked us."""

    def do_GET(self) -> None:
        self.send_error(403)

    def do_HEAD(self) -> None:
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def refusing() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Refusal) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join(5)


def test_live_without_chambers_serves_and_says_what_is_wrong(refusing: str) -> None:
    addresses = {
        "LEGIS_UPSTREAM": "live",
        "CAMARA_BASE_URL": "http://no-such-host.invalid/api/v2",
        "CAMARA_FILES_URL": f"{refusing}/arquivos",
        "SENADO_BASE_URL": f"{refusing}/dadosabertos",
    }
    with starting(addresses) as (launcher, folder):
        state = until(launcher, folder, "ready")
        camara, senado, files = state.warnings
        assert camara.startswith("the Câmara cannot be reached (http://no-such-host.invalid/")
        assert "check the network, CAMARA_BASE_URL and UPSTREAM_PROXY" in camara
        assert senado.startswith("the Senado refuses us")
        assert "answers 403); say who you are (UPSTREAM_CONTACT)" in senado
        assert files.startswith("the Câmara's folder of yearly files has nothing at that address")
        assert "answers 404); check CAMARA_FILES_URL" in files
        deadline = time.monotonic() + 30  # the console is written after the state
        while not all(f"ATTENTION: {warning}" in launcher.log_tail(200) for warning in state.warnings):
            assert time.monotonic() < deadline, launcher.log_tail(200)
            time.sleep(0.05)
        with urllib.request.urlopen(f"{state.web_url}/api/v1/sources", timeout=10) as reply:
            assert reply.status == 200


def test_a_process_that_is_killed_while_all_start_is_named() -> None:
    """Two starts side by side: of one the stream is killed, of the other the worker."""
    addresses = ("CAMARA_BASE_URL", "CAMARA_FILES_URL", "SENADO_BASE_URL")
    nowhere = {"LEGIS_UPSTREAM": "live", **dict.fromkeys(addresses, "http://127.0.0.1:1/x")}
    with starting(nowhere) as without_redis, starting(nowhere) as without_worker:
        killed = {"redis": without_redis, "worker": without_worker}
        for name, (launcher, folder) in killed.items():
            os.kill(until(launcher, folder, name).processes[name].pid, signal.SIGKILL)
        for name, (launcher, folder) in killed.items():
            assert launcher.wait_for_end(60)
            assert launcher.exit_code == 1, launcher.log_tail(60)
            (line,) = [line for line in launcher.log_tail(60).splitlines() if "NOT STARTED" in line]
            assert f"{name} was killed by SIGKILL while it started: start again" in line
            assert folder.read() is None
