"""Votings: search, one voting, the votings of a bill, the change log about them, and rates of agreement."""

from datetime import date, timedelta
from typing import Any

import httpx2
import pytest
from api_gateway.documents.models import Change
from api_gateway.documents.records.vote_event_shapes import VoteEventDetail
from api_gateway.web.responses.record_schemas import AgreementReply, VoteEventList
from integration.store.records.record_readings import legislator, totals, votes, voting
from integration.web.records.asking_records import every_page, get, ids
from legis.domain.organization import Organization
from legis.domain.records.vote_event_record import Orientation, OrientationKind, OrientationOption, VotedBill
from legis.domain.vocabulary import Source
from legis.domain.voting import VotePurpose, VoteResult

Client = httpx2.AsyncClient
FIRST = date(2024, 3, 1)
TABLE = ("YYNNN", "YN-YY", "NNNYN", "YOYYY")
"""The example of docs/api/agreement.md: Ana, Bia, Caio (PT) and Davi, Eva (PL), voting by voting; `-` is absent."""


def example(number: int, letters: str) -> Any:
    cast = [
        vote
        for letter, vote in zip(letters, votes(letters, parties=("PT", "PT", "PT", "PL", "PL")), strict=True)
        if letter != "-"
    ]
    return voting(number, day=FIRST + timedelta(days=number), votes=tuple(cast), result=VoteResult.PASSED)


@pytest.fixture(scope="module", autouse=True)
async def votings(put: Any, store: Any, make_bill: Any) -> None:
    await store([make_bill(1)])
    await put(
        *(legislator(number, name=f"Membro {number}") for number in range(1, 6)),
        legislator(9, source=Source.SENADO),
        *(example(number, letters) for number, letters in enumerate(TABLE, 1)),
    )
    told = Orientation(label="PT", kind=OrientationKind.PARTY, party_ids=("PT",), option=OrientationOption.YES)
    ccjc = Organization(code="2003", acronym="CCJC")
    requested = {"votes": votes("YYY"), "counts_published": totals(2, 1), "purpose": VotePurpose.URGENCY}
    committee = {"plenary": False, "organization": ccjc, "organization_id": "camara-org-2003"}
    await put(
        voting(11, day=date(2025, 1, 1), bill="camara-1", orientations=(told,), **requested),
        voting(12, day=date(2025, 1, 2), bill="camara-1", result=VoteResult.FAILED, **committee),
        voting(13, day=date(2025, 1, 3), nominal=False),
        voting(14, day=date(2025, 1, 4), bills=(VotedBill(id="senado-1"), VotedBill(id="senado-2"))),
    )


async def test_every_filter_filters(api: Client) -> None:
    whole = await get(api, "/vote-events")
    VoteEventList.model_validate(whole)
    assert [one["date"] for one in whole["data"]] == sorted((one["date"] for one in whole["data"]), reverse=True)
    for wanted, found in (
        ({"from": "2025-01-01", "to": "2025-01-02"}, [12, 11]),
        ({"house": "SENADO"}, []),
        ({"organization": "camara-org-2003"}, [12]),
        ({"bill": "camara-1"}, [12, 11]),
        ({"bill": ["senado-1,senado-2", "camara-404", "camara-1"]}, [14, 12, 11]),
        ({"bill": "senado-1,camara-1", "legislator": "camara-deputy-1"}, [11]),
        ({"result": "failed"}, [12]),
        ({"purpose": "URGENCY"}, [11]),
        ({"nominal": "false"}, [13]),
        ({"nominal": "true"}, [11]),
        ({"nominal": "null"}, [14, 12, 4, 3, 2, 1]),
        ({"legislator": "camara-deputy-3"}, [11, 4, 3, 1]),
        ({"legislator": "camara-deputy-3", "option": "NO"}, [3, 1]),
        ({"legislator": "camara-deputy-2", "option": "OBSTRUCTION,NO"}, [4, 3, 2]),
    ):
        assert await ids(api, "/vote-events", **wanted) == [f"camara-vote-{number}" for number in found], wanted
    paged = await every_page(api, "/vote-events", limit=2)
    assert paged == whole["data"]


async def test_one_voting_is_whole(api: Client) -> None:
    found = (await get(api, "/vote-events/camara-vote-11"))["data"]
    VoteEventDetail.model_validate(found)
    assert found["orientations"][0]["party_ids"] == ["party-pt"]
    assert [one["option"] for one in found["votes"]] == ["YES"] * 3
    assert "COUNTS_DIFFER" in {flag["code"] for flag in found["flags"]}
    other = (await get(api, "/vote-events/camara-vote-12"))["data"]
    assert other["organization"]["id"] == "camara-org-2003"


async def test_the_votings_of_a_bill_are_the_same_records(api: Client) -> None:
    listed = (await get(api, "/bills/camara-1/votes"))["data"]
    assert [one["id"] for one in listed] == ["camara-vote-11", "camara-vote-12"], "oldest first"
    for one in listed:
        assert one == (await get(api, f"/vote-events/{one['id']}"))["data"]
    assert await every_page(api, "/bills/camara-1/votes", limit=1) == listed
    assert (await api.get("/api/v1/bills/camara-404/votes")).status_code == 404


async def test_the_log_tells_of_votings_where_it_is_asked_for_them(api: Client) -> None:
    told = await get(api, "/changes", about="vote_event", limit=100)
    assert {one["subject"]["type"] for one in told["data"]} == {"vote_event"}
    for one in told["data"]:
        Change.model_validate(one)
        assert one["bill_id"] is None
    bills = await get(api, "/changes", limit=100)
    assert {one["subject"]["type"] for one in bills["data"]} == {"bill"}
    both = await get(api, "/changes", about="bill,vote_event,legislator", limit=100)
    assert {one["subject"]["type"] for one in both["data"]} == {"bill", "vote_event", "legislator"}
    refused = await api.get("/api/v1/changes", params={"about": "legislator", "type": "PL"})
    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, "about")


@pytest.mark.parametrize(
    ("a", "b", "options", "same", "common"),
    [
        ("camara-deputy-1", "camara-deputy-4", "choices", 2, 4),
        ("camara-deputy-1", "camara-deputy-2", "choices", 2, 3),
        ("camara-deputy-1", "camara-deputy-2", "all", 2, 4),
        ("party-pt", "party-pl", "choices", 1, 2),
        ("camara-deputy-3", "party-pt", "choices", 2, 3),
        ("party-pt", "camara-deputy-3", "choices", 2, 3),
    ],
)
async def test_agreement_of_the_documented_example(
    api: Client, a: str, b: str, options: str, same: int, common: int
) -> None:
    until = str(FIRST + timedelta(days=len(TABLE)))
    reply = await get(api, "/vote-events/agreement", a=a, b=b, options=options, to=until)
    AgreementReply.model_validate(reply)
    found = reply["data"]
    assert (found["same"], found["common"], found["rate"], found["rice"]) == (same, common, None, None)
    assert found["definition"].endswith("docs/api/agreement.md")


async def test_a_party_with_itself_has_rice(api: Client) -> None:
    until = str(FIRST + timedelta(days=len(TABLE)))
    found = (await get(api, "/vote-events/agreement", a="party-pt", b="party-pt", to=until))["data"]
    assert (found["same"], found["rate"], found["rice"]) == (None, None, {"value": None, "votings": 4})


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"a": "camara-deputy-1"}, 400),
        ({"a": "camara-deputy-1", "b": "senado-senator-9"}, 400),
        ({"a": "camara-deputy-1", "b": "camara-deputy-1"}, 400),
        ({"a": "camara-deputy-1", "b": "party-pt", "house": "SENADO"}, 400),
        ({"a": "camara-deputy-1", "b": "party-nada"}, 404),
        ({"a": "camara-deputy-404", "b": "party-pt"}, 404),
        ({"a": "party-pt", "b": "party-pl", "from": "2025-01-02", "to": "2025-01-01"}, 400),
    ],
)
async def test_what_cannot_be_compared_is_refused(api: Client, asked: dict[str, str], status: int) -> None:
    reply = await api.get("/api/v1/vote-events/agreement", params=asked)
    assert reply.status_code == status, reply.text


async def test_a_rate_is_told_from_ten_votings_on(api: Client, put: Any) -> None:
    await put(
        *(
            voting(number, day=date(2026, 5, number - 20), votes=votes("YYY" if number % 2 else "YNY"))
            for number in range(21, 31)
        )
    )
    asked = {"a": "camara-deputy-1", "b": "camara-deputy-2", "from": "2026-05-01"}
    found = (await get(api, "/vote-events/agreement", **asked))["data"]
    assert (found["same"], found["common"], found["rate"]) == (5, 10, 0.5)
    assert found["one_sided"] == {"count": 5, "share": 0.5}
    rice = (await get(api, "/vote-events/agreement", a="party-pt", b="party-pt", **{"from": "2026-05-01"}))["data"][
        "rice"
    ]
    assert rice == {"value": 0.6667, "votings": 10}


async def test_a_cursor_of_other_filters_is_refused(api: Client) -> None:
    cursor = (await get(api, "/vote-events", limit=1))["page"]["next_cursor"]
    refused = await api.get("/api/v1/vote-events", params={"limit": 1, "cursor": cursor, "nominal": "true"})
    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, "cursor")
