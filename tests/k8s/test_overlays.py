"""Both overlays, rendered by kubectl, fit together; `make k8s-check` renders every combination of components."""

from pathlib import Path

import pytest
from checks.combinations import OVERLAYS, render
from checks.documents import Document, load, of_kind
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
