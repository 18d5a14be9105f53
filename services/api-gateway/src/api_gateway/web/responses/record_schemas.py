"""Replies with legislators, organizations, votings, agreement and events, for the OpenAPI description."""

from datetime import date
from typing import Literal

from legis.domain.vocabulary import Chamber

from api_gateway.documents.common_fields import ReadWhole
from api_gateway.documents.models import BillSummary
from api_gateway.documents.records.event_shapes import EventDetail, EventSummary
from api_gateway.documents.records.legislator_shapes import LegislatorDetail, LegislatorSummary
from api_gateway.documents.records.membership_shapes import Membership
from api_gateway.documents.records.organization_shapes import OrganizationDetail, OrganizationSummary
from api_gateway.documents.records.vote_event_shapes import LegislatorVote, VoteEventDetail, VoteEventSummary
from api_gateway.documents.shapes import Shape, described
from api_gateway.web.responses.envelopes import Many, One


class LegislatorList(Many[LegislatorSummary]):
    """Legislators by name."""


class LegislatorReply(One[LegislatorDetail]):
    """One legislator, complete."""


class LegislatorBillList(Many[BillSummary]):
    """Bills of one legislator, newest action first."""


class LegislatorVoteList(Many[LegislatorVote]):
    """Votes of one legislator, newest first."""


class OrganizationList(Many[OrganizationSummary]):
    """Organizations by name."""


class OrganizationReply(One[OrganizationDetail]):
    """One organization, complete."""


class MemberList(Many[Membership]):
    """Memberships of one organization, newest first."""


class EventList(Many[EventSummary]):
    """Sessions and meetings by their start."""


class EventReply(One[EventDetail]):
    """One session or meeting, with its agenda."""


class VoteEventList(Many[VoteEventSummary]):
    """Votings, newest first."""


class VoteEventReply(One[VoteEventDetail]):
    """One voting, complete."""


class VoteList(Many[VoteEventDetail]):
    """Votings on one bill, oldest first, each with its votes where they are nominal."""

    read_whole: ReadWhole


class Compared(Shape):
    """One side of a comparison."""

    id: str = described("Id of the legislator or party", "party-pt")
    type: Literal["legislator", "party"] = described("What it is", "party")
    name: str | None = described("Parliamentary name, or acronym of the party", "PT")


class OneSided(Shape):
    """How many of the votings that were compared were one-sided: at least 90 % of all members chose alike."""

    count: int = described("One-sided votings among `common`", 163, ge=0)
    share: float | None = described("`count` divided by `common`; null where nothing is in common", 0.259, ge=0, le=1)


class Rice(Shape):
    """How united a party votes: the mean of |yes - no| / (yes + no) over its votings."""

    value: float | None = described("Rice's index, from 0 (halves) to 1 (as one); null below ten votings", 0.9675)
    votings: int = described("Votings with Yes or No of at least two of its members", 624, ge=0)


class Agreement(Shape):
    """How often two legislators or parties chose alike."""

    a: Compared = described("The first side")
    b: Compared = described("The second side")
    house: Chamber | None = described("House whose plenary votings were compared; null: both", "CAMARA")
    first_day: date | None = described("First day that was compared; null: no limit", "2023-02-01")
    last_day: date | None = described("Last day that was compared; null: no limit", "2026-12-31")
    options: Literal["choices", "all"] = described("Which choices count", "choices")
    same: int | None = described("Votings in which both chose alike; null for a party with itself", 273, ge=0)
    common: int | None = described("Votings in which both chose; null for a party with itself", 623, ge=0)
    rate: float | None = described(
        "`same` divided by `common`; null below ten common votings and for a party with itself", 0.4382, ge=0, le=1
    )
    one_sided: OneSided | None = described("One-sided votings among them; null for a party with itself")
    rice: Rice | None = described("Only for a party with itself: how united it votes")
    definition: str = described(
        "Page that says which votings count, and how",
        "https://github.com/legis-br/legis/blob/main/docs/api/agreement.md",
    )


class AgreementReply(One[Agreement]):
    """A rate of agreement."""
