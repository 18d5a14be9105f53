"""Converts responses of the deprecated `/materia` services into the same bills as those of `/processo`."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from legis.domain.bill import Bill, CounterpartHint, Enactment, Organization, RelatedBill, Sponsorship, Subject
from legis.domain.identity.identifiers import print_label
from legis.domain.vocabulary import Chamber, CounterpartRule, Source, SponsorshipRole

from ingest_senado.legacy.legacy_bill_records import (
    FlatRow,
    Identification,
    LegacyAuthor,
    LegacyOtherNumber,
    LegacyRelated,
    MateriaDetail,
    NormNode,
    Place,
)
from ingest_senado.legacy.legacy_histories import actions, documents, rapporteurs, vote_events
from ingest_senado.legacy.legacy_history_records import (
    LegacyRapporteur,
    LegacyText,
    LegacyVoting,
    Movements,
    UpdatedRow,
)
from ingest_senado.normalizer.addresses import page_url
from ingest_senado.normalizer.bill import doubt_origin, keywords
from ingest_senado.normalizer.bill_status import standing, status_day
from ingest_senado.normalizer.identity import identity, other_identifier
from ingest_senado.normalizer.notes import Notes, Sighting, folded, instant
from ingest_senado.vocabulary.chambers import chamber, chamber_role, yes_no
from ingest_senado.vocabulary.documents import relation_kind
from ingest_senado.vocabulary.people import sponsor_kind
from ingest_senado.wire.wire_model import leftovers

_MESSAGES = frozenset({"MSG", "MCN"})


def bill_key(process_id: int | None, code: int) -> str:
    """Upstream id of a bill: the process id of the new services; `materia-<code>` only where no response has it."""
    return str(process_id) if process_id is not None else f"materia-{code}"


def from_flat_row(row: FlatRow, sighting: Sighting) -> Bill:
    """The bill of a `pesquisa/lista` row from version 7 on."""
    notes = Notes(sighting)
    claims = {
        **identity(row.DescricaoIdentificacao, notes),
        "title": folded(row.Ementa),
        "introduced_on": notes.day(row.Data, "introduced_on"),
        "sponsors_text": folded(row.Autor),
        "legacy_id": str(row.Codigo),
        "url": page_url(row.Codigo),
    }
    return _bill(bill_key(row.IdentificacaoProcesso, row.Codigo), claims, leftovers(row), notes)


def from_updated_row(row: UpdatedRow, upstream_id: str, sighting: Sighting) -> Bill:
    """The bill of a `/materia/atualizadas` row: its names, and when it moved."""
    notes = Notes(sighting)
    claims = _identification(row.IdentificacaoMateria, notes)
    claims["upstream_updated_at"] = instant(row.updated_at, notes)
    return _bill(upstream_id, claims, {}, notes)


def from_materia(
    detail: MateriaDetail,
    upstream_id: str,
    sighting: Sighting,
    *,
    movements: Movements | None = None,
    relators: Sequence[LegacyRapporteur] | None = None,
    texts: Sequence[LegacyText] | None = None,
    votings: Sequence[LegacyVoting] | None = None,
) -> Bill:
    """The bill of `/materia/{codigo}` and of those sibling services that responded. Empty histories are not claimed."""
    notes = Notes(sighting)
    claims = _identification(detail.IdentificacaoMateria, notes)
    extras = leftovers(detail)
    claims |= _basics(detail, notes) | _standing(detail, notes) | _relations(detail, notes)
    doubt_origin(claims, notes)
    if detail.Autoria:
        claims["sponsorships"] = tuple(
            _sponsorship(author, i, notes, claims.get("introduced_on")) for i, author in enumerate(detail.Autoria, 1)
        )
    if movements is not None:
        extras |= leftovers(movements)
        if history := actions(movements.Tramitacoes, notes):
            claims["actions"] = history
            claims["latest_action"] = history[-1]
    if relators:
        claims["rapporteurs"] = rapporteurs(relators, notes)
    if texts:
        claims["documents"], extras["emendas"] = documents(texts, notes)
    if votings:
        claims["vote_events"] = vote_events(votings, notes)
    return _bill(upstream_id, claims, extras, notes)


def _identification(item: Identification, notes: Notes) -> dict[str, Any]:
    digits = (item.NumeroMateria or "").lstrip("0") or None
    year = int(item.AnoMateria) if item.AnoMateria and item.AnoMateria.isdecimal() else None
    label = item.DescricaoIdentificacaoMateria or print_label(item.SiglaSubtipoMateria, digits, year)
    return {
        **identity(label, notes),
        "type_text": folded(item.DescricaoSubtipoMateria),
        "chamber": chamber(item.SiglaCasaIdentificacaoMateria),
        "chamber_role": chamber_role(item.DescricaoObjetivoProcesso),
        "in_progress": yes_no(item.IndicadorTramitando),
        "legacy_id": str(item.CodigoMateria),
        "url": page_url(item.CodigoMateria),
    }


def _basics(detail: MateriaDetail, notes: Notes) -> dict[str, Any]:
    basics = detail.DadosBasicosMateria
    found: dict[str, Any] = {"subjects": _subjects(detail)}
    if basics is None:
        return found
    return found | {
        "title": folded(basics.EmentaMateria),
        "abstract": folded(basics.ExplicacaoEmentaMateria),
        "nickname": folded(basics.ApelidoMateria),
        "introduced_on": notes.day(basics.DataApresentacao, "introduced_on"),
        "keywords": keywords(basics.IndexacaoMateria),
    }


def _subjects(detail: MateriaDetail) -> tuple[Subject, ...]:
    node = detail.Assunto
    pair = (node.AssuntoGeral, node.AssuntoEspecifico) if node else ()
    return tuple(Subject(code=item.Codigo, name=item.Descricao) for item in pair if item and item.Descricao)


def _standing(detail: MateriaDetail, notes: Notes) -> dict[str, Any]:
    """The body and the status claims of the main filing. Old bills have no situation: only a norm is evidence then."""
    filings = sorted(detail.SituacaoAtual, key=lambda filing: filing.NumeroAutuacao or 1)
    found: dict[str, Any] = {"organization": place(filings[0].Local)} if filings else {}
    situation = filings[0].Situacao if filings else None
    text = folded(situation.DescricaoSituacao) if situation else None
    sign = situation.SiglaSituacao if situation else None
    enacted = bool(detail.NormaGerada and detail.NormaGerada.IdentificacaoNorma)
    if situation is None and not enacted:
        return found
    in_progress = yes_no(detail.IdentificacaoMateria.IndicadorTramitando)
    found |= standing(text, sign, in_progress, enacted=enacted, notes=notes)
    if situation is not None:
        found |= {"status_code": sign, "status_on": status_day(situation.DataSituacao, notes)}
    return found


def place(node: Place | None) -> Organization | None:
    """A `Local` as an organization."""
    if node is None:
        return None
    code = None if node.CodigoLocal is None else str(node.CodigoLocal)
    return Organization(code=code, acronym=node.SiglaLocal, name=node.NomeLocal, chamber=chamber(node.SiglaCasaLocal))


def _relations(detail: MateriaDetail, notes: Notes) -> dict[str, Any]:
    origin = detail.CasaIniciadoraNoLegislativo
    found: dict[str, Any] = {
        "other_identifiers": tuple(
            other_identifier(
                number.IdentificacaoMateria.SiglaSubtipoMateria,
                number.IdentificacaoMateria.NumeroMateria,
                number.IdentificacaoMateria.AnoMateria,
                chamber(number.IdentificacaoMateria.SiglaCasaIdentificacaoMateria),
                note=number.DescricaoTipoNumeracao,
            )
            for number in detail.OutrosNumerosDaMateria
        ),
        "counterpart_hints": tuple(h for n in detail.OutrosNumerosDaMateria if (h := _hint(n)) is not None),
        "related_bills": tuple(_related(item) for item in detail.MateriasRelacionadas),
        "enactment": _enactment(detail.NormaGerada, notes),
    }
    if origin is not None:
        found["originating_chamber"] = chamber(origin.SiglaCasaIniciadora)
    return found


def _hint(item: LegacyOtherNumber) -> CounterpartHint | None:
    foreign = item.IdentificacaoMateria
    if foreign.SiglaCasaIdentificacaoMateria != "CD" or foreign.SiglaSubtipoMateria in _MESSAGES:
        return None
    known = other_identifier(foreign.SiglaSubtipoMateria, foreign.NumeroMateria, foreign.AnoMateria, Chamber.CAMARA)
    if known.number is None or known.year is None:
        return None
    initial = item.DescricaoTipoNumeracao == "CasaIniciadora"
    return CounterpartHint(
        rule=CounterpartRule.INITIAL_IDENTIFIER if initial else CounterpartRule.OTHER_NUMBER,
        chamber=Chamber.CAMARA,
        type_code=known.type_code,
        number=known.number,
        year=known.year,
        evidence=f"OutrosNumerosDaMateria ({item.DescricaoTipoNumeracao}): {known.identifier}",
    )


def _related(item: LegacyRelated) -> RelatedBill:
    other = item.IdentificacaoMateria
    digits = (other.NumeroMateria or "").lstrip("0") or None
    year = int(other.AnoMateria) if other.AnoMateria and other.AnoMateria.isdecimal() else None
    return RelatedBill(
        kind=relation_kind(other.SiglaTipoRelacao),
        upstream_id=None if other.IdentificacaoProcesso is None else str(other.IdentificacaoProcesso),
        identifier=other.DescricaoIdentificacaoMateria or print_label(other.SiglaSubtipoMateria, digits, year),
        url=page_url(other.CodigoMateria),
    )


def _enactment(node: NormNode | None, notes: Notes) -> Enactment | None:
    norm = node.IdentificacaoNorma if node else None
    if norm is None:
        return None
    return Enactment(
        type_code=norm.SiglaTipoNorma,
        number=norm.NumeroNorma,
        year=notes.year("enactment", norm.AnoNorma),
        signed_on=notes.day(norm.DataNorma, "enactment"),
        title=norm.DescricaoTipoNorma,
    )


def _sponsorship(author: LegacyAuthor, position: int, notes: Notes, signed_on: date | None) -> Sponsorship:
    member = author.IdentificacaoParlamentar
    code = member.CodigoParlamentar if member else None
    order = author.NumOrdemAutor or position
    party = notes.party("sponsorships", member.SiglaPartidoParlamentar if member else None, signed_on)
    return Sponsorship(
        name=author.NomeAutor,
        role=SponsorshipRole.AUTHOR if order == 1 else SponsorshipRole.COAUTHOR,
        kind=sponsor_kind(author.SiglaTipoAutor, code),
        order=order,
        legislator_id=None if code is None else str(code),
        party=party.party,
        party_text=party.text,
        state=author.UfAutor or (member.UfParlamentar if member else None),
        type_text=author.DescricaoTipoAutor,
        primary=order == 1,
    )


def _bill(upstream_id: str, claims: dict[str, Any], extras: dict[str, Any], notes: Notes) -> Bill:
    kept = {name: value for name, value in extras.items() if value}
    if notes.flags:
        claims["quality_flags"] = notes.flags
    if kept:
        claims["extras"] = kept
    return Bill(source=Source.SENADO, upstream_id=upstream_id, **claims)
