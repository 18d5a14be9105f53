"""Public shapes of a voting (votação) as a record of its own: in lists, and complete."""

import datetime

from legis.domain.records.vote_event_record import BillRole, OrientationKind, OrientationOption
from legis.domain.voting import VoteOption, VotePurpose, VoteResult
from pydantic import AwareDatetime

from api_gateway.documents import common_fields as common
from api_gateway.documents.bill_parts import Organization
from api_gateway.documents.models import Provenance
from api_gateway.documents.records.common_record_fields import (
    CreatedAt,
    Legislature,
    RecordLinks,
    RecordSource,
    UpstreamId,
    VoteEventKey,
)
from api_gateway.documents.shapes import Out, described
from api_gateway.documents.voting_parts import Vote, VoteCounts, VotingFlag

_AT = "Instant of the voting; null where only the day is known"
_RESULT = "Result (resultado proclamado), in our words; about the motion, never computed from the figures"
_NOMINAL = "Whether members were called by name (nominal); null: the source does not say"
_SECRET = "Whether choices are secret (secreta); null: the source does not say"
_COUNTS = "Totals counted from the members' votes where these are published, else those that the source prints"
_DUPLICATE = "Id of the voting that this one repeats: sources publish one voting once for each bill on the agenda"
_EVENT = "Id of the session or meeting"
_TURN = "First or second turn (turno), where the text says so"


class VotedBill(Out):
    """A bill that the voting was about."""

    id: str = described("Id of the bill", "camara-2256735")
    role: BillRole = described("AFFECTED: the voting decided on it. OBJECT: it is the motion itself", "AFFECTED")
    identifier: str | None = described("Type, number and year as the source writes them", "PL 2630/2020")


class Orientation(Out):
    """How a bench told its members to vote (orientação de bancada)."""

    label: str = described("Name of the bench, as the source writes it", "Fdr PT-PCdoB-PV")
    kind: OrientationKind = described("Whose orientation it is", "FEDERATION")
    party_ids: list[str] = described("Ids of the parties that it stands for", ["party-pt", "party-pcdob", "party-pv"])
    option: OrientationOption = described("FREE: members vote as they like (liberado)", "YES")
    option_text: str | None = described("The same in the source's words", "Sim")


class MemberVote(Vote):
    """One member's vote (voto), with party and state as of that day."""

    at: AwareDatetime | None = described("When the member voted", "2023-04-25T23:10:12Z")


class VoteEventSummary(Out):
    """A voting as an item of a list: without members' votes and orientations."""

    id: VoteEventKey
    source: RecordSource
    house: common.House
    organization: Organization | None = described("Body that voted")
    legislature: Legislature
    date: datetime.date | None = described("Day of the voting, Brasília's calendar", "2023-04-25")
    at: AwareDatetime | None = described(_AT, "2023-04-25T23:10:00Z")
    description: str | None = described("What was voted on, verbatim", "Aprovado o Requerimento nº 1.396/2023.")
    purpose: VotePurpose = described("What was decided (objeto da votação), in our words", "URGENCY")
    result: VoteResult = described(_RESULT, "PASSED")
    result_text: str | None = described("Result in the source's words", "Aprovado")
    nominal: bool | None = described(_NOMINAL)
    secret: bool | None = described(_SECRET)
    turn: int | None = described(_TURN, 1)
    plenary: bool | None = described("Whether a plenary voted; null: not known")
    counts: VoteCounts | None = described(_COUNTS)
    counts_published: VoteCounts | None = described("Totals that the source prints")
    bills: list[VotedBill] = described("Bills that the voting was about")
    event_id: str | None = described(_EVENT, "camara-event-70123")
    flags: list[VotingFlag] = described("Warnings about this voting")
    duplicate_of: str | None = described(_DUPLICATE, "camara-vote-602764-117")
    url: str | None = described("Address of the voting at its source", "https://www.camara.leg.br/votacao/2256735-87")
    version: common.Version
    change_seq: common.ChangeSeq
    changed_at: common.ChangedAt
    removed_at: common.RemovedAt


class VoteEventDetail(Out):
    """One voting, complete: with each member's vote where it is published."""

    id: VoteEventKey
    source: RecordSource
    upstream_id: UpstreamId
    house: common.House
    url: str | None = described("Address of the voting at its source", "https://www.camara.leg.br/votacao/2256735-87")
    organization: Organization | None = described("Body that voted")
    legislature: Legislature
    date: datetime.date | None = described("Day of the voting, Brasília's calendar", "2023-04-25")
    at: AwareDatetime | None = described(_AT, "2023-04-25T23:10:00Z")
    description: str | None = described("What was voted on, verbatim", "Aprovado o Requerimento nº 1.396/2023.")
    purpose: VotePurpose = described("What was decided (objeto da votação), in our words", "URGENCY")
    result: VoteResult = described(_RESULT, "PASSED")
    result_text: str | None = described("Result in the source's words", "Aprovado")
    nominal: bool | None = described(_NOMINAL)
    secret: bool | None = described(_SECRET)
    turn: int | None = described(_TURN, 1)
    plenary: bool | None = described("Whether a plenary voted; null: not known")
    counts: VoteCounts | None = described(_COUNTS)
    counts_published: VoteCounts | None = described("Totals that the source prints")
    bills: list[VotedBill] = described("Bills that the voting was about")
    subject_identifier: str | None = described(
        "Bill or motion that was voted on, as the source names it", "REQ 1396/2023"
    )
    event_id: str | None = described(_EVENT, "camara-event-70123")
    orientations: list[Orientation] = described("Orientations of the benches; the Câmara has them for plenary votings")
    votes: list[MemberVote] = described("Each member's vote, where the source publishes them; absent members are not")
    flags: list[VotingFlag] = described("Warnings about this voting")
    duplicate_of: str | None = described(_DUPLICATE, "camara-vote-602764-117")
    provenance: list[Provenance] = described("Upstream answers that the record was made from")
    links: RecordLinks = described("Its address")
    created_at: CreatedAt
    version: common.Version
    changed_at: common.ChangedAt
    removed_at: common.RemovedAt
    change_seq: common.ChangeSeq


class LegislatorVote(Out):
    """A vote of one legislator, with the voting."""

    option: VoteOption = described("Choice of the member, in our words", "YES")
    party: common.Party
    state: common.State
    vote_event: VoteEventSummary = described("The voting")
