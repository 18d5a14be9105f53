"""Every list with files besides `/bills`: its rows are the items of all its pages, under the columns of its kind."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import httpx2
import pytest
from api_gateway.web.files import list_columns
from api_gateway.web.files.file_format import MEDIA_TYPES
from integration.store.records.record_readings import event, legislator, votes, voting
from integration.web.records.asking_records import every_page, organization

Client = httpx2.AsyncClient
FIRST = date(2024, 3, 1)
VOTINGS = 505
"""More than one page of a file."""

LISTS = {
    "/vote-events": list_columns.VOTE_EVENTS,
    "/legislators": list_columns.LEGISLATORS,
    "/organizations": list_columns.ORGANIZATIONS,
    "/events?sort=-start": list_columns.EVENTS,
    "/bills/camara-1/events": list_columns.EVENTS,
    "/bills/camara-1/actions": list_columns.ACTIONS,
    "/legislators/camara-deputy-1/votes": list_columns.LEGISLATOR_VOTES,
    "/changes?about=bill,legislator,organization,vote_event,event": list_columns.CHANGES,
}


@pytest.fixture(scope="module", autouse=True)
async def records(put: Any, store: Any, make_bill: Any) -> None:
    await store([make_bill(1)])
    await put(
        *(legislator(number, name=f"=Membro {number}") for number in range(1, 4)),
        organization(1, acronym="CCJC"),
        event(1, start=datetime(2024, 3, 1, 13, tzinfo=UTC)),
        voting(1, day=FIRST, bill="camara-1", votes=votes("YNO")),
        voting(2, day=FIRST + timedelta(days=1), bill="camara-1", nominal=False),
        *(voting(number, day=FIRST + timedelta(days=number), votes=votes("Y")) for number in range(3, VOTINGS)),
    )


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


async def items_of(api: Client, path: str) -> list[Any]:
    """All items by JSON: a list by its cursors, the change log by its numbers."""
    if not path.startswith("/changes"):
        address, _, query = path.partition("?")
        return await every_page(api, address, limit=100, **dict(parse_qsl(query)))
    found: list[Any] = []
    after, more = 0, True
    while more:
        body = (await api.get(f"/api/v1{path}&limit=100&after={after}")).json()
        found, after, more = found + body["data"], body["page"]["next_after"], body["page"]["has_more"]
    return found


@pytest.mark.parametrize("path", LISTS)
async def test_ndjson_has_the_items_of_all_pages(api: Client, path: str) -> None:
    reply = await api.get(f"/api/v1{path}", headers={"Accept": MEDIA_TYPES["ndjson"]})
    assert reply.status_code == 200, reply.text
    assert reply.headers["legis-row-limit"] == "100000"
    assert reply.headers["cache-control"] == "no-store"
    assert [json.loads(line) for line in reply.text.splitlines()] == await items_of(api, path)


@pytest.mark.parametrize("path", LISTS)
async def test_csv_has_the_columns_of_its_kind(api: Client, path: str) -> None:
    kind, separator = LISTS[path], "&" if "?" in path else "?"
    reply = await api.get(f"/api/v1{path}{separator}format=csv")
    assert reply.headers["content-disposition"] == f'attachment; filename="{kind.name}.csv"'
    rows = rows_of(reply.text)
    assert list(rows[0] if rows else next(csv.reader([reply.text]))) == [column.name for column in kind.columns]
    assert len(rows) == len(await items_of(api, path))


async def test_a_row_for_each_members_vote(api: Client) -> None:
    reply = await api.get("/api/v1/bills/camara-1/votes?format=csv")
    rows = rows_of(reply.text)
    assert [(row["vote_event_id"], row["legislator_id"], row["option"]) for row in rows] == [
        ("camara-vote-1", "camara-deputy-1", "YES"),
        ("camara-vote-1", "camara-deputy-2", "NO"),
        ("camara-vote-1", "camara-deputy-3", "OBSTRUCTION"),
        ("camara-vote-2", "", ""),
    ]
    assert {row["date"] for row in rows} == {"2024-03-01", "2024-03-02"}
    page = (await api.get("/api/v1/bills/camara-1/votes")).json()["data"]
    assert [len(one["votes"]) for one in page] == [3, 0]


async def test_values_of_cells(api: Client) -> None:
    people = rows_of((await api.get("/api/v1/legislators?format=csv")).text)
    assert [row["name"] for row in people] == [f"'=Membro {number}" for number in range(1, 4)]
    first = rows_of((await api.get("/api/v1/vote-events?format=csv&bill=camara-1&to=2024-03-01")).text)[0]
    assert (first["yes"], first["no"], first["other"], first["bill_ids"]) == ("1", "1", "1", "camara-1")
    changes = rows_of((await api.get("/api/v1/changes?format=csv&about=legislator")).text)
    assert changes[0]["subject_id"] == "camara-deputy-1"


async def test_limit_rows_and_cursor(api: Client) -> None:
    page = (await api.get("/api/v1/vote-events?limit=2")).json()
    cursor = page["page"]["next_cursor"]
    reply = await api.get(f"/api/v1/vote-events?format=csv&limit=3&cursor={cursor}")
    following = (await api.get(f"/api/v1/vote-events?limit=3&cursor={cursor}")).json()["data"]
    assert reply.headers["legis-row-limit"] == "3"
    assert [row["id"] for row in rows_of(reply.text)] == [one["id"] for one in following]


async def test_a_workbook(api: Client) -> None:
    reply = await api.get("/api/v1/organizations?format=xlsx")
    assert reply.content.startswith(b"PK")
    assert reply.headers["content-type"] == MEDIA_TYPES["xlsx"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/legislators/camara-deputy-99/votes", 404),
        ("/bills/camara-99/actions", 404),
        ("/bills/camara-99/votes", 404),
        ("/changes?after=9999999", 410),
        ("/vote-events?cursor=x", 400),
    ],
)
async def test_a_refusal_is_a_problem_and_no_file(api: Client, path: str, status: int) -> None:
    reply = await api.get(f"/api/v1{path}", headers={"Accept": "text/csv"})
    assert (reply.status_code, reply.headers["content-type"]) == (status, "application/problem+json")


async def test_openapi_describes_the_files(api: Client) -> None:
    paths = (await api.get("/openapi.json")).json()["paths"]
    for path in ("/api/v1/bills", "/api/v1/vote-events", "/api/v1/changes", "/api/v1/bills/{bill_id}/votes"):
        reply = paths[path]["get"]["responses"]["200"]
        assert set(MEDIA_TYPES.values()) <= set(reply["content"]), path
        assert {"Content-Disposition", "Legis-Row-Limit"} <= set(reply["headers"])
