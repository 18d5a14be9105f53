"""One simulated Câmara for a module's tests."""

from collections.abc import AsyncIterator

import aiohttp
import pytest_asyncio
from contract.simulator_camara.client import STARTS, Client
from upstream_sim.scenario import Scenario
from upstream_sim.server import running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def client() -> AsyncIterator[Client]:
    scenario = Scenario(seed=7, bills=4000, changes_per_minute=0, starts_at=STARTS)
    async with running(scenario) as simulator, aiohttp.ClientSession() as session:
        yield Client(simulator, session)
