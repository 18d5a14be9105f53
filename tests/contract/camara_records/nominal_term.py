"""The 686 recorded votings of 2022 to 2024 as records, completed, and rates of agreement computed from them."""

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any

import pytest
from ingest_camara.normalizer.vote_events import from_detail
from ingest_camara.wire.vote_event_records import VotingDetail
from ingest_camara.wire.voting_records import MemberVote
from legis.domain.records.vote_completion import completed, counts_in_agreement, votes_hash
from legis.domain.records.vote_event_record import VoteEventRecord
from legis.domain.voting import VoteOption, VotingFlag, VotingFlagCode
from material_folder import CAMARA_RECORDINGS as RECORDED

_CHOICES = (VoteOption.YES, VoteOption.NO)


def rows() -> Iterator[dict[str, Any]]:
    """Each recorded voting with its votes, as upstream wrote them; skips the test where there are none."""
    path = RECORDED / "votacoes_2022-10_2024-12/votacoes.ndjson.gz"
    if not path.is_file():
        pytest.skip(f"no recording at {path}")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


@cache
def records() -> dict[str, VoteEventRecord]:
    """The votings by upstream's id, completed with the flags that a look at all of them gives."""
    found = {}
    for row in rows():
        votes = [MemberVote.model_validate(vote) for vote in row["votos"]]
        record = from_detail(VotingDetail.model_validate(row["votacao"]), votes, None)
        found[record.upstream_id] = completed(record)
    duplicates = _duplicates(found)
    return {key: completed(record, duplicates.get(key, ())) for key, record in found.items()}


def _duplicates(found: dict[str, VoteEventRecord]) -> dict[str, list[VotingFlag]]:
    """DUPLICATE for each voting whose votes are those of an earlier id; sets of votes that contradict their own totals
    are another matter.
    """
    first: dict[str, str] = {}
    flags: dict[str, list[VotingFlag]] = {}
    for key, record in sorted(found.items()):
        own = votes_hash(record)
        if own is None or any(flag.code is VotingFlagCode.VOTES_OF_ANOTHER for flag in record.flags):
            continue
        if first.setdefault(own, key) != key:
            flags[key] = [VotingFlag(code=VotingFlagCode.DUPLICATE, detail=first[own])]
    return flags


@dataclass(frozen=True, slots=True)
class Rate:
    """Votings in which both voted Yes or No, and those of them in which they voted the same."""

    same: int
    common: int


@cache
def choices() -> tuple[dict[str, VoteOption], ...]:
    """Yes and No by member, for each voting that agreement is computed over."""
    return tuple(
        {vote.legislator_id or "": vote.option for vote in record.votes if vote.option in _CHOICES}
        for record in records().values()
        if counts_in_agreement(record)
    )


@cache
def by_party() -> tuple[dict[str, Counter[VoteOption]], ...]:
    """Yes and No of each party's members, for each of these votings."""
    found = []
    for record in records().values():
        if counts_in_agreement(record):
            parties: dict[str, Counter[VoteOption]] = {}
            for vote in record.votes:
                if vote.party and vote.option in _CHOICES:
                    parties.setdefault(vote.party, Counter())[vote.option] += 1
            found.append(parties)
    return tuple(found)


def members(first: int, second: int) -> Rate:
    """Agreement of two deputies, by their numbers."""
    one, other = (f"camara-deputy-{number}" for number in (first, second))
    pairs = [(voting[one], voting[other]) for voting in choices() if one in voting and other in voting]
    return Rate(sum(a is b for a, b in pairs), len(pairs))


def majority(counts: Counter[VoteOption] | None) -> VoteOption | None:
    """The choice of most; None for a tie or none."""
    if not counts or counts[VoteOption.YES] == counts[VoteOption.NO]:
        return None
    return max(_CHOICES, key=lambda choice: counts[choice])


def parties(first: str, second: str) -> Rate:
    """Agreement of two parties' majorities."""
    pairs = [(majority(voting.get(first)), majority(voting.get(second))) for voting in by_party()]
    both = [(a, b) for a, b in pairs if a is not None and b is not None]
    return Rate(sum(a is b for a, b in both), len(both))


def rice(party: str) -> float:
    """Mean of |Yes - No| / (Yes + No) over votings in which two or more of the party voted Yes or No."""
    counts = [voting[party] for voting in by_party() if party in voting and voting[party].total() >= 2]
    shares = [abs(one[VoteOption.YES] - one[VoteOption.NO]) / one.total() for one in counts]
    return sum(shares) / len(shares)


def with_own_party(number: int) -> Rate:
    """Agreement of a deputy with the majority of the others of the party he had on the day of each voting."""
    wanted = f"camara-deputy-{number}"
    same = common = 0
    for record in records().values():
        mine = next((vote for vote in record.votes if vote.legislator_id == wanted), None)
        if mine is None or mine.party is None or mine.option not in _CHOICES or not counts_in_agreement(record):
            continue
        others = Counter(
            vote.option
            for vote in record.votes
            if vote.party == mine.party and vote is not mine and vote.option in _CHOICES
        )
        if (choice := majority(others)) is not None:
            common += 1
            same += choice is mine.option
    return Rate(same, common)


def pairs_of_parties(names: Iterable[str]) -> dict[tuple[str, str], Rate]:
    """Agreement of each pair of these parties."""
    return {pair: parties(*pair) for pair in combinations(names, 2)}
