"""Committees, boards, plenaries and blocs with their members."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from legis.domain.records.membership import Member, MembershipKind
from legis.domain.records.organization_record import Classification, OrganizationRecord
from legis.domain.records.record import record_id
from legis.domain.vocabulary import Chamber, QualityFlagCode, Source

from ingest_senado.normalizer.legislators import record_flags
from ingest_senado.normalizer.memberships import bloc_id, body_id, condition, known_day, senator_id
from ingest_senado.normalizer.notes import Notes, Sighting, folded
from ingest_senado.vocabulary.bodies import classification
from ingest_senado.vocabulary.chambers import chamber
from ingest_senado.vocabulary.folding import upper
from ingest_senado.wire.organization_records import (
    BlocDetail,
    BlocLeader,
    BlocRow,
    BodyDetail,
    BodyRow,
    MemberRow,
    SeatRow,
)
from ingest_senado.wire.people_records import CommitteeName
from ingest_senado.wire.wire_model import leftovers

FIELD = "members"
_TITLE = re.compile(r"^(?:Senador|Senadora|Deputado|Deputada)\s+", re.IGNORECASE)
_BENCH = re.compile(r"^\(?(?P<party>.+?)[-/](?P<state>[A-Z]{2})\)?$")
_DOUBLE = "(EXCLUIR - DUPLICIDADE"
_ROLES = {"L": "Líder", "V": "Vice-líder"}


def from_body_row(row: BodyRow, sighting: Sighting) -> OrganizationRecord:
    """A body at work from the list of all bodies."""
    notes = Notes(sighting)
    name = folded(row.Nome)
    if upper(name or "").startswith(_DOUBLE):
        notes.flag(QualityFlagCode.DUPLICATE, "name", name)
    claims: dict[str, Any] = {
        "classification": classification(row.DescricaoTipoColegiado, row.SiglaCasa),
        "classification_text": row.DescricaoTipoColegiado,
        "acronym": row.Sigla,
        "name": name,
        "active": row.DataFim is None,
    }
    if (founded := known_day(notes, row.DataInicio, "founding_date")) is not None:
        claims["founding_date"] = founded
    if row.DataFim:
        claims["dissolution_date"] = known_day(notes, row.DataFim, "dissolution_date")
    return _record(row.Codigo, row.SiglaCasa, claims, notes, leftovers(row))


def from_committee_name(body: CommitteeName, sighting: Sighting) -> OrganizationRecord | None:
    """A body that only a senator's seat or office names: closed ones are in no list."""
    if body.CodigoComissao is None:
        return None
    claims: dict[str, Any] = {"acronym": body.SiglaComissao, "name": folded(body.NomeComissao)}
    return _record(body.CodigoComissao, body.SiglaCasaComissao, claims, Notes(sighting), {})


def from_seats(code: int, seats: Sequence[SeatRow], sighting: Sighting) -> OrganizationRecord:
    """The seats of a committee with their days."""
    notes = Notes(sighting)
    return _record(code, None, {"members": {"seats": tuple(_seat(row, notes) for row in seats)}}, notes, {})


def from_detail(detail: BodyDetail, sighting: Sighting) -> OrganizationRecord:
    """Offices and members as the body's own page shows them: the Câmara's members too, all of them without days."""
    notes = Notes(sighting)
    lists = {
        "offices": _members(detail.Cargos, MembershipKind.COMMITTEE, notes),
        "composition": (
            *_members(detail.MembrosBlocoSF, MembershipKind.COMMITTEE, notes),
            *_members(detail.MembrosBlocoCD, MembershipKind.COMMITTEE, notes, deputies=True),
        ),
    }
    return _record(detail.CodigoColegiado, _house(detail), {"members": lists}, notes, leftovers(detail))


def from_board(detail: BodyDetail, sighting: Sighting) -> OrganizationRecord:
    """The board of the Senado or of the Congress. The members listed by bloc are those who hold the offices."""
    notes = Notes(sighting)
    claims: dict[str, Any] = {
        "classification": Classification.BOARD,
        "acronym": detail.SiglaColegiado,
        "name": folded(detail.NomeColegiado),
        "members": {"offices": _members(detail.Cargos, MembershipKind.BOARD, notes)},
    }
    return _record(detail.CodigoColegiado, _house(detail), claims, notes, leftovers(detail))


def from_bloc_row(row: BlocRow, sighting: Sighting) -> OrganizationRecord:
    """A bloc with the keys of its parties."""
    notes = Notes(sighting)
    day = known_day(notes, row.DataCriacao, "founding_date")
    labels = [
        notes.party("party_ids", one.Partido.SiglaPartido, day) for one in row.Membros if not one.DataDesligamento
    ]
    claims: dict[str, Any] = {
        "classification": Classification.BLOC,
        "acronym": row.NomeApelido,
        "name": folded(row.NomeBloco),
        "founding_date": day,
        "active": row.DataExtincao is None,
        "party_ids": tuple(sorted({label.party for label in labels if label.party})),
    }
    if row.DataExtincao:
        claims["dissolution_date"] = known_day(notes, row.DataExtincao, "dissolution_date")
    return _bloc(row.CodigoBloco, claims, notes, leftovers(row))


def from_bloc_detail(detail: BlocDetail, sighting: Sighting) -> OrganizationRecord:
    """The leaders of a bloc, former ones included."""
    notes = Notes(sighting)
    leaders = tuple(_leader(row, notes) for row in detail.unidadesLiderancaBloco)
    return _bloc(detail.idBloco, {"members": {"leaders": leaders}}, notes, leftovers(detail))


def camara_ids(details: Iterable[BodyDetail], blocs: Iterable[BlocDetail]) -> dict[int, int]:
    """The Câmara's ids of people whom the Senado numbers, by the Senado's code."""
    found = {
        row.CodigoParlamentar: row.CodigoDeputadoNaCamara
        for detail in details
        for row in (*detail.Cargos, *detail.MembrosBlocoSF, *detail.MembrosBlocoCD)
        if row.CodigoParlamentar is not None and row.CodigoDeputadoNaCamara is not None
    }
    leaders = [leader.parlamentar for bloc in blocs for leader in bloc.unidadesLiderancaBloco]
    return found | {one.idParlamentar: one.idDeputado for one in leaders if one.idDeputado is not None}


def _seat(row: SeatRow, notes: Notes) -> Member:
    return Member(
        legislator_id=senator_id(row.CodigoMembro),
        name=row.NomeMembro,
        role=row.TipoVaga,
        start_date=known_day(notes, row.DataInicioMembroVaga, FIELD),
        end_date=known_day(notes, row.DataFimMembroVaga, FIELD),
        condition=condition(row.TipoVaga),
    )


def _house(detail: BodyDetail) -> str | None:
    return detail.SiglaCasa or (detail.TipoColegiado.SiglaCasa if detail.TipoColegiado else None)


def _members(
    rows: Iterable[MemberRow], kind: MembershipKind, notes: Notes, *, deputies: bool = False
) -> tuple[Member, ...]:
    return tuple(_member(row, kind, notes, deputy=deputies or _is_deputy(row)) for row in rows)


def _is_deputy(row: MemberRow) -> bool:
    return row.CodigoDeputadoNaCamara is not None or row.NomeParlamentar.lower().startswith("deputad")


def _member(row: MemberRow, kind: MembershipKind, notes: Notes, *, deputy: bool) -> Member:
    """A member, whose name has a title. The Senado's code of a deputy is no senator: then the Câmara's id counts."""
    bench = _BENCH.match(row.Bancada or "")
    label = notes.party(FIELD, row.Partido or (bench["party"] if bench else None), notes.latest_day)
    camara = row.CodigoDeputadoNaCamara
    in_camara = None if camara is None else record_id(Source.CAMARA, "deputy", camara)
    return Member(
        legislator_id=in_camara if deputy else senator_id(row.CodigoParlamentar),
        name=_TITLE.sub("", row.NomeParlamentar),
        kind=kind,
        role=row.TipoCargo or row.TipoVaga,
        condition=condition(row.TipoVaga),
        party=label.party,
        party_text=label.text,
        state=row.SiglaUf or (bench["state"] if bench else None),
    )


def _leader(row: BlocLeader, notes: Notes) -> Member:
    return Member(
        legislator_id=senator_id(row.parlamentar.idParlamentar),
        name=row.parlamentar.nomeParlamentar or str(row.parlamentar.idParlamentar),
        kind=MembershipKind.LEADERSHIP,
        role=_ROLES.get(row.tipoLideranca or "", row.tipoLideranca),
        start_date=known_day(notes, row.dataDesignacao, FIELD),
        end_date=known_day(notes, row.dataTermino, FIELD),
    )


def _bloc(code: int, claims: dict[str, Any], notes: Notes, extras: dict[str, Any]) -> OrganizationRecord:
    record = _record(code, "SF", claims, notes, extras)
    return record.model_copy(update={"id": bloc_id(code), "upstream_id": f"bloc-{code}"})


def _record(
    code: int, house: str | None, claims: dict[str, Any], notes: Notes, extras: dict[str, Any]
) -> OrganizationRecord:
    if extras:
        claims["extras"] = extras
    where: Chamber | None = chamber(house)
    if where is not None:
        claims["house"] = where
    return OrganizationRecord(
        id=body_id(code) or "",
        source=Source.SENADO,
        upstream_id=str(code),
        flags=record_flags(notes),
        **{name: value for name, value in claims.items() if value is not None},
    )
