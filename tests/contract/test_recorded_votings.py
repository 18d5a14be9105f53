"""The rules of votings over every recorded voting, and the real cases that were found wrong.

Recordings lie beside the checkout, or where LEGIS_SHARED says; without them these tests say so and are skipped.
"""

import gzip
import json
import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from api_gateway.store.histories import History
from ingest_camara.normalizer.bill import SubResources, from_detail
from ingest_camara.wire.proposals import Detail, Status
from ingest_camara.wire.votings import MemberVote, Voting
from legis.domain.bill import Bill, VoteEvent
from legis.domain.vocabulary import VoteOption

SHARED = Path(os.environ.get("LEGIS_SHARED") or Path(__file__).parents[2].parent / "shared")
RECORDED = SHARED / "recordings/camara"
NOW = datetime(2026, 11, 20, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason=f"no recordings of the Câmara in {RECORDED}")


def bill_of(votings: list[Voting], votes: dict[str, list[MemberVote]] | None = None) -> Bill:
    detail = Detail.model_validate({"id": 1, "siglaTipo": "PL", "numero": 1, "ano": 2020})
    return from_detail(detail, SubResources(votings=votings, votes=votes or {}), fetched_at=NOW)


def nominal_term() -> Iterator[tuple[Voting, list[MemberVote]]]:
    """The 686 votings of 2022 to 2024, each with its members' votes."""
    with gzip.open(RECORDED / "votacoes_2022-10_2024-12/votacoes.ndjson.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            votes = [MemberVote.model_validate(vote) for vote in row["votos"]]
            yield Voting.model_validate(row["votacao"]), votes


@cache
def term() -> dict[str, tuple[VoteEvent, Bill]]:
    """Each voting of the term as a bill of its own has it, since they are of many bills."""
    found = {}
    for voting, votes in nominal_term():
        bill = bill_of([voting], {voting.id: votes})
        found[voting.id] = (bill.vote_events[0], bill)
    return found


@cache
def everything() -> dict[str, VoteEvent]:
    """Every recorded voting once: those of the term and those of single bills."""
    found = {key: event for key, (event, _) in term().items()}
    for path in sorted((RECORDED / "proposicoes_votacoes").rglob("*.json")):
        body = json.loads(path.read_text("utf-8-sig"))
        rows = body["dados"] if isinstance(body, dict) else body
        for event in bill_of([Voting.model_validate(row) for row in rows]).vote_events:
            found.setdefault(event.upstream_id, event)
    return found


def test_every_recorded_voting_is_read() -> None:
    events = everything().values()
    results, purposes = Counter(event.result for event in events), Counter(event.purpose for event in events)
    print(f"\n{len(events)} votings: {dict(results)}\n  {dict(purposes)}")
    assert len(events) == 1744


def flagged(code: str) -> set[str]:
    return {key for key, event in everything().items() if code in {flag.code for flag in event.flags}}
