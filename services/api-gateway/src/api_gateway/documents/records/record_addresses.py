"""Addresses of records in the API, relative to the server."""

from urllib.parse import quote

from legis.domain.records.any_record import AnyRecord
from legis.domain.records.organization_record import Classification, OrganizationRecord
from legis.domain.records.record import RecordKind

_PATHS = {
    RecordKind.LEGISLATOR: "/api/v1/legislators",
    RecordKind.ORGANIZATION: "/api/v1/organizations",
    RecordKind.VOTE_EVENT: "/api/v1/vote-events",
    RecordKind.EVENT: "/api/v1/events",
}


def record_links(record: AnyRecord) -> dict[str, str | None]:
    """The member `links` of a record's detail."""
    path = f"{_PATHS[record.kind]}/{record.id}"
    if record.kind is RecordKind.LEGISLATOR:
        return {"self": path, "bills": f"{path}/bills", "votes": f"{path}/votes"}
    if isinstance(record, OrganizationRecord):
        return {"self": path, "members": f"{path}/members", **_of_organization(record)}
    return {"self": path}


def _of_organization(record: OrganizationRecord) -> dict[str, str | None]:
    if record.classification is Classification.PARTY:
        return {"bills": f"/api/v1/bills?party={quote(record.upstream_id)}", "vote_events": None}
    house = "" if record.house is None else f"&chamber={record.house.value}"
    bills = None if record.acronym is None else f"/api/v1/bills?organization={quote(record.acronym)}{house}"
    return {"bills": bills, "vote_events": f"/api/v1/vote-events?organization={record.id}"}
