"""`/truth`: the present data of both chambers, as a perfect reader would have them, for comparison with a system's
state.
"""

from collections import Counter
from datetime import datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from upstream_sim.camara.bill import CamaraBill
from upstream_sim.congress.pairs import Pair
from upstream_sim.control.faults import SOURCES
from upstream_sim.senado.bill import SenadoBill
from upstream_sim.world import World, json_response

_MOST: Final = 10_000


class TruthRoutes:
    """Routes of one simulator's ground truth. Times are naive Brasília time."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        return [
            Route("/truth/summary", self.summary),
            Route("/truth/bills", self.bills),
            Route("/truth/bill/{source}/{id:int}", self.bill),
            Route("/truth/pairs", self.pairs),
            Route("/truth/requests", self.requests),
            Route("/truth/poison", self.poison),
        ]

    async def summary(self, _: Request) -> Response:
        nation = self._world.nation
        shown: dict[str, Any] = {"now": nation.clock.now().isoformat(), "sources": {}}
        for source in SOURCES:
            house = nation.house(source)
            years = Counter({year: len(house.corpus.of_year(year)) for year in house.corpus.years})
            years.update(made.at.year for made in house.created)
            deleted = sum(delta.deleted is not None for delta in house.deltas.values())
            shown["sources"][source] = {
                "total": house.size - deleted,
                "deleted": deleted,
                "created": len(house.created),
                "changed": sum(bool(delta.changes) for delta in house.deltas.values()),
                "changes": house.changes,
                "by_year_of_presentation": {str(year): count for year, count in sorted(years.items()) if count},
                "max_requests_in_one_second": self._world.traffic.most_in_a_second().get(source, 0),
            }
        return json_response(shown)

    def _camara(self, index: int) -> dict[str, Any]:
        bill = CamaraBill(self._world.nation, index)
        last = bill.last_action
        return self._common("camara", index, bill.identity.text) | {
            "title": " ".join(bill.title.split()),
            "status_code": None if last.situation.code is None else str(last.situation.code),
            "status_text": last.situation.text,
            "last_action_date": last.shown_at.date().isoformat(),
        }

    def _senado(self, index: int) -> dict[str, Any]:
        bill = SenadoBill(self._world.nation, index)
        situation = bill.current[0]
        return self._common("senado", index, bill.identification) | {
            "title": " ".join(bill.title.split()),
            "status_code": None if situation is None else situation.acronym,
            "status_text": None if situation is None else situation.text,
            "last_action_date": bill.history[-1].at.date().isoformat(),
        }

    def _common(self, source: str, index: int, identifier: str) -> dict[str, Any]:
        house = self._world.nation.house(source)
        delta = house.deltas.get(index)
        deleted: datetime | None = None if delta is None else delta.deleted
        return {
            "source": source,
            "id": house.id_of(index),
            "identifier": identifier,
            "revision": house.revision(index),
            "changed_at": (deleted or self._world.nation.moved_at(source, index)).isoformat(),
            "deleted": deleted is not None,
        }

    def _bill_truth(self, source: str, index: int) -> dict[str, Any]:
        return self._camara(index) if source == "camara" else self._senado(index)

    async def bills(self, request: Request) -> Response:
        """Pages by id: `after` is the last id of the page before, `next` the value for the next page
        (null: no more).
        """
        query = request.query_params
        source, after = query.get("source", "camara"), query.get("after", "0")
        limit = query.get("limit", "1000")
        if source not in SOURCES or not after.isdecimal() or not limit.isdecimal():
            return json_response({"error": "source, after (id) and limit are expected"}, 400)
        house = self._world.nation.house(source)
        first = house.id_of(0)
        start = 0 if int(after) < first else (int(after) - first) // (house.id_of(1) - first) + 1
        stop = min(house.size, start + min(int(limit), _MOST))
        rows = [self._bill_truth(source, index) for index in range(start, stop)]
        return json_response({"bills": rows, "next": rows[-1]["id"] if rows and stop < house.size else None})

    async def bill(self, request: Request) -> Response:
        source, identifier = request.path_params["source"], request.path_params["id"]
        if source not in SOURCES:
            return json_response({"error": "unknown source"}, 404)
        house = self._world.nation.house(source)
        index, rest = divmod(identifier - house.id_of(0), house.id_of(1) - house.id_of(0))
        if rest or not 0 <= index < house.size:
            return json_response({"error": "unknown id"}, 404)
        changes = [
            {
                "at": change.at.isoformat(),
                "step": change.step,
                "new_title": change.new_title,
                "renumbered": change.number is not None,
            }
            for change in house.changes_of(index)
        ]
        return json_response({**self._bill_truth(source, index), "changes": changes})

    async def pairs(self, request: Request) -> Response:
        nation = self._world.nation
        found = [*nation.pairs.of_camara.values(), *nation.pairs.decoys]
        kind = request.query_params.get("kind")
        return json_response([self._pair(pair) for pair in found if kind in (None, pair.kind.value)])

    def _pair(self, pair: Pair) -> dict[str, Any]:
        nation = self._world.nation
        return {
            "camara_id": nation.camara.id_of(pair.camara),
            "senado_id": nation.senado.id_of(pair.senado),
            "kind": pair.kind.value,
            "same_bill": pair.kind.value != "decoy",
            "origin": pair.origin.text,
            "senado_identifier": pair.senado_identity.text,
        }

    async def requests(self, _: Request) -> Response:
        return json_response(self._world.traffic.shown())

    async def poison(self, _: Request) -> Response:
        rows = [
            {"source": source, "id": identifier, "variant": variant}
            for source, ids in self._world.faults.poisons.items()
            for identifier, variant in sorted(ids.items())
        ]
        return json_response(rows)
