"""Converts a list row, a detail or a set of votings into a bill.

Facts that list and detail share have equal values from both. So the fingerprint of the shared fields is the same, and a
bill does not seem to change because it was read another way.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from legis.domain.bill import Bill, Decision, Enactment, Subject
from legis.domain.identity.originating_house import role_contradicts
from legis.domain.vocabulary import QualityFlagCode, Source

from ingest_senado.normalizer.addresses import full_text, page_url
from ingest_senado.normalizer.bill_status import by_history, standing, status_day
from ingest_senado.normalizer.identity import identity
from ingest_senado.normalizer.notes import Notes, Sighting, folded, instant
from ingest_senado.normalizer.proceedings import proceedings
from ingest_senado.normalizer.relations import counterpart_hints, other_identifiers, related_bills
from ingest_senado.normalizer.sponsors import rapporteurs, sponsorships
from ingest_senado.normalizer.votings import vote_events
from ingest_senado.vocabulary.chambers import chamber, chamber_role, yes_no
from ingest_senado.wire.bill_records import Classification, Deliberation, Detail, ListRow, Norm
from ingest_senado.wire.rapporteur_records import RapporteurRow
from ingest_senado.wire.voting_records import VotingRow
from ingest_senado.wire.wire_model import leftovers


def from_list_row(row: ListRow, sighting: Sighting) -> Bill:
    """The bill of a `/processo` row. Its sponsors are only a text; deliberation and norm go into the extras."""
    notes = Notes(sighting)
    claims = _shared(row, row.ementa, row.tipoDocumento, row.urlDocumento, row.dataApresentacao, notes)
    claims["nickname"] = folded(row.apelido)
    claims["sponsors_text"] = folded(row.autoria)
    claims["upstream_updated_at"] = instant(row.dataUltimaAtualizacao, notes)
    return _bill(row.id, claims, leftovers(row), notes)


def from_detail(
    detail: Detail,
    sighting: Sighting,
    relatorias: Sequence[RapporteurRow] | None = None,
    votacoes: Sequence[VotingRow] | None = None,
    unanswered: Sequence[str] = (),
) -> Bill:
    """The bill of `/processo/{id}`, with rapporteurs and votings where those were requested and received.

    `unanswered` names the lists that were requested and not available. Every process has an author: a list without one
    is not claimed either.
    """
    notes = Notes(sighting)
    document = detail.documento
    claims = _shared(
        detail,
        detail.conteudo.ementa if detail.conteudo else None,
        document.tipo if document else None,
        document.url if document else None,
        document.dataApresentacao if document else None,
        notes,
    )
    if detail.apelido is not None:
        claims["nickname"] = folded(detail.apelido)
    if document and document.resumoAutoria is not None:
        claims["sponsors_text"] = folded(document.resumoAutoria)
    claims["upstream_updated_at"] = instant(detail.dthUltimaAtualizacao, notes)
    extras = leftovers(detail)
    claims |= _only_detail(detail, notes, extras, claims["introduced_on"])
    doubt_origin(claims, notes)
    if not claims["sponsorships"]:
        del claims["sponsorships"]
        unanswered = (*unanswered, "sponsorships")
    if relatorias is not None:
        claims["rapporteurs"] = rapporteurs(relatorias, notes)
        extras |= _kept("relatorias", relatorias)
    for name in unanswered:
        notes.flag(QualityFlagCode.LIST_IN_DOUBT, name)
    if votacoes is not None:
        claims["vote_events"] = vote_events(votacoes, notes)
        extras |= _kept("votacoes", votacoes)
    return _bill(detail.id, claims, extras, notes)


def from_votings(process_id: str, rows: Sequence[VotingRow], sighting: Sighting) -> Bill:
    """All votings of one bill, and no other field of it. `rows` must be complete: they replace the stored votings."""
    notes = Notes(sighting)
    return _bill(process_id, {"vote_events": vote_events(rows, notes)}, _kept("votacoes", rows), notes)


def _shared(
    record: ListRow | Detail, ementa: str | None, kind: str | None, url: str | None, on: str | None, notes: Notes
) -> dict[str, Any]:
    title = folded(ementa)
    if title is None:
        notes.flag(QualityFlagCode.TITLE_MISSING, "title")
    status_text = folded(record.situacaoAtual)
    sign = record.siglaSituacaoAtual if isinstance(record, Detail) else None
    return {
        **identity(record.identificacao, notes),
        "chamber": chamber(record.casaIdentificadora),
        "type_text": folded(kind),
        "title": title,
        "introduced_on": notes.day(on, "introduced_on"),
        **standing(status_text, sign, yes_no(record.tramitando), enacted=record.enacted, notes=notes),
        "status_on": status_day(record.dataSituacaoAtual, notes),
        "chamber_role": chamber_role(record.objetivo),
        "documents": full_text(url, folded(kind)),
        "legacy_id": None if record.codigoMateria is None else str(record.codigoMateria),
        "url": page_url(record.codigoMateria),
    }


def _only_detail(detail: Detail, notes: Notes, extras: dict[str, Any], introduced_on: date | None) -> dict[str, Any]:
    history = proceedings(detail, notes)
    extras |= history.extras
    document = detail.documento
    signed = (*(document.autoria if document else ()), *detail.autoriaIniciativa)
    if any(yes_no(author.outrosAutoresNaoInformados) for author in signed):
        extras["outrosAutoresNaoInformados"] = "Sim"
    return {
        **({} if detail.situacaoAtual or detail.siglaSituacaoAtual or detail.enacted else by_history(history.actions)),
        "abstract": folded(detail.conteudo.explicacaoEmenta) if detail.conteudo else None,
        "status_code": detail.siglaSituacaoAtual,
        "organization": history.organization,
        "latest_action": history.latest,
        "actions": history.actions,
        "sponsorships": sponsorships(detail, notes, introduced_on),
        "subjects": tuple(_subject(item) for item in detail.classificacoes if item.descricao),
        "keywords": keywords(document.indexacao if document else None),
        "originating_chamber": chamber(detail.siglaCasaIniciadora),
        "other_identifiers": other_identifiers(detail),
        "counterpart_hints": counterpart_hints(detail),
        "related_bills": related_bills(detail),
        "decision": _decision(detail.deliberacao, notes),
        "enactment": _enactment(detail.normaGerada, notes),
    }


def doubt_origin(claims: Mapping[str, Any], notes: Notes) -> None:
    """Flags a bill whose originating house and this house's role contradict each other."""
    told = role_contradicts(claims.get("chamber"), claims.get("originating_chamber"), claims.get("chamber_role"))
    if told is not None:
        notes.flag(QualityFlagCode.ORIGIN_CONTRADICTS, "originating_chamber", told)


def _subject(item: Classification) -> Subject:
    code = None if item.codigo is None else str(item.codigo)
    return Subject(code=code, name=item.descricaoHierarquia or item.descricao or "")


def keywords(text: str | None) -> tuple[str, ...]:
    """The indexing words, each once, without padding, the final full stop and the brackets of older services."""
    words = (word.strip(" .\n\t[]") for word in (text or "").replace("].", "],").replace("\n", ",").split(","))
    return tuple(dict.fromkeys(" ".join(word.split()) for word in words if word))


def _decision(item: Deliberation | None, notes: Notes) -> Decision | None:
    if item is None:
        return None
    return Decision(
        decided_on=notes.day(item.data, "decision"),
        code=item.siglaTipo,
        text=item.tipoDeliberacao,
        destination_text=item.destino,
    )


def _enactment(item: Norm | None, notes: Notes) -> Enactment | None:
    if item is None:
        return None
    return Enactment(
        type_code=item.siglaTipo or item.tipo,
        number=item.numero,
        year=notes.year("enactment", item.anoAssinatura),
        signed_on=notes.day(item.dataAssinatura, "enactment"),
        title=item.descricao or _norm_title(item),
    )


def _norm_title(item: Norm) -> str | None:
    """`Lei Complementar nº 228, de 2026`, composed of its parts where upstream gives no such name."""
    kind = item.tipo or item.siglaTipo
    if kind is None or item.numero is None:
        return None
    number = f"{int(item.numero):,}".replace(",", ".") if item.numero.isdecimal() else item.numero
    return f"{kind} nº {number}" + (f", de {item.anoAssinatura}" if item.anoAssinatura else "")


def _kept(name: str, rows: Sequence[RapporteurRow] | Sequence[VotingRow]) -> dict[str, Any]:
    found = [leftovers(row) for row in rows]
    return {name: found} if any(found) else {}


def _bill(upstream_id: int | str, claims: dict[str, Any], extras: dict[str, Any], notes: Notes) -> Bill:
    if notes.flags:
        claims["quality_flags"] = notes.flags
    if extras:
        claims["extras"] = extras
    return Bill(source=Source.SENADO, upstream_id=str(upstream_id), **claims)
