"""Organizations: search, one body, its members on a day."""

from datetime import date
from typing import Any

import httpx2
import pytest
from api_gateway.documents.records.membership_shapes import Membership as MembershipShape
from api_gateway.documents.records.organization_shapes import OrganizationDetail
from api_gateway.web.responses.record_schemas import MemberList, OrganizationList
from integration.store.records.record_readings import legislator
from integration.web.records.asking_records import every_page, get, ids, organization
from legis.domain.records.membership import Member, Membership, MembershipKind
from legis.domain.records.organization_record import (
    Classification,
    OrganizationRecord,
    SuccessionKind,
    Successor,
)
from legis.domain.records.record import DatedName

Client = httpx2.AsyncClient


def member(number: int, first: str, last: str | None = None) -> Member:
    return Member(
        legislator_id=f"camara-deputy-{number}",
        name=f"Fulana {number}",
        role="Titular",
        start_date=date.fromisoformat(first),
        end_date=None if last is None else date.fromisoformat(last),
    )


@pytest.fixture(scope="module", autouse=True)
async def bodies(put: Any) -> None:
    seats = (member(1, "2023-03-01"), member(2, "2023-03-01", "2024-02-28"), member(3, "2099-01-01"))
    party = Membership(
        kind=MembershipKind.PARTY, party="MDB", organization_id="party-mdb", start_date=date(2018, 5, 15)
    )
    await put(
        organization(1, acronym="CCJC", name="Comissão de Constituição", members={"now": seats}),
        organization(
            2, acronym="SUB", name="Subcomissão", parent_id="camara-org-1", classification=Classification.SUBCOMMITTEE
        ),
        organization(
            3, acronym="CPI", name="Comissão de Inquérito", active=False, classification=Classification.INQUIRY
        ),
        OrganizationRecord(
            id="party-mdb",
            source=None,
            upstream_id="MDB",
            classification=Classification.PARTY,
            acronym="MDB",
            name="MDB",
            active=True,
            other_names=(DatedName(name="PMDB", acronym="PMDB", end_date=date(2018, 5, 14)),),
            successors=(Successor(id="party-x", kind=SuccessionKind.RENAMED),),
        ),
        legislator(7, name="Rui", in_office=True, party="MDB", memberships={"parties": (party,)}),
    )


async def test_every_filter_filters(api: Client) -> None:
    OrganizationList.model_validate(await get(api, "/organizations"))
    for wanted, found in (
        ({"classification": "PARTY"}, {"party-mdb"}),
        ({"classification": "inquiry,subcommittee"}, {"camara-org-2", "camara-org-3"}),
        ({"active": "false"}, {"camara-org-3"}),
        ({"parent": "camara-org-1"}, {"camara-org-2"}),
        ({"house": "CAMARA"}, {"camara-org-1", "camara-org-2", "camara-org-3"}),
        ({"q": "comissao"}, {"camara-org-1", "camara-org-3"}),
        ({"q": "ccj"}, {"camara-org-1"}),
    ):
        assert set(await ids(api, "/organizations", **wanted)) == found, wanted
    paged = await every_page(api, "/organizations", limit=1)
    assert [one["id"] for one in paged] == await ids(api, "/organizations")


async def test_one_body_says_where_its_members_bills_and_votings_are(api: Client) -> None:
    found = (await get(api, "/organizations/camara-org-1"))["data"]
    OrganizationDetail.model_validate(found)
    assert found["members_now"] == 1
    assert found["links"]["bills"] == "/api/v1/bills?organization=CCJC&chamber=CAMARA"
    for address in found["links"].values():
        assert (await api.get(address)).status_code == 200, address


async def test_a_party_is_an_organization_too(api: Client) -> None:
    found = (await get(api, "/organizations/party-mdb"))["data"]
    OrganizationDetail.model_validate(found)
    assert (found["source"], found["other_names"][0]["acronym"], found["successors"][0]["id"]) == (
        None,
        "PMDB",
        "party-x",
    )
    assert found["links"]["bills"] == "/api/v1/bills?party=MDB"
    members = await get(api, "/organizations/party-mdb/members", active="true")
    assert [one["legislator_id"] for one in members["data"]] == ["camara-deputy-7"]


@pytest.mark.parametrize(
    ("asked", "members"),
    [
        ({}, {1, 2, 3}),
        ({"active": "true"}, {1}),
        ({"active": "false"}, {2, 3}),
        ({"at": "2023-06-01"}, {1, 2}),
        ({"at": "2024-02-28"}, {1, 2}),
        ({"at": "2024-02-29"}, {1}),
        ({"at": "2020-01-01"}, set()),
        ({"at": "2023-06-01", "active": "false"}, {2}),
    ],
)
async def test_members_of_a_day(api: Client, asked: dict[str, str], members: set[int]) -> None:
    reply = await get(api, "/organizations/camara-org-1/members", **asked)
    MemberList.model_validate(reply)
    for one in reply["data"]:
        MembershipShape.model_validate(one)
    assert {one["legislator_id"] for one in reply["data"]} == {f"camara-deputy-{number}" for number in members}
    paged = await every_page(api, "/organizations/camara-org-1/members", limit=1, **asked)
    assert paged == reply["data"]


@pytest.mark.parametrize("path", ["", "/members"])
@pytest.mark.parametrize("name", ["camara-org-404", "camara-deputy-7"])
async def test_what_is_not_there_is_404(api: Client, path: str, name: str) -> None:
    assert (await api.get(f"/api/v1/organizations/{name}{path}")).status_code == 404
