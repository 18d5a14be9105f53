"""Exports over HTTP: lists, manifests, ranges, conditional requests, catalogue."""

import hashlib
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from api_gateway.exports.export_library import PROGRESS
from integration.exports.conftest import Exports, rows
from integration.web.conftest import serving, settings_for

FILE = "bills.parquet"


@pytest.fixture(scope="module")
async def api(exported: Exports, module_redis_url: str, tmp_path_factory: Any) -> AsyncIterator[httpx2.AsyncClient]:
    settings = settings_for(
        database_url=exported.database_url, redis_url=module_redis_url, exports_folder=str(exported.folder),
        index_folder=str(tmp_path_factory.mktemp("index")), request_timeout_seconds=3,
    )  # fmt: skip
    async with serving(settings) as client:
        yield client


@pytest.fixture
def address(exported: Exports) -> str:
    return f"/api/v1/exports/{exported.newest.id}/files/{FILE}"


@pytest.fixture
def content(exported: Exports) -> bytes:
    return exported.path(exported.newest, FILE).read_bytes()


async def test_the_list_has_the_newest_first_and_what_is_built(api: httpx2.AsyncClient, exported: Exports) -> None:
    found = (await api.get("/api/v1/exports")).json()
    assert [one["id"] for one in found["data"]] == [one.id for one in reversed(exported.manifests)]
    assert found["data"][0]["delta_from"] == exported.manifests[0].id
    assert found["building"] is None
    progress = {"id": "20300101T000000Z", "resource": "actions", "rows": 12, "percent": 40.5}
    for age, state in ((0, "BUILDING"), (3600, "INTERRUPTED")):
        at = (datetime.now(UTC) - timedelta(seconds=age)).isoformat()
        told = {**progress, "started_at": at, "updated_at": at}
        (exported.folder / PROGRESS).write_text(json.dumps(told))
        building = (await api.get("/api/v1/exports")).json()["building"]
        assert (building["state"], building["rows"], building["percent"]) == (state, 12, 40.5)
    (exported.folder / PROGRESS).unlink()


async def test_manifest_of_an_export_and_of_the_newest(api: httpx2.AsyncClient, exported: Exports) -> None:
    latest, first = await api.get("/api/v1/exports/latest"), exported.manifests[0]
    assert latest.json()["data"] == exported.newest.model_dump(mode="json")
    assert (await api.get(f"/api/v1/exports/{first.id}")).json()["data"] == first.model_dump(mode="json")
    files = f"{first.id}/files"
    for wrong in ("20200101T000000Z", "1", "..%2F..", f"{files}/nothing.parquet", f"{files}/bills.hashes"):
        missing = await api.get(f"/api/v1/exports/{wrong}")
        assert (missing.status_code, missing.headers["Content-Type"]) == (404, "application/problem+json"), wrong


async def test_a_line_is_what_the_api_serves(api: httpx2.AsyncClient, exported: Exports) -> None:
    for line in rows(exported.path(exported.newest, "bills.ndjson.gz"))[:3]:
        assert (await api.get(f"/api/v1/bills/{line['id']}")).json()["data"] == line
    (voting, _) = rows(exported.path(exported.newest, "vote_events.ndjson.gz"))
    assert (await api.get(f"/api/v1/vote-events/{voting['id']}")).json()["data"] == voting
    steps = [row for row in rows(exported.path(exported.newest, "actions.ndjson.gz")) if row["bill_id"] == "camara-6"]
    served = (await api.get("/api/v1/bills/camara-6/actions")).json()["data"]
    assert [{k: v for k, v in step.items() if k not in ("bill_id", "position")} for step in steps] == served


async def test_the_whole_file(api: httpx2.AsyncClient, address: str, content: bytes) -> None:
    reply = await api.get(address, headers={"Accept-Encoding": "gzip, br, zstd"})
    assert (reply.status_code, reply.content) == (200, content)
    assert reply.headers["ETag"] == f'"{hashlib.sha256(content).hexdigest()}"'
    assert reply.headers["Content-Length"] == str(len(content))
    assert reply.headers["Accept-Ranges"] == "bytes"
    assert "Content-Encoding" not in reply.headers
    head = await api.head(address)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(content))
    assert head.headers["ETag"] == reply.headers["ETag"]
    assert (await api.head(address)).status_code == 200  # on the same connection


async def test_ranges(api: httpx2.AsyncClient, address: str, content: bytes) -> None:
    size = len(content)
    for wanted, start, stop in (
        ("bytes=0-9", 0, 10), ("bytes=10-", 10, size), ("bytes=-7", size - 7, size),
        (f"bytes=5-{size + 99}", 5, size), (f"bytes=-{size + 99}", 0, size), ("bytes= 3-3", 3, 4),
    ):  # fmt: skip
        reply = await api.get(address, headers={"Range": wanted})
        assert (reply.status_code, reply.content) == (206, content[start:stop]), wanted
        assert reply.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{size}"
        assert reply.headers["Content-Length"] == str(stop - start)
    for ignored in ("lines=0-9", "bytes=0-1,5-9", "bytes=9-3", "bytes=a-b", "bytes=-", "bytes"):
        reply = await api.get(address, headers={"Range": ignored})
        assert (reply.status_code, len(reply.content)) == (200, size), ignored
    for behind in (f"bytes={size}-", "bytes=-0", f"bytes={size + 5}-{size + 9}"):
        reply = await api.get(address, headers={"Range": behind})
        assert (reply.status_code, reply.headers["Content-Range"]) == (416, f"bytes */{size}"), behind
        assert reply.headers["Content-Type"] == "application/problem+json"


async def test_conditions(api: httpx2.AsyncClient, address: str, content: bytes) -> None:
    etag = f'"{hashlib.sha256(content).hexdigest()}"'
    for known in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        reply = await api.get(address, headers={"If-None-Match": known})
        assert (reply.status_code, reply.content, reply.headers["ETag"]) == (304, b"", etag), known
    assert (await api.get(address, headers={"If-None-Match": '"other"'})).status_code == 200
    resumed = await api.get(address, headers={"Range": "bytes=4-", "If-Range": etag})
    assert (resumed.status_code, resumed.content) == (206, content[4:])
    for other in ('"other"', f"W/{etag}", "Wed, 01 Jan 2020 00:00:00 GMT"):
        reply = await api.get(address, headers={"Range": "bytes=4-", "If-Range": other})
        assert (reply.status_code, reply.content) == (200, content), other


async def test_the_newest_file_by_a_name_that_stays(api: httpx2.AsyncClient, address: str) -> None:
    reply = await api.get(f"/api/v1/exports/latest/files/{FILE}")
    assert (reply.status_code, reply.headers["Location"]) == (307, address)


async def test_a_file_that_is_cut_is_no_whole_file(
    api: httpx2.AsyncClient, exported: Exports, address: str, content: bytes
) -> None:
    path = exported.path(exported.newest, FILE)
    try:
        path.write_bytes(content[:100])
        with pytest.raises(httpx2.HTTPError):
            await api.get(address)
    finally:
        path.write_bytes(content)


async def test_catalogue_and_data_package(api: httpx2.AsyncClient, exported: Exports) -> None:
    reply = await api.get("/api/v1/exports/catalog.jsonld")
    assert reply.headers["Content-Type"] == "application/ld+json"
    nodes = {one["@id"]: one for one in reply.json()["@graph"]}
    catalog = next(one for one in nodes.values() if one["@type"] == "dcat:Catalog")
    assert len(catalog["dcat:dataset"]) == 7
    for link in catalog["dcat:dataset"]:
        for given in nodes[link["@id"]]["dcat:distribution"]:
            found = await api.head(nodes[given["@id"]]["dcat:downloadURL"]["@id"])
            assert found.headers["Content-Length"] == nodes[given["@id"]]["dcat:byteSize"]["@value"]
    package = await api.get(f"/api/v1/exports/{exported.newest.id}/datapackage.json")
    assert package.headers["Content-Type"] == "application/json"
    for resource in package.json()["resources"]:
        body = (await api.get(f"/api/v1/exports/{exported.newest.id}/{resource['path']}")).content
        assert resource["hash"] == f"sha256:{hashlib.sha256(body).hexdigest()}"


async def test_without_exports(exported: Exports, module_redis_url: str, tmp_path: Path) -> None:
    settings = settings_for(
        database_url=exported.database_url, redis_url=module_redis_url, index_folder=str(tmp_path / "index"),
        exports_folder=str(tmp_path / "none"),
    )  # fmt: skip
    async with serving(settings) as client:
        assert (await client.get("/api/v1/exports")).json()["data"] == []
        assert (await client.get("/api/v1/exports/latest")).status_code == 404
        assert (await client.get("/api/v1/exports/catalog.jsonld")).status_code == 200
