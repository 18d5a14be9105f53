"""The Senado source, before a simulator or before a server that lies."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC
from email.utils import format_datetime

import pytest
from aiohttp import web
from contract.senado_source.lying import Liar
from contract.senado_source.reading import NOW, clock, schedule, settings, upstream
from contract.senado_source.record_answers import walking
from contract.senado_source.simulated import Simulator, running_simulator
from ingest_senado.source.adapter import SenadoSource
from ingest_senado.source.record_windows import RecordWindows


@pytest.fixture(scope="module")
def simulator_base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_simulator(tmp_path_factory.mktemp("sim"), bills=300) as base:
        yield base


@pytest.fixture
async def simulator(simulator_base: str) -> AsyncIterator[Simulator]:
    found = Simulator(simulator_base)
    await found.ask("DELETE", "/control/faults")
    await found.ask("DELETE", "/control/requests")
    yield found
    await found.ask("DELETE", "/control/faults")


@pytest.fixture
async def source(simulator: Simulator) -> AsyncIterator[SenadoSource]:
    found = SenadoSource(settings(simulator.api), upstream(simulator.api), schedule(), clock=clock, stale_wait=0.01)
    yield found
    await found.close()


@pytest.fixture
async def walker(simulator: Simulator) -> AsyncIterator[SenadoSource]:
    """The source with a timetable that has the walks of people, votings and agendas too."""
    found = settings(simulator.api)
    timetable = replace(schedule(), records=RecordWindows.of(found))
    walking = SenadoSource(found, upstream(simulator.api), timetable, clock=clock, stale_wait=0.01)
    yield walking
    await walking.close()


async def _dated(request: web.Request, response: web.StreamResponse) -> None:
    response.headers["Date"] = format_datetime(NOW.astimezone(UTC), usegmt=True)


@pytest.fixture
async def liar() -> AsyncIterator[Liar]:
    found = Liar()
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", found.handle)
    app.on_response_prepare.append(_dated)
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
    found = SenadoSource(settings(liar.base), upstream(liar.base), schedule(), clock=clock, stale_wait=0.01)
    yield found
    await found.close()


@pytest.fixture
async def record_reader(liar: Liar) -> AsyncIterator[SenadoSource]:
    """As `reader`, with the walks of people, votings and agendas too."""
    async with walking(liar) as found:
        yield found
