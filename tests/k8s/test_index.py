"""Every pod of `web` has an index of its own, with the room and the time that building it takes."""

import pytest
from checks.documents import Document, of_kind, process

LARGEST_INDEX = 1.5e9
"""Bytes, of 1.2 million bills."""
FIRST_BUILD_SECONDS = 600


@pytest.fixture
def deployment(base: list[Document]) -> Document:
    spec: Document = of_kind(base, "Deployment")["web"]["spec"]
    return spec


def test_the_indexer_is_a_sidecar_of_web(base: list[Document]) -> None:
    pod, sidecar = process(base, "indexer")
    assert (pod.owner, pod.spec["initContainers"]) == ("Deployment/web", [sidecar])
    assert sidecar["restartPolicy"] == "Always", "else `web` would wait for its end"
    assert "readinessProbe" not in sidecar, "it would be the pod's: a database away would take `web` away"
    paths = [sidecar[f"{kind}Probe"]["httpGet"]["path"] for kind in ("startup", "liveness")]
    assert paths == ["/health/startup", "/health/live"]


def test_there_is_room_for_three_indexes(deployment: Document) -> None:
    """One that is searched, one that is built beside it, and what merging takes."""
    (limit,) = [
        one["emptyDir"]["sizeLimit"] for one in deployment["template"]["spec"]["volumes"] if one["name"] == "index"
    ]
    assert int(limit.removesuffix("Gi")) * 2**30 >= 3 * LARGEST_INDEX


def test_there_is_time_for_the_first_build(base: list[Document], deployment: Document) -> None:
    patience = [_patience(process(base, name)[1]["startupProbe"]) for name in ("indexer", "web")]
    assert min(patience) >= FIRST_BUILD_SECONDS
    assert deployment["progressDeadlineSeconds"] >= sum(patience) + deployment["minReadySeconds"]


def test_few_pods_build_at_once(base: list[Document], deployment: Document) -> None:
    """Each reads every bill from the database."""
    assert deployment["strategy"]["rollingUpdate"]["maxSurge"] == 1
    spec = of_kind(base, "HorizontalPodAutoscaler")["web"]["spec"]
    assert spec["behavior"]["scaleUp"]["policies"] == [{"type": "Pods", "value": 1, "periodSeconds": 120}]
    (metric,) = spec["metrics"]
    assert metric["containerResource"]["container"] == "web", (
        "a build would call for another pod, which would build too"
    )


def test_its_metrics_are_found_while_it_builds(base: list[Document]) -> None:
    service = of_kind(base, "Service")["indexer"]
    assert (
        service["metadata"]["labels"].items() >= {"app.kubernetes.io/name": "indexer", "legis/metrics": "true"}.items()
    )
    assert service["spec"]["publishNotReadyAddresses"] is True
    (port,) = service["spec"]["ports"]
    assert port["name"] == "http", "as the ServiceMonitor has it"
    assert port["targetPort"] == process(base, "indexer")[1]["ports"][0]["containerPort"]


def _patience(probe: Document) -> int:
    return int(probe["periodSeconds"] * probe["failureThreshold"])
