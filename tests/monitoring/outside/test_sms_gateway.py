"""The SMS gateway as a process, before a stand-in for the provider and the dead man's switch."""

import base64
import json
import os
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from legis_launcher.processes.child_process import Child
from legis_launcher.servers.ports import answers, free_port
from monitoring.files import HOME

TOLD = {
    "alerts": [
        {
            "labels": {"alertname": "NginxDown", "priority": "P0"},
            "annotations": {"summary": "nginx é", "impact": "down"},
        },
        {"labels": {}},
    ]
}


@dataclass
class Outside:
    """What the provider and the switch were asked, and how they answer."""

    port: int = 0
    status: int = 201
    got: list[tuple[str, str, str, str]] = field(default_factory=list)


@pytest.fixture
def outside() -> Iterator[Outside]:
    told = Outside()

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            told.got.append((self.command, self.path, body, self.headers.get("Authorization", "")))
            self.send_response(told.status)
            self.end_headers()

        do_GET = do_POST

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    told.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield told
    server.shutdown()
    server.server_close()


@pytest.fixture
def gateway(outside: Outside, tmp_path: Path) -> Iterator[str]:
    """Its address; the secrets are in `tmp_path`."""
    for name, value in (
        ("sms_gateway_token", "token\n"),
        ("sms_provider_credentials", "AC1:word"),
        ("sms_numbers", '{"qa-lead": "+5511999992222"}'),
        ("watchdog_url", f"http://127.0.0.1:{outside.port}/ping"),
    ):
        (tmp_path / name).write_text(value)
    port = free_port()
    settings = {"SMS_SECRETS": str(tmp_path), "SMS_HOST": "127.0.0.1", "SMS_PORT": str(port), "SMS_FROM": "Legis"}
    settings["SMS_PROVIDER_URL"] = f"http://127.0.0.1:{outside.port}/Messages.json"
    command = [sys.executable, str(HOME / "sms-gateway/sms_gateway.py")]
    child = Child("sms-gateway", command, tmp_path / "log", {"PATH": os.environ["PATH"], **settings})
    child.start()
    while not answers(port):
        assert child.alive, child.log_tail()
    yield f"http://127.0.0.1:{port}"
    child.stop(5)


def posted(url: str, body: object = TOLD, token: str = "token") -> int:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, json.dumps(body).encode(), headers), timeout=15
        ) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_an_alert_becomes_one_sms_to_the_roles_number(gateway: str, outside: Outside) -> None:
    assert posted(f"{gateway}/send?to=qa-lead") == 200
    ((method, path, body, authorization),) = outside.got
    assert (method, path) == ("POST", "/Messages.json")
    assert authorization == "Basic " + base64.b64encode(b"AC1:word").decode()
    form = dict(urllib.parse.parse_qsl(body))
    assert form == {"To": "+5511999992222", "From": "Legis", "Body": "[P0] nginx é (+1). down"}


def test_a_heartbeat_is_passed_on_to_the_switch(gateway: str, outside: Outside, tmp_path: Path) -> None:
    assert posted(f"{gateway}/alive") == 200
    assert [one[:2] for one in outside.got] == [("GET", "/ping")]
    (tmp_path / "watchdog_url").write_text("none")
    assert posted(f"{gateway}/alive") == 200, "no switch is set up: nothing to fail"
    assert len(outside.got) == 1


def test_what_the_outside_does_not_take_is_tried_again_by_alertmanager(gateway: str, outside: Outside) -> None:
    outside.status = 500
    assert posted(f"{gateway}/send?to=qa-lead") == 502
    assert posted(f"{gateway}/alive") == 502


@pytest.mark.parametrize(
    ("path", "body", "token", "status"),
    [
        ("/send?to=qa-lead", TOLD, "wrong", 401),
        ("/alive", TOLD, "", 401),
        ("/send?to=nobody", TOLD, "token", 404),
        ("/send?to=qa-lead", {"alerts": []}, "token", 400),
        ("/send?to=qa-lead", [], "token", 400),
        ("/other", TOLD, "token", 404),
    ],
)
def test_what_is_wrong_is_not_sent(
    gateway: str, outside: Outside, path: str, body: object, token: str, status: int
) -> None:
    assert posted(gateway + path, body, token) == status
    assert outside.got == []
