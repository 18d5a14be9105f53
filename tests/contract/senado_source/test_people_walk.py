"""That the Senado source reads senators, bodies and their members, once each, and without what is private."""

from collections import Counter

import pytest
from contract.senado_source.reading import NOW, Memory, record_readings, rejected
from contract.senado_source.simulated import Simulator, walk, walk_back
from ingest_senado.source.adapter import SenadoSource
from legis.domain.records.any_record import dump_claims
from legis.domain.records.legislator import LegislatorRecord
from legis.domain.records.membership import Condition
from legis.domain.records.organization_record import Classification, OrganizationRecord
from legis.domain.records.record import RecordKind
from legis.domain.vocabulary import ReadingPart
from legis.errors import PermanentError, UpstreamUnavailable
from legis.events import Walk
from legis.ingest.source import Item, RecordAbsence


def senators(memory: Memory) -> dict[str, LegislatorRecord]:
    return {key: one for key, one in memory.records.items() if isinstance(one, LegislatorRecord)}


def bodies(memory: Memory) -> dict[str, OrganizationRecord]:
    return {key: one for key, one in memory.records.items() if isinstance(one, OrganizationRecord)}


async def test_everybody_is_read_and_nobody_twice(simulator: Simulator, walker: SenadoSource) -> None:
    memory = Memory()
    items = await walk(walker, memory, Walk.PEOPLE)
    assert rejected(items) == []
    found = senators(memory)
    assert Counter(one.in_office for one in found.values()) == {True: 81, False: 3}
    assert all({"terms", "parties", "committees", "offices", "leaves", "leadership"} == one.memberships.keys()
               for one in found.values())  # fmt: skip
    substitute = found["senado-senator-5001"]
    assert substitute.condition is Condition.SUBSTITUTE
    assert {term.substitute_for for term in substitute.memberships["terms"]} == {"senado-senator-2901"}
    assert len(substitute.memberships["terms"]) == 2, "two exercises within a month"
    assert substitute.memberships["leaves"] == (), "the source says that there are none"
    everybody = await walk_back(walker, memory, Walk.PEOPLE_BACKFILL, windows=8)
    assert {item.part for item in record_readings(everybody)} == {ReadingPart.DETAIL}
    assert len(senators(memory)) == 84 + 7 * 9, "former senators of seven legislatures"
    again = await walk(walker, memory, Walk.PEOPLE)
    await simulator.ask("DELETE", "/control/requests")
    again += await walk_back(walker, memory, Walk.PEOPLE_BACKFILL, windows=8)
    assert again == [], "nothing is new"
    asked = (await simulator.requests())["paths"]
    assert not [path for path in asked if "mandatos" in path], "who was read whole is not asked for again"
    assert sum(asked.values()) == 8


async def test_bodies_have_their_members(walker: SenadoSource) -> None:
    memory = Memory()
    await walk(walker, memory, Walk.PEOPLE)
    found = bodies(memory)
    assert "senado-org-2215" not in found, "the Câmara's bodies are its own"
    assert found["senado-org-1998"].classification is Classification.PLENARY
    board = found["senado-org-1616"].members["offices"]
    assert [one.legislator_id for one in board] == ["senado-senator-5001", "camara-deputy-204022"]
    committee = found["senado-org-34"]
    assert committee.members.keys() == {"offices", "composition", "seats"}
    known = senators(memory)
    assert all(one.legislator_id in known for one in committee.members["seats"])
    assert len(committee.members["seats"]) == len(committee.members["composition"]) > 10
    closed = found["senado-org-2440"]
    assert (closed.name, closed.active) == ("CPI da Pandemia", None)
    leader = found["senado-org-bloc-346"].members["leaders"][0]
    assert known[leader.legislator_id or ""].identifiers[0].identifier == "3346", "evidence, which the store judges"


async def test_nothing_private_leaves_the_source(walker: SenadoSource) -> None:
    memory = Memory()
    items = record_readings(await walk(walker, memory, Walk.PEOPLE))
    assert len(items) > 150
    for item in items:
        text = dump_claims(item.record)
        for private in ("@", "33036333", "61 3303", "Gabinete", '"6230"'):
            assert private not in text, item.record.id


async def test_a_list_without_an_answer_claims_nothing(simulator: Simulator, walker: SenadoSource) -> None:
    memory = Memory()
    await simulator.fault(kind="status", value=404, match="/senador/5005/licencas")
    await walk(walker, memory, Walk.PEOPLE)
    assert "leaves" not in senators(memory)["senado-senator-5005"].memberships
    assert "leaves" in senators(memory)["senado-senator-5009"].memberships


async def test_a_failing_senator_delays_nobody_and_is_set_aside(simulator: Simulator, walker: SenadoSource) -> None:
    memory = Memory()
    await simulator.fault(kind="status", value=503, match="/senador/5005/mandatos")
    for attempt in range(4):
        window = walker.next_window(Walk.PEOPLE, None, NOW)
        assert window is not None
        try:
            items = await memory.read(walker, window)
        except UpstreamUnavailable:
            assert attempt < 3
            continue
        break
    letters = rejected(items)
    assert [letter.upstream_id for letter in letters] == ["senado-senator-5005"]
    assert len(senators(memory)) == 84, "its row of the list is served"
    assert senators(memory)["senado-senator-5005"].memberships == {}


@pytest.mark.parametrize(
    ("record_id", "part"),
    [("senado-senator-5001", ReadingPart.DETAIL), ("senado-org-34", ReadingPart.DETAIL),
     ("senado-org-bloc-346", ReadingPart.MEMBERS), ("senado-org-2015", ReadingPart.DETAIL)],
)  # fmt: skip
async def test_one_record_is_read_whatever_is_stored(walker: SenadoSource, record_id: str, part: ReadingPart) -> None:
    memory = Memory()
    await walk(walker, memory, Walk.PEOPLE)
    items: list[Item] = list(await walker.read_one(record_id, memory))
    assert next((one.record.id, one.part) for one in record_readings(items)) == (record_id, part)


@pytest.mark.parametrize("kind", [RecordKind.LEGISLATOR, RecordKind.ORGANIZATION, RecordKind.EVENT])
async def test_a_record_that_is_gone_is_an_absence(walker: SenadoSource, kind: RecordKind) -> None:
    word = {RecordKind.LEGISLATOR: "senator", RecordKind.ORGANIZATION: "org", RecordKind.EVENT: "meeting"}[kind]
    (absence,) = await walker.read_one(f"senado-{word}-99", Memory())
    assert isinstance(absence, RecordAbsence)
    assert (absence.kind, absence.record_id, absence.read_seq > 0) == (kind, f"senado-{word}-99", True)


@pytest.mark.parametrize("record_id", ["senado-senator-x", "senado-vote-1", "senado-org-", "senado-senator-1/../2"])
async def test_other_ids_cannot_be_asked_for(walker: SenadoSource, record_id: str) -> None:
    with pytest.raises(PermanentError):
        await walker.read_one(record_id, Memory())
