"""The report of statuses: what it counts, what it samples, and that the judged rows can be read."""

from pathlib import Path

import pytest
from quality.recorded_rows import read_rows, sample, says_anything, why_missing
from quality.status_page import Figures, Miss, page
from quality.status_report import JUDGED, compare, count, read_judgements
from quality.vocabulary_report import Tally, camara

NAMES = """
id uri siglaTipo numero ano codTipo descricaoTipo ementa ementaDetalhada keywords dataApresentacao uriOrgaoNumerador
uriPropAnterior uriPropPrincipal uriPropPosterior urlInteiroTeor urnFinal ultimoStatus_dataHora ultimoStatus_sequencia
ultimoStatus_uriRelator ultimoStatus_idOrgao ultimoStatus_siglaOrgao ultimoStatus_uriOrgao ultimoStatus_regime
ultimoStatus_descricaoTramitacao ultimoStatus_idTipoTramitacao ultimoStatus_descricaoSituacao ultimoStatus_idSituacao
ultimoStatus_despacho ultimoStatus_url
"""
COLUMNS = NAMES.split()


def row(number: int, **cells: str) -> str:
    known = {"id": str(number), "siglaTipo": "PL", "numero": str(number), "ano": "1970", **cells}
    return ";".join(f'"{known.get(name, "")}"' for name in COLUMNS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    head = "\ufeff" + ";".join(f'"{name}"' for name in COLUMNS)
    rows = [
        row(1, ultimoStatus_despacho="ARQUIVADO NOS TERMOS DO REGIMENTO.", ultimoStatus_idTipoTramitacao="5"),
        row(2, ultimoStatus_descricaoSituacao="Pronta para Pauta", ultimoStatus_idSituacao="924"),
        row(3, siglaTipo="MSC", ultimoStatus_despacho="ZZZ", ultimoStatus_idTipoTramitacao="5"),
        row(4, ultimoStatus_idTipoTramitacao="5"),
    ]
    (tmp_path / "proposicoes-1970.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    (tmp_path / "proposicoes-1981_part.csv").write_text("\n".join([head, rows[0], row(5)]) + "\n", encoding="utf-8")
    return tmp_path


def test_each_bill_is_read_once_with_the_year_of_its_file(folder: Path, tmp_path: Path) -> None:
    assert [(one.row.id, one.year, one.decade) for one in read_rows(folder)] == [
        ("1", 1970, 1970), ("2", 1970, 1970), ("3", 1970, 1970), ("4", 1970, 1970), ("5", 1981, 1980),
    ]  # fmt: skip
    assert why_missing(folder) is None
    assert "no recordings" in (why_missing(tmp_path / "elsewhere") or "")


def test_rows_are_counted_by_year(folder: Path) -> None:
    figures = count(read_rows(folder))
    assert figures.years == {1970: {"ARCHIVED": 1, "READY_FOR_AGENDA": 1, "UNKNOWN": 2}, 1981: {"UNKNOWN": 1}}
    assert (figures.total, figures.speaking, figures.untold) == (5, 3, 1)
    assert Figures.from_json(figures.as_json()) == figures


def test_words_without_a_word_of_ours_are_counted(folder: Path) -> None:
    tallies = camara(folder)
    assert (tallies["camara status"].seen, tallies["camara status"].nameless["ZZZ"]) == (3, 1)
    assert tallies["camara action kind"].nameless == {"5 ZZZ": 1}
    assert Tally().share == 0


def test_a_sample_is_the_same_for_the_same_seed_and_has_every_type(folder: Path) -> None:
    rows = list(read_rows(folder))
    assert sample(rows, 4, 7) == sample(reversed(rows), 4, 7)
    assert {one.row.siglaTipo for one in sample(rows, 5)} == {"PL", "MSC"}
    assert len(sample(rows, 3)) == 3


def test_rows_judged_otherwise_are_listed(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "judged.csv"
    table.write_text("id;status;why\n1;ARCHIVED;arquivado\n3;MOOT;por engano\n77;MOOT;not recorded\n", encoding="utf-8")
    found, misses = compare(read_rows(folder), read_judgements(table))
    assert found == 2
    assert misses == [Miss("3", "MSC 3/1970", "UNKNOWN", "MOOT", "por engano")]
    figures = count(read_rows(folder))
    text = page(figures, figures, found, misses, 7)
    assert "**1 of 2\n  right** (50.0%)" in text
    assert "| 3 | MSC 3/1970 | `UNKNOWN` | `MOOT` | por engano |" in text


@pytest.mark.parametrize(
    ("lines", "why"), [("1;ARCHIVED;a\n1;ARCHIVED;b\n", "judged twice"), ("1;ARQUIVADA;a\n", "ARQUIVADA")]
)
def test_a_judgement_that_would_go_unnoticed_is_refused(tmp_path: Path, lines: str, why: str) -> None:
    table = tmp_path / "judged.csv"
    table.write_text(f"id;status;why\n{lines}", encoding="utf-8")
    with pytest.raises(ValueError, match=why):
        read_judgements(table)


def test_the_judged_rows_are_many_with_a_reason_each() -> None:
    judged = read_judgements()
    assert JUDGED.name == "judged_statuses.csv"
    assert len(judged) == 280
    assert all(0 < len(one.why) <= 60 for one in judged.values())


def test_rows_that_say_nothing(folder: Path) -> None:
    assert [says_anything(one.row) for one in read_rows(folder)] == [True, True, True, False, False]
