"""`POST /control/deputy`: a deputy takes leave, returns, or joins another party."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from upstream_sim.congress.careers import CURRENT
from upstream_sim.congress.people import PARTIES
from upstream_sim.control.control_routes import body_of, refusing
from upstream_sim.world import World, json_response

_CHANGES = {
    "leave": ("Licença", "Saída - Afastamento com prazo determinado - Licença"),
    "return": ("Exercício", "Entrada - Reassunção de titular"),
    "party": (None, "Alteração de partido"),
}


class PeopleControlRoutes:
    """The control route of deputies in one simulator."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        return [Route("/control/deputy", refusing(self.change), methods=["POST"])]

    async def change(self, request: Request) -> Response:
        """`{"id", "change": "leave"|"return"|"party", "party"?}`: from now on."""
        spec = await body_of(request)
        careers = self._world.careers
        person = careers.person(int(spec["id"]))
        change = str(spec.get("change", "leave"))
        if person is None or change not in _CHANGES:
            raise ValueError(f"no deputy {spec['id']}, or change is none of {', '.join(_CHANGES)}")
        last = careers.history(person)[-1]
        party = next(each for each in PARTIES if each[0] == str(spec.get("party", last.party)))
        situation, note = _CHANGES[change]
        stage = last._replace(
            at=self._world.nation.clock.now(), legislature=CURRENT, party=party[0], party_id=party[1],
            situation=situation or last.situation, note=note,
        )  # fmt: skip
        careers.changes.setdefault(person.id, []).append(stage)
        return json_response({"id": person.id, "situation": stage.situation, "party": stage.party})
