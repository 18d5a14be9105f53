"""The public shapes of records have the fields of the domain, and rendered records have those shapes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
import pytest
from api_gateway.documents.records import (
    event_shapes,
    legislator_shapes,
    membership_shapes,
    organization_shapes,
    record_parts,
    vote_event_shapes,
)
from api_gateway.documents.records.membership_items import membership_item
from api_gateway.documents.records.record_documents import document_body, summary_body, with_fields
from api_gateway.documents.render import Stamp, seal_document, seal_summary
from legis.domain.organization import Organization
from legis.domain.records import event_record, legislator, organization_record, record, vote_event_record
from legis.domain.records.any_record import AnyRecord
from legis.domain.records.event_record import AgendaItem, EventRecord
from legis.domain.records.legislator import BirthPlace, LegislatorRecord
from legis.domain.records.membership import Membership, MembershipKind
from legis.domain.records.organization_record import (
    Classification,
    OrganizationRecord,
    SuccessionKind,
    Successor,
)
from legis.domain.records.record import DatedName, ExternalId, Link
from legis.domain.records.vote_event_record import (
    MemberVote,
    Orientation,
    OrientationKind,
    OrientationOption,
    VotedBill,
    VoteEventRecord,
)
from legis.domain.vocabulary import Chamber, Source
from legis.domain.voting import VoteOption
from pydantic import BaseModel

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
STAMP = Stamp(3, 41, NOW, NOW + timedelta(seconds=1))
PAIRS = [
    (public, domain)
    for shapes, models in (
        (record_parts, record),
        (legislator_shapes, legislator),
        (organization_shapes, organization_record),
        (vote_event_shapes, vote_event_record),
        (event_shapes, event_record),
    )
    for name, public in vars(shapes).items()
    if isinstance(domain := getattr(models, name, None), type)
    and issubclass(domain, BaseModel)
    and getattr(public, "__module__", None) == shapes.__name__
]
ON_DEMAND = {"agenda"}
"""Of summaries: what is put in only where it is asked for."""
STAMPED = {"provenance", "links", "created_at", "version", "changed_at", "removed_at", "change_seq"}
DETAILS: list[tuple[type[BaseModel], type[BaseModel], set[str], set[str]]] = [
    (
        legislator_shapes.LegislatorDetail,
        LegislatorRecord,
        {"pages", "legislatures", "same_person", "counts"},
        set(),
    ),
    (organization_shapes.OrganizationDetail, OrganizationRecord, {"members_now"}, {"members"}),
    (vote_event_shapes.VoteEventDetail, VoteEventRecord, set(), {"organization_id"}),
    (event_shapes.EventDetail, EventRecord, set(), set()),
]

BODY = Organization(code="2003", acronym="CCJC", name="Comissão", chamber=Chamber.CAMARA)
MEMBERSHIP = Membership(
    kind=MembershipKind.COMMITTEE, organization=BODY, role="Titular", start_date=date(2023, 2, 1), legislature=57
)
TERM = Membership(kind=MembershipKind.TERM, legislature=57, start_date=date(2023, 2, 1))
LEGISLATOR = LegislatorRecord(
    id="camara-deputy-1",
    source=Source.CAMARA,
    upstream_id="1",
    house=Chamber.CAMARA,
    name="Fulana",
    birth_date=date(1990, 1, 2),
    birth_place=BirthPlace(state="SP"),
    other_names=(DatedName(name="Fulana de Tal"),),
    links=(Link(url="https://x.example"),),
    identifiers=(ExternalId(scheme="s", identifier="1"),),
    memberships={"terms": (TERM,), "committees": (MEMBERSHIP,)},
    extras={"kept": "not served"},
)
ORGANIZATION = OrganizationRecord(
    id="camara-org-2003",
    source=Source.CAMARA,
    upstream_id="2003",
    house=Chamber.CAMARA,
    classification=Classification.PERMANENT,
    acronym="CCJC",
    name="Comissão",
    party_ids=("PCdoB",),
    successors=(Successor(id="camara-org-2", kind=SuccessionKind.RENAMED),),
)
VOTE_EVENT = VoteEventRecord(
    id="camara-vote-1-2",
    source=Source.CAMARA,
    upstream_id="1-2",
    organization=BODY,
    bills=(VotedBill(id="camara-1"),),
    votes=(MemberVote(legislator_id="camara-deputy-1", name="Fulana", option=VoteOption.YES, at=NOW),),
    orientations=(
        Orientation(
            label="Fdr", kind=OrientationKind.FEDERATION, party_ids=("PT", "PCdoB"), option=OrientationOption.YES
        ),
    ),
)
EVENT = EventRecord(
    id="camara-event-1",
    source=Source.CAMARA,
    upstream_id="1",
    organizations=(BODY,),
    organization_ids=("camara-org-2003",),
    start=NOW,
    agenda=(AgendaItem(key="camara-1", bill_ids=("camara-1",)),),
)
RENDERED: list[tuple[AnyRecord, type[BaseModel], type[BaseModel], dict[str, Any]]] = [
    (
        LEGISLATOR,
        legislator_shapes.LegislatorDetail,
        legislator_shapes.LegislatorSummary,
        {
            "memberships": [],
            "same_person": [],
            "counts": {"authored": 1, "coauthored": None, "rapporteur": None, "votes": 2},
        },
    ),
    (
        ORGANIZATION,
        organization_shapes.OrganizationDetail,
        organization_shapes.OrganizationSummary,
        {"members_now": 3},
    ),
    (VOTE_EVENT, vote_event_shapes.VoteEventDetail, vote_event_shapes.VoteEventSummary, {}),
    (EVENT, event_shapes.EventDetail, event_shapes.EventSummary, {}),
]


def test_every_part_has_its_public_shape() -> None:
    assert len(PAIRS) == 10


@pytest.mark.parametrize(("public", "domain"), PAIRS, ids=lambda model: model.__name__)
def test_a_public_shape_has_the_fields_of_the_domain(public: type[BaseModel], domain: type[BaseModel]) -> None:
    assert list(public.model_fields) == list(domain.model_fields)
    assert all(field.description for field in public.model_fields.values())
    assert all(field.is_required() for field in public.model_fields.values()), "a reply always has it"


@pytest.mark.parametrize(
    ("public", "domain", "more", "fewer"), DETAILS, ids=lambda value: getattr(value, "__name__", "")
)
def test_a_detail_has_every_field_of_its_record(
    public: type[BaseModel], domain: type[BaseModel], more: set[str], fewer: set[str]
) -> None:
    wanted = (domain.model_fields.keys() - {"kind", "extras"} - fewer) | STAMPED | more
    assert public.model_fields.keys() == wanted
    assert all(field.description for field in public.model_fields.values())
    assert all(field.is_required() for field in public.model_fields.values()), "a reply always has it"


@pytest.mark.parametrize(
    ("found", "detail", "summary", "added"), RENDERED, ids=lambda value: getattr(value, "kind", "")
)
def test_a_rendered_record_is_what_its_shape_promises(
    found: AnyRecord, detail: type[BaseModel], summary: type[BaseModel], added: dict[str, Any]
) -> None:
    whole = seal_document(document_body(found, []), STAMP)
    whole = with_fields(whole, {name: orjson.dumps(value) for name, value in added.items()})
    read = detail.model_validate_json(whole)
    assert set(orjson.loads(whole)) == set(detail.model_fields)
    assert read.model_dump()["id"] == found.id
    listed = seal_summary(summary_body(found), STAMP)
    summary.model_validate_json(listed)
    assert set(orjson.loads(listed)) == set(summary.model_fields) - ON_DEMAND
    assert b"not served" not in whole + listed


def test_party_keys_become_ids_of_parties() -> None:
    shown = orjson.loads(document_body(VOTE_EVENT, []) + b"}")
    assert shown["orientations"][0]["party_ids"] == ["party-pt", "party-pcdob"]
    assert orjson.loads(document_body(ORGANIZATION, []) + b"}")["party_ids"] == ["party-pcdob"]


@pytest.mark.parametrize("organization_id", ["party-psb", None])
@pytest.mark.parametrize("body", [BODY, None])
def test_a_stored_membership_is_served_in_its_shape(organization_id: str | None, body: Organization | None) -> None:
    one = MEMBERSHIP.model_copy(update={"organization": body, "organization_id": organization_id})
    stored = {**one.model_dump(mode="json"), "legislator_id": "camara-deputy-1", "name": "Fulana"}
    read = membership_shapes.Membership.model_validate_json(membership_item(orjson.dumps(stored).decode()))
    assert read.legislator_name == "Fulana"
    assert (read.organization and read.organization.id) == (organization_id or (body and "camara-org-2003"))
    assert (read.organization and read.organization.code) == (body and body.code)
