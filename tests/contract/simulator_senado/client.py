"""A plain client of the simulator's Senado, beside the recordings that it is compared with."""

from datetime import datetime
from typing import Any

from contract import shapes
from contract.desk import Desk

STARTS = datetime(2026, 11, 23, 10, 0)
Json = dict[str, Any]
JSON = {"Accept": "application/json"}


class Client(Desk):
    """A plain HTTP client of one simulator that asks for JSON."""

    async def get(self, path: str, expect: int = 200, /, **params: object) -> Any:
        query = {name: str(value) for name, value in params.items()}
        url = f"{self.simulator.senado_base_url}{path}"
        async with self.session.get(url, params=query, headers=JSON) as response:
            assert response.status == expect, await response.text()
            return await response.json(content_type=None)

    async def camara(self, path: str) -> Any:
        async with self.session.get(f"{self.simulator.camara_base_url}{path}") as response:
            assert response.ok
            return (await response.json())["dados"]

    async def every_bill(self) -> list[Json]:
        bills: list[Json] = (await self.truth("bills?source=senado&limit=10000"))["bills"]
        return bills


def recorded(pattern: str) -> list[Any]:
    """The recorded bodies."""
    return shapes.recorded("senado", pattern)
