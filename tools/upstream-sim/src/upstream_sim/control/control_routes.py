"""`/control`: adds faults, changes bills on request, advances and freezes simulated time."""

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from upstream_sim.congress.nation import NEW_KINDS
from upstream_sim.control.faults import SOURCES
from upstream_sim.world import World, json_response

Endpoint = Callable[[Request], Awaitable[Response]]


class _RefusedError(ValueError):
    """The request is not valid; the message gives the reason."""


class ControlRoutes:
    """The control routes of one simulator."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        return [
            Route("/control", self.state, methods=["GET"]),
            Route("/control/faults", refusing(self.order), methods=["POST"]),
            Route("/control/faults", self.clear, methods=["DELETE"]),
            Route("/control/change", refusing(self.change), methods=["POST"]),
            Route("/control/create", refusing(self.create), methods=["POST"]),
            Route("/control/delete", refusing(self.delete), methods=["POST"]),
            Route("/control/restore", refusing(self.restore), methods=["POST"]),
            Route("/control/advance", refusing(self.advance), methods=["POST"]),
            Route("/control/freeze", refusing(self.freeze), methods=["POST"]),
            Route("/control/requests", self.forget_requests, methods=["DELETE"]),
        ]

    def _shown(self) -> dict[str, Any]:
        nation, scenario = self._world.nation, self._world.scenario
        return {
            "now": nation.clock.now().isoformat(),
            "frozen": self._world.timeline.frozen,
            "seed": scenario.seed,
            "bills": {source: nation.house(source).size for source in SOURCES},
            "changes": {source: nation.house(source).changes for source in SOURCES},
            "changes_per_minute": scenario.changes_per_minute,
            "oddities": scenario.oddities,
            "faults": self._world.faults.active(),
            "poisoned": {source: sorted(ids) for source, ids in self._world.faults.poisons.items()},
        }

    async def state(self, _: Request) -> Response:
        return json_response(self._shown())

    async def order(self, request: Request) -> Response:
        spec = await body_of(request)
        fault = self._world.faults.add(spec)
        if fault.kind == "poison_record":
            return json_response({**fault.shown(), "poisoned": self._poison(spec, fault.source)}, 201)
        return json_response(fault.shown(), 201)

    def _poison(self, spec: dict[str, Any], source: str) -> dict[str, list[int]]:
        """Makes records unreadable; returns their ids by source.

        `value` is "types" (default), "bytes", or {"ids": […], "variant": …}; `count` records, one by default.
        """
        value = spec.get("value") or "types"
        wanted = value.get("ids") if isinstance(value, dict) else None
        variant = str(value.get("variant", "types")) if isinstance(value, dict) else str(value)
        if variant not in ("types", "bytes"):
            raise _RefusedError(f"unknown variant {variant!r}: types or bytes")
        chosen: dict[str, list[int]] = {}
        for each in SOURCES if source == "all" else (source,):
            house = self._world.nation.house(each)
            ids = [int(identifier) for identifier in wanted or ()]
            number = 0
            while wanted is None and len(ids) < min(int(spec.get("count") or 1), house.size // 2):
                number += 1
                candidate = house.id_of(house.size - 1 - number * 3 % house.size)
                if house.index_of(candidate) is not None and candidate not in self._world.faults.poisons[each]:
                    ids.append(candidate)
            self._world.faults.poison(each, ids, variant)
            chosen[each] = ids
        return chosen

    async def clear(self, _: Request) -> Response:
        self._world.faults.clear()
        return json_response(self._shown())

    def _target(self, spec: dict[str, Any], need_id: bool) -> tuple[str, int]:
        source = str(spec.get("source", "camara"))
        if source not in SOURCES:
            raise _RefusedError(f"unknown source {source!r}")
        if spec.get("id") is None:
            if need_id:
                raise _RefusedError("id is needed")
            return source, self._world.timeline.pick_active(source)
        index = self._world.nation.house(source).index_of(int(spec["id"]))
        if index is None:
            raise _RefusedError(f"{source} has no bill {spec['id']}")
        return source, index

    async def change(self, request: Request) -> Response:
        source, index = self._target(await body_of(request), need_id=False)
        return json_response(self._world.timeline.touch(source, index, self._world.nation.clock.now()))

    async def create(self, request: Request) -> Response:
        spec = await body_of(request)
        source, kind = str(spec.get("source", "camara")), str(spec.get("kind", NEW_KINDS[0]))
        if source not in SOURCES or kind not in NEW_KINDS:
            raise _RefusedError(f"source: {SOURCES}, kind: {sorted(set(NEW_KINDS))}")
        nation = self._world.nation
        index = nation.create(source, kind, nation.clock.now())
        number = nation.identity(source, index)
        return json_response(
            {
                "source": source,
                "id": nation.house(source).id_of(index),
                "identifier": f"{kind} {number.number}/{number.year}",
            },
            201,
        )

    async def delete(self, request: Request) -> Response:
        source, index = self._target(await body_of(request), need_id=True)
        house = self._world.nation.house(source)
        house.delete(index, self._world.nation.clock.now())
        return json_response({"source": source, "id": house.id_of(index), "deleted": True})

    async def restore(self, request: Request) -> Response:
        """Restores a deleted bill unchanged."""
        spec = await body_of(request)
        source = str(spec.get("source", "camara"))
        if source not in SOURCES:
            raise _RefusedError(f"unknown source {source!r}")
        house = self._world.nation.house(source)
        index = next((i for i, d in house.deltas.items() if d.deleted and house.id_of(i) == int(spec["id"])), None)
        if index is None:
            raise _RefusedError(f"{source} has no deleted bill {spec['id']}")
        house.restore(index)
        return json_response({"source": source, "id": house.id_of(index), "deleted": False})

    async def advance(self, request: Request) -> Response:
        self._world.nation.clock.advance(float((await body_of(request)).get("seconds", 0)))
        self._world.timeline.catch_up()
        return json_response(self._shown())

    async def freeze(self, request: Request) -> Response:
        self._world.timeline.freeze(bool((await body_of(request)).get("frozen", True)))
        return json_response(self._shown())

    async def forget_requests(self, _: Request) -> Response:
        self._world.traffic.reset()
        return json_response(self._world.traffic.shown())


def refusing(endpoint: Endpoint) -> Endpoint:
    """The endpoint with status 400 and the reason for requests that are not valid."""

    async def guarded(request: Request) -> Response:
        try:
            return await endpoint(request)
        except (TypeError, ValueError) as error:
            return json_response({"error": str(error)}, 400)

    return guarded


async def body_of(request: Request) -> dict[str, Any]:
    """The JSON object of a request; empty without a body. Raises ValueError for anything else."""
    raw = await request.body()
    try:
        content = orjson.loads(raw) if raw else {}
    except orjson.JSONDecodeError as error:
        raise _RefusedError(f"not JSON: {error}") from error
    if not isinstance(content, dict):
        raise _RefusedError("an object is expected")
    return content
