"""That the Senado source reads votings as records of their own: plenary, orientations, committees."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from contract.senado_source.reading import NOW, Memory, record_readings, rejected
from contract.senado_source.simulated import Simulator, running_simulator, walk, walk_back
from ingest_senado.source.adapter import SenadoSource
from legis.clock import epoch_micros
from legis.domain.records.record import RecordKind
from legis.domain.records.vote_completion import completed
from legis.domain.records.vote_event_record import OrientationKind, OrientationOption, VoteEventRecord
from legis.domain.vocabulary import ReadingPart
from legis.domain.voting import VoteOption, VotingFlagCode
from legis.events import Walk
from legis.ingest.source import RecordsSeen, Window

YEARS = 12


@pytest.fixture(scope="module")
def simulator_base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A simulator with more bills than elsewhere: few of them are voted on."""
    with running_simulator(tmp_path_factory.mktemp("sim"), bills=4000) as base:
        yield base


def votings(memory: Memory, word: str) -> list[VoteEventRecord]:
    found = [one for key, one in memory.records.items() if key.startswith(f"senado-{word}-")]
    return [completed(one) for one in found if isinstance(one, VoteEventRecord)]


async def test_every_voting_is_read_once(simulator: Simulator, walker: SenadoSource) -> None:
    memory = Memory()
    items = await walk_back(walker, memory, Walk.VOTINGS_BACKFILL, windows=YEARS)
    assert rejected(items) == []
    seen = {one for item in items if isinstance(item, RecordsSeen) for one in item.ids}
    plenary = votings(memory, "vote")
    assert {one.id for one in plenary} == seen
    assert len(seen) > 10
    again = await walk_back(walker, memory, Walk.VOTINGS_BACKFILL, windows=YEARS)
    assert {type(one) for one in again} == {RecordsSeen}, "nothing is new"
    for one in plenary:
        assert one.plenary is True
        assert len(one.votes) == 81
        assert all((vote.legislator_id or "").startswith("senado-senator-") for vote in one.votes)
        assert one.bills[0].id.removeprefix("senado-").isdigit()
        assert (one.event_id or "").startswith("senado-session-")
    assert {one.secret for one in plenary} == {True, False}


async def test_votings_are_the_same_as_those_of_the_bills(walker: SenadoSource) -> None:
    memory = Memory()
    await walk_back(walker, memory, Walk.VOTINGS_BACKFILL, windows=1)
    await memory.read(walker, Window(Walk.VOTES, 0, 1, "", {"days": "360"}))
    compared = 0
    for bill in memory.bills.values():
        for event in bill.vote_events:
            record = memory.records.get(f"senado-vote-{event.upstream_id}")
            if isinstance(record, VoteEventRecord):
                compared += 1
                assert (record.date, record.purpose, record.result, record.counts_published) == (
                    event.date, event.purpose, event.result, event.counts_published,
                )  # fmt: skip
                assert [vote.option for vote in record.votes] == [vote.option for vote in event.votes]
                assert bill.id in {one.id for one in record.bills}
    assert compared > 1


async def test_orientations_are_joined(walker: SenadoSource) -> None:
    memory = Memory()
    items = await walk_back(walker, memory, Walk.VOTINGS_BACKFILL, windows=YEARS)
    joined = [one for one in record_readings(items) if one.part is ReadingPart.ORIENTATIONS]
    public = [one for one in votings(memory, "vote") if not one.secret]
    assert len(joined) == len(public) > 3
    all_of_them = [one for voting in public for one in voting.orientations]
    assert {one.kind for one in all_of_them} == {OrientationKind.PARTY, OrientationKind.LEADERSHIP}
    assert {one.party_ids for one in all_of_them if one.label == "Republica"} == {("REPUBLICANOS",)}
    assert {one.party_ids for one in all_of_them if one.label == "Podemos"} == {("PODE",)}
    assert {one.option for one in all_of_them if one.option_text in ("LIBERADO", "")} == {OrientationOption.FREE}
    assert all(one.at is not None for one in public), "the moment comes with the orientations"


async def test_votings_of_committees_come_every_six_hours(simulator: Simulator, walker: SenadoSource) -> None:
    memory = Memory()
    await walk_back(walker, memory, Walk.VOTINGS_BACKFILL, windows=2)
    found = votings(memory, "committee-vote")
    assert found
    for one in found:
        assert {flag.code for flag in one.flags} == {VotingFlagCode.RESULT_UNKNOWN}
        assert Counter(vote.option for vote in one.votes)[VoteOption.YES] == (
            one.counts_published and one.counts_published.yes
        )
        assert (one.event_id or "").startswith("senado-meeting-")
    window = walker.next_window(Walk.VOTINGS, epoch_micros(NOW - timedelta(hours=7)), NOW)
    assert window is not None
    assert window.detail == {"committees": "yes"}
    soon = datetime(2026, 11, 23, 12, 40, tzinfo=UTC)
    window = walker.next_window(Walk.VOTINGS, epoch_micros(soon - timedelta(minutes=31)), soon)
    assert window is not None
    assert window.detail == {}
    await simulator.ask("DELETE", "/control/requests")
    await memory.read(walker, window)
    assert not [path for path in (await simulator.requests())["paths"] if "votacaoComissao" in path]


async def test_days_without_orientations_claim_none(simulator: Simulator, walker: SenadoSource) -> None:
    await simulator.fault(kind="status", value=404, match="/plenario/votacao/orientacaoBancada/")
    memory = Memory()
    items = await walk_back(walker, memory, Walk.VOTINGS_BACKFILL, windows=YEARS)
    assert rejected(items) == []
    assert all("orientations" not in one.model_fields_set for one in votings(memory, "vote"))
    listed = [item for item in items if isinstance(item, RecordsSeen)]
    assert {item.kind for item in listed} == {RecordKind.VOTE_EVENT}


async def test_the_last_days_are_listed(walker: SenadoSource) -> None:
    (seen,) = [item for item in await walk(walker, Memory(), Walk.VOTINGS) if isinstance(item, RecordsSeen)]
    assert (seen.prefix, (seen.last - seen.first).days) == ("senado-vote-", 31)
    assert seen.last == NOW.date() + timedelta(days=1), "the chamber may have tomorrow already"
