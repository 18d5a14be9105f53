"""The probe from outside, against an API and a switch on this machine, over HTTP and over HTTPS."""

import os
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from monitoring.files import HOME


@dataclass
class Api:
    """An API with a certificate of so many days, none over HTTP; paths that were asked."""

    address: str = ""
    certificate: Path | None = None
    asked: list[str] = field(default_factory=list)


@pytest.fixture(params=[0, 90, 13], ids=["http", "90 days", "13 days"])
def api(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Api]:
    told = Api()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            self.send_response(503 if self.path == "/unwell" else 200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if request.param:
        told.certificate = tmp_path / "tls.crt"
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
        command += ["-addext", "subjectAltName=DNS:localhost", "-days", str(request.param)]
        command += ["-keyout", str(tmp_path / "tls.key"), "-out", str(told.certificate)]
        subprocess.run(command, check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(told.certificate, tmp_path / "tls.key")
        server.socket = context.wrap_socket(server.socket, server_side=True)
    told.address = f"{'https' if request.param else 'http'}://localhost:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield told
    server.shutdown()
    server.server_close()


def probed(api: Api, path: str) -> subprocess.CompletedProcess[str]:
    settings = {"PATH": os.environ["PATH"]} | ({"LEGIS_CA": str(api.certificate)} if api.certificate else {})
    switch = [f"{api.address}/ping"] if api.certificate is None else []  # the switch's own certificate is not ours
    command = [str(HOME / "outside-probe.sh"), api.address + path, *switch]
    return subprocess.run(command, env=settings, capture_output=True, text=True, timeout=240, check=False)


def test_what_is_well_is_told_and_what_is_not_is_not(api: Api, request: pytest.FixtureRequest) -> None:
    short = "13 days" in request.node.name
    done = probed(api, "/api/health")
    assert done.returncode == (1 if short else 0), done.stderr
    assert ("ends within 14 days" in done.stderr) is short
    done = probed(api, "/unwell")
    assert (done.returncode, "answered 503" in done.stderr) == (1, True)
    assert api.asked.count("/ping") == (1 if api.certificate is None else 0)
