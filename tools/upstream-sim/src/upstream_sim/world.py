"""The state of one running simulator: nation, timeline, faults and traffic counts; and helpers of its routes."""

from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response

from upstream_sim.congress.agenda import Agenda
from upstream_sim.congress.nation import Nation
from upstream_sim.congress.timeline import Timeline
from upstream_sim.control.faults import CONTENT_KINDS, FaultSchedule
from upstream_sim.control.poison import spoil_item, undecodable
from upstream_sim.control.traffic import Traffic
from upstream_sim.scenario import Scenario

ACTIVE_FAULTS: Final = "upstream_sim.active_faults"


@dataclass
class World:
    """The state of one running simulator."""

    scenario: Scenario
    nation: Nation = field(init=False)
    timeline: Timeline = field(init=False)
    agenda: Agenda = field(init=False)
    faults: FaultSchedule = field(init=False)
    traffic: Traffic = field(default_factory=Traffic)

    def __post_init__(self) -> None:
        self.nation = Nation(self.scenario)
        self.timeline = Timeline(self.nation)
        self.agenda = Agenda(self.nation)
        self.faults = FaultSchedule(self.scenario.seed)

    def maybe_spoilt(self, source: str, identifier: int, item: dict[str, Any]) -> dict[str, Any]:
        """The record unchanged, or made unreadable where a fault poisoned it."""
        variant = self.faults.poisons[source].get(identifier)
        return item if variant is None else spoil_item(item, variant)

    def shown_revision(self, request: Request, source: str, index: int) -> int | None:
        """The revision in a detail: the newest (None), or the one before it under the fault `stale`."""
        if "stale" not in active_faults(request):
            return None
        return max(0, self.nation.house(source).revision(index) - 1)


def active_faults(request: Request) -> frozenset[str]:
    """Kinds of content faults that apply to a request."""
    kinds: frozenset[str] = request.scope.get(ACTIVE_FAULTS, frozenset())
    return kinds & CONTENT_KINDS


def json_response(
    content: object,
    status: int = 200,
    headers: dict[str, str] | None = None,
    media: str = "application/json;charset=UTF-8",
) -> Response:
    body = undecodable(orjson.dumps(content, default=_refuse))
    return Response(body, status, headers, media)


def _refuse(value: object) -> object:
    raise TypeError(f"cannot be JSON: {type(value).__name__}")
