"""Kinds of bodies by code and by words; the page for people has the same table."""

import re
from pathlib import Path

import pytest
from ingest_camara.vocabulary.organization_types import BY_CODE, classification_of
from legis.domain.records.organization_record import Classification as C

PAGE = Path(__file__).parents[3] / "services/ingest-camara/README.md"


@pytest.mark.parametrize(
    ("code", "text", "kind"),
    [
        ("2", "Comissão Permanente", C.PERMANENT),
        ("10", "Comissão Parlamentar Mista de Inquérito", C.INQUIRY),
        ("77", "Subcomissão Permanente", C.SUBCOMMITTEE),
        ("25", "Plenário", C.PLENARY),
        ("99", "Grupo de Trabalho", C.OTHER),
        (None, None, C.OTHER),
    ],
)
def test_a_kind_is_that_of_the_code_or_of_the_words(code: str | None, text: str | None, kind: C) -> None:
    assert classification_of(code, text) is kind


def test_the_page_has_every_code() -> None:
    rows = re.findall(r"^\| (\d+) \| [^|]+ \| `(\w+)` \|$", PAGE.read_text(), re.MULTILINE)
    assert {code: C[kind] for code, kind in rows} == BY_CODE
