"""HTTPS at nginx: the certificate, the redirect, ACME challenges, and who may say that a client came over HTTPS."""

import http.client
import json
import os
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from compose.layers import BASE, FOLDER, TLS, merged
from compose.nginx.counting_web import CountingWeb
from compose.nginx.nginx_door import Door
from legis_launcher.servers.ports import free_port
from nginx_process import rendered, start_nginx

HEALTH = "/api/health"


@dataclass(frozen=True, slots=True)
class Ports:
    """The three ports of one nginx, and the folder that its certificate is in."""

    plain: Door
    tls: int
    redirect: int
    folder: Path


@pytest.fixture
def ports(nginx_program: str, counting_web: CountingWeb) -> Iterator[Ports]:
    with TemporaryDirectory(prefix="legis-nginx-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        made = certificate(folder / "tls", "localhost")
        assert "is made: localhost, 30 days" in made
        (folder / "acme/.well-known/acme-challenge").mkdir(parents=True)
        (folder / "acme/.well-known/acme-challenge/token").write_text("answer")
        tls, redirect = free_port(), free_port()
        child, port = start_nginx(
            nginx_program,
            folder / "nginx",
            [f"127.0.0.1:{counting_web.port}"],
            LEGIS_TRUSTED_PROXIES="127.0.0.1",
            LEGIS_TLS_LISTEN=f"127.0.0.1:{tls}",
            LEGIS_TLS_DIR=str(folder / "tls"),
            LEGIS_REDIRECT_LISTEN=f"127.0.0.1:{redirect}",
            LEGIS_ACME_DIR=str(folder / "acme"),
        )
        yield Ports(Door(port, folder / "nginx"), tls, redirect, folder)
        child.stop(10)


def certificate(folder: Path, *arguments: str) -> str:
    environment = {"PATH": os.environ["PATH"], "LEGIS_TLS_DIR": str(folder)}
    command = [str(FOLDER / "make-certificate.sh"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def asked(connection: http.client.HTTPConnection, path: str) -> tuple[int, dict[str, str], bytes]:
    connection.request("GET", path)
    reply = connection.getresponse()
    found = reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read()
    connection.close()
    return found


def over_tls(ports: Ports, path: str) -> tuple[int, dict[str, str], bytes]:
    context = ssl.create_default_context(cafile=str(ports.folder / "tls/tls.crt"))
    return asked(http.client.HTTPSConnection("localhost", ports.tls, context=context, timeout=10), path)


def test_https_is_served_with_hsts_and_plain_http_without(ports: Ports, counting_web: CountingWeb) -> None:
    status, headers, _ = over_tls(ports, HEALTH)
    assert (status, headers["strict-transport-security"]) == (200, "max-age=31536000")
    assert counting_web.last(HEALTH)["x-forwarded-proto"] == "https"
    plain = ports.plain.ask(HEALTH)
    assert plain.status == 200, "port 5000 stays what it is"
    assert "strict-transport-security" not in plain.headers
    assert counting_web.last(HEALTH)["x-forwarded-proto"] == "http"


def test_http2_is_offered_and_old_tls_is_not(ports: Ports) -> None:
    context = ssl.create_default_context(cafile=str(ports.folder / "tls/tls.crt"))
    context.set_alpn_protocols(["h2", "http/1.1"])
    with context.wrap_socket(socket.create_connection(("localhost", ports.tls)), server_hostname="localhost") as one:
        assert one.selected_alpn_protocol() == "h2"
        assert one.version() in ("TLSv1.2", "TLSv1.3")
    command = ["openssl", "s_client", "-connect", f"localhost:{ports.tls}", "-tls1_1"]
    assert subprocess.run(command, input=b"", capture_output=True, check=False).returncode != 0


def test_port_80_redirects_and_answers_challenges(ports: Ports) -> None:
    status, headers, _ = asked(http.client.HTTPConnection("127.0.0.1", ports.redirect, timeout=10), f"{HEALTH}?a=1")
    assert (status, headers["location"]) == (308, f"https://127.0.0.1{HEALTH}?a=1")
    status, _, body = asked(
        http.client.HTTPConnection("127.0.0.1", ports.redirect, timeout=10), "/.well-known/acme-challenge/token"
    )
    assert (status, body) == (200, b"answer")


@pytest.mark.parametrize(
    ("published", "said"), [("443", ""), ("8443", ":8443"), ("192.0.2.1:8443", ":8443"), ("192.0.2.1:443", "")]
)
def test_the_redirect_leads_to_the_port_of_https(nginx_program: str, tmp_path: Path, published: str, said: str) -> None:
    told = {"LEGIS_LISTEN": "8080", "LEGIS_SERVERS": "127.0.0.1:5000", "LEGIS_NGINX_DIR": str(tmp_path)}
    text = rendered({**told, "LEGIS_REDIRECT_LISTEN": "8081", "LEGIS_HTTPS_PORT": published})
    assert f"return 308 https://$host{said}$request_uri;" in text
    assert merged((BASE, TLS))["services"]["nginx"]["environment"]["LEGIS_HTTPS_PORT"] == 443


def test_only_a_trusted_proxy_may_say_that_a_client_came_over_https(ports: Ports, nginx_program: str) -> None:
    trusted = ports.plain.ask(HEALTH, x_forwarded_proto="https")
    assert trusted.headers["strict-transport-security"] == "max-age=31536000"
    folder = ports.folder / "other"
    child, port = start_nginx(nginx_program, folder, ["127.0.0.1:9"])
    try:
        told = Door(port, folder).ask(HEALTH, x_forwarded_proto="https")
        assert "strict-transport-security" not in told.headers
        assert json.loads(told.body)["status"] == 503
    finally:
        child.stop(10)


def test_a_certificate_is_not_lost_by_mistake(tmp_path: Path) -> None:
    certificate(tmp_path, "legis.example")
    before = (tmp_path / "tls.crt").read_bytes()
    assert "is kept" in certificate(tmp_path, "legis.example")
    assert (tmp_path / "tls.crt").read_bytes() == before
    certificate(tmp_path, "--force", "--days", "3", "127.0.0.1")
    text = subprocess.run(
        ["openssl", "x509", "-noout", "-text", "-in", tmp_path / "tls.crt"], capture_output=True, text=True, check=True
    ).stdout
    assert "IP Address:127.0.0.1" in text
