"""The list of bills as CSV, NDJSON and XLSX: all matches, whole, harmless in a spreadsheet."""

import csv
import io
import tempfile
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx2
import pytest
from api_gateway.access.identity import keyless

YEAR = 1951
BILLS = 1203
FORMULA = '=cmd|"/c calc"!A1'
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
async def many(store: Any, make_bill: Any) -> None:
    await store([make_bill(n, year=YEAR, title=FORMULA if n == 7 else f"Título; {n}") for n in range(1, BILLS + 1)])


def rows_of(text: str, **how: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), **how))


async def test_csv_has_every_match_in_the_order_of_the_list(api: httpx2.AsyncClient, many: None) -> None:
    reply = await api.get(f"/api/v1/bills?year={YEAR}&format=csv&sort=introduced_on")
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.headers["content-disposition"] == 'attachment; filename="bills.csv"'
    assert reply.headers["legis-total-rows"] == str(BILLS)
    assert reply.headers["cache-control"] == "no-store"
    rows = rows_of(reply.text)
    assert len({row["id"] for row in rows}) == len(rows) == BILLS
    page = (await api.get(f"/api/v1/bills?year={YEAR}&sort=introduced_on&limit=100")).json()["data"]
    assert [row["id"] for row in rows[:100]] == [bill["id"] for bill in page]
    assert {row["title"][:1] for row in rows} == {"T", "'"}
    assert "'" + FORMULA in {row["title"] for row in rows}


@pytest.mark.parametrize(("limit", "rows"), [("", 1000), ("&limit=100", 100), ("&limit=3", 3)])
async def test_a_file_by_relevance_ends_where_its_headers_say(
    api: httpx2.AsyncClient, many: None, limit: str, rows: int
) -> None:
    reply = await api.get(f"/api/v1/bills?year={YEAR}&q=título&sort=relevance&format=csv{limit}")
    assert reply.headers["legis-row-limit"] == str(rows)
    assert reply.headers["legis-total-rows"] == str(BILLS - 1)
    assert len(rows_of(reply.text)) == rows


async def test_a_list_by_relevance_tells_that_more_match_than_are_ranked(api: httpx2.AsyncClient, many: None) -> None:
    address = f"/api/v1/bills?year={YEAR}&q=título"
    assert (await api.get(f"{address}&sort=relevance")).json()["meta"]["search"] == {"ranked": 1000}
    assert "search" not in (await api.get(address)).json()["meta"]


async def test_accept_asks_for_a_file_too(api: httpx2.AsyncClient, many: None) -> None:
    address = f"/api/v1/bills?year={YEAR}"
    csv_reply = await api.get(address, headers={"Accept": "text/csv"})
    assert len(rows_of(csv_reply.text)) == BILLS
    for accept in ("application/json", "*/*", "text/csv;q=0.5, application/json"):
        reply = await api.get(address, headers={"Accept": accept})
        assert reply.headers["content-type"] == "application/json"
        assert "Accept" in [name.strip() for name in reply.headers["vary"].split(",")]
    assert (await api.get(f"{address}&format=json", headers={"Accept": "text/csv"})).json()["data"]
    assert (await api.get(address, headers={"Accept": "image/png"})).status_code == 406


async def test_excel_in_portuguese(api: httpx2.AsyncClient, many: None) -> None:
    reply = await api.get(f"/api/v1/bills?year={YEAR}&format=csv&dialect=excel-pt&limit=3")
    assert reply.content.startswith(b"\xef\xbb\xbf")
    assert reply.headers["legis-row-limit"] == "3"
    rows = rows_of(reply.content.decode("utf-8-sig"), delimiter=";")
    assert [row["title"][:8] for row in rows] == ["Título; "] * 3


async def test_ndjson_has_the_items_of_the_list(api: httpx2.AsyncClient, many: None) -> None:
    reply = await api.get(f"/api/v1/bills?year={YEAR}&format=ndjson&fields=title&limit=2")
    page = (await api.get(f"/api/v1/bills?year={YEAR}&fields=title&limit=2")).json()["data"]
    assert reply.headers["content-type"].startswith("application/x-ndjson")
    assert [httpx2.Response(200, content=line).json() for line in reply.text.splitlines()] == page


async def test_xlsx_holds_texts_and_numbers_but_no_formula(api: httpx2.AsyncClient, many: None) -> None:
    reply = await api.get(f"/api/v1/bills?year={YEAR}&format=xlsx")
    book = zipfile.ZipFile(io.BytesIO(reply.content))
    assert book.testzip() is None
    sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    rows = sheet.findall(f".//{SHEET}row")
    assert len(rows) == BILLS + 1
    assert sheet.findall(f".//{SHEET}f") == []
    texts = {"".join(cell.itertext()) for cell in rows[7].iter(f"{SHEET}c")} | {
        "".join(cell.itertext()) for row in rows for cell in row.iter(f"{SHEET}c") if "cmd" in "".join(cell.itertext())
    }
    assert FORMULA in texts


@pytest.mark.parametrize("wrong", ["format=pdf", "format=csv&dialect=tabs", "format=csv&format=json"])
async def test_an_unknown_format_is_refused(api: httpx2.AsyncClient, wrong: str) -> None:
    assert (await api.get(f"/api/v1/bills?{wrong}")).status_code == 400


async def test_a_client_fetches_two_files_at_once_at_most(api: httpx2.AsyncClient, many: None) -> None:
    slots = api.app.state.resources.files  # type: ignore[attr-defined]
    client = keyless("127.0.0.1").counted_as
    with slots.slot(client), slots.slot(client):
        reply = await api.get(f"/api/v1/bills?year={YEAR}&format=csv")
        assert (reply.status_code, reply.headers["retry-after"]) == (503, "10")
    assert slots.taken == 0
    assert (await api.get(f"/api/v1/bills?year={YEAR}&format=csv&limit=1")).status_code == 200
    assert slots.taken == 0


async def test_a_client_has_one_workbook_built_at_a_time(api: httpx2.AsyncClient, many: None) -> None:
    resources = api.app.state.resources  # type: ignore[attr-defined]
    asked = f"/api/v1/bills?year={YEAR}&format=xlsx&limit=1"
    with resources.workbooks.slot(keyless("127.0.0.1").counted_as):
        assert (await api.get(asked)).status_code == 503
        assert (await api.get(asked.replace("xlsx", "csv"))).status_code == 200
    assert (resources.workbooks.taken, resources.files.taken) == (0, 0)
    assert (await api.get(asked)).status_code == 200
    assert (resources.workbooks.taken, resources.files.taken) == (0, 0)


async def test_a_workbook_without_room_is_a_problem(
    api: httpx2.AsyncClient, many: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resources = api.app.state.resources  # type: ignore[attr-defined]
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "never made"))
    reply = await api.get(f"/api/v1/bills?year={YEAR}&format=xlsx&limit=1")
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "60")
    assert "CSV" in reply.json()["detail"]
    assert (resources.workbooks.taken, resources.files.taken) == (0, 0)
