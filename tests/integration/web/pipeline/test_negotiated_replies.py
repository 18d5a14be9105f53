"""Media types, languages and codings as the client asks for them, and what is no request of HTTP."""

import asyncio
from typing import Any

import httpx2
import pytest
from legis.service.problem_types import PROBLEM_TYPES

Client = httpx2.AsyncClient
STATIC = "/static/swagger-ui/swagger-ui-bundle.js"


@pytest.mark.parametrize(
    ("path", "accept", "status"),
    [
        ("/api/v1/bills", "text/csv", 200),
        ("/api/v1/bills", "image/png", 406),
        ("/api/v1/bills/camara-1", "text/csv", 406),
        ("/api/v1/bills", "text/csv, */*;q=0.1", 200),
        ("/api/v1/bills", "application/json;q=0", 406),
        ("/api/v1/feeds/bills.atom", "application/json", 406),
        ("/api/v1/feeds/bills.atom", "application/rss+xml, application/xml", 200),
        ("/docs", "text/html", 200),
        ("/api/health/live", "text/csv", 200),
        ("/api/v1/nothing", "text/csv", 404),
        (STATIC, "text/csv", 200),
    ],
)
async def test_what_no_media_type_answers_is_refused(cached: Client, path: str, accept: str, status: int) -> None:
    for _ in range(2):
        await cached.get(path)  # a kept reply must not answer what it is not
        reply = await cached.get(path, headers={"Accept": accept})
        assert reply.status_code == status
    if status == 406:
        assert reply.headers["content-type"] == "application/problem+json"
        assert "application/" in reply.json()["detail"]


async def test_several_lines_of_accept_are_one_list(api: Client) -> None:
    lines = [("Accept", "text/csv"), ("Accept", "application/json")]
    assert (await api.get("/api/v1/bills", headers=lines)).status_code == 200


@pytest.mark.parametrize("one", PROBLEM_TYPES, ids=[one.name for one in PROBLEM_TYPES])
async def test_every_problem_type_has_a_page_in_each_form(api: Client, one: Any) -> None:
    for language, told in (("en", "en"), ("pt-BR,en;q=0.5", "pt-BR")):
        document = await api.get(one.uri, headers={"Accept-Language": language})
        page = await api.get(one.uri, headers={"Accept-Language": language, "Accept": "text/html,*/*;q=0.8"})
        title = one.title.pt if told == "pt-BR" else one.title.en
        assert document.json()["title"] == title
        assert document.json()["type"] == one.uri
        assert page.headers["content-type"].startswith("text/html")
        assert f"<h1>{title}</h1>" in page.text
        assert f'<html lang="{told}">' in page.text
        for reply in (document, page):
            assert reply.headers["content-language"] == told
            assert {"Accept", "Accept-Language"} <= set(reply.headers["vary"].split(", "))
            same = await api.get(one.uri, headers={**reply.request.headers, "If-None-Match": reply.headers["etag"]})
            assert same.status_code == 304
    assert (await api.get("/problems")).json()["problems"]
    assert one.uri in (await api.get("/problems", headers={"Accept": "text/html"})).text


async def test_an_unknown_problem_is_not_found(api: Client) -> None:
    assert (await api.get("/problems/nonsense")).status_code == 404


async def test_an_error_has_the_type_whose_page_there_is_and_the_language_asked_for(api: Client) -> None:
    reply = await api.get("/api/v1/bills?situacao=aprovado", headers={"Accept-Language": "pt-BR"})
    body = reply.json()
    assert (reply.headers["content-language"], body["title"]) == ("pt-BR", "Parâmetro inválido")
    assert body["errors"][0]["detail"] == "não é um parâmetro deste endereço; você quis dizer status?"
    assert (await api.get(body["type"])).status_code == 200
    missing = (await api.get("/api/v1/bills/camara-404", headers={"Accept-Language": "pt"})).json()
    assert missing["detail"] == "Não há a proposição camara-404."


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
async def test_static_assets_are_compressed_and_kept_by_browsers(cached: Client, coding: str) -> None:
    plain = await cached.get(STATIC, headers={"Accept-Encoding": "identity"})
    coded = await cached.get(STATIC, headers={"Accept-Encoding": coding})
    assert coded.content == plain.content
    assert coded.headers["content-encoding"] == coding
    assert int(coded.headers["content-length"]) < len(plain.content) / 2
    assert coded.headers["cache-control"] == "public, max-age=86400"
    assert coded.headers["content-type"].startswith(("text/javascript", "application/javascript"))
    for reply in (plain, coded):
        tag = reply.headers["etag"]
        assert tag.startswith('"')
        assert (await cached.get(STATIC, headers={"If-None-Match": tag})).status_code == 304


@pytest.mark.parametrize("path", ["/static/", "/static/none.js", "/static/../app.py", "/static/%2e%2e/app.py"])
async def test_no_other_file_is_served(api: Client, path: str) -> None:
    reply = await api.get(api.base_url.copy_with(raw_path=path.encode()))
    assert reply.status_code == 404


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET /api/v1/bills HTTP/1.1\r\n\r\n", 400),
        (b"NONSENSE /api/v1/bills HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET /api/v1/bills HTTP/9.9\r\nHost: x\r\n\r\n", 400),
        (b"not http at all\r\n\r\n", 400),
        (b"GET /api/v1/bills HTTP/1.1\r\nHost: x\r\nContent-Length: two\r\n\r\n", 400),
        (b"POST /api/v1/bills HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", (400, 405)),
        (b"GET /api/v1/bills HTTP/1.1\r\nHost: x\r\n" + b"X-Long: %b\r\n" % (b"a" * 8000) * 5 + b"\r\n", 431),
    ],
    ids=["no host", "method", "version", "nonsense", "length", "chunk", "large headers"],
)
async def test_what_is_no_request_is_a_problem_too(api: Client, request_bytes: bytes, status: Any) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", api.base_url.port)
    try:
        writer.write(request_bytes)
        async with asyncio.timeout(60):
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = int(head.partition("content-length: ")[2].partition("\r")[0])
            body = await reader.readexactly(length)
    finally:
        writer.close()
    assert int(head.split(" ")[1]) in (status if isinstance(status, tuple) else (status,))
    assert "\r\ncontent-type: application/problem+json\r\n" in head
    assert "\r\ncache-control: no-store\r\n" in head
    document = httpx2.Response(400, content=body).json()
    assert document["type"].startswith("/problems/")
