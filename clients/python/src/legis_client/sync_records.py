"""Operations on legislators, organizations and votings."""

from typing import Unpack

from legis_client import api_operations as operations
from legis_client import api_types as shapes
from legis_client.sync_transport import Pages, Transport


class Events:
    """Operations on sessions and meetings. Days are given as `**{"from": "2024-01-01"}`: `from` is a word of Python."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def search(self, **query: Unpack[shapes.ListEventsParametersQuery]) -> Pages[shapes.EventList, shapes.EventSummary]:
        """Events that match the query, soonest first; without days from today on."""
        return Pages(self._transport, operations.list_events(query))

    def get(self, event_id: str) -> shapes.EventDetail:
        """One event with its agenda. Raises NotFound."""
        return self._transport.send(operations.get_event(event_id))["data"]


class Legislators:
    """Operations on deputies and senators. Days are given as `**{"from": "2024-01-01"}`: `from` is a word of Python."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def search(
        self, **query: Unpack[shapes.ListLegislatorsParametersQuery]
    ) -> Pages[shapes.LegislatorList, shapes.LegislatorSummary]:
        """Legislators that match the query, by name."""
        return Pages(self._transport, operations.list_legislators(query))

    def get(self, legislator_id: str) -> shapes.LegislatorDetail:
        """One legislator. Raises NotFound."""
        return self._transport.send(operations.get_legislator(legislator_id))["data"]

    def bills(
        self, legislator_id: str, **query: Unpack[shapes.ListLegislatorBillsParametersQuery]
    ) -> Pages[shapes.LegislatorBillList, shapes.BillSummary]:
        """Bills of the legislator, newest action first; `role` is author, coauthor or rapporteur."""
        return Pages(self._transport, operations.list_legislator_bills(legislator_id, query))

    def votes(
        self, legislator_id: str, **query: Unpack[shapes.ListLegislatorVotesParametersQuery]
    ) -> Pages[shapes.LegislatorVoteList, shapes.LegislatorVote]:
        """Votes of the legislator, newest first."""
        return Pages(self._transport, operations.list_legislator_votes(legislator_id, query))


class Organizations:
    """Operations on committees, plenaries, boards, parties and other bodies."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def search(
        self, **query: Unpack[shapes.ListOrganizationsParametersQuery]
    ) -> Pages[shapes.OrganizationList, shapes.OrganizationSummary]:
        """Organizations that match the query, by name."""
        return Pages(self._transport, operations.list_organizations(query))

    def get(self, organization_id: str) -> shapes.OrganizationDetail:
        """One organization. Raises NotFound."""
        return self._transport.send(operations.get_organization(organization_id))["data"]

    def members(
        self, organization_id: str, **query: Unpack[shapes.ListOrganizationMembersParametersQuery]
    ) -> Pages[shapes.MemberList, shapes.Membership]:
        """Memberships of the organization, newest first."""
        return Pages(self._transport, operations.list_members(organization_id, query))


class VoteEvents:
    """Operations on votings. Days are given as `**{"from": "2024-01-01"}`: `from` is a word of Python."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def search(
        self, **query: Unpack[shapes.ListVoteEventsParametersQuery]
    ) -> Pages[shapes.VoteEventList, shapes.VoteEventSummary]:
        """Votings that match the query, newest first."""
        return Pages(self._transport, operations.list_vote_events(query))

    def get(self, vote_event_id: str) -> shapes.VoteEventDetail:
        """One voting with each member's vote. Raises NotFound."""
        return self._transport.send(operations.get_vote_event(vote_event_id))["data"]

    def agreement(self, **query: Unpack[shapes.GetAgreementParametersQuery]) -> shapes.Agreement:
        """How often legislators or parties `a` and `b` chose alike. Raises NotFound."""
        return self._transport.send(operations.get_agreement(query))["data"]
