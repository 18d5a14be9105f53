"""Tags of images: kept fresh by Renovate, with digests that a registry answered, and the minors that tests run with."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from compose.layers import BASE, ROOT, merged
from legis_launcher.servers.postgres_server import postgres_binaries
from legis_launcher.servers.redis_server import valkey_binary

MANIFEST = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": []})


@contextmanager
def serving(has: Callable[[str], bool]) -> Iterator[str]:
    """Address of a registry on this machine, which answers the paths that `has` knows."""

    class Registry(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.path == "/v2/" or has(self.path)
            self.send_response(200 if known else 404)
            self.send_header("Content-Type", "application/vnd.oci.image.index.v1+json")
            self.end_headers()
            self.wfile.write(MANIFEST.encode() if "manifests" in self.path and known else b"{}")

        do_HEAD = do_GET

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def registry() -> Iterator[str]:
    """A registry that has one image, `nginx:1.0`."""
    with serving(lambda path: path == "/v2/nginx/manifests/1.0") as address:
        yield address


@pytest.fixture
def generous(tmp_path: Path) -> Iterator[Path]:
    """A file that sends skopeo to one registry for every image, and that registry, which has them all."""

    with serving(lambda path: True) as address:
        hosts = ("docker.io", "ghcr.io", "quay.io", "gcr.io", "registry.k8s.io", "mcr.microsoft.com")
        path = tmp_path / "registries.conf"
        path.write_text(
            "".join(f'[[registry]]\nprefix = "{one}"\nlocation = "{address}/{one}"\ninsecure = true\n' for one in hosts)
        )
        yield path


def pinned(*paths: Path, registries: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "deploy/supply-chain/pin_digests.py"), *map(str, paths)]
    environment = {**os.environ, "PIN_OPTIONS": "--tls-verify=false"}
    if registries is not None:
        environment["PIN_OPTIONS"] += f" --registries-conf {registries}"
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)


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


@pytest.mark.skipif(shutil.which("skopeo") is None, reason="no skopeo (Debian: apt-get install skopeo)")
def test_every_image_is_pinned_and_nothing_else_changes(generous: Path, tmp_path: Path) -> None:
    """Of the files that `make pin-digests` names, in a copy: one digest each, comments and the example with them."""
    command = ["env", "-u", "MAKEFLAGS", "-u", "MAKELEVEL", "make", "--no-print-directory", "-n", "pin-digests"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = told.replace("\\\n", " ").partition("pin_digests.py ")[2].split()
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, tmp_path / name)
    done = pinned(*(tmp_path / name for name in names), registries=generous)
    assert done.returncode == 0, done.stdout
    digest = "@sha256:" + hashlib.sha256(MANIFEST.encode()).hexdigest()
    after = {name: (tmp_path / name).read_text() for name in names}
    for name, text in after.items():
        before = re.sub(r"@sha256:[0-9a-f]{64}", "", (ROOT / name).read_text())
        assert text.replace(digest, "") == before, name
        assert f"{digest}@" not in text, name
        images = re.findall(r"^ *(?:- )?image(?:Name)?: ([a-z]\S*:\S+)", text, re.MULTILINE)
        assert [one for one in images if not one.startswith("legis/") and not one.endswith(digest)] == [], name
    (example,) = re.findall(r"^#LEGIS_PYTHON_IMAGE=(.*)$", after["deploy/compose/.env.example"], re.MULTILINE)
    layers = "".join(text for name, text in after.items() if name.startswith("deploy/compose/"))
    assert set(re.findall(r"LEGIS_PYTHON_IMAGE:-([^}]*)", layers)) == {example}
    assert re.findall(r"^ARG PYTHON_IMAGE=(.*)$", after["deploy/images/api-gateway.Dockerfile"], re.MULTILINE) == [
        example
    ]


def test_production_runs_the_servers_that_tests_run() -> None:
    """The same minor of PostgreSQL and of Valkey as the launcher's."""
    services = merged((BASE,))["services"]
    said = subprocess.run([postgres_binaries() / "postgres", "-V"], capture_output=True, text=True, check=True).stdout
    postgres = re.search(r"(\d+\.\d+)", said)
    said = subprocess.run([valkey_binary(), "--version"], capture_output=True, text=True, check=True).stdout
    valkey = re.search(r"v=(\d+\.\d+\.\d+)", said)
    assert postgres is not None
    assert valkey is not None
    servers = (
        ("postgres", postgres[1]),
        ("ghcr.io/cloudnative-pg/postgresql", postgres[1]),
        ("valkey/valkey", valkey[1]),
    )
    for name, version in servers:
        told = rf"^(?:.*image(?:Name)?: |FROM ){name}:(\S+)"
        tags = {one for text in _manifests() for one in re.findall(told, text, re.MULTILINE)}
        assert tags, name
        assert all(one.startswith(f"{version}-") for one in tags), (name, tags)
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


@pytest.mark.parametrize(
    "line",
    [
        "deploy/k8s/components/cloudnative-pg/cluster.yaml:imageName: ",
        "deploy/compose/.env.example:#LEGIS_PYTHON_IMAGE=",
    ],
)
def test_renovate_knows_images_that_its_own_managers_do_not(line: str) -> None:
    """By a pattern of ours, which takes a digest too."""
    path, _, before = line.partition(":")
    (image,) = re.findall(rf"^\s*{before}(\S+)", (ROOT / path).read_text(), re.MULTILINE)
    name, _, tag = image.partition("@")[0].partition(":")
    digest = "sha256:" + "0" * 64
    found = [
        re.search(pattern.replace("(?<", "(?P<"), f"{before}{name}:{tag}@{digest}")
        for manager in json.loads((ROOT / "renovate.json").read_text())["customManagers"]
        for pattern in manager["matchStrings"]
        if any(re.search(one.strip("/"), path) for one in manager["managerFilePatterns"])
    ]
    (match,) = [one.groupdict() for one in found if one]
    assert match == {"depName": name, "currentValue": tag, "currentDigest": digest}


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
