"""What kind of document stands behind the Senado's document types."""

from legis.domain.vocabulary import DocumentKind, RelationKind

from ingest_senado.vocabulary.folding import upper

_STEMS = (
    ("EMENDA", DocumentKind.AMENDMENT),
    ("SUBEMENDA", DocumentKind.AMENDMENT),
    ("PARECER", DocumentKind.OPINION),
    ("RELATORIO LEGISLATIVO", DocumentKind.OPINION),
    ("RELATORIO_LEGISLATIVO", DocumentKind.OPINION),
    ("VOTO EM SEPARADO", DocumentKind.OPINION),
    ("VOTO_EM_SEPARADO", DocumentKind.OPINION),
    ("AVULSO", DocumentKind.ACTION_TEXT),
    ("PROJETO", DocumentKind.FULL_TEXT),
    ("PROPOSTA", DocumentKind.FULL_TEXT),
    ("MEDIDA PROVISORIA", DocumentKind.FULL_TEXT),
    ("MEDIDA_PROVISORIA", DocumentKind.FULL_TEXT),
)


def document_kind(code: str | None, text: str | None = None) -> DocumentKind:
    """From the type's sign or name. OTHER for the many that are letters, notices and annexes."""
    for name in (code, text):
        folded = upper(name) if name else ""
        for stem, kind in _STEMS:
            if folded.startswith(stem):
                return kind
    return DocumentKind.OTHER


def relation_kind(text: str | None) -> RelationKind:
    """How a related process relates; RELATED where upstream does not say or says it in a word we do not know."""
    folded = upper(text) if text else ""
    if "APENS" in folded or "CONJUNT" in folded or "ANEX" in folded:
        return RelationKind.JOINED_TO
    if "PRINCIPAL" in folded:
        return RelationKind.MAIN_BILL
    return RelationKind.RELATED
