"""A row with an odd character or id costs at most itself: the rows beside it are read, and their list is told."""

import json
from collections.abc import Sequence
from contextlib import aclosing
from typing import Any

import pytest
from ingest_camara.client.people_api import PeopleApi
from ingest_camara.normalizer.marks import votings_mark
from ingest_camara.normalizer.people.legislatures import Legislature
from ingest_camara.source.agenda.event_files import EventFiles
from ingest_camara.source.agenda_walk import AgendaWalk
from ingest_camara.source.people.body_lists import BodyLists
from ingest_camara.source.people.deputy_lists import DeputyLists, Listing
from ingest_camara.source.people.seat_reader import SeatReader
from ingest_camara.source.votings_walk import VotingsWalk
from ingest_camara.wire.event_columns import EventRow
from ingest_camara.wire.people_records import DeputyRow
from ingest_camara.wire.voting_records import Voting
from ingest_camara.wire.wire_model import Key
from legis.domain.records.organization_record import Classification
from legis.domain.vocabulary import QualityFlagCode
from legis.errors import RecordRejected
from legis.events import Walk
from legis.ingest.source import Item, RecordReading, RecordsSeen, Window
from pydantic import TypeAdapter, ValidationError
from unit.ingest_camara.odd_answers.scripted import BASE, NOW, Files, Unstored, Upstream, records_api

ODD = "REQ \ud83d"
DAYS = {"first": "2026-11-23", "last": "2026-11-23"}


async def read(walk: Walk, answers: dict[str, Any], files: Any = None, **detail: str) -> list[Item]:
    make = AgendaWalk if walk is Walk.AGENDA else VotingsWalk
    window = Window(walk, 0, 1, "", {**DAYS, **detail})
    async with aclosing(make(records_api(answers), files or Files(), 2).read(window, Unstored())) as items:
        return [item async for item in items]


def event(number: object, **more: Any) -> dict[str, Any]:
    return {"id": number, "dataHoraInicio": "2026-11-25T10:00", "situacao": "Convocada", **more}


def read_ids(items: Sequence[Item]) -> list[str]:
    return sorted(item.record.id for item in items if isinstance(item, RecordReading))


def letters(items: Sequence[Item]) -> list[RecordRejected]:
    return [item for item in items if isinstance(item, RecordRejected)]


def listed(items: Sequence[Item]) -> list[tuple[str, ...]]:
    return [item.ids for item in items if isinstance(item, RecordsSeen)]


async def test_a_character_without_utf8_in_an_event_is_removed_and_told() -> None:
    items = await read(Walk.AGENDA, {"/eventos": [event(1, requerimentos=[{"titulo": ODD}]), event(2)]})
    assert read_ids(items) == ["camara-event-1", "camara-event-2"]
    assert (letters(items), listed(items)) == ([], [("camara-event-1", "camara-event-2")])
    (odd,) = (item for item in items if isinstance(item, RecordReading) and item.record.upstream_id == "1")
    assert odd.record.extras == {"requerimentos": [{"titulo": "REQ "}]}
    assert [flag.code for flag in odd.record.flags] == [QualityFlagCode.CHARACTERS_REMOVED]


async def test_a_character_without_utf8_in_the_object_of_a_voting_is_removed() -> None:
    uri = "https://dadosabertos.camara.leg.br/api/v2/proposicoes/77"
    rows = [{"id": "9-1", "data": "2026-11-23", "proposicaoObjeto": ODD, "uriProposicaoObjeto": uri}]
    items = await read(Walk.VOTINGS, {"/votacoes": rows})
    (found,) = (item.record for item in items if isinstance(item, RecordReading))
    assert [bill.identifier for bill in found.bills if bill.id == "camara-77"] == ["REQ"]


async def test_an_event_of_which_no_record_can_be_made_costs_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_without_a_place(monkeypatch)
    room = {"nome": "Plenário 1"}
    items = await read(Walk.AGENDA, {"/eventos": [event(1), event(2, localCamara=room)]})
    assert read_ids(items) == ["camara-event-2"]
    (letter,) = letters(items)
    assert (letter.upstream_id, json.loads(letter.raw)["id"]) == ("camara-event-1", "1")
    assert listed(items) == [("camara-event-1", "camara-event-2")], "it is there, though it cannot be read"


async def test_a_voting_whose_id_is_none_costs_itself() -> None:
    rows = [{"id": "2258609 75", "data": "2026-11-23"}, {"id": "9-1", "data": "2026-11-23"}]
    items = await read(Walk.VOTINGS, {"/votacoes": rows})
    assert read_ids(items) == ["camara-vote-9-1"]
    assert [letter.upstream_id for letter in letters(items)] == [None]
    assert listed(items) == [], "the row might be that of any voting"


@pytest.mark.parametrize("number", ["9" * 21, 10**64])
def test_a_number_longer_than_any_id_is_none(number: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Key).validate_python(number)


async def test_a_row_of_a_file_on_which_the_code_fails_costs_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_without_a_place(monkeypatch)
    parts = [f"localCamara_{part}" for part in ("nome", "predio", "sala", "andar")]
    row = dict.fromkeys([*EventRow._fields[:7], *parts], "")
    files: Any = Files(eventos=[row | {"id": "1"}, row | {"id": "2", parts[0]: "Plenário 1"}])
    items = [item async for item in EventFiles(files).read(2025, Unstored())]
    assert (read_ids(items), [letter.upstream_id for letter in letters(items)]) == (
        ["camara-event-2"],
        ["camara-event-1"],
    )
    assert listed(items) == [("camara-event-1", "camara-event-2")], "it is there, though it cannot be read"


def fail_without_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands for any fault of the code that one row brings to light."""
    monkeypatch.setattr("ingest_camara.normalizer.events._place", lambda row: row.nome[0] + row.nome)


def test_marks_of_rows_with_an_odd_character() -> None:
    rows = [DeputyRow.model_validate({"id": 1, "nome": name}) for name in (ODD, "Ana")]
    marks = {Listing({"1": [row]}, {}, None, (), 1).mark("1") for row in rows}  # type: ignore[arg-type]
    assert len(marks) == 2
    assert votings_mark([Voting(id="9-1", descricao=ODD)]) != votings_mark([Voting(id="9-1", descricao="REQ")])


async def test_a_body_of_which_no_record_can_be_made_costs_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"": Classification.OTHER}
    monkeypatch.setattr("ingest_camara.normalizer.organizations.classification_of", lambda code, _: known[code])
    rows = [{"id": 1, "codTipoOrgao": "9"}, {"id": 2, "nomeResumido": ODD}, {"id": 3}]
    lists = BodyLists(PeopleApi(Upstream({"/orgaos": rows}), BASE), Files(), lambda: NOW)  # type: ignore[arg-type]
    items = [item async for item in lists.active(Unstored())]
    assert read_ids(items) == ["camara-org-2", "camara-org-3"]
    assert [letter.upstream_id for letter in letters(items)] == ["camara-org-1"]


async def test_rejections_of_events_and_votings_have_our_ids() -> None:
    """A bare number is taken for that of a bill, whose reading would then resolve the letter."""
    api = records_api(
        {
            "/eventos": [{"id": "0080001", "orgaos": 5}, event(1)],
            "/votacoes": [{"id": "9-1", "data": []}],
            "/eventos/7": {"id": 8},
            "/eventos/7/pauta": [{"relator": 5}],
            "/votacoes/9-1": {"id": "9-2"},
            "/votacoes/9-1/votos": [5],
            "/votacoes/9-1/orientacoes": [5],
        }
    )
    events, votings = (
        await api.events_between(NOW.date(), NOW.date()),
        await api.votings_between(NOW.date(), NOW.date()),
    )
    assert [one.upstream_id for one in (*events.broken, *votings.broken)] == ["camara-event-80001", "camara-vote-9-1"]
    assert events.ids() == ["camara-event-1", "camara-event-80001"]
    for ask, number, our_id in (
        (api.event, "7", "camara-event-7"), (api.agenda, "7", "camara-event-7"),
        (api.voting, "9-1", "camara-vote-9-1"), (api.votes, "9-1", "camara-vote-9-1"),
        (api.orientations, "9-1", "camara-vote-9-1"),
    ):  # fmt: skip
        with pytest.raises(RecordRejected) as caught:
            await ask(number)
        assert caught.value.upstream_id == our_id


async def test_a_deputy_whose_seats_are_refused_has_our_id() -> None:
    rows = {"/deputados": [{"id": 5, "nome": "Ana"}], "/deputados/5/orgaos": [{"idOrgao": []}]}
    api: Any = PeopleApi(Upstream(rows), BASE)  # type: ignore[arg-type]
    reader = SeatReader(api, DeputyLists(api, Files()), 2)  # type: ignore[arg-type]
    items = [item async for item in reader.read(Legislature(56, NOW.date(), NOW.date()), Unstored())]
    assert [letter.upstream_id for letter in letters(items)] == ["camara-deputy-5"]
