"""The simulated chambers' votings, in all their forms, are read without a doubt that is not due."""

from datetime import UTC, datetime

from ingest_camara.normalizer.bill import SubResources, from_detail
from ingest_camara.wire.bill_records import Detail
from ingest_camara.wire.voting_records import MemberVote, Voting
from ingest_senado.normalizer.bill import from_votings
from ingest_senado.normalizer.notes import Sighting
from ingest_senado.wire.voting_records import VotingRow
from legis.domain.bill import VoteEvent
from upstream_sim.camara.bill import CamaraBill
from upstream_sim.camara.votes import vote_items, voting_item, votings_of
from upstream_sim.scenario import Scenario
from upstream_sim.senado.bill import SenadoBill
from upstream_sim.senado.votings import voting_row
from upstream_sim.senado.votings import votings_of as senado_votings_of
from upstream_sim.world import World


def simulated(bills: int) -> list[VoteEvent]:
    """Every voting of a simulated Câmara as the normaliser reads it."""
    nation = World(Scenario(seed=5, bills=bills, changes_per_minute=0, oddities=False)).nation
    events: list[VoteEvent] = []
    for index in range(nation.camara.corpus.total):
        held = votings_of(CamaraBill(nation, index))
        votings = [Voting.model_validate(voting_item(each)) for each in held]
        votes = {each.id: [MemberVote.model_validate(row) for row in vote_items(each)] for each in held if each.nominal}
        detail = Detail.model_validate({"id": 1, "siglaTipo": "PL", "numero": 1, "ano": 2020})
        events += from_detail(detail, SubResources(votings=votings, votes=votes)).vote_events
    return events


def test_every_form_of_voting_is_read() -> None:
    events = simulated(6000)
    counted = [event for event in events if event.votes]
    assert len(counted) > 30
    assert {event.secret for event in counted} == {True, False}
    assert all(event.counts_published for event in counted)
    doubts = {flag.code for event in events for flag in event.flags}
    assert not doubts & {"COUNTS_DIFFER", "VOTES_OF_ANOTHER", "VOTES_MISSING", "RESULT_CONTRADICTS", "RESULT_UNKNOWN"}
    assert {event.result for event in events} >= {"PASSED", "FAILED", "KEPT"}
    assert {event.purpose for event in events} >= {"NOMINATION", "SEPARATE_VOTE", "PASSAGE"}


def test_every_voting_of_the_simulated_senado_is_read() -> None:
    nation = World(Scenario(seed=5, bills=3000, changes_per_minute=0)).nation
    events: list[VoteEvent] = []
    for index in range(nation.senado.corpus.total):
        rows = [VotingRow.model_validate(voting_row(each)) for each in senado_votings_of(SenadoBill(nation, index))]
        events += from_votings("1", rows, Sighting(datetime(2026, 11, 20, tzinfo=UTC))).vote_events
    assert len(events) > 30
    assert {event.nominal for event in events} == {True, False}
    assert any(event.counts_published for event in events if event.nominal), "printed in the report of the session"
    assert {flag.code for event in events for flag in event.flags} == set()
