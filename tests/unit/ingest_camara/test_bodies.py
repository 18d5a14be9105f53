"""Bodies get their names from the directory, wherever a bill speaks of one."""

from collections.abc import Callable
from typing import Any

import pytest
from ingest_camara.normalizer.bill import SubResources, from_detail
from ingest_camara.normalizer.bodies import name_bodies
from ingest_camara.normalizer.marks import detail_mark
from ingest_camara.wire.bill_records import Status
from ingest_camara.wire.bulk import BodyLayout, Header
from ingest_camara.wire.voting_records import Voting

Make = Callable[..., Any]
HOST = "https://dadosabertos.camara.leg.br/api/v2"
TASK = "Comissão Especial destinada a " + " ".join(["proferir parecer"] * 12)
BODIES = {"2003": "Comissão de Constituição e Justiça e de Cidadania", "180": "Plenário"}


def test_every_body_of_a_bill_is_named(detail: Make) -> None:
    rows = [
        Status.model_validate({"sequencia": n, "siglaOrgao": acronym, "uriOrgao": f"{HOST}/orgaos/{code}"})
        for n, (acronym, code) in enumerate((("CCJC", 2003), ("PLEN", 180), ("XYZ", 999)), 1)
    ]
    voted = Voting.model_validate({"id": "1-1", "siglaOrgao": "PLEN", "uriOrgao": f"{HOST}/orgaos/180"})
    bill = from_detail(detail(), SubResources(proceedings=rows, votings=[voted]))
    named = name_bodies(bill, BODIES)
    assert named.organization is not None
    assert named.latest_action is not None
    assert named.latest_action.organization == named.organization
    assert (named.organization.name, named.organization.code) == (BODIES["2003"], "2003")
    assert [entry.organization.name for entry in named.actions] == [BODIES["2003"], "Plenário", None]
    assert named.vote_events[0].organization.name == "Plenário"
    assert named.model_fields_set == bill.model_fields_set
    assert name_bodies(bill, {}) is bill


def test_the_mark_of_a_detail_does_not_hold_a_name(detail: Make) -> None:
    bill = from_detail(detail())
    assert bill.organization is not None
    assert bill.organization.name is None, "named after the mark is taken"
    assert detail_mark(bill) == detail_mark(from_detail(detail()))


@pytest.mark.parametrize(
    ("whole", "published", "name"),
    [
        ("Comissão de  Educação", "Comissão de Educação", "Comissão de Educação"),
        (TASK, "COMISSÃO ESPECIAL - PEC 6/19", "COMISSÃO ESPECIAL - PEC 6/19"),
        ("", "Plenário", "Plenário"),
        ("Mesa Diretora da Câmara dos Deputados", "Mesa Diretora", "Mesa Diretora da Câmara dos Deputados"),
        (TASK, "", TASK),
    ],
)  # fmt: skip
def test_rows_of_the_directory(whole: str, published: str, name: str) -> None:
    columns = ["uri", "sigla", "nome", "nomePublicacao", "casa"]
    row = BodyLayout(Header(columns)).bind([f"{HOST}/orgaos/2009", "CE", whole, published, ""])
    assert (row.id, row.name) == ("2009", name)


def test_a_row_of_other_cells_is_refused() -> None:
    with pytest.raises(ValueError, match="cells"):
        BodyLayout(Header(["uri", "nome", "nomePublicacao"])).bind(["x"])
    with pytest.raises(ValueError, match="columns missing"):
        BodyLayout(Header(["uri", "sigla"]))
