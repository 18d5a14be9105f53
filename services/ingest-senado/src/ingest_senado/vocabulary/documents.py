"""Maps the Senado's types of documents to `DocumentKind`, and of related processes to `RelationKind`."""

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
    """The kind for a type's sign or name. OTHER for many types: letters, notices and annexes."""
    for name in (code, text):
        folded = upper(name) if name else ""
        for stem, kind in _STEMS:
            if folded.startswith(stem):
                return kind
    return DocumentKind.OTHER


def relation_kind(text: str | None) -> RelationKind:
    """The kind of a related process; RELATED where upstream gives none or an unknown word."""
    folded = upper(text) if text else ""
    if "APENS" in folded or "CONJUNT" in folded or "ANEX" in folded:
        return RelationKind.JOINED_TO
    if "PRINCIPAL" in folded:
        return RelationKind.MAIN_BILL
    return RelationKind.RELATED
