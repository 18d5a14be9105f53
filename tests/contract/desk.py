"""The control desk of a simulator, and what it says is true."""

from typing import Any

import aiohttp
from upstream_sim.server import Running


class Desk:
    """One simulator and a plain HTTP client; each chamber's client adds how that chamber is asked."""

    def __init__(self, simulator: Running, session: aiohttp.ClientSession) -> None:
        self.simulator, self.session = simulator, session

    async def control(self, path: str, **order: object) -> Any:
        async with self.session.post(f"{self.simulator.url}/control/{path}", json=order) as response:
            assert response.ok, await response.text()
            return await response.json()

    async def truth(self, path: str) -> Any:
        async with self.session.get(f"{self.simulator.url}/truth/{path}") as response:
            assert response.ok
            return await response.json()
