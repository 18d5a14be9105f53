"""A plain client of the simulator's Câmara, beside the recordings that it is compared with."""

from datetime import datetime
from typing import Any

import aiohttp
from contract import shapes
from upstream_sim.server import Running

STARTS = datetime(2026, 11, 23, 10, 0)
Json = dict[str, Any]


class Client:
    """A plain HTTP client of one simulator."""

    def __init__(self, simulator: Running, session: aiohttp.ClientSession) -> None:
        self.simulator, self.session = simulator, session

    async def get(self, path: str, expect: int = 200, /, **params: object) -> Any:
        query = {name: str(value) for name, value in params.items()}
        async with self.session.get(f"{self.simulator.camara_base_url}{path}", params=query) as response:
            assert response.status == expect, await response.text()
            return await response.json()

    async def dados(self, path: str, **params: object) -> Any:
        return (await self.get(path, **params))["dados"]

    async def control(self, path: str, **order: object) -> Any:
        async with self.session.post(f"{self.simulator.url}/control/{path}", json=order) as response:
            assert response.ok, await response.text()
            return await response.json()

    async def truth(self, path: str) -> Any:
        async with self.session.get(f"{self.simulator.url}/truth/{path}") as response:
            assert response.ok
            return await response.json()

    async def every_id(self) -> list[int]:
        return [row["id"] for row in (await self.truth("bills?source=camara&limit=10000"))["bills"]]


def recorded(pattern: str) -> list[Any]:
    """The recorded bodies without their envelope."""
    bodies = shapes.recorded("camara", pattern)
    return [body["dados"] if isinstance(body, dict) and "dados" in body else body for body in bodies]
