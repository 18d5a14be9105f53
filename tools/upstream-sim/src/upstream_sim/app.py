"""Builds the ASGI application with both chambers' APIs, bulk files, control routes and ground truth: `create_app`."""

import asyncio
from email.utils import format_datetime

from starlette.applications import Starlette
from starlette.types import Message, Receive, Scope, Send

from upstream_sim.camara.files import FileRoutes
from upstream_sim.camara.routes import CamaraRoutes
from upstream_sim.control import list_faults, wire_faults
from upstream_sim.control.agenda_control import AgendaControl
from upstream_sim.control.control_routes import ControlRoutes
from upstream_sim.control.faults import WIRE_KINDS, Fault
from upstream_sim.control.truth import TruthRoutes
from upstream_sim.scenario import Scenario
from upstream_sim.senado.routes import SenadoRoutes
from upstream_sim.world import ACTIVE_FAULTS, World


class Simulator(Starlette):
    """Both chambers as a Starlette application. Faults are applied outside of it, next to the connection."""

    def __init__(self, world: World) -> None:
        self.world = world
        super().__init__(
            routes=[
                *CamaraRoutes(world).routes(),
                *FileRoutes(world).routes(),
                *SenadoRoutes(world).routes(),
                *ControlRoutes(world).routes(),
                *AgendaControl(world).routes(),
                *TruthRoutes(world).routes(),
            ]
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        source = _source(scope)
        if scope["type"] == "http":
            self.world.timeline.catch_up()
        if source is None:
            await super().__call__(scope, receive, send)
            return
        path, query = str(scope["path"]), scope["query_string"].decode("latin-1")
        exchange = _Exchange(source, f"{path}?{query}" if query else path, scope, receive, send, self._date())
        self.world.traffic.begin(source, path)
        try:
            await self._answer(exchange, self.world.faults.take(source, exchange.target))
        finally:
            self.world.traffic.end(source, exchange.outcome)

    async def _answer(self, exchange: "_Exchange", active_faults: list[Fault]) -> None:
        """Applies the faults in order: waits first; the first fault that replaces the response ends the request."""
        for fault in active_faults:
            if fault.kind == "latency":
                await asyncio.sleep(float(fault.value or 1))
            elif fault.kind in WIRE_KINDS:
                await self._fail(exchange, fault)
                return
            elif fault.kind in list_faults.KINDS:
                own = (super().__call__, exchange.scope, exchange.receive)
                response = await list_faults.answer(fault.kind, fault.value, exchange.source, *own)
                await response(exchange.scope, exchange.receive, exchange.dated)
                return
        exchange.scope[ACTIVE_FAULTS] = frozenset(fault.kind for fault in active_faults)
        await super().__call__(exchange.scope, exchange.receive, exchange.dated)

    async def _fail(self, exchange: "_Exchange", fault: Fault) -> None:
        response = wire_faults.refusal(fault, exchange.source, exchange.target)
        if response is not None:
            await response(exchange.scope, exchange.receive, exchange.dated)
            return
        exchange.outcome = fault.kind
        if fault.kind == "hang":
            await wire_faults.hang(fault, exchange.receive)
        elif fault.kind == "reset":
            await wire_faults.reset(exchange.receive, exchange.send)
        elif fault.kind == "slow_first_byte":
            app = super().__call__
            await wire_faults.slow_first_byte(fault, app, exchange.scope, exchange.receive, exchange.dated)
        elif fault.kind == "endless":
            await wire_faults.endless(fault, {"Date": exchange.date}, exchange.receive, exchange.send)
        else:
            await wire_faults.broken(fault, super().__call__, exchange.scope, exchange.receive, exchange.send)

    def _date(self) -> str:
        return format_datetime(self.world.nation.clock.utc().replace(microsecond=0), usegmt=True)


class _Exchange:
    """One request to a chamber's API, with its response status."""

    def __init__(self, source: str, target: str, scope: Scope, receive: Receive, send: Send, date: str) -> None:
        self.source, self.target = source, target
        self.scope, self.receive, self.send = scope, receive, send
        self.date = date
        self.outcome: int | str = "gone"

    async def dated(self, message: Message) -> None:
        """Sends a message with the simulated Date header, and records the status."""
        if message["type"] == "http.response.start":
            self.outcome = message["status"]
            message = {**message, "headers": [*message.get("headers", ()), (b"date", self.date.encode())]}
        await self.send(message)


def _source(scope: Scope) -> str | None:
    if scope["type"] != "http":
        return None
    first = str(scope["path"]).split("/", 2)[1] if "/" in str(scope["path"]) else ""
    return first if first in ("camara", "senado") else None


def create_app(scenario: Scenario | None = None) -> Simulator:
    """Builds a simulator. Two simulators share no state."""
    return Simulator(World(scenario or Scenario()))
