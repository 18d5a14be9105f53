"""The simulator's answers on people, bodies, votings and agendas have no field that the recorded ones lack."""

from typing import Any

import pytest
from contract.shapes import census
from contract.simulator_senado.client import Client, recorded

RECORDED = {
    "/senador/lista/atual": "senador-lista-atual",
    "/senador/afastados": "senadores-afastados",
    "/senador/5001": "senador-detalhe",
    "/senador/5013/mandatos": "senador-mandatos",
    "/senador/5001/filiacoes": "senador-filiacoes",
    "/senador/5001/comissoes": "senador-comissoes",
    "/senador/5021/cargos": "senador-cargos",
    "/senador/5005/licencas": "senador-licencas",
    "/composicao/lideranca": "liderancas",
    "/composicao/lista/blocos": "blocos-lista",
    "/composicao/bloco/346": "bloco-detalhe",
    "/composicao/mesaSF": "mesa-sf",
    "/composicao/mesaCN": "mesa-cn",
    "/composicao/comissao/34": "comissao-membros",
    "/comissao/lista/colegiados": "comissao-lista",
    "/comissao/34": "comissao-detalhe",
}


def spread(node: Any) -> Any:
    """The answer without its envelope's own attributes, and with each object of a list collapsed as the list."""
    if isinstance(node, list):
        return [spread(one) for one in node]
    if isinstance(node, dict):
        return {name: spread(one) for name, one in node.items() if name != "Metadados" and not name.startswith("@")}
    return node


def fields(bodies: list[Any]) -> set[str]:
    """Paths of all fields; a list and the object it collapses to have the same."""
    return {path.replace("[]", "") for path in census(spread(bodies))}


@pytest.mark.parametrize("path", RECORDED)
async def test_shapes_are_the_recorded_ones(client: Client, path: str) -> None:
    theirs = fields(recorded(f"legacy-2026/{RECORDED[path]}__*.json"))
    mine = fields([await client.get(path)])
    assert mine - theirs == set()
    assert len(mine) >= 10
