"""Legislators and organizations of a simulated Câmara over HTTP: what is read, what is left out, what is never read."""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from contract.camara_source.people_reading import PeopleReader
from legis.domain.records.legislator import LegislatorRecord
from legis.domain.records.membership import Condition, MembershipKind
from legis.domain.records.organization_record import Classification, OrganizationRecord
from legis.domain.vocabulary import Chamber, QualityFlagCode, ReadingPart
from legis.errors import UpstreamUnavailable
from legis.ingest.source import RecordAbsence, RecordReading
from upstream_sim.camara import people as simulated
from upstream_sim.congress.careers import Careers
from upstream_sim.congress.people import deputies

MakeDesk = Callable[..., Any]
Read = tuple[PeopleReader, list[RecordReading]]
FEW = 100
CAREERS = Careers(20)


def deputy(place: int) -> str:
    return f"camara-deputy-{deputies()[place].id}"


@pytest.fixture(scope="module")
async def read(camara_desk: MakeDesk) -> AsyncIterator[Read]:
    """One window that has read the current legislature, which takes seconds, and its readings: for tests that change
    nothing.
    """
    async with camara_desk(bills=FEW) as at:
        reader = PeopleReader(at)
        yield reader, await reader.today()


async def test_one_window_reads_the_whole_current_legislature_and_the_next_one_nothing(read: Read) -> None:
    reader, _ = read
    assert reader.rejected == []
    legislators = {one.id: one for one in reader.stored.values() if isinstance(one, LegislatorRecord)}
    assert legislators.keys() == {f"camara-deputy-{one.id}" for one in CAREERS}
    seated = {one.id for one in legislators.values() if one.in_office}
    assert seated == {f"camara-deputy-{one.id}" for one in CAREERS.in_office()}
    whole = [one for one in legislators.values() if "terms-57" in one.memberships]
    assert {one.id for one in whole} == {f"camara-deputy-{one.id}" for one in CAREERS.of_legislature(57)}
    assert all(one.name and one.civil_name and one.birth_date and one.state and one.party for one in whole)
    # rows are published without their marks: a second window reads nothing but those whose turn it is
    again = await reader.today()
    assert again == []


async def test_party_changes_leaves_and_substitutes_have_their_days(read: Read) -> None:
    reader, readings = read
    rows = [one.record for one in readings if one.part is ReadingPart.LIST]
    changed, absent = reader.stored[deputy(3)], reader.stored[deputy(7)]
    assert isinstance(changed, LegislatorRecord)
    assert isinstance(absent, LegislatorRecord)
    first, second = changed.memberships["parties-57"]
    assert (str(first.start_date), str(first.end_date)) == ("2023-02-01", "2024-04-05")
    assert (str(second.start_date), second.end_date, second.party) == ("2024-04-05", None, changed.party)
    (flag,) = next(row for row in rows if row.id == deputy(3)).flags
    assert (flag.code, flag.field) == (QualityFlagCode.PARTY_URI_STALE, "memberships.listed-parties-57")
    assert [one.field for one in changed.flags] == ["memberships.listed-parties-57"]
    (leave,) = absent.memberships["leaves-57"]
    assert (str(leave.start_date), str(leave.end_date), leave.role) == ("2024-03-01", "2024-07-01", "Licença")
    (term,) = absent.memberships["terms-57"]
    assert (str(term.start_date), term.end_date, term.condition) == ("2023-02-01", None, Condition.TITULAR)
    substitute = reader.stored[f"camara-deputy-{204_001 + 513 * 3}"]
    assert isinstance(substitute, LegislatorRecord)
    days = [(str(one.start_date), str(one.end_date)) for one in substitute.memberships["terms-57"]]
    assert days == [("2024-03-01", "2024-03-08"), ("2024-03-20", "2024-07-01")]
    assert (substitute.in_office, substitute.condition) == (False, Condition.SUBSTITUTE)


async def test_bodies_have_kind_members_board_and_blocs(read: Read) -> None:
    reader, _ = read
    bodies = {one.id: one for one in reader.stored.values() if isinstance(one, OrganizationRecord)}
    plenary, board, inquiry = (bodies[f"camara-org-{code}"] for code in (180, 4, 5288))
    assert (plenary.classification, plenary.active) == (Classification.PLENARY, True)
    assert (inquiry.active, str(inquiry.dissolution_date)) == (False, "2000-12-05")
    assert (bodies["camara-org-4481"].house, plenary.house) == (Chamber.CONGRESSO, Chamber.CAMARA)
    assert bodies["camara-org-6900"].classification is Classification.OTHER
    assert bodies["camara-org-537906"].name == "COMISSÃO ESPECIAL - PEC 006/19"
    chairs = [one for one in board.members["board-57"] if one.role == "Presidente"]
    assert [(str(one.start_date), str(one.end_date)) for one in chairs] == [
        ("2023-02-01", "2025-01-31"), ("2025-02-01", "None")]  # fmt: skip
    assert {one.kind for one in chairs} == {MembershipKind.BOARD}
    seats = bodies["camara-org-2003"].members["legislature-57"]
    assert len(seats) == 25
    assert {one.condition for one in seats} == {None, Condition.TITULAR, Condition.SUBSTITUTE}
    assert all(one.name and one.legislator_id in reader.stored for one in seats)
    federation, bloc, ended = (bodies[f"camara-org-bloc-57{place}"] for place in (2, 3, 1))
    assert (federation.classification, federation.party_ids) == (Classification.FEDERATION, ("PSOL", "REDE"))
    assert (bloc.classification, bloc.active) == (Classification.BLOC, True)
    assert (ended.active, ended.party_ids) == (False, ("MDB", "PSD"))


async def test_leaders_are_of_parties_blocs_and_the_government(read: Read) -> None:
    reader, _ = read
    lists = [one.memberships.get("leadership-57", ()) for one in reader.stored.values()
             if isinstance(one, LegislatorRecord)]  # fmt: skip
    benches = {one.organization_id for rows in lists for one in rows}
    assert {"party-pt", "party-pcdob", "party-uniao", "camara-org-bloc-571", None} <= benches
    assert all(one.organization and one.role and one.start_date for rows in lists for one in rows)


async def test_what_changes_is_read_and_nothing_else(camara_desk: MakeDesk) -> None:
    async with camara_desk(bills=FEW) as at:
        reader = PeopleReader(at)
        await reader.today()
        leaving, moving = deputies()[0].id, deputies()[1].id
        await at.ask("/control/deputy", "POST", id=leaving, change="leave")
        await at.ask("/control/deputy", "POST", id=moving, change="party", party="NOVO")
        await at.ask("/control/requests", "DELETE")
        found = await reader.today()
        assert {one.record.id for one in found} == {f"camara-deputy-{leaving}", f"camara-deputy-{moving}"}
        away, joined = (reader.stored[f"camara-deputy-{one}"] for one in (leaving, moving))
        assert isinstance(away, LegislatorRecord)
        assert isinstance(joined, LegislatorRecord)
        assert (away.in_office, len(away.memberships["leaves-57"])) == (False, 1)
        assert away.memberships["terms-57"][0].end_date is None, "leave is no end of a term"
        assert joined.party == "NOVO" == joined.memberships["parties-57"][-1].party
        details = sum(count for path, count in (await at.requests())["paths"].items() if path.endswith("/{id}"))
        assert details < 60, "those whose row changed, and a fourteenth"


async def test_no_cpf_mail_or_telephone_is_read(read: Read) -> None:
    reader, _ = read
    text = reader.text()
    for person in list(CAREERS)[:600]:
        assert simulated.cpf(person) not in text
    assert "@camara" not in text
    assert "3215-5" not in text


async def test_the_backfill_reads_every_older_legislature_once(camara_desk: MakeDesk) -> None:
    async with camara_desk(bills=FEW, backfill_from_year=1975) as at:
        reader = PeopleReader(at)
        await reader.today()
        found = await reader.backfill()
        assert reader.rejected == []
        numbers = {number for one in found if isinstance(one.record, LegislatorRecord)
                   for name in one.record.memberships if (number := int(name.rpartition("-")[2]))}  # fmt: skip
        assert numbers >= set(range(45, 57))
        former = CAREERS.of_legislature(52)[0]
        record = reader.stored[f"camara-deputy-{former.id}"]
        assert isinstance(record, LegislatorRecord)
        (term,) = record.memberships["terms-52"]
        assert (str(term.start_date), str(term.end_date)) == ("2003-02-01", "2007-01-31")
        assert (record.in_office, record.name) == (False, former.name)
        committee = reader.stored["camara-org-2003"]
        assert isinstance(committee, OrganizationRecord)
        assert {f"legislature-{number}" for number in range(50, 58)} <= committee.members.keys()
        old = [one for one in found if one.part is ReadingPart.MEMBERS and isinstance(one.record, LegislatorRecord)
               and "committees-46" in one.record.memberships]  # fmt: skip
        assert old, "where the file of seats is missing each deputy is asked"


async def test_one_record_is_read_whole_or_known_to_be_gone(camara_desk: MakeDesk) -> None:
    async with camara_desk(bills=FEW) as at:
        for record, parts in ((deputy(4), ["MEMBERSHIPS", "DETAIL"]), ("camara-org-2003", ["DETAIL"])):
            items = await at.source.read_one(record, at.memory)
            assert [(one.record.id, one.part) for one in items if isinstance(one, RecordReading)] == [
                (record, part) for part in parts]  # fmt: skip
        for record in ("camara-deputy-999999999", "camara-org-999999999"):
            (gone,) = await at.source.read_one(record, at.memory)
            assert isinstance(gone, RecordAbsence)
            assert gone.record_id == record


@pytest.mark.parametrize("name", ["mesa", "lideres", "blocos", "historico", "orgaosDeputados", "orgaos.csv"])
async def test_a_list_that_fails_costs_only_itself_and_its_window(camara_desk: MakeDesk, name: str) -> None:
    async with camara_desk(bills=FEW) as at:
        reader = PeopleReader(at)
        await at.fault("500", match=name, count=100_000)
        with pytest.raises(UpstreamUnavailable):
            await reader.today()
        assert "camara-org-4" in reader.stored, "its file or its board"
        assert ("camara-org-bloc-573" in reader.stored) == (name != "blocos"), "blocs are the last list"
        await at.ask("/control/faults", "DELETE")
        await reader.today()
        board, bloc = reader.stored["camara-org-4"], reader.stored["camara-org-bloc-573"]
        assert isinstance(board, OrganizationRecord)
        assert isinstance(bloc, OrganizationRecord)
        assert all((board.members["board-57"], bloc.party_ids, board.name))


async def test_a_list_that_fails_in_three_windows_is_set_aside(camara_desk: MakeDesk) -> None:
    async with camara_desk(bills=FEW) as at:
        reader = PeopleReader(at)
        await at.fault("500", match="mesa", count=100_000)
        for _ in range(2):
            with pytest.raises(UpstreamUnavailable):
                await reader.today()
        await reader.today()
        (letter,) = reader.rejected
        assert (letter.upstream_id, json.loads(letter.raw)) == (None, {"set_aside": "board-57"})


async def test_a_list_that_is_not_found_claims_nothing(read: Read) -> None:
    reader, _ = read
    before = dict(reader.stored)
    for name in ("mesa", "lideres", "blocos", "historico"):
        await reader.desk.fault("status", value=404, match=name, count=100_000)
    try:
        assert await reader.today() == []
        assert (reader.stored, reader.rejected) == (before, [])
    finally:
        await reader.desk.ask("/control/faults", "DELETE")
