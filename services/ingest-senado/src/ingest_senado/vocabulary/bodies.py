"""Maps the Senado's types of bodies to `Classification`."""

from legis.domain.records.organization_record import Classification

from ingest_senado.vocabulary.folding import count_unknown, upper

_TYPES = {
    "PLENARIO": Classification.PLENARY,
    "MESA": Classification.BOARD,
    "COMISSAO PERMANENTE": Classification.PERMANENT,
    "SUBCOMISSAO PERMANENTE": Classification.SUBCOMMITTEE,
    "SUBCOMISSAO TEMPORARIA": Classification.SUBCOMMITTEE,
    "COMITE DA CMO": Classification.SUBCOMMITTEE,
    "COMISSAO PARLAMENTAR DE INQUERITO": Classification.INQUIRY,
    "COMISSAO PARLAMENTAR MISTA DE INQUERITO": Classification.INQUIRY,
    "COMISSAO TEMPORARIA INTERNA": Classification.SPECIAL,
    "COMISSAO TEMPORARIA EXTERNA": Classification.SPECIAL,
    "COMISSAO ESPECIAL EXTERNA": Classification.SPECIAL,
    "COMISSAO ESPECIAL": Classification.SPECIAL,
    "COMISSAO MISTA ESPECIAL": Classification.JOINT,
    "COMISSAO DE MEDIDA PROVISORIA": Classification.JOINT,
    "CONSELHO": Classification.COUNCIL,
    # Types whose meaning is "none of these": OTHER is no gap in the table.
    "GRUPO PARLAMENTAR": Classification.OTHER,
    "FRENTE PARLAMENTAR": Classification.OTHER,
    "FORUM PARLAMENTAR": Classification.OTHER,
    "ORGAO": Classification.OTHER,
    "RELATORES SETORIAIS DO PLOA": Classification.OTHER,
}

VOTING = frozenset(
    {
        Classification.PERMANENT,
        Classification.SPECIAL,
        Classification.INQUIRY,
        Classification.JOINT,
        Classification.SUBCOMMITTEE,
    }
)
"""Kinds of committees whose votings are published."""


def classification(type_text: str | None, house: str | None) -> Classification:
    """The kind of a body. A permanent committee of the Congress is JOINT; an unknown type is OTHER, counted."""
    if not type_text:
        return Classification.OTHER
    found = _TYPES.get(upper(type_text))
    if found is None:
        count_unknown("body_type")
        return Classification.OTHER
    return Classification.JOINT if found is Classification.PERMANENT and house == "CN" else found
