"""Legislators: search, one person, bills by role, votes."""

from datetime import date, timedelta
from typing import Any

import httpx2
import pytest
from api_gateway.documents.records.legislator_shapes import LegislatorDetail
from api_gateway.documents.records.vote_event_shapes import LegislatorVote
from api_gateway.web.responses.record_schemas import LegislatorBillList, LegislatorList, LegislatorVoteList
from integration.store.records.record_readings import legislator, votes, voting
from integration.web.records.asking_records import every_page, get, ids
from legis.domain.bill import Rapporteur, Sponsorship
from legis.domain.organization import Organization
from legis.domain.records.membership import Member, Membership, MembershipKind
from legis.domain.records.organization_record import Classification, OrganizationRecord
from legis.domain.vocabulary import Chamber, Source, SponsorKind, SponsorshipRole

Client = httpx2.AsyncClient
BORN = date(1970, 3, 4)
CCJC = Organization(code="2003", acronym="CCJC", name="Comissão de Constituição e Justiça")
TERM = Membership(kind=MembershipKind.TERM, legislature=57, start_date=date(2023, 2, 1))
SEAT = Membership(
    kind=MembershipKind.COMMITTEE,
    organization=CCJC,
    organization_id="camara-org-2003",
    role="Titular",
    start_date=date(2023, 3, 1),
)


def body() -> OrganizationRecord:
    seat = Member(legislator_id="camara-deputy-1", name="Ana Sá", role="Titular", start_date=date(2023, 3, 1))
    other = Member(legislator_id="camara-deputy-2", name="Bia Reis", role="Suplente", start_date=date(2023, 3, 1))
    return OrganizationRecord(
        id="camara-org-2003",
        source=Source.CAMARA,
        upstream_id="2003",
        house=Chamber.CAMARA,
        classification=Classification.PERMANENT,
        acronym="CCJC",
        name="Comissão de Constituição e Justiça",
        members={"now": (seat, other)},
    )


def signed(role: SponsorshipRole) -> tuple[Sponsorship, ...]:
    return (Sponsorship(name="Ana Sá", role=role, kind=SponsorKind.LEGISLATOR, order=1, legislator_id="1"),)


@pytest.fixture(scope="module", autouse=True)
async def people(put: Any, store: Any, make_bill: Any) -> None:
    await store(
        [
            make_bill(1, sponsorships=signed(SponsorshipRole.AUTHOR)),
            make_bill(2, sponsorships=signed(SponsorshipRole.COAUTHOR)),
            make_bill(3, rapporteurs=(Rapporteur(name="Ana Sá", legislator_id="1"),)),
            make_bill(4),
        ]
    )
    ana = {"civil_name": "Ana Ávila Sá", "birth_date": BORN, "gender": "F", "party": "PSB", "state": "PE"}
    await put(
        legislator(1, name="Ana Sá", in_office=True, memberships={"terms": (TERM,), "committees": (SEAT,)}, **ana),
        legislator(2, name="Bia Reis", in_office=False, party="MDB", state="SP"),
        legislator(3, name="Cauã Reis", in_office=True, party="UNIÃO", state="SP"),
        legislator(9, source=Source.SENADO, name="Ana Sá", **ana),
        body(),
    )
    days = [
        voting(number, day=date(2026, 1, 1) + timedelta(days=number), votes=votes("YN"), bill="camara-1")
        for number in range(1, 8)
    ]
    await put(*days)


async def test_lists_are_by_name_and_every_filter_filters(api: Client) -> None:
    whole = await get(api, "/legislators")
    LegislatorList.model_validate(whole)
    assert [one["name"] for one in whole["data"]] == ["Ana Sá", "Ana Sá", "Bia Reis", "Cauã Reis"]
    for wanted, found in (
        ({"house": "SENADO"}, {"senado-senator-9"}),
        ({"state": "sp"}, {"camara-deputy-2", "camara-deputy-3"}),
        ({"party": "PMDB"}, {"camara-deputy-2"}),
        ({"party": "uniao"}, {"camara-deputy-3"}),
        ({"in_office": "true"}, {"camara-deputy-1", "camara-deputy-3"}),
        ({"legislature": 57}, {"camara-deputy-1"}),
        ({"organization": "camara-org-2003"}, {"camara-deputy-1", "camara-deputy-2"}),
        ({"q": "reis"}, {"camara-deputy-2", "camara-deputy-3"}),
        ({"q": "CAUA re"}, {"camara-deputy-3"}),
        ({"q": "avila", "house": "CAMARA"}, {"camara-deputy-1"}),
        ({"q": "ila"}, set()),
    ):
        assert set(await ids(api, "/legislators", **wanted)) == found, wanted


async def test_pages_join_up(api: Client) -> None:
    found = await every_page(api, "/legislators", limit=1)
    assert [one["id"] for one in found] == await ids(api, "/legislators")


async def test_one_person_has_memberships_of_both_sides_once(api: Client) -> None:
    ana = (await get(api, "/legislators/camara-deputy-1"))["data"]
    LegislatorDetail.model_validate(ana)
    assert [(one["kind"], one["role"]) for one in ana["memberships"]] == [("COMMITTEE", "Titular"), ("TERM", None)]
    assert ana["memberships"][0]["organization"]["id"] == "camara-org-2003"
    assert ana["counts"] == {"authored": 1, "coauthored": 1, "rapporteur": 1, "votes": 7}
    bia = (await get(api, "/legislators/camara-deputy-2"))["data"]
    assert [one["role"] for one in bia["memberships"]] == ["Suplente"], "only the body's list has it"


async def test_the_same_person_in_the_other_house_is_a_link(api: Client) -> None:
    (other,) = (await get(api, "/legislators/camara-deputy-1"))["data"]["same_person"]
    assert (other["id"], other["rule"]) == ("senado-senator-9", "BIRTH_AND_CIVIL_NAME")
    assert other["evidence"] == [one["text"] for one in other["evidence_parts"]] != []
    assert "OTHER" not in {one["kind"] for one in other["evidence_parts"]}
    assert (await get(api, "/legislators/senado-senator-9"))["data"]["same_person"][0]["id"] == "camara-deputy-1"


@pytest.mark.parametrize(
    ("role", "bills"),
    [
        ("author", ["camara-1"]),
        ("coauthor", ["camara-2"]),
        ("rapporteur", ["camara-3"]),
        ("author,rapporteur", ["camara-1", "camara-3"]),
        (None, ["camara-1", "camara-2", "camara-3"]),
    ],
)
async def test_bills_by_role(api: Client, role: str | None, bills: list[str]) -> None:
    asked = {} if role is None else {"role": role}
    LegislatorBillList.model_validate(await get(api, "/legislators/camara-deputy-1/bills", **asked))
    assert await ids(api, "/legislators/camara-deputy-1/bills", **asked) == bills
    assert [one["id"] for one in await every_page(api, "/legislators/camara-deputy-1/bills", limit=1, **asked)] == bills


async def test_votes_are_newest_first_and_limited_to_days(api: Client) -> None:
    whole = await get(api, "/legislators/camara-deputy-2/votes")
    LegislatorVoteList.model_validate(whole)
    for one in whole["data"]:
        LegislatorVote.model_validate(one)
    assert {one["option"] for one in whole["data"]} == {"NO"}
    assert [one["vote_event"]["id"] for one in whole["data"]] == [f"camara-vote-{n}" for n in range(7, 0, -1)]
    paged = await every_page(api, "/legislators/camara-deputy-2/votes", limit=2)
    assert paged == whole["data"]
    some = await get(api, "/legislators/camara-deputy-2/votes", **{"from": "2026-01-03", "to": "2026-01-04"})
    assert [one["vote_event"]["date"] for one in some["data"]] == ["2026-01-04", "2026-01-03"]


@pytest.mark.parametrize("path", ["", "/bills", "/votes"])
@pytest.mark.parametrize("name", ["camara-deputy-404", "camara-org-2003", "x"])
async def test_who_is_not_there_is_404(api: Client, path: str, name: str) -> None:
    reply = await api.get(f"/api/v1/legislators/{name}{path}")
    assert reply.status_code == 404
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ({"state": "XX"}, "state"),
        ({"partido": "PT"}, "partido"),
        ({"legislature": "0"}, "legislature"),
        ({"cursor": "abc"}, "cursor"),
    ],
)
async def test_wrong_parameters_are_named(api: Client, asked: dict[str, str], parameter: str) -> None:
    reply = await api.get("/api/v1/legislators", params=asked)
    assert reply.status_code == 400
    assert reply.json()["errors"][0]["parameter"] == parameter


async def test_a_reply_is_revalidated_by_its_tag(api: Client) -> None:
    for path in ("/legislators", "/legislators/camara-deputy-1", "/legislators/camara-deputy-2/votes"):
        first = await api.get(f"/api/v1{path}")
        again = await api.get(f"/api/v1{path}", headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


async def test_names_are_completed(api: Client) -> None:
    found = (await get(api, "/bills/suggest", q="rei"))["data"]
    assert [one["id"] for one in found["legislators"]] == ["camara-deputy-3", "camara-deputy-2"], "in office first"
    assert [one["acronym"] for one in (await get(api, "/bills/suggest", q="ccj"))["data"]["organizations"]] == ["CCJC"]
