"""Compose and Kubernetes run the same images, commands, settings and secrets, but for what is said here."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from api_gateway.settings import (
    ExporterSettings,
    IndexerSettings,
    MigrationSettings,
    NotifierSettings,
    SiteSettings,
    WebSettings,
    WorkerSettings,
)
from checks.documents import PROCESSES, Document, of_kind, pods, process, told
from ingest_camara.settings import CamaraSettings
from ingest_senado.settings import SenadoSettings
from legis.settings import ServiceSettings
from legis_launcher.plan import nice_of

CLASSES: dict[str, type[ServiceSettings]] = {
    "web": WebSettings,
    "indexer": IndexerSettings,
    "worker": WorkerSettings,
    "notifier": NotifierSettings,
    "exporter": ExporterSettings,
    "site": SiteSettings,
    "migrate": MigrationSettings,
    "ingest-camara": CamaraSettings,
    "ingest-senado": SenadoSettings,
}
PASSWORDS = {f"{process.upper()}_DATABASE_PASSWORD" for process in ("web", "worker", "indexer", "notifier")}
SECRETS = {"DATABASE_URL", "REDIS_URL", "SIGNING_MASTER_KEY", "SMTP_URL"} | PASSWORDS
DIFFERENT = {
    ("web", "DRAIN_SECONDS"): "nginx notices within a second; an endpoint's removal takes its time to get around",
    ("web", "FORWARDED_ALLOW_IPS"): "nginx's network there; in base no proxy, the ingress component names it",
    ("site", "SITE_DRAIN_SECONDS"): "as for web",
    ("site", "FORWARDED_ALLOW_IPS"): "as for web",
    ("web", "PROXY_CACHE"): "in base nothing is in front of web, the nginx component says it",
    ("exporter", "EXPORT_SCRATCH_FOLDER"): "a volume of its own there; in Kubernetes /tmp has the room",
    ("migrate", "MIGRATION_LOCK_TIMEOUT_SECONDS"): "compose waits for a healthy database first, Kubernetes does not",
}


@pytest.fixture(scope="module")
def compose(root: Path) -> Document:
    return _read(root / "deploy" / "compose" / "compose.yaml")


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_is_told_the_same(
    name: str, compose: Document, base: list[Document], settings: dict[str, str], known_settings: dict[str, str]
) -> None:
    there = _environment(compose["services"][name])
    here = told(process(base, name)[1], {"settings": settings})
    names = [_variable(field, info) for field, info in CLASSES[name].model_fields.items()]
    differing = {
        one
        for one in names
        if one not in SECRETS and there.get(one, known_settings[one]) != here.get(one, known_settings[one])
    }
    assert differing == {one for process, one in DIFFERENT if process == name}


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_is_the_same(name: str, compose: Document, base: list[Document], k8s: Path) -> None:
    service = compose["services"][name]
    pod, container = process(base, name)
    tags = {
        one["name"]: one["newTag"] for one in yaml.safe_load((k8s / "base/kustomization.yaml").read_text())["images"]
    }
    assert service["image"] == f"{container['image']}:{tags[container['image']]}"
    assert service["command"] == container["command"]
    assert service["user"] == f"{pod.spec['securityContext']['runAsUser']}:{pod.spec['securityContext']['runAsGroup']}"
    given = {one["name"] for one in container["env"] if "valueFrom" in one}
    names = [one if isinstance(one, str) else one["target"] for one in service.get("secrets", ())]
    assert {one.upper() for one in names} == given
    if ports := container.get("ports"):
        assert str(ports[0]["containerPort"]) in service["healthcheck"]["test"]


@pytest.mark.parametrize("name", ["web", "indexer"])
def test_the_index_is_in_the_same_place(name: str, compose: Document, base: list[Document]) -> None:
    """One folder, to be written to by both: who searches takes a lock there."""
    mounts = [one for one in process(base, name)[1]["volumeMounts"] if one["name"] == "index"]
    there = [one for one in compose["services"][name]["volumes"] if one.startswith("index:")]
    assert [f"index:{one.pop('mountPath')}" for one in mounts] == there
    assert mounts == [{"name": "index"}], "not read-only, no part of it"


@pytest.mark.parametrize(("service", "component"), [("db", "postgres"), ("redis", "redis")])
def test_a_store_is_the_same(service: str, component: str, compose: Document, everything: list[Document]) -> None:
    (pod,) = [one for one in pods(everything) if one.owner == f"StatefulSet/{service}"]
    assert compose["services"][service]["image"] == pod.containers[0]["image"]


def test_nginx_is_the_same(compose: Document, everything: list[Document]) -> None:
    (pod,) = [one for one in pods(everything) if one.owner == "Deployment/nginx"]
    service, container = compose["services"]["nginx"], pod.containers[0]
    assert service["image"] == container["image"]
    assert service["command"] == container["command"]
    assert service["healthcheck"]["test"][1:] == container["livenessProbe"]["exec"]["command"]
    there, here = _environment(service), told(container, {})
    same = ("LEGIS_LISTEN", "LEGIS_NGINX_DIR", "LEGIS_CLIENT_RATE")
    assert {name: there[name] for name in same} == {name: here[name] for name in same}
    (deployment,) = [one for one in everything if one["kind"] == "Deployment" and one["metadata"]["name"] == "nginx"]
    for name in ("LEGIS_WEB_CONNECTIONS", "LEGIS_CLIENT_CONNECTIONS"):
        together = deployment["spec"]["replicas"] * int(here[name])
        default = re.sub(r"\$\{\w+:-(\d+)\}", r"\1", there[name])
        assert together == int(default), f"{name}: all replicas together let through what one does in compose"
    assert int(here["LEGIS_CLIENT_CONNECTIONS"]) < int(here["LEGIS_WEB_CONNECTIONS"]), "no client takes all the room"


def test_readers_come_first_for_a_processor(compose: Document, everything: list[Document]) -> None:
    """Docker and Kubernetes weigh containers by these where processors are short; the launcher does so by `nice`."""
    behind = {name for name in compose["services"] if nice_of(name)}
    assert behind == {"worker", "indexer", "exporter", "ingest-camara", "ingest-senado"}
    shares = {name: one["cpu_shares"] for name, one in compose["services"].items() if "cpu_shares" in one}
    assert shares == dict.fromkeys(behind, 1024 // 4)
    requests = {
        container["name"]: container["resources"]["requests"]["cpu"]
        for pod in pods(everything)
        for container in pod.containers
        if container["name"] in behind | {"web"}
    }
    assert requests == {"web": "500m", **dict.fromkeys(behind, "125m")}


def test_redis_keeps_the_same(k8s: Path, root: Path, compose: Document) -> None:
    there = _directives(root / "deploy" / "compose" / "redis" / "redis.conf")
    here = _directives(k8s / "components" / "redis" / "redis.conf")
    for name in ("maxmemory", "maxmemory-policy", "appendonly", "appendfsync", "save"):
        assert here[name] == there[name], name


def test_the_database_is_made_the_same(compose: Document, everything: list[Document]) -> None:
    (pod,) = [one for one in pods(everything) if one.owner == "StatefulSet/db"]
    here = {one["name"]: one["value"] for one in pod.containers[0]["env"]}
    assert here["POSTGRES_INITDB_ARGS"] == _environment(compose["services"]["db"])["POSTGRES_INITDB_ARGS"]
    assert here["POSTGRES_DB"] == _environment(compose["services"]["db"])["POSTGRES_DB"]


def test_the_simulated_congress_is_read_the_same(root: Path, k8s: Path, compose: Document) -> None:
    layer = _read(root / "deploy" / "compose" / "compose.offline.yaml")
    component = yaml.safe_load((k8s / "components" / "simulator" / "kustomization.yaml").read_text())
    literals = dict(one.split("=", 1) for one in component["configMapGenerator"][0]["literals"])
    for name in ("ingest-camara", "ingest-senado"):
        assert _environment(layer["services"][name]) == literals


def test_backup_and_database_are_of_one_version(everything: list[Document]) -> None:
    images = {pod.containers[0]["image"] for pod in pods(everything) if pod.name in ("db", "backup")}
    assert len(images) == 1
    operators = of_kind(everything, "Cluster")["legis-database"]["spec"]["imageName"]
    assert _minor(operators) == _minor(images.pop())


def test_variables_of_compose_are_read() -> None:
    assert _environment({"environment": {"A": "${B:-c d}", "N": 5}}) == {"A": "c d", "N": "5"}
    assert _environment({"environment": ["A=${B:-c}-d", "E="]}) == {"A": "c-d", "E": ""}


def _read(path: Path) -> Document:
    if not path.is_file():
        pytest.skip(f"{path.name} is not there: nothing to compare with")
    read: Document = yaml.load(_resolved(path.read_text()), Loader=_Loader)
    return read


def _minor(image: str) -> list[str]:
    return re.findall(r":(\d+\.\d+)-", image) or [f"{image} names no minor"]


class _Loader(yaml.SafeLoader):
    """Compose's own tags say how files are laid over one another; here only what one file says counts."""


_Loader.add_multi_constructor("!", lambda loader, _, node: loader.construct_sequence(node))


def _environment(service: dict[str, Any]) -> dict[str, str]:
    given = service.get("environment", {})
    pairs = [one.partition("=")[::2] for one in given] if isinstance(given, list) else list(given.items())
    return {name: _resolved(str(value)) for name, value in pairs}


def _resolved(text: str) -> str:
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)


def _directives(path: Path) -> dict[str, str]:
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return {name: value for name, _, value in (line.partition(" ") for line in lines)}


def _variable(field: str, info: Any) -> str:
    return str(info.alias or field).upper()
