"""nginx's memory of who was there: the access log in a file, its rotation, the clients shut out, and its figures."""

import gzip
import json
import os
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from compose.layers import ROOT
from compose.nginx.counting_web import CountingWeb
from compose.nginx.nginx_door import Door, until
from legis_launcher.processes.child_process import Child
from legis_launcher.servers.ports import free_port
from nginx_process import start_nginx

LIST = "/api/v1/bills?limit=20"
SHUT_OUT = "203.0.113.66"
STATUS_PORT = free_port()


@pytest.fixture
def recording_door(nginx_program: str, counting_web: CountingWeb) -> Iterator[Door]:
    """nginx that writes a second access log, denies one client and serves its own figures."""
    with TemporaryDirectory(prefix="legis-nginx-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        folder = Path(name, "nginx")
        child, port = start_nginx(
            nginx_program,
            folder,
            [f"127.0.0.1:{counting_web.port}"],
            LEGIS_TRUSTED_PROXIES="127.0.0.1",
            LEGIS_DENIED=f"{SHUT_OUT},2001:db8::/32",
            LEGIS_ACCESS_LOG="/dev/null",
            LEGIS_ACCESS_LOG_DIR=str(folder),
            LEGIS_STATUS_LISTEN=f"127.0.0.1:{STATUS_PORT}",
        )
        yield Door(port, folder)
        child.stop(10)


def test_a_denied_client_gets_nothing_and_is_still_written_down(recording_door: Door) -> None:
    refused = recording_door.ask(LIST, client=SHUT_OUT, x_request_id="denied-123")
    assert (refused.status, json.loads(refused.body)["status"]) == (403, 403)
    assert recording_door.ask(LIST).status == 200
    line = recording_door.logged("denied-123")
    assert (line["client"], line["status"], line["path"]) == (SHUT_OUT, 403, "/api/v1/bills")


def test_rotation_loses_no_line_and_keeps_within_its_limits(recording_door: Door) -> None:
    folder = recording_door.folder
    oldest, older = folder / "access-20200101T000000.log.gz", folder / "access-20261101T000000.log.gz"
    for path in (oldest, older):
        path.write_bytes(os.urandom(2 << 20))
    os.utime(oldest, (0, 0))
    asked = [f"line-{number:05}" for number in range(40)]
    for number, request_id in enumerate(asked):
        recording_door.ask(LIST, x_request_id=request_id)
        if number == 19:
            recording_door.logged(request_id)
            rotate(folder, LEGIS_ACCESS_LOG_FILE_MB="0", LEGIS_ACCESS_LOG_MB="100")
    recording_door.logged(asked[-1])
    (made,) = [path for path in folder.glob("access-*.log.gz") if path not in (oldest, older)]
    lines = gzip.decompress(made.read_bytes()).decode() + (folder / "access.log").read_text()
    assert [json.loads(line)["request_id"] for line in lines.splitlines()] == asked
    assert (oldest.exists(), older.exists()) == (False, True), "180 days"
    rotate(folder, LEGIS_ACCESS_LOG_MB="1")
    assert (older.exists(), made.exists()) == (False, True), "the oldest goes where all together are too large"


def test_a_day_ends_a_file(recording_door: Door) -> None:
    log = recording_door.folder / "access.log"
    recording_door.ask(LIST, x_request_id="today-123")
    recording_door.logged("today-123")
    rotate(recording_door.folder)
    assert not list(recording_door.folder.glob("access-*.log.gz")), "too small, and of today"
    log.write_text('{"timestamp":"2026-01-01T23:59:59+00:00","client":"203.0.113.1"}\n' + log.read_text())
    rotate(recording_door.folder)
    assert len(list(recording_door.folder.glob("access-*.log.gz"))) == 1


def test_its_connections_are_told_on_a_port_of_their_own(recording_door: Door) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{STATUS_PORT}/", timeout=5) as reply:
        assert b"Active connections: " in reply.read()


def test_every_reply_is_counted_by_status_and_cache(
    recording_door: Door, counting_web: CountingWeb, tmp_path: Path
) -> None:
    program = shutil.which("mtail")
    if program is None:
        pytest.skip("no mtail on this machine (Debian: apt-get install mtail)")
    port = free_port()
    command = [program, "--progs", str(ROOT / "deploy/monitoring/mtail"), "--address", "127.0.0.1", "--port", str(port)]
    command += ["--logs", str(recording_door.folder / "access.log"), "--emit_prog_label=false", "--logtostderr"]
    mtail = Child("mtail", command, tmp_path / "mtail.log")
    mtail.start()
    try:
        until(lambda: figures(port) is not None, 20)
        for path, client in ((LIST, "a"), (LIST, "b"), ("/metrics", "a"), ("/api/health", "a"), (LIST, SHUT_OUT)):
            recording_door.ask(path, client={"a": "203.0.113.1", "b": "203.0.113.2"}.get(client, client))
        wanted = {
            'nginx_replies_total{cache="MISS",status="200"}': 1.0,
            'nginx_replies_total{cache="HIT",status="200"}': 1.0,
            'nginx_replies_total{cache="",status="404"}': 1.0,
            "nginx_denied_total": 1.0,
            "nginx_shed_total": 0.0,
        }
        until(lambda: (wanted.items() <= (figures(port) or {}).items()) or None, 20)
        assert (figures(port) or {})["nginx_reply_seconds_count"] == 3, "without the health check, and who is shut out"
        counting_web.status = 503
        recording_door.ask("/api/v1/bills/refused-by-web")
        counting_web.stop()
        recording_door.ask("/api/v1/bills/refused-by-nginx")
        until(lambda: (figures(port) or {}).get('nginx_replies_total{cache="MISS",status="503"}') == 2 or None, 20)
        assert (figures(port) or {})["nginx_shed_total"] == 1
    finally:
        mtail.stop(10)


def rotate(folder: Path, **limits: str) -> None:
    settings = {"LEGIS_NGINX_DIR": str(folder), "LEGIS_ACCESS_LOG_DIR": str(folder), **limits}
    environment = {"PATH": os.environ["PATH"], **settings}
    subprocess.run(["sh", ROOT / "deploy/nginx/rotate.sh"], env=environment, check=True, timeout=240)


def figures(port: int) -> dict[str, float] | None:
    """What mtail serves; None while it does not answer."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as reply:
            lines = [line for line in reply.read().decode().splitlines() if line.startswith("nginx_")]
    except OSError:
        return None
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}
