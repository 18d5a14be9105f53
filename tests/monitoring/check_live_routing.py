"""A running Alertmanager sends what is critical to who is on call, on every weekday.

It knows no clock but the machine's, so the week is turned instead: in the configuration it gets, the day that is to be
tried has today's name. Everything else is as it is shipped, but for the addresses, which lead here, and the waits.
"""

import json
import re
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest
from monitoring.programs import alertmanager_configuration, good, program
from monitoring.rotation import ROTATION

WEEK = [day.lower() for day in ROTATION]
ALERT = {
    "labels": {"alertname": "ErrorRateCritical", "severity": "critical", "priority": "P0"},
    "annotations": {"summary": "6% of requests fail", "impact": "all", "description": "6%", "runbook_url": "u"},
}


class Desk(BaseHTTPRequestHandler):
    """Takes what the SMS gateway and Slack would get."""

    got: ClassVar[list[tuple[str, dict]]] = []

    def do_POST(self) -> None:  # the name http.server calls
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        Desk.got.append((self.path, body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def desk() -> Iterator[int]:
    """The desk's port."""
    Desk.got.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("day", WEEK)
def test_who_is_on_call_gets_the_sms(day: str, desk: int, tmp_path: Path) -> None:
    with _alertmanager(tmp_path, desk, day) as url:
        _post(f"{url}/api/v2/alerts", [ALERT])
        primary, *secondary = ROTATION[day.capitalize()]
        _until(lambda: len(_sms()) >= len(ROTATION[day.capitalize()]) and _slack(), "an SMS to each, and Slack")
        time.sleep(1)  # anybody else would have heard by now
    assert sorted(_sms()) == sorted([primary, *secondary])
    assert _sms()[0] == primary
    assert [body["alerts"][0]["labels"]["alertname"] for path, body in Desk.got if "/send" in path]
    (shown,) = [body["attachments"][0] for path, body in Desk.got if path == "/slack"]
    assert shown["title"] == "[P0] 6% of requests fail"
    assert shown["text"].startswith("INCIDENT ALERT - CRITICAL")


def test_an_update_told_by_amtool_reaches_slack(desk: int, tmp_path: Path) -> None:
    with _alertmanager(tmp_path, desk, "monday") as url:
        told = ("summary=web answers again", "actions=restarted web", "next_steps=watch", "eta=13:00")
        good(
            "amtool", f"--alertmanager.url={url}", "alert", "add", "IncidentUpdate", "incident=ErrorRateCritical-1",
            *(f"--annotation={one}" for one in told),
        )  # fmt: skip
        _until(_slack, "the update on Slack")
    (text,) = _slack()
    assert text.startswith("INCIDENT UPDATE - ErrorRateCritical-1\n\nSummary: web answers again\n")
    assert not _sms()


@contextmanager
def _alertmanager(folder: Path, desk: int, day: str) -> Iterator[str]:
    configuration = _turned(alertmanager_configuration(folder).read_text(), day)
    for name in ("smtp_password", "sms_gateway_token", "slack_webhook_url"):
        (folder / name).write_text(f"http://127.0.0.1:{desk}/slack" if name.startswith("slack") else "secret")
    configuration = configuration.replace("/run/secrets", str(folder))
    configuration = configuration.replace("http://sms-gateway:8080", f"http://127.0.0.1:{desk}")
    configuration = configuration.replace("smtp.legislativo.gov.br:587", "127.0.0.1:9")
    configuration = re.sub(r"group_wait: (30s|10s|15m)", "group_wait: 2s", configuration)
    (folder / "alertmanager.yml").write_text(configuration)
    port = _free_port()
    command = [
        program("prometheus-alertmanager", "alertmanager"), f"--config.file={folder}/alertmanager.yml",
        f"--storage.path={folder}/data", f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=",
    ]  # fmt: skip
    with (folder / "alertmanager.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _until(lambda: _ready(f"http://127.0.0.1:{port}/-/ready"), (folder / "alertmanager.log").read_text)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


def _turned(text: str, day: str) -> str:
    """The configuration in a week whose `day` is today."""
    today = WEEK.index(datetime.now(ZoneInfo("America/Sao_Paulo")).strftime("%A").lower())
    turn = today - WEEK.index(day)

    def renamed(match: re.Match[str]) -> str:
        names = [WEEK[(WEEK.index(name) + turn) % 7] for name in match[1].split(", ")]
        return f"weekdays: [{', '.join(names)}]"

    return re.sub(r"weekdays: \[([a-z, ]+)\]", renamed, text)


def _sms() -> list[str]:
    return [path.split("to=")[1] for path, _ in Desk.got if path.startswith("/send")]


def _slack() -> list[str]:
    return [body["attachments"][0]["text"] for path, body in Desk.got if path == "/slack"]


def _post(url: str, body: object) -> None:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as reply:
        assert reply.status == 200


def _ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False


def _until(condition, what, within: float = 60) -> None:
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, f"not within {within} s: {what() if callable(what) else what}"
        time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
