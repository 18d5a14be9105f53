"""Whatever text of an answer has a NUL or a lone surrogate: what is made of it can be stored, and the rest is kept."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from ingest_camara.client.api import CamaraApi
from ingest_camara.normalizer import events, legislators, organizations, vote_events
from ingest_camara.normalizer.bill import SubResources, from_detail, from_list_item
from ingest_camara.normalizer.people.deputy_seats import seats_of
from ingest_camara.normalizer.people.leaderships import board_of, leader_of
from ingest_camara.normalizer.people.legislator_history import from_history
from ingest_camara.normalizer.people.legislatures import Legislature
from ingest_camara.normalizer.sponsors import Member
from ingest_camara.source.directory import DeputyDirectory
from ingest_camara.wire.bill_records import Author, Detail, ListItem, Related, Status, Theme
from ingest_camara.wire.event_columns import EventBodyRow, EventRow
from ingest_camara.wire.event_records import AgendaRow, EventItem
from ingest_camara.wire.organization_records import Bloc, BodyDetail
from ingest_camara.wire.people_files import FileDeputy, FileSeat
from ingest_camara.wire.people_records import (
    BoardSeat,
    BodySeat,
    DeputyDetail,
    DeputyRow,
    DeputyStatus,
    Leadership,
    PartyRow,
)  # fmt: skip
from ingest_camara.wire.vote_event_records import OrientationRow, VotingDetail
from ingest_camara.wire.voting_columns import BenchRow, VotedBillRow, VoteRow, VotingRow
from ingest_camara.wire.voting_records import MemberVote, Voting
from pydantic import BaseModel
from unit.ingest_camara.conftest import DETAIL, HOST, STATUS
from unit.ingest_camara.odd_answers.scripted import BASE, Upstream

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
TERM = Legislature(57, date(2023, 2, 1), date(2027, 1, 31))
ODD = "\x00\ud83d"
NAME = "um texto"
PARTIES: dict[str, str] = {}

MAIN = f"{HOST}/proposicoes/12"
PROPOSAL = {"id": 5, "uri": f"{HOST}/proposicoes/5", "siglaTipo": "REQ", "codTipo": 1, "numero": "7", "ano": 2025}
PERSON = {"id": 5, "uri": f"{HOST}/deputados/5", "nome": NAME, "siglaPartido": "PT", "uriPartido": f"{HOST}/partidos/1",
          "siglaUf": "SP", "idLegislatura": 57, "urlFoto": "https://x/5.jpg"}  # fmt: skip
DAYS = {"dataInicio": "2025-02-01T00:00", "dataFim": "2025-03-01T00:00"}
ANSWERS: dict[str, Any] = {
    "detail": {**DETAIL, "statusProposicao": {**STATUS, "url": "https://x"}, "uriPropPrincipal": MAIN, "novo": NAME,
               "ementaDetalhada": NAME, "texto": NAME},
    "authors": [{"uri": "", "nome": NAME, "codTipo": 7, "tipo": NAME, "ordemAssinatura": 1, "proponente": 1,
                 "siglaPartido": "PT", "siglaUf": "SP"}],
    "themes": [{"codTema": 40, "tema": NAME}],
    "actions": [{**STATUS, "url": "https://x"}],
    "related": [PROPOSAL],
    "votings": [{"id": "9-1", "data": "2025-02-03", "dataHoraRegistro": "2025-02-03T10:00", "siglaOrgao": "PLEN",
                 "uriOrgao": f"{HOST}/orgaos/180", "uriEvento": f"{HOST}/eventos/1", "proposicaoObjeto": "REQ 7/2025",
                 "uriProposicaoObjeto": MAIN, "descricao": NAME, "aprovacao": 5, "novo": NAME}],
    "votes": [{"tipoVoto": "Sim", "dataRegistroVoto": "2025-02-03T10:00:01", "deputado_": PERSON}],
    "orientations": [{"orientacaoVoto": "Sim", "codTipoLideranca": "P", "siglaPartidoBloco": "PT"}],
    "voted": [PROPOSAL],
    "event": {"id": 1, "dataHoraInicio": "2025-02-03T10:00", "dataHoraFim": "2025-02-03T11:00", "situacao": NAME,
              "descricaoTipo": NAME, "descricao": NAME, "localExterno": "", "urlRegistro": "https://x", "novo": NAME,
              "orgaos": [{"id": 180, "sigla": "PLEN", "nome": NAME}], "fases": [NAME], "uriConvidados": NAME,
              "localCamara": {"nome": NAME, "predio": NAME, "sala": NAME, "andar": NAME}},
    "agenda": [{"ordem": 1, "topico": NAME, "titulo": NAME, "proposicao_": PROPOSAL, "situacaoItem": NAME,
                "relator": PERSON, "uriVotacao": f"{HOST}/votacoes/9-1", "uriProposicaoRelacionada": MAIN, "novo": 1},
               {"titulo": NAME}],
    "deputy": {"id": 5, "nomeCivil": NAME, "sexo": "F", "urlWebsite": "https://x", "redeSocial": ["https://y"],
               "dataNascimento": "1970-01-01", "ufNascimento": "SP", "municipioNascimento": NAME, "novo": NAME,
               "escolaridade": NAME, "ultimoStatus": {**PERSON, "data": "2025-02-01T10:00", "situacao": "Exercício",
               "condicaoEleitoral": "Titular", "descricaoStatus": NAME, "nomeEleitoral": NAME, "novo": NAME}},
    "person": PERSON,
    "history": [{**PERSON, "dataHora": f"2025-0{month}-01T10:00", "situacao": word, "condicaoEleitoral": "Titular",
                 "descricaoStatus": NAME, "novo": NAME} for month, word in ((2, "Exercício"), (3, "Licença"))],
    "board": [{**PERSON, **DAYS, "titulo": NAME}],
    "leaders": [{**DAYS, "titulo": NAME, "bancada": {"tipo": "x", "nome": "PT", "uri": ""}, "parlamentar": PERSON}],
    "seats": [{**DAYS, "idOrgao": 180, "uriOrgao": f"{HOST}/orgaos/180", "siglaOrgao": "PLEN", "nomeOrgao": NAME,
               "nomePublicacao": NAME, "titulo": NAME}],
    "body": {"id": 180, "sigla": "PLEN", "nome": NAME, "apelido": "outro", "nomePublicacao": "mais um", "casa": NAME,
             "codTipoOrgao": 1, "tipoOrgao": NAME, "nomeResumido": NAME, **DAYS, "codSituacao": 3, "urlWebsite": NAME},
    "bloc": {"id": 3, "nome": NAME, "federacao": "0", "idLegislatura": 57, "novo": NAME},
    "parties": [{"id": 1, "uri": "x", "sigla": "PT", "nome": NAME}],
    "event_row": dict.fromkeys(EventRow._fields, NAME) | {"id": "1", "dataHoraInicio": "2025-02-03T10:00:00"},
    "event_body": {"event": "1", "id": "180", "sigla": "PLEN", "nome": NAME},
    "voting_row": dict.fromkeys(VotingRow._fields, "1") | {"id": "9-1", "siglaOrgao": "PLEN", "descricao": NAME},
    "vote_row": {"voting": "9-1", "at": "", "option": "Sim", "member": "5", "name": NAME, "party": "PT", "state": "SP"},
    "bench_row": {"voting": "9-1", "label": "PT", "option": "Sim"},
    "voted_row": {"voting": "9-1", "bill": "5", "title": "PL 1/2025", "type_code": "PL"},
    "file_deputy": dict.fromkeys(FileDeputy._fields, NAME) | {"uri": f"{HOST}/deputados/5"},
    "file_seat": dict.fromkeys(FileSeat._fields, NAME) | {"uriDeputado": f"{HOST}/deputados/5"},
    "unknown": {"novo": NAME},
}  # fmt: skip


def _all(model: type[BaseModel], rows: Any) -> list[Any]:
    return [model.model_validate(row) for row in rows]


def _bill(a: dict[str, Any]) -> Any:
    parts = SubResources(
        authors=_all(Author, a["authors"]), themes=_all(Theme, a["themes"]), proceedings=_all(Status, a["actions"]),
        related=_all(Related, a["related"]), votings=_all(Voting, a["votings"]),
        votes={"9-1": _all(MemberVote, a["votes"])},
    )  # fmt: skip
    return from_detail(Detail.model_validate(a["detail"]), parts, fetched_at=AT)


def _voting(a: dict[str, Any]) -> Any:
    detail = VotingDetail.model_validate({**a["votings"][0], "proposicoesAfetadas": a["voted"]})
    return vote_events.from_detail(
        detail, _all(MemberVote, a["votes"]), _all(OrientationRow, a["orientations"]), fetched_at=AT
    )


def _filed_voting(a: dict[str, Any]) -> Any:
    parts = vote_events.FileParts([VoteRow(**a["vote_row"])], [BenchRow(**a["bench_row"])],
                                  [VotedBillRow(**a["voted_row"])])  # fmt: skip
    return vote_events.from_file(VotingRow(**a["voting_row"]), parts, a["unknown"], fetched_at=AT)


def _deputy_rows(a: dict[str, Any]) -> Any:
    rows = _all(DeputyRow, [a["person"]])
    return legislators.from_rows(rows, None, TERM, AT, PARTIES, legislators.Known(newest=True))


RECORDS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "bill": _bill,
    "listed bill": lambda a: from_list_item(ListItem.model_validate(a["related"][0]), fetched_at=AT),
    "voting": _voting,
    "filed voting": _filed_voting,
    "event": lambda a: events.from_item(EventItem.model_validate(a["event"]), _all(AgendaRow, a["agenda"])),
    "filed event": lambda a: events.from_file(
        EventRow(**a["event_row"]), [EventBodyRow(**a["event_body"])], a["unknown"]
    ),
    "deputy": lambda a: legislators.from_detail(DeputyDetail.model_validate(a["deputy"]), AT, PARTIES),
    "filed deputy": lambda a: legislators.from_file(FileDeputy(**a["file_deputy"]), a["unknown"], AT, former=True),
    "listed deputy": _deputy_rows,
    "history": lambda a: from_history("5", _all(DeputyStatus, a["history"]), {57: TERM}, AT, PARTIES, former=True),
    "board": lambda a: board_of(_all(BoardSeat, a["board"]), TERM, AT),
    "leader": lambda a: leader_of("5", _all(Leadership, a["leaders"]), TERM, AT, PARTIES),
    "seats": lambda a: seats_of("5", _all(BodySeat, a["seats"]), TERM, AT),
    "members": lambda a: organizations.members_of("180", [FileSeat(**a["file_seat"])], {}, 57, AT),
    "body": lambda a: organizations.from_body(BodyDetail.model_validate(a["body"]), AT),
    "bloc": lambda a: organizations.from_bloc(
        Bloc.model_validate(a["bloc"]), _all(PartyRow, a["parties"]), AT, active=True
    ),
}


def odd_ones(value: Any) -> Iterator[tuple[str, Any]]:
    """The value with the odd characters at the end of each of its texts or numbers in turn, with the place of it."""
    if isinstance(value, dict | list):
        places = value.items() if isinstance(value, dict) else enumerate(value)
        for place, inner in places:
            for below, odd in odd_ones(inner):
                copy = value.copy()
                copy[place] = odd
                yield f"{place}.{below}", copy
    elif value is not None:
        yield "", f"{value}{ODD}"


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_of_an_answer_with_odd_characters_can_be_stored(name: str) -> None:
    make, unstorable, lost = RECORDS[name], [], []
    assert make(ANSWERS)
    for place, answers in odd_ones(ANSWERS):
        try:
            record = make(answers)
        except ValueError:
            lost.append(place)  # an id, without which there is no record
            continue
        try:
            text = record.model_dump_json(exclude_unset=True)
        except ValueError:
            text = "\\u0000"
        if "\\u0000" in text:
            unstorable.append(place)
    assert not unstorable, unstorable
    assert {place.split(".")[-2] for place in lost} <= {"id", "uri"}, lost


async def test_names_that_only_the_directory_has_can_be_stored() -> None:
    """They are added after the fingerprint, on which an odd character would have been noticed."""
    rows = [{"id": 5, "nome": NAME + ODD, "siglaPartido": "PT" + ODD, "siglaUf": "SP" + ODD}]
    members = await DeputyDirectory(CamaraApi(Upstream({"/deputados": rows}), BASE)).get()  # type: ignore[arg-type]
    assert members["5"] == Member(NAME, "PT", "SP")
