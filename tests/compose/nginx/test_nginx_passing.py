"""What nginx, the real one, lets through, refuses, tells web, writes down; and every configuration that is rendered."""

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from api_gateway.settings import WebSettings
from api_gateway.web.container import STREAMS_OF_A_CLIENT, WAITERS_OF_A_CLIENT
from compose.layers import BASE, ROOT, merged
from compose.nginx.counting_web import LASTING, CountingWeb
from compose.nginx.nginx_door import CLIENT, Door
from nginx_process import refused_configuration, rendered

HEALTH = "/api/health"
UNKNOWN = "/api/v1/bills/never-asked"


def test_without_web_the_unknown_is_refused_as_a_problem(door: Door, counting_web: CountingWeb) -> None:
    counting_web.stop()
    for path in (UNKNOWN, HEALTH, "/api/v1/changes", "/api/v1/changes?wait=20", "/api/v1/changes/stream"):
        reply = door.ask(path, x_request_id="mine-12345")
        assert (reply.status, json.loads(reply.body)["status"]) == (503, 503), path
        assert reply.headers["content-type"] == "application/problem+json"
        assert {"retry-after": "2", "cache-control": "no-store", "x-request-id": "mine-12345"}.items() <= (
            reply.headers.items()
        )
        assert reply.headers["access-control-allow-origin"] == "*"


def test_a_long_poll_may_take_long_and_nothing_else(door: Door, counting_web: CountingWeb) -> None:
    counting_web.seconds = 5
    with ThreadPoolExecutor(3) as threads:
        paths = ("/api/v1/changes?wait=20", "/api/v1/changes?after=1", UNKNOWN)
        poll, page, other = threads.map(door.ask, paths)
    assert poll.status == 200
    assert poll.seconds >= 5
    assert (page.status, other.status) == (503, 503)
    assert page.seconds < 4.9


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/api/v1/bills?format=xlsx", "*/*"),
        ("/api/v1/bills?type=PL", XLSX),
        ("/api/v1/changes?format=xlsx&wait=1", "*/*"),
        ("/api/v1/bills/camara-1/votes?format=xlsx", "*/*"),
    ],
)
def test_a_workbook_may_take_long_to_be_built(door: Door, counting_web: CountingWeb, path: str, accept: str) -> None:
    counting_web.seconds = 5
    reply = door.ask(path, accept=accept)
    assert (reply.status, reply.cache) == (200, "")
    assert counting_web.last(path)["accept"] == accept


def test_a_file_of_an_export_is_not_kept_and_its_ranges_pass(door: Door, counting_web: CountingWeb) -> None:
    path = "/api/v1/exports/2026-11-01/files/bills.parquet"
    replies = [door.ask(path, range="bytes=10-19") for _ in range(2)]
    assert [reply.cache for reply in replies] == ["", ""]
    assert counting_web.last(path)["range"] == "bytes=10-19"
    assert door.ask(path, method="HEAD").status == 200
    assert counting_web.requests[-1][0] == "HEAD"
    assert door.ask("/api/v1/exports/2026-11-01").cache == "MISS", "what describes it is"


@pytest.mark.parametrize("path", ["/api/v1/exports/2026-11-01/files/bills.csv.gz", "/api/v1/bills?format=csv"])
def test_a_slow_client_does_not_fill_the_folder(door: Door, counting_web: CountingWeb, path: str) -> None:
    counting_web.body = b"x" * 40_000_000
    counting_web.cache_control = "no-store" if "format" in path else LASTING
    with socket.create_connection(("127.0.0.1", door.port), timeout=60) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {CLIENT}\r\n\r\n".encode())
        assert client.recv(12) == b"HTTP/1.1 200"
        time.sleep(1)  # time to spool all of it, were it spooled
        used = sum(one.stat().st_size for one in door.folder.rglob("*") if one.is_file())
    assert used < 4_000_000


def test_a_page_of_changes_is_kept_and_a_long_poll_is_not(door: Door, counting_web: CountingWeb) -> None:
    page, poll = "/api/v1/changes?after=1", "/api/v1/changes?after=1&wait=20"
    assert [door.ask(page).cache for _ in range(2)] == ["MISS", "HIT"]
    assert [door.ask(poll).cache for _ in range(2)] == ["", ""]
    assert counting_web.count(poll) == 2
    assert door.ask("/api/v1/bills?q=wait%3D5+wait=5").cache == "MISS", "a word of a search is no wish to wait"


def test_the_overview_of_the_api_is_no_redirect(door: Door, counting_web: CountingWeb) -> None:
    """nginx would send `/api/v1` to `/api/v1/`, which is no page of web's."""
    reply = door.ask("/api/v1")
    assert (reply.status, counting_web.count("/api/v1")) == (200, 1)


def test_events_are_passed_on_at_once(door: Door, counting_web: CountingWeb) -> None:
    read = threading.Event()

    def pieces() -> Iterator[bytes]:
        yield b"data: first\n\n"
        assert read.wait(10), "the first event was held back"
        yield b"data: second\n\n"

    counting_web.pieces = pieces()
    with socket.create_connection(("127.0.0.1", door.port), timeout=10) as connection:
        connection.sendall(b"GET /api/v1/changes/stream HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n")
        seen = b""
        while b"first" not in seen:
            seen += connection.recv(4096)
        read.set()
        while b"second" not in seen:
            seen += connection.recv(4096)
    assert counting_web.last("/api/v1/changes/stream")["accept"] == "text/event-stream"


def test_web_hears_of_the_client_from_nginx_alone(door: Door, counting_web: CountingWeb) -> None:
    door.ask(HEALTH, client=f"198.51.100.7, {CLIENT}, 10.1.2.3", forwarded="for=1.2.3.4", x_real_ip="1.2.3.4")
    heard = counting_web.last(HEALTH)
    assert heard["x-forwarded-for"] == CLIENT, "the last hop before the trusted ones, and nothing that a client wrote"
    assert not {"forwarded", "x-real-ip"} & set(heard)


@pytest.mark.parametrize(("given", "kept"), [("abc-12345", True), ('a"b', False), ("x" * 129, False)])
def test_one_request_id_in_reply_log_and_web(door: Door, counting_web: CountingWeb, given: str, kept: bool) -> None:
    reply = door.ask(f"{UNKNOWN}?q=a%20b", x_request_id=given, traceparent="00-1-2-01")
    told = reply.headers["x-request-id"]
    assert (told == given) is kept
    assert counting_web.last(f"{UNKNOWN}?q=a%20b")["x-request-id"] == told
    line = door.logged(told)
    wanted = {"client": CLIENT, "peer": "127.0.0.1", "method": "GET", "path": UNKNOWN, "query": "q=a%20b"}
    wanted |= {"cache": "MISS", "trace": "00-1-2-01", "upstream_status": "200"}
    assert wanted.items() <= line.items()
    assert line["status"] == 200


@pytest.mark.parametrize("page", ["/c/", "/m/", "/u/"])
def test_no_log_has_a_token_of_an_e_mail(door: Door, page: str) -> None:
    reply = door.ask(f"{page}0123456789abcdefghij.0.AAAAAAAAAAAAAAAAAAAAAA")
    assert door.logged(reply.headers["x-request-id"])["path"] == f"{page}…"


def test_a_client_that_floods_is_refused_and_others_are_not(door: Door) -> None:
    with ThreadPoolExecutor(16) as threads:
        found = list(threads.map(lambda _: door.ask("/api/v1/bills"), range(600)))
    refused = [one for one in found if one.status == 429]
    assert refused
    assert {one.status for one in found} == {200, 429}
    assert json.loads(refused[0].body)["status"] == 429
    assert {"retry-after": "1", "access-control-allow-origin": "*"}.items() <= refused[0].headers.items()
    assert door.ask("/api/v1/bills", client="203.0.113.2").status == 200


def test_one_client_takes_not_all_the_room(door: Door, counting_web: CountingWeb) -> None:
    """Nor do its polls take that of its other requests; web lets one client hold 20 streams and 40 polls."""
    counting_web.seconds = 3
    polling, held = 70, STREAMS_OF_A_CLIENT + WAITERS_OF_A_CLIENT
    deadline = time.monotonic() + 60
    with ThreadPoolExecutor(60 + polling) as threads:
        polls = [threads.submit(door.ask, f"/api/v1/changes?wait=20&after={n}") for n in range(polling)]
        greedy = [threads.submit(door.ask, f"/api/v1/bills?year={n}") for n in range(60)]
        while len(counting_web.requests) < held + 32 and time.monotonic() < deadline:
            time.sleep(0.01)
        other = door.ask("/api/v1/bills?year=1", client="203.0.113.2")
        found = [one.result().status for one in greedy]
        polled = [one.result().status for one in polls]
    assert other.status == 200
    assert (found.count(200), found.count(429)) == (32, 28)
    assert (polled.count(200), polled.count(429)) == (held, polling - held)


def test_what_web_has_no_room_for_is_refused_before_it(door: Door, counting_web: CountingWeb) -> None:
    """Of many clients at once; those that wait on purpose take nobody's place, and nobody takes theirs. What is let
    through is what web works for and lets wait: one more would be refused by web, for ten times the processor time.
    """
    counting_web.seconds = 3
    taken = sum(WebSettings.model_fields[name].default for name in ("admission_slots", "admission_queue"))

    def ask(number: int, path: str) -> int:
        return door.ask(path.format(number), client=f"203.0.113.{number}", x_request_id=f"room-{number}").status

    with ThreadPoolExecutor(120) as threads:
        polls = [threads.submit(ask, n, "/api/v1/changes?wait=20&after={}") for n in range(1, 11)]
        indexed = [threads.submit(ask, n, "/api/v1/bills?min_seq={}") for n in range(1, 11)]
        plain = [threads.submit(ask, n, "/api/v1/bills?year={}") for n in range(1, 101)]
        found = [one.result() for one in plain]
        assert {one.result() for one in (*polls, *indexed)} == {200}
    assert (found.count(200), found.count(503)) == (taken, 100 - taken)
    last = max(number for number, status in enumerate(found, 1) if status == 503)  # above 10: the others end there
    assert door.logged(f"room-{last}")["upstream_status"] == "502", "by this nginx_shed_total knows them"


def test_inner_pages_are_not_outside(door: Door, counting_web: CountingWeb) -> None:
    for path in ("/metrics", "//metrics", "/internal/breaker", "/INTERNAL/x", "/internal"):
        assert door.ask(path).status == 404
    assert door.ask("/internal/nginx").status == 403, "its own figures are for the machine itself"
    assert counting_web.requests == []


def test_it_is_well_without_web(door: Door, counting_web: CountingWeb) -> None:
    """As the container's health check asks it, and its answer comes at once."""
    counting_web.stop()
    with socket.create_connection(("127.0.0.1", door.port), timeout=5) as connection:
        connection.sendall(b"GET /internal/nginx HTTP/1.0\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 200 ")
    assert "/internal/nginx" in (ROOT / "deploy/nginx/healthy.sh").read_text()


def test_nginx_takes_what_compose_tells_it(nginx_program: str, tmp_path: Path) -> None:
    told = {name: str(value or "") for name, value in merged((BASE,))["services"]["nginx"]["environment"].items()}
    _taken(nginx_program, tmp_path, told)


def test_nginx_takes_what_kubernetes_tells_it(nginx_program: str, tmp_path: Path) -> None:
    import yaml

    text = (ROOT / "deploy/k8s/components/nginx/nginx.yaml").read_text()
    (pod,) = [one["spec"]["template"]["spec"] for one in yaml.safe_load_all(text) if one["kind"] == "Deployment"]
    _taken(nginx_program, tmp_path, {one["name"]: one["value"] for one in pod["containers"][0]["env"]})


def test_a_configuration_that_nginx_refuses_is_found(nginx_program: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="invalid rate"):
        _taken(nginx_program, tmp_path, {"LEGIS_LISTEN": "8080", "LEGIS_WEB": "web:5000", "LEGIS_CLIENT_RATE": "many"})


def _taken(nginx_program: str, folder: Path, told: dict[str, str]) -> None:
    here = {"LEGIS_NGINX_DIR": str(folder), "LEGIS_SERVERS": "127.0.0.1:5000 127.0.0.2:5000"}
    logs = {"LEGIS_ACCESS_LOG": str(folder / "access.log"), "LEGIS_ACCESS_LOG_DIR": str(folder)}
    text = rendered({**told, **here, **logs})
    assert not re.findall(r"\$\{\w+\}", text), "every setting is filled in"
    assert refused_configuration(nginx_program, folder, text) == ""
