"""A pretend Assembleia de Ensaio: three endpoints over a dict of bills."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

THIS_YEAR = datetime.now(UTC).year


@dataclass
class Assembly:
    """Bills by id, when each changed, and the answers that stand in for what goes wrong (`faults`, by path)."""

    bills: dict[str, dict[str, Any]] = field(default_factory=dict)
    changed_at: dict[str, datetime] = field(default_factory=dict)
    faults: dict[str, int] = field(default_factory=dict)
    base_url: str = ""

    def put(self, number: int, **values: Any) -> None:
        """A bill as it is from now on."""
        facts = {
            "id": number, "sigla": "PL", "numero": number, "ano": THIS_YEAR, "ementa": f"Institui o dia {number}",
            "situacao": "Apresentado", "apresentado": f"{THIS_YEAR}-01-15", "autores": ["Ana Souza"],
            "andamentos": [{"dia": f"{THIS_YEAR}-01-15", "texto": "Lido em plenário"}],
        }  # fmt: skip
        self.bills[str(number)] = {**facts, **self.bills.get(str(number), {}), **values}
        self.changed_at[str(number)] = datetime.now(UTC)

    async def listing(self, request: web.Request) -> web.Response:
        if status := self.faults.get(request.path):
            return web.json_response({"erro": "indisponível"}, status=status)
        year, since = request.query.get("ano"), request.query.get("desde")
        chosen = [
            {"id": bill["id"]}
            for key, bill in self.bills.items()
            if (year is None or bill["ano"] == int(year))
            and (since is None or self.changed_at[key] >= datetime.fromisoformat(since))
        ]
        return web.json_response({"projetos": chosen})

    async def detail(self, request: web.Request) -> web.Response:
        bill = self.bills.get(request.match_info["id"])
        if bill is None or request.path in self.faults:
            return web.json_response({"erro": "não há"}, status=self.faults.get(request.path, 404))
        return web.json_response(bill)

    async def situations(self, request: web.Request) -> web.Response:
        return web.json_response(["Apresentado", "Aprovado"])


@asynccontextmanager
async def running() -> AsyncIterator[Assembly]:
    """An assembly with three bills that listens on loopback."""
    assembly = Assembly()
    for number in (1, 2, 3):
        assembly.put(number)
    app = web.Application()
    app.router.add_get("/projetos", assembly.listing)
    app.router.add_get("/projetos/{id}", assembly.detail)
    app.router.add_get("/situacoes", assembly.situations)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    assembly.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield assembly
    finally:
        await runner.cleanup()
