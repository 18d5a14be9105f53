"""What nginx answers itself: problems in both languages with the headers of web, and pages for people."""

import json
import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPResponse
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from api_gateway.web.pipeline.headers import STANDING
from compose.layers import ROOT
from compose.nginx.counting_web import CountingWeb
from compose.nginx.nginx_door import Door, Reply
from jsonschema import Draft202012Validator
from legis.languages import Language, preferred_language
from legis.service.problem_types import BY_NAME
from nginx_process import start_nginx

HOST = b"Host: legis.example:5000\r\n"
SHUT_OUT = "203.0.113.66"
PAGES = {429: "too-many.html", 503: "maintenance.html"}
REFUSED: dict[str, tuple[bytes, int, str | None]] = {
    "no host": (b"GET / HTTP/1.1\r\n", 400, "bad-request"),
    "nonsense": (b"GET / HTTP/1.1 x\r\n" + HOST, 400, "bad-request"),
    "shut out": (
        b"GET /pl/1/2020 HTTP/1.1\r\nX-Forwarded-For: " + SHUT_OUT.encode() + b"\r\n" + HOST,
        403,
        "forbidden",
    ),
    "its own figures": (b"GET /internal/nginx HTTP/1.1\r\nX-Forwarded-For: 203.0.113.1\r\n" + HOST, 403, "forbidden"),
    "metrics": (b"GET /metrics HTTP/1.1\r\n" + HOST, 404, "not-found"),
    "inner page": (b"GET /internal/problem/400 HTTP/1.1\r\n" + HOST, 404, "not-found"),
    "trace": (b"TRACE /api/v1/bills HTTP/1.1\r\n" + HOST, 405, "method-not-allowed"),
    "connect": (b"CONNECT / HTTP/1.1\r\n" + HOST, 405, "method-not-allowed"),
    "long body": (b"POST /api/v1/subscriptions HTTP/1.1\r\nContent-Length: 70000\r\n" + HOST, 413, "body-too-large"),
    "long body for a page": (b"POST /follow HTTP/1.1\r\nContent-Length: 70000\r\n" + HOST, 413, "body-too-large"),
    "long address": (b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\n" + HOST, 414, "address-too-long"),
    "long header": (b"GET / HTTP/1.1\r\nX-Long: " + b"a" * 40_000 + b"\r\n" + HOST, 431, "headers-too-large"),
    "coding": (b"POST /api/v1/subscriptions HTTP/1.1\r\nTransfer-Encoding: gzip\r\n" + HOST, 501, None),
    "away": (b"GET /api/v1/bills HTTP/1.1\r\n" + HOST, 503, "service-unavailable"),
    "version": (b"GET / HTTP/3.0\r\n" + HOST, 505, None),
}
"""Request without its end, status, name of the type; None for `about:blank`."""


@pytest.fixture(scope="module")
def closed_door(nginx_program: str, closed_port: int) -> Iterator[Door]:
    """nginx before a web and pages that are away, with one client shut out."""
    with TemporaryDirectory(prefix="legis-nginx-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        folder = Path(name, "nginx")
        settings = {"LEGIS_TRUSTED_PROXIES": "127.0.0.1", "LEGIS_DENIED": SHUT_OUT}
        settings["LEGIS_PAGES"] = f"127.0.0.1:{closed_port}"
        child, port = start_nginx(nginx_program, folder, [f"127.0.0.1:{closed_port}"], **settings)
        yield Door(port, folder)
        child.stop(10)


@pytest.fixture(scope="module")
def problem_schema() -> Draft202012Validator:
    """`Problem` of the API's description."""
    described = json.loads((ROOT / "tests/contract/golden/openapi.json").read_text())
    return Draft202012Validator({"$ref": "#/components/schemas/Problem", "components": described["components"]})


def sent(port: int, request: bytes) -> Reply:
    """The reply to exactly these bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        reply = HTTPResponse(connection)
        reply.begin()
        told = {name.lower(): value for name, value in reply.getheaders()}
        assert len(told) == len(reply.getheaders()), f"a header comes twice: {reply.getheaders()}"
        return Reply(reply.status, told, reply.read(), 0.0)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("case", REFUSED)
def test_what_nginx_refuses_is_a_problem(
    closed_door: Door, problem_schema: Draft202012Validator, case: str, language: Language
) -> None:
    request, status, name = REFUSED[case]
    line, _, rest = request.partition(b"\r\n")
    asked = b"\r\nConnection: close\r\nX-Request-ID: mine-12345\r\nAccept-Language: " + language.encode() + b"\r\n"
    reply = sent(closed_door.port, line + asked + rest + b"\r\n")
    assert reply.status == status
    assert reply.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = json.loads(reply.body)
    problem_schema.validate(told)
    assert set(told) == {"type", "title", "status", "detail", "instance", "errors", "trace_id"}
    assert told["status"] == status
    if case not in ("long address", "version", "nonsense"):  # there nginx has read no header yet
        assert reply.headers["content-language"] == language
        assert reply.headers["x-request-id"] == "mine-12345"
    if name is None:
        assert told["type"] == "about:blank"
    else:
        assert told["type"] == BY_NAME[name].uri
        assert told["title"] == BY_NAME[name].title.told(Language(reply.headers["content-language"]))
        assert BY_NAME[name].status == status
    standing = {name.decode(): value.decode() for name, value in STANDING}
    assert {name: reply.headers.get(name) for name in standing} == standing
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["vary"] == "Accept-Language"
    assert reply.headers.get("retry-after") == ("2" if status == 503 else None)
    assert reply.headers.get("allow") == ("DELETE, GET, HEAD, OPTIONS, PATCH, POST" if status == 405 else None)


def test_every_problem_is_told_in_two_languages() -> None:
    lines = re.findall(
        r"^    (\d{3}):(en|pt-BR) '\"type", (ROOT / "deploy/nginx/problems.conf").read_text(), re.MULTILINE
    )
    statuses = {str(status) for _, status, _ in REFUSED.values()} | {"429", "500"}
    assert sorted(lines) == sorted((status, language) for status in statuses for language in ("en", "pt-BR"))


@pytest.mark.parametrize(
    "accept_language",
    [
        "pt-BR,pt;q=0.9,en-US;q=0.8,en;q=0.7", "pt", "pt-PT", "PT-br", "en-US,en;q=0.9,pt;q=0.8", "pt-BR, en",
        "en, pt-BR", "de, fr;q=0.5", "es,pt;q=0.8,en;q=0.6", "es,en;q=0.8,pt;q=0.6", "en;q=0, pt;q=0.1", "pt;q=0",
        "en;q=0.5, pt", "*", "", "ptx, enx",
    ],
)  # fmt: skip
def test_the_language_is_the_one_that_web_would_choose(closed_door: Door, accept_language: str) -> None:
    reply = closed_door.ask("/api/v1/bills", accept_language=accept_language)
    assert reply.headers["content-language"] == preferred_language(accept_language)


def test_a_client_that_floods_the_pages_sees_a_page_and_one_that_floods_the_api_a_problem(
    closed_door: Door, problem_schema: Draft202012Validator
) -> None:
    def refused(path: str, client: str) -> Reply:
        with ThreadPoolExecutor(16) as threads:
            found = list(threads.map(lambda _: closed_door.ask(path, client=client), range(600)))
        return next(one for one in found if one.status == 429)

    page, problem = refused("/pl/2630/2020", "203.0.113.7"), refused("/api/v1/bills", "203.0.113.8")
    assert page.body == (ROOT / "deploy/nginx" / PAGES[429]).read_bytes()
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert (page.headers["retry-after"], page.headers["cache-control"]) == ("5", "no-store")
    assert "style-src 'unsafe-inline'" in page.headers["content-security-policy"]
    assert "access-control-allow-origin" not in page.headers
    problem_schema.validate(json.loads(problem.body))
    assert {"retry-after": "1", "access-control-allow-origin": "*"}.items() <= problem.headers.items()


def test_what_web_says_itself_gets_nothing_of_it(door: Door, counting_web: CountingWeb) -> None:
    counting_web.status = 503
    reply = door.ask("/api/v1/bills")
    assert reply.status == 503
    assert not {"retry-after", "content-language", "access-control-allow-origin", "allow"} & set(reply.headers)
    assert reply.headers["content-type"] != "application/problem+json"
