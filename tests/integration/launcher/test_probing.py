"""Whether a chamber is there, as the launcher finds out, and what it makes of it."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest
from ingest_camara.settings import CamaraSettings
from ingest_senado.settings import SenadoSettings
from legis_launcher import chamber_choice
from legis_launcher.chamber_choice import Probe, ProbeResult, ProbeRun, Reachability, choose, probes

STATUSES = {"/broken": 503, "/busy": 429, "/refused": 403, "/missing": 404, "/moved": 301}


@dataclass
class Chamber:
    """A server with an address for each way of answering, and a proxy when it is asked for whole URLs."""

    base: str = ""
    hung: Event = field(default_factory=Event)
    asked: list[tuple[str, str, str | None, str | None]] = field(default_factory=list)


@pytest.fixture
def chamber() -> Iterator[Chamber]:
    found = Chamber()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(
                (self.command, self.path, self.headers["User-Agent"], self.headers["Proxy-Authorization"])
            )
            if self.path == "/slow":
                found.hung.wait(30)
            self.send_response(STATUSES.get(self.path, 200))
            self.send_header("Content-Type", "text/html" if self.path == "/page" else "application/json")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_HEAD = do_GET

        def do_CONNECT(self) -> None:
            found.asked.append((self.command, self.path, None, self.headers["Proxy-Authorization"]))
            self.send_error(407)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        found.base = f"http://127.0.0.1:{server.server_port}"
        yield found
        found.hung.set()
        server.shutdown()
        thread.join(5)


def found_at(url: str, proxy: str | None = None) -> ProbeResult:
    (finding,) = ProbeRun([Probe("the Câmara", url, "CAMARA_BASE_URL")], user_agent="us/1", proxy=proxy).findings()
    return finding


@pytest.mark.parametrize(
    ("path", "reach"),
    [
        ("/", Reachability.ANSWERS),
        ("/moved", Reachability.ANSWERS),
        ("/broken", Reachability.UNHEALTHY),
        ("/busy", Reachability.UNHEALTHY),
        ("/refused", Reachability.REFUSES),
        ("/missing", Reachability.MISSING),
        ("/page", Reachability.WRONG),
    ],
)
def test_what_an_answer_says(chamber: Chamber, path: str, reach: Reachability) -> None:
    finding = found_at(chamber.base + path)
    assert finding.reach is reach
    assert (finding.trouble is None) == (reach is Reachability.ANSWERS)
    assert chamber.asked == [("GET", path, "us/1", None)]


def test_slow_is_not_away(chamber: Chamber, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chamber_choice, "PROBE_SECONDS", 1.0)
    finding = found_at(chamber.base + "/slow")
    assert (finding.reach, finding.why) == (Reachability.SLOW, "connected, but no answer within 1 s")


def test_a_connection_that_does_not_come_about_is_waited_for_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chamber_choice, "PROBE_SECONDS", 0.3)
    lasting = Event()

    def look_up(*_: object) -> None:
        lasting.wait(30)
        raise OSError("too late")

    monkeypatch.setattr(socket, "create_connection", look_up)  # as a resolver that never answers
    finding = found_at("http://127.0.0.1/")
    lasting.set()
    assert (finding.reach, finding.why) == (Reachability.UNREACHABLE, "no connection within 0.3 s")


def test_what_cannot_be_reached_says_why_and_what_to_do(free_port: int) -> None:
    closed = found_at(f"http://127.0.0.1:{free_port}/api")
    assert (closed.reach, closed.why) == (Reachability.UNREACHABLE, "nothing listens there")
    nameless = found_at("http://no-such-host.invalid/api")
    assert nameless.reach is Reachability.UNREACHABLE
    assert nameless.why.startswith("host not found, ")
    for finding in (closed, nameless):
        assert finding.trouble is not None
        assert "\n" not in finding.trouble
        assert all(word in finding.trouble for word in (finding.probe.url, "CAMARA_BASE_URL", "UPSTREAM_PROXY"))


def test_a_proxy_is_asked_in_its_own_way(chamber: Chamber) -> None:
    proxy = chamber.base.replace("//", "//me:p%40ss@")
    plain = found_at("http://camara.invalid/api?x=1", proxy)
    assert plain.reach is Reachability.ANSWERS
    secret = "Basic bWU6cEBzcw=="
    assert chamber.asked == [("GET", "http://camara.invalid/api?x=1", "us/1", secret)]
    tunnelled = found_at("https://camara.invalid/api", proxy)
    assert tunnelled.reach is Reachability.UNREACHABLE
    assert tunnelled.why.startswith("through the proxy: ")
    assert "407" in tunnelled.why
    assert "p@ss" not in str(tunnelled)
    assert chamber.asked[1] == ("CONNECT", "camara.invalid:443", None, secret)


def _of(*reaches: Reachability) -> list[ProbeResult]:
    names = ("the Câmara", "the Senado", "the files")
    return [
        ProbeResult(Probe(name, f"https://{number}.test/", "S", decides=number < 2), reach, "as seen")
        for number, (name, reach) in enumerate(zip(names, reaches, strict=False))
    ]


@pytest.mark.parametrize(
    ("reaches", "dataset"),
    [
        ((Reachability.ANSWERS, Reachability.ANSWERS), "live"),
        ((Reachability.SLOW, Reachability.SLOW), "live"),
        ((Reachability.UNHEALTHY, Reachability.UNREACHABLE), "live"),
        ((Reachability.UNREACHABLE, Reachability.MISSING), "live"),
        ((Reachability.UNREACHABLE, Reachability.UNREACHABLE), "sample"),
        ((Reachability.REFUSES, Reachability.UNREACHABLE), "sample"),
        ((Reachability.WRONG, Reachability.WRONG), "sample"),
        ((Reachability.UNREACHABLE, Reachability.UNREACHABLE, Reachability.ANSWERS), "sample"),
    ],
)
def test_auto_reads_the_chambers_as_soon_as_one_is_there(reaches: tuple[Reachability, ...], dataset: str) -> None:
    choice = choose("auto", False, lambda: _of(*reaches))
    assert choice.dataset == dataset
    assert "https://0.test/: as seen" in choice.why
    assert "https://1.test/: as seen" in choice.why
    assert "files" not in choice.why


def test_what_the_user_says_is_waited_for_nobody() -> None:
    def look() -> list[ProbeResult]:
        raise AssertionError("nobody is waited for")

    assert choose("live", False, look).dataset == "live"
    assert choose("sample", False, look).dataset == "sample"
    assert choose("auto", True, look).dataset == "live"
    assert choose("sample", True, look).dataset == "sample"


def test_the_probes_are_light_and_of_the_settings() -> None:
    camara = CamaraSettings(camara_base_url="http://c.test/v2/", camara_files_url="http://f.test")
    asked = probes(camara, SenadoSettings(senado_base_url="http://s.test/d"), date(2026, 1, 2))
    assert [(probe.url, probe.method, probe.setting) for probe in asked] == [
        ("http://c.test/v2/referencias/proposicoes/codTema", "GET", "CAMARA_BASE_URL"),
        ("http://s.test/d/processo/siglas", "GET", "SENADO_BASE_URL"),
        ("http://f.test/proposicoes/csv/proposicoes-2025.csv", "HEAD", "CAMARA_FILES_URL"),
    ]
