"""What people read: progress, status, the welcome."""

import json
import os
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest
from legis_launcher.console import progress as progress_module
from legis_launcher.console.progress import Progress, cells, read_sources
from legis_launcher.console.status_table import duration, status_table
from legis_launcher.console.welcome import welcome
from legis_launcher.run_folder import ProcessRecord, RunState, process_mark
from rich.console import Console

SOURCE = {
    "source": "camara",
    "state": "FRESH",
    "last_success_at": "2026-11-23T12:00:00Z",
    "progress": [
        {"walk": "BACKFILL", "window": "bulk 1998", "done": 200, "total": 1000},
        {"walk": "RECENT", "window": None, "done": 0, "total": None},
    ],
    "records_read": 12_345,
}


class Api(BaseHTTPRequestHandler):
    replies: ClassVar = {
        "/api/v1/sources": {"data": [SOURCE]},
        "/api/v1/bills": {"page": {"count": {"value": 12_000, "kind": "estimated"}}},
    }

    def do_GET(self) -> None:
        reply = json.dumps(self.replies[self.path.partition("?")[0]]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def api() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Api) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join(5)


def test_progress_shows_only_walks_that_are_under_way(api: str) -> None:
    (source,) = read_sources(f"{api}/api/v1")
    assert cells(source) == (
        "camara",
        "FRESH",
        "~12 000",
        "12 345",
        "BACKFILL bulk 1998 200/1000",
        "2026-11-23T12:00:00Z",
    )


def test_of_records_that_are_behind_only_the_kinds_are_shown() -> None:
    records = [{"kind": "EVENT", "is_behind": True}, {"kind": "LEGISLATOR", "is_behind": False}]
    details = [{"code": "RECORDS_BEHIND", "detail": "EVENT (AGENDA): 2026-11-23T09:00:00Z"}]
    shown = cells(SOURCE | {"state": "PARTIAL", "details": details, "records": records})
    assert shown[1] == "PARTIAL (records behind EVENT)"


def test_progress_without_a_terminal_says_each_thing_once(api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_module, "PLAIN_PERIOD", 0.0)
    written = StringIO()
    with Progress(Console(file=written, width=200), api) as progress:
        progress.tick()
        progress.tick()
    assert written.getvalue() == (
        "camara: FRESH, ~12 000 bills served, 12 345 records read, BACKFILL bulk 1998 200/1000\n"
    )


@pytest.mark.parametrize(
    ("more", "shown"),
    [
        (
            {"state": "BLOCKED", "details": [{"code": "BLOCKED", "detail": "until 2026-11-23T13:00:00Z: 403"}]},
            "BLOCKED until 2026-11-23T13:00:00Z: 403",
        ),
        (
            {
                "state": "PARTIAL",
                "details": [
                    {"code": "BACKFILL_RUNNING", "detail": "years left: 12, about 5400 s"},
                    {"code": "YEARS_NOT_READ", "detail": "1998"},
                    {"code": "RECORDS_SET_ASIDE", "detail": "2"},
                ],
                "backfill": {"years": 12, "seconds": 5400},
            },
            "PARTIAL (12 years left, about 90 min; years not read 1998; records set aside 2)",
        ),
        ({"state": "PARTIAL", "backfill": {"years": 2, "seconds": 50_000}}, "PARTIAL (2 years left, about 13 h)"),
        ({"state": "PARTIAL", "backfill": {"years": 1, "seconds": None}}, "PARTIAL (1 years left)"),
        ({"state": "STALE"}, "STALE"),
    ],
)
def test_progress_says_what_is_missing_and_until_when(more: dict[str, object], shown: str) -> None:
    assert cells({**SOURCE, **more})[1] == shown


def test_progress_bears_an_api_that_is_away_or_strange() -> None:
    assert read_sources("http://127.0.0.1:1/api/v1") == []
    assert cells({}) == ("?", "-", "-", "-", "", "-")


def test_status_tells_dead_from_running() -> None:
    mark = process_mark(os.getpid())
    here = ProcessRecord("postgres", os.getpid(), mark, 5432, None, "log", time.time() - 200)
    gone = ProcessRecord("web", os.getpid(), "another", 5000, "http://127.0.0.1:1/", "log", time.time())
    table, well = status_table(RunState(os.getpid(), mark, "ready", processes={"postgres": here}))
    assert well
    table, well = status_table(RunState(os.getpid(), mark, "ready", processes={"postgres": here, "web": gone}))
    assert not well
    assert list(table.columns[3].cells) == ["running", "dead"]
    assert list(table.columns[4].cells) == ["3 min 20 s", "-"]


@pytest.mark.parametrize(
    ("seconds", "text"), [(4.9, "4 s"), (200, "3 min 20 s"), (7500, "2 h 5 min"), (273_600, "3 d 4 h")]
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_the_welcome_says_what_stands_between_us_and_a_chamber() -> None:
    away = ["the Senado cannot be reached (why); check the network"]
    text = welcome(RunState(1, "", web_url="http://127.0.0.1:5000", warnings=away), Path("logs"))
    assert "ATTENTION: the Senado cannot be reached (why); check the network\n" in text
    assert "ATTENTION" not in welcome(RunState(1, "", web_url="http://127.0.0.1:5000"), Path("logs"))


def test_the_welcome_is_loud_about_samples_only() -> None:
    sample = welcome(RunState(1, "", dataset="sample", web_url="http://127.0.0.1:5000"), Path("logs"))
    live = welcome(RunState(1, "", dataset="live", web_url="http://127.0.0.1:5000"), Path("logs"))
    assert "SAMPLE DATA" in sample
    assert "SAMPLE" not in live
    assert live.count("curl -s 'http://127.0.0.1:5000/") == 5
