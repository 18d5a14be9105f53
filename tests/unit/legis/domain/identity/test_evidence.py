"""Evidence is read in the parts that it was written of."""

import pytest
from legis.domain.identity.evidence import KINDS, OTHER, EvidencePart, evidence_part, sentence

PARTS = {
    "TITLES_ALIKE": {"value": "0.97"},
    "SAME_NUMBER": {"value": "PL 2630/2020"},
    "ONE_NUMBERING": {},
    "BEGAN_IN": {"id": "senado-1", "house": "Câmara"},
    "UNDER_REVIEW": {"id": "senado-1"},
    "AUTHOR": {"id": "senado-1", "house": "Senado"},
    "NUMBERED_BEFORE": {"id": "camara-1", "value": "2021"},
    "NUMBERED_ON_ITS_WAY": {"id": "camara-1", "value": "2018"},
    "ALSO_NUMBERED": {"id": "camara-1", "value": "PLC 27/2016"},
    "ADDRESS": {"id": "camara-1", "address": "https://legis.senado.leg.br/materia/1?a=b"},
    "FIELD": {"id": "senado-1", "field": "outrosNumeros (Casa: CD)", "value": "PL 8/2025: fase 2"},
    "BIRTH_DATE": {"value": "1970-01-01"},
    "CIVIL_NAME": {"value": "Ana: da Silva"},
    "REGISTER": {"value": "camara-deputy-1"},
    "GENDER": {"value": "F"},
}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != OTHER])
def test_a_sentence_is_read_as_it_was_written(kind: str) -> None:
    parts = PARTS[kind]
    text = sentence(kind, **parts)
    houses = {"Câmara": "CAMARA", "Senado": "SENADO"}
    value = parts.get("address") or parts.get("value") or houses.get(parts.get("house", ""))
    assert evidence_part(text) == EvidencePart(kind, text, parts.get("id"), parts.get("field"), value)


def test_a_sentence_in_no_known_form_is_itself() -> None:
    assert evidence_part("they say so") == EvidencePart(OTHER, "they say so")
    assert set(PARTS) | {OTHER} == set(KINDS)
