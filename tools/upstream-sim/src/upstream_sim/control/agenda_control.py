"""`/control/agenda`: announces, moves and cancels meetings, and changes their agendas; `/truth/meetings` shows them."""

from datetime import date, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from upstream_sim.congress.agenda import Meeting
from upstream_sim.control.control_routes import body_of, refusing
from upstream_sim.control.faults import SOURCES
from upstream_sim.world import World, json_response


class AgendaControl:
    """The routes by which a test makes things happen to meetings. Bills are named by the chamber's own ids."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        return [
            Route("/control/agenda/announce", refusing(self.announce), methods=["POST"]),
            Route("/control/agenda/reschedule", refusing(self.reschedule), methods=["POST"]),
            Route("/control/agenda/cancel", refusing(self.cancel), methods=["POST"]),
            Route("/control/agenda/drop-item", refusing(self.drop_item), methods=["POST"]),
            Route("/control/agenda/return-item", refusing(self.return_item), methods=["POST"]),
            Route("/truth/meetings", refusing(self.meetings)),
        ]

    async def announce(self, request: Request) -> Response:
        """`{"source", "body", "starts", "bills"?}`: a new meeting."""
        spec = await body_of(request)
        house = _house(spec)
        bills = tuple(self._index(house, each) for each in spec.get("bills") or ())
        body, starts = str(spec.get("body", "PLEN")), datetime.fromisoformat(str(spec.get("starts")))
        return json_response(self._shown(self._world.agenda.announce(house, body, starts, bills)), 201)

    async def reschedule(self, request: Request) -> Response:
        """`{"source", "id", "starts"}`: the meeting begins at another time."""
        spec = await body_of(request)
        starts = datetime.fromisoformat(str(spec.get("starts")))
        return json_response(self._shown(self._world.agenda.reschedule(_house(spec), int(spec["id"]), starts)))

    async def cancel(self, request: Request) -> Response:
        """`{"source", "id"}`: the meeting is cancelled."""
        spec = await body_of(request)
        return json_response(self._shown(self._world.agenda.cancel(_house(spec), int(spec["id"]))))

    async def drop_item(self, request: Request) -> Response:
        """`{"source", "id", "bill"}`: the bill leaves the agenda."""
        spec = await body_of(request)
        house = _house(spec)
        bill = self._index(house, spec.get("bill"))
        return json_response(self._shown(self._world.agenda.drop_item(house, int(spec["id"]), bill)))

    async def return_item(self, request: Request) -> Response:
        """`{"source", "id", "bill"}`: the bill is put on the agenda, again or for the first time."""
        spec = await body_of(request)
        house = _house(spec)
        bill = self._index(house, spec.get("bill"))
        return json_response(self._shown(self._world.agenda.return_item(house, int(spec["id"]), bill)))

    async def meetings(self, request: Request) -> Response:
        """All meetings of `source` that begin on the days `first` to `last` and are announced."""
        query = request.query_params
        first, last = (date.fromisoformat(query.get(name, "")) for name in ("first", "last"))
        found = self._world.agenda.between(_house(query), first, last)
        return json_response([self._shown(meeting) for meeting in found])

    def _index(self, house: str, bill: Any) -> int:
        index = self._world.nation.house(house).index_of(int(bill))
        if index is None:
            raise ValueError(f"{house} has no bill {bill}")
        return index

    def _shown(self, meeting: Meeting) -> dict[str, Any]:
        nation = self._world.nation
        house, now = nation.house(meeting.house), nation.clock.now()
        return {
            "source": meeting.house,
            "id": meeting.number,
            "body": meeting.body,
            "starts": meeting.starts.isoformat(),
            "ends": meeting.ends.isoformat(),
            "state": meeting.state(now).value,
            "hearing": meeting.hearing,
            "moved_to": meeting.moved_to,
            "moved_from": meeting.moved_from,
            "revision": meeting.revision,
            "items": [
                {"bill": house.id_of(item.bill), "outcome": item.outcome.value if item.outcome else None}
                for item in meeting.items(nation.seed, now)
                if not house.is_deleted(item.bill)
            ],
        }


def _house(spec: Any) -> str:
    source = str(spec.get("source", "camara"))
    if source not in SOURCES:
        raise ValueError(f"unknown source {source!r}")
    return source
