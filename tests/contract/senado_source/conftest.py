"""The Senado source, before a simulator or before a server that lies."""

import contextlib
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import web
from contract.senado_source.lying import NOW, Liar
from contract.senado_source.reading import schedule, settings, upstream
from contract.senado_source.simulated import Simulator
from ingest_senado.source.adapter import SenadoSource


@pytest.fixture(scope="module")
def simulator_base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port_file = tmp_path_factory.mktemp("sim") / "port"
    command = ["--port-file", str(port_file), "--seed", "1", "--bills", "300", "--changes-per-minute", "0"]
    process = subprocess.Popen([sys.executable, "-m", "upstream_sim", "--port", "0", *command])
    try:
        yield f"http://127.0.0.1:{_port(process, port_file)}"
    finally:
        process.terminate()
        process.wait(10)


def _port(process: "subprocess.Popen[bytes]", port_file: Path) -> int:
    for _ in range(600):
        if port_file.exists() and (text := port_file.read_text().strip()):
            return int(text)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
            pytest.fail(f"the simulator ended with {process.returncode}")
    pytest.fail("the simulator did not start")


@pytest.fixture
async def simulator(simulator_base: str) -> AsyncIterator[Simulator]:
    found = Simulator(simulator_base)
    await found.ask("DELETE", "/control/faults")
    await found.ask("DELETE", "/control/requests")
    yield found
    await found.ask("DELETE", "/control/faults")


@pytest.fixture
async def source(simulator: Simulator) -> AsyncIterator[SenadoSource]:
    found = SenadoSource(settings(simulator.api), upstream(simulator.api), schedule(), stale_wait=0.01)
    yield found
    await found.close()


@pytest.fixture
async def liar() -> AsyncIterator[Liar]:
    found = Liar()
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", found.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    found.base = f"http://127.0.0.1:{port}"
    yield found
    await runner.cleanup()


@pytest.fixture
async def reader(liar: Liar) -> AsyncIterator[SenadoSource]:
    found = SenadoSource(settings(liar.base), upstream(liar.base), schedule(), clock=lambda: NOW, stale_wait=0.01)
    yield found
    await found.close()
