"""Tags of images: kept fresh by Renovate, with digests that a registry answered, and the minors that tests run with."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from compose.layers import BASE, ROOT, merged
from legis_launcher.servers.postgres_server import postgres_binaries
from legis_launcher.servers.redis_server import valkey_binary

MANIFEST = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": []})


@pytest.fixture
def registry() -> Iterator[str]:
    """A registry that has one image, `nginx:1.0`."""

    class Registry(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.path in ("/v2/", "/v2/nginx/manifests/1.0")
            self.send_response(200 if known else 404)
            self.send_header("Content-Type", "application/vnd.oci.image.index.v1+json")
            self.end_headers()
            self.wfile.write(MANIFEST.encode() if "manifests" in self.path and known else b"{}")

        do_HEAD = do_GET

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def pinned(path: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "deploy/supply-chain/pin_digests.py"), str(path)]
    environment = {**os.environ, "PIN_OPTIONS": "--tls-verify=false"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.skipif(shutil.which("skopeo") is None, reason="no skopeo (Debian: apt-get install skopeo)")
def test_a_digest_is_what_the_registry_answered(registry: str, tmp_path: Path) -> None:
    path = tmp_path / "compose.yaml"
    old = "@sha256:" + "0" * 64
    path.write_text(f"a:\n  image: {registry}/nginx:1.0{old} # kept\nb:\n  image: legis/web:0.1.0\n")
    done = pinned(path)
    assert done.returncode == 0, done.stdout
    digest = hashlib.sha256(MANIFEST.encode()).hexdigest()
    assert path.read_text() == (
        f"a:\n  image: {registry}/nginx:1.0@sha256:{digest} # kept\nb:\n  image: legis/web:0.1.0\n"
    )


@pytest.mark.skipif(shutil.which("skopeo") is None, reason="no skopeo (Debian: apt-get install skopeo)")
def test_what_is_not_answered_stays_and_is_told(registry: str, tmp_path: Path) -> None:
    path = tmp_path / "compose.yaml"
    text = f"image: {registry}/unknown:2.0\nimage: {registry}/nginx:1.0\n"
    path.write_text(text)
    done = pinned(path)
    assert done.returncode == 1
    assert re.search(r"/unknown:2\.0: not pinned: .*(unknown|404|not found)", done.stdout)
    assert path.read_text().splitlines()[0] == text.splitlines()[0]
    assert "/nginx:1.0@sha256:" in path.read_text()


def test_production_runs_the_servers_that_tests_run() -> None:
    """The same minor of PostgreSQL and of Valkey as the launcher's."""
    services = merged((BASE,))["services"]
    said = subprocess.run([postgres_binaries() / "postgres", "-V"], capture_output=True, text=True, check=True).stdout
    postgres = re.search(r"(\d+\.\d+)", said)
    said = subprocess.run([valkey_binary(), "--version"], capture_output=True, text=True, check=True).stdout
    valkey = re.search(r"v=(\d+\.\d+\.\d+)", said)
    assert postgres is not None
    assert valkey is not None
    for name, version in (("postgres:", postgres[1]), ("valkey/valkey:", valkey[1])):
        images = {one for text in _manifests() for one in re.findall(rf"image: ({name}\S+)", text)}
        assert images, name
        assert all(one.split("@")[0].removeprefix(name).startswith(f"{version}-") for one in images), images
    assert services["redis"]["command"][0] == "valkey-server"


def test_renovate_looks_at_every_file_with_an_image() -> None:
    told = json.loads((ROOT / "renovate.json").read_text())
    patterns = [
        re.compile(pattern.strip("/").replace("\\/", "/"))
        for manager in ("docker-compose", "dockerfile", "kubernetes")
        for pattern in told[manager]["managerFilePatterns"]
    ]
    files = [path for path in _files() if re.search(r"image: |^FROM \S+:", path.read_text(), re.MULTILINE)]
    unseen = [path for path in files if not any(one.search(str(path.relative_to(ROOT))) for one in patterns)]
    assert files
    assert not unseen


def test_the_root_leads_to_the_deployment() -> None:
    root = yaml.safe_load((ROOT / "compose.yaml").read_text())
    (included,) = root["include"]
    assert (ROOT / included["path"]) == ROOT / "deploy/compose" / BASE
    assert root["name"] == merged((BASE,))["name"]
    assert set(root) == {"name", "include"}


def _files() -> list[Path]:
    folders = (ROOT / "deploy/compose", ROOT / "deploy/images", ROOT / "deploy/k8s")
    return [path for folder in folders for path in folder.rglob("*") if path.suffix in (".yaml", ".Dockerfile")]


def _manifests() -> list[str]:
    return [path.read_text() for path in _files()]
