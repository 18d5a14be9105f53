"""A plain client of the simulator's Câmara, beside the recordings that it is compared with."""

from datetime import datetime
from typing import Any

from contract import shapes
from contract.desk import Desk

STARTS = datetime(2026, 11, 23, 10, 0)
Json = dict[str, Any]


class Client(Desk):
    """A plain HTTP client of one simulator."""

    async def get(self, path: str, expect: int = 200, /, **params: object) -> Any:
        query = {name: str(value) for name, value in params.items()}
        async with self.session.get(f"{self.simulator.camara_base_url}{path}", params=query) as response:
            assert response.status == expect, await response.text()
            return await response.json()

    async def dados(self, path: str, **params: object) -> Any:
        return (await self.get(path, **params))["dados"]

    async def every_id(self) -> list[int]:
        return [row["id"] for row in (await self.truth("bills?source=camara&limit=10000"))["bills"]]


def recorded(pattern: str) -> list[Any]:
    """The recorded bodies without their envelope."""
    bodies = shapes.recorded("camara", pattern)
    return [body["dados"] if isinstance(body, dict) and "dados" in body else body for body in bodies]
