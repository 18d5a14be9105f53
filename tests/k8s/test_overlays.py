"""Both overlays, rendered by kubectl, fit together; `make k8s-check` renders every combination of components."""

import os
import re
from pathlib import Path

import pytest
from checks.combinations import EXTRAS, OVERLAYS, render
from checks.documents import Document, load, of_kind, pods
from checks.policy import violations
from checks.wiring import faults


@pytest.fixture(scope="module")
def production(k8s: Path, kubectl: Path) -> list[Document]:
    return load(render(kubectl, k8s / "overlays" / "production", "production"))


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_an_overlay_fits_together(k8s: Path, kubectl: Path, overlay: str) -> None:
    whole = load(render(kubectl, k8s / "overlays" / overlay, overlay))
    assert len(whole) > 50
    assert (faults(whole), violations(whole)) == ([], [])


def test_in_production_all_comes_by_nginx(production: list[Document]) -> None:
    """Which address is whose stands in nginx's configuration alone, so no list of the Ingress can fall behind it."""
    (rule,) = of_kind(production, "Ingress")["web"]["spec"]["rules"]
    assert rule["http"]["paths"] == [
        {"path": "/", "pathType": "Prefix", "backend": {"service": {"name": "nginx", "port": {"name": "http"}}}}
    ]


def test_nginx_is_watched_under_the_jobs_of_the_rules(production: list[Document]) -> None:
    """Its own figures, those of its access log, and the health check through it, which the network lets pass."""
    services = of_kind(production, "Service").values()
    scraped = {
        one["metadata"]["labels"]["app.kubernetes.io/name"]: one["spec"]["ports"][0]["targetPort"]
        for one in services
        if one["metadata"]["labels"].items() >= {"legis/metrics": "true", "app.kubernetes.io/part-of": "legis"}.items()
    }
    assert {"nginx": 9113, "nginx-log": 3903}.items() <= scraped.items()
    probes = {name: one["spec"]["targets"] for name, one in of_kind(production, "Probe").items()}
    assert {name: one["staticConfig"]["static"] for name, one in probes.items()} == {
        "legis-health": ["http://nginx.legis.svc:8080/api/health"],
        "legis-health-https": ["https://legis.example/api/health"],
    }
    (rule,) = of_kind(production, "NetworkPolicy")["nginx-from-monitoring"]["spec"]["ingress"]
    assert {one["port"] for one in rule["ports"]} == {8080, 9113, 3903}


def test_the_sidecars_read_what_nginx_writes(production: list[Document]) -> None:
    spec = of_kind(production, "Deployment")["nginx"]["spec"]["template"]["spec"]
    told = {one["name"]: one["value"] for one in spec["containers"][0]["env"]}
    exporter, log_exporter = spec["initContainers"]
    assert exporter["args"] == [f"--nginx.scrape-uri=http://{told['LEGIS_STATUS_LISTEN']}/"]
    mounted = {one["mountPath"]: one["name"] for one in log_exporter["volumeMounts"]}
    (volume,) = [one for one in spec["volumes"] if one["name"] == mounted[told["LEGIS_ACCESS_LOG_DIR"]]]
    room = int(volume["emptyDir"]["sizeLimit"].removesuffix("Mi"))
    assert room >= int(told["LEGIS_ACCESS_LOG_MB"]) + 2 * 64, "and two files that are not compressed yet"


def test_alertmanager_reaches_the_sms_gateway(k8s: Path, kubectl: Path, root: Path, tmp_path: Path) -> None:
    """By the name of its Service in its namespace, with the image and the secrets that compose gives it."""
    (parts,) = [one for one in EXTRAS if "sms-gateway" in one]
    up = os.path.relpath(k8s, tmp_path)
    components = "".join(f"  - {up}/components/{one}\n" for one in parts)
    (tmp_path / "kustomization.yaml").write_text(f"namespace: legis\nresources: [{up}/base]\ncomponents:\n{components}")
    whole = load(render(kubectl, tmp_path, "sms-gateway"))
    assert (faults(whole), violations(whole)) == ([], [])
    service = of_kind(whole, "Service")["sms-gateway"]
    door = f"http://sms-gateway.{service['metadata']['namespace']}.svc:{service['spec']['ports'][0]['port']}/"
    receivers = of_kind(whole, "AlertmanagerConfig")["legis"]["spec"]["receivers"]
    urls = [one["url"] for receiver in receivers for one in receiver.get("webhookConfigs", ())]
    assert len(urls) == 6
    assert [one for one in urls if not one.startswith(door)] == []
    (pod,) = [one for one in pods(whole) if one.name == "sms-gateway"]
    layer = (root / "deploy/compose/compose.observability.yaml").read_text().partition("  sms-gateway:\n")[2]
    image, secrets = re.search(r"image: \$\{\w+:-(.*)\}", layer), re.search(r"secrets: \[(.*)\]", layer)
    assert image is not None
    assert secrets is not None
    (volume,) = [one["projected"]["sources"] for one in pod.spec["volumes"] if "projected" in one]
    assert pod.containers[0]["image"] == image[1]
    assert [item["path"] for one in volume for item in one["secret"]["items"]] == secrets[1].split(", ")
