"""Other numbers of a bill, related bills, and upstream's references to its record in the Câmara."""

from legis.domain.bill import CounterpartHint, OtherIdentifier, RelatedBill
from legis.domain.vocabulary import Chamber, CounterpartRule

from ingest_senado.normalizer.identity import other_identifier, read_label
from ingest_senado.vocabulary.chambers import chamber, yes_no
from ingest_senado.vocabulary.documents import relation_kind
from ingest_senado.wire.bill_records import Detail, OtherNumber

# Messages that bring a bill to the Congress have numbers of their own; these are not bills of the Câmara.
_MESSAGES = frozenset({"MSG", "MCN"})


def other_identifiers(detail: Detail) -> tuple[OtherIdentifier, ...]:
    """Every number in `outrosNumeros`, without its padding zeros."""
    return tuple(
        other_identifier(
            item.sigla,
            item.numero,
            item.ano,
            chamber(item.casaIdentificadora),
            upstream_id=None if item.idOutroProcesso is None else str(item.idOutroProcesso),
        )
        for item in detail.outrosNumeros
    )


def counterpart_hints(detail: Detail) -> tuple[CounterpartHint, ...]:
    """References to the Câmara's record: the label under which it began there, then its other numbers in the Câmara."""
    found: dict[tuple[str, int, int], CounterpartHint] = {}
    for hint in (_initial(detail), *(_other(item) for item in detail.outrosNumeros)):
        if hint is not None:
            found.setdefault((hint.type_code, hint.number, hint.year), hint)
    return tuple(found.values())


def related_bills(detail: Detail) -> tuple[RelatedBill, ...]:
    """The entries of `processosRelacionados` whose process can be identified."""
    return tuple(
        RelatedBill(
            kind=relation_kind(item.tipoRelacao or item.siglaTipoRelacao),
            upstream_id=item.process_id,
            identifier=item.identificacao,
        )
        for item in detail.processosRelacionados
        if item.process_id or item.identificacao
    )


def _initial(detail: Detail) -> CounterpartHint | None:
    if chamber(detail.siglaCasaIniciadora) is not Chamber.CAMARA or not detail.identificacaoProcessoInicial:
        return None
    label = read_label(detail.identificacaoProcessoInicial)
    if label is None or label.number is None:
        return None
    return CounterpartHint(
        rule=CounterpartRule.INITIAL_IDENTIFIER,
        chamber=Chamber.CAMARA,
        type_code=label.type_code,
        number=label.number,
        year=label.year,
        evidence=f"identificacaoProcessoInicial: {detail.identificacaoProcessoInicial}",
    )


def _other(item: OtherNumber) -> CounterpartHint | None:
    if item.casaIdentificadora != "CD" or yes_no(item.externaAoCongresso) or item.sigla in _MESSAGES:
        return None
    known = other_identifier(item.sigla, item.numero, item.ano, Chamber.CAMARA)
    if known.number is None or known.year is None:
        return None
    return CounterpartHint(
        rule=CounterpartRule.OTHER_NUMBER,
        chamber=Chamber.CAMARA,
        type_code=known.type_code,
        number=known.number,
        year=known.year,
        evidence=f"outrosNumeros: {known.identifier}",
    )
