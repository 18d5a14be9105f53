"""Public shapes of votings (votação): result, totals, members' votes, warnings.

Each has the fields of the domain model of the same name, with the words that API users read; a test compares the two.
"""

import datetime

from legis.domain.voting import VoteOption, VotePurpose, VoteResult, VotingFlagCode
from pydantic import AwareDatetime

from api_gateway.documents.bill_parts import Organization
from api_gateway.documents.common_fields import LegislatorId, Party, PartyText, PersonName, State
from api_gateway.documents.shapes import Out, described


class VotingFlag(Out):
    """A warning about one voting, with its evidence."""

    code: VotingFlagCode = described("What is wrong", "COUNTS_DIFFER")
    detail: str | None = described("The evidence, for people", "published 300:120:1, counted 299:120:1")


class Vote(Out):
    """One member's vote (voto), with party and state as of that day."""

    legislator_id: LegislatorId
    name: PersonName
    party: Party
    party_text: PartyText
    state: State
    option: VoteOption = described("Choice of the member, in our words", "YES")
    option_text: str | None = described("Choice in the source's words", "Sim")


class VoteCounts(Out):
    """Totals of a voting (placar), in votes."""

    yes: int = described("Votes for (Sim)", 300)
    no: int = described("Votes against (Não)", 120)
    abstain: int = described("Abstentions (Abstenção)", 1)
    other: int = described("Obstruction, the chair, and members present without a choice", 2)


class VoteEvent(Out):
    """One voting on the bill. `votes` is empty where it was symbolic or is not published."""

    upstream_id: str = described("Key of the voting at its source", "2256735-87")
    date: datetime.date | None = described("Day of the voting, Brasília's calendar", "2023-04-25")
    at: AwareDatetime | None = described(
        "Instant of the voting; null where only the day is known", "2023-04-25T23:10:00Z"
    )
    description: str | None = described("What was voted on, verbatim", "Aprovado o Requerimento nº 1.396/2023.")
    purpose: VotePurpose = described("What was decided (objeto da votação), in our words", "URGENCY")
    result: VoteResult = described("Result (resultado proclamado), in our words", "PASSED")
    result_text: str | None = described("Result in the source's words", "Aprovado")
    nominal: bool | None = described("Whether members were called by name (nominal); null: the source does not say")
    secret: bool | None = described("Whether choices are secret (secreta); null: the source does not say")
    organization: Organization | None = described("Body that voted")
    counts: VoteCounts | None = described(
        "Totals counted from the members' votes where these are published, else those that the source prints"
    )
    counts_published: VoteCounts | None = described("Totals that the source prints")
    subject_identifier: str | None = described(
        "Bill or motion that was voted on, as the source names it", "REQ 1396/2023"
    )
    votes: list[Vote] = described("Each member's vote, where the source publishes them")
    flags: list[VotingFlag] = described("Warnings about this voting")
