"""The operations of the API: address, parameters, and type of the reply of each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlencode

from legis_client import api_types as shapes

Reply_co = TypeVar("Reply_co", covariant=True)
Page = TypeVar("Page")
Item = TypeVar("Item")

LONGEST_POLL_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Call(Generic[Reply_co]):
    """A GET request; `target` is its path and query string."""

    target: str


@dataclass(frozen=True, slots=True)
class ListCall(Generic[Page, Item]):
    """The request for the first page of a list, and functions that read the items and the next page's address from a
    page.
    """

    first: Call[Page]
    items: Callable[[Page], Sequence[Item]]
    following: Callable[[Page], str | None]


@dataclass(frozen=True, slots=True)
class Position:
    """A position in the change log: `seq` of the last processed entry, and the identity of the log."""

    after: int
    epoch: str | None = None


def list_bills(query: shapes.ListBillsParametersQuery) -> ListCall[shapes.BillList, shapes.BillItem]:
    return _list("bills", query)


def get_bill(bill_id: str, as_of: str | None) -> Call[shapes.BillReply]:
    return _call(f"bills/{_segment(bill_id)}", {"as_of": as_of})


def list_actions(
    bill_id: str, kind: str | Sequence[str] | None, limit: int | None
) -> ListCall[shapes.ActionList, shapes.Action]:
    return _list(f"bills/{_segment(bill_id)}/actions", {"kind": kind, "limit": limit})


def list_versions(bill_id: str, limit: int | None) -> ListCall[shapes.VersionList, shapes.Version]:
    return _list(f"bills/{_segment(bill_id)}/versions", {"limit": limit})


def list_votes(bill_id: str, limit: int | None) -> ListCall[shapes.VoteList, shapes.VoteEventDetail]:
    return _list(f"bills/{_segment(bill_id)}/votes", {"limit": limit})


def list_journey(bill_id: str, limit: int | None) -> ListCall[shapes.JourneyReply, shapes.JourneyEntry]:
    return _list(f"bills/{_segment(bill_id)}/journey", {"limit": limit})


def list_events(query: shapes.ListEventsParametersQuery) -> ListCall[shapes.EventList, shapes.EventSummary]:
    return _list("events", query)


def get_event(event_id: str) -> Call[shapes.EventReply]:
    return _call(f"events/{_segment(event_id)}", {})


def list_file(path: str, query: Mapping[str, Any]) -> Call[bytes]:
    return get_reply(path, query)


def list_exports() -> Call[shapes.ExportList]:
    return _call("exports", {})


def get_export(export_id: str) -> Call[shapes.ExportReply]:
    return _call(f"exports/{_segment(export_id)}", {})


def export_file(export_id: str, name: str) -> Call[bytes]:
    return _call(f"exports/{_segment(export_id)}/files/{_segment(name)}", {})


def resume_headers(start: int, etag: str | None) -> dict[str, str]:
    """Headers of a request for the rest of a file: from the byte `start` on, if it is still that of the ETag."""
    if not start or etag is None:
        return {}
    return {"Range": f"bytes={start}-", "If-Range": etag}


def list_similar(bill_id: str, limit: int | None) -> Call[shapes.SimilarBills]:
    return _call(f"bills/{_segment(bill_id)}/similar", {"limit": limit})


def suggest_queries(q: str, limit: int | None) -> Call[shapes.SuggestionsReply]:
    return _call("bills/suggest", {"q": q, "limit": limit})


def list_legislators(
    query: shapes.ListLegislatorsParametersQuery,
) -> ListCall[shapes.LegislatorList, shapes.LegislatorSummary]:
    return _list("legislators", query)


def get_legislator(legislator_id: str) -> Call[shapes.LegislatorReply]:
    return _call(f"legislators/{_segment(legislator_id)}", {})


def list_legislator_bills(
    legislator_id: str, query: shapes.ListLegislatorBillsParametersQuery
) -> ListCall[shapes.LegislatorBillList, shapes.BillSummary]:
    return _list(f"legislators/{_segment(legislator_id)}/bills", query)


def list_legislator_votes(
    legislator_id: str, query: shapes.ListLegislatorVotesParametersQuery
) -> ListCall[shapes.LegislatorVoteList, shapes.LegislatorVote]:
    return _list(f"legislators/{_segment(legislator_id)}/votes", query)


def list_organizations(
    query: shapes.ListOrganizationsParametersQuery,
) -> ListCall[shapes.OrganizationList, shapes.OrganizationSummary]:
    return _list("organizations", query)


def get_organization(organization_id: str) -> Call[shapes.OrganizationReply]:
    return _call(f"organizations/{_segment(organization_id)}", {})


def list_members(
    organization_id: str, query: shapes.ListOrganizationMembersParametersQuery
) -> ListCall[shapes.MemberList, shapes.Membership]:
    return _list(f"organizations/{_segment(organization_id)}/members", query)


def list_vote_events(
    query: shapes.ListVoteEventsParametersQuery,
) -> ListCall[shapes.VoteEventList, shapes.VoteEventSummary]:
    return _list("vote-events", query)


def get_vote_event(vote_event_id: str) -> Call[shapes.VoteEventReply]:
    return _call(f"vote-events/{_segment(vote_event_id)}", {})


def get_agreement(query: shapes.GetAgreementParametersQuery) -> Call[shapes.AgreementReply]:
    return _call("vote-events/agreement", query)


def ends_at_head(query: shapes.ListChangesParametersQuery) -> bool:
    """Whether the log is followed to its head only: `wait` is 0. A command line gives it as a text."""
    try:
        return float(query["wait"]) == 0
    except (KeyError, TypeError, ValueError):  # a text that is no number is for the API to refuse
        return False


def list_changes(query: shapes.ListChangesParametersQuery, position: Position) -> Call[shapes.ChangeList]:
    """Entries after the position. If there are none yet, the server waits for one, unless the query
    has another `wait`.
    """
    whole = {"wait": LONGEST_POLL_SECONDS, **query, "after": position.after, "epoch": position.epoch}
    return _call("changes", whole)


def resolve_name(q: str) -> Call[shapes.ResolvedBills]:
    return _call("resolve", {"q": q})


def list_sources() -> Call[shapes.SourceList]:
    return _call("sources", {})


def list_states(source_id: str, limit: int | None) -> ListCall[shapes.StateHistory, Mapping[str, object]]:
    return _list(f"sources/{_segment(source_id)}/history", {"limit": limit})


def get_stats() -> Call[shapes.StatsReply]:
    return _call("stats", {})


def get_reply(path: str, query: Mapping[str, Any]) -> Call[Any]:
    return _call("/".join(map(_segment, path.split("/"))), query)


def _call(path: str, query: Mapping[str, Any]) -> Call[Any]:
    pairs = [(name, _text(value)) for name, value in query.items() if value is not None]
    return Call(f"/api/v1/{path}" + (f"?{urlencode(pairs, safe=',')}" if pairs else ""))


def _list(path: str, query: Mapping[str, Any]) -> ListCall[Any, Any]:
    return ListCall(_call(path, query), lambda page: page["data"], lambda page: page["page"]["next"])


def _segment(value: str) -> str:
    return quote(value, safe="")


def _text(value: Any) -> str:
    """The value of a parameter in the format of the API's own links: several values are joined by commas."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ",".join(map(str, value))
    return str(value)
