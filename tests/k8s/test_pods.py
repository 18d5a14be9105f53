"""Every pod is restricted, bounded, watched and drained as docs/deploys.md says."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from checks.documents import PROCESSES, Document, load, of_kind, pods
from checks.policy import violations

OURS = [name for name in PROCESSES if name != "migrate"]
DEPLOYED = [name for name in OURS if name != "indexer"]
"""Those with a pod of their own."""


def test_every_pod_keeps_the_rules(everything: list[Document]) -> None:
    assert len(list(pods(everything))) >= 9
    assert violations(everything) == []


def test_the_pod_beside_the_backups_is_the_backup_with_a_shell(k8s: Path, base: list[Document]) -> None:
    by_hand = load((k8s / "backup-shell.yaml").read_text())
    assert violations(by_hand) == []
    (shell,), (backup,) = pods(by_hand), [pod for pod in pods(base) if pod.name == "backup"]
    assert shell.labels.items() >= backup.labels.items(), "the policies know it by them"
    assert shell.containers[0]["image"] == backup.containers[0]["image"]
    assert shell.spec["serviceAccountName"] == "backup"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda spec: spec["securityContext"].pop("runAsNonRoot"), "may run as root"),
        (lambda spec: spec["securityContext"].update(runAsUser=999), "runs as a user below"),
        (lambda spec: spec["securityContext"].pop("seccompProfile"), "no seccomp profile"),
        (lambda spec: spec.update(automountServiceAccountToken=True), "mounts a token"),
        (lambda spec: spec.update(hostNetwork=True), "node's namespaces"),
        (lambda spec: spec.update(terminationGracePeriodSeconds=30), "killed too early"),
        (lambda spec: spec["volumes"].append({"name": "n", "hostPath": {"path": "/"}}), "folder of the node"),
        (lambda spec: spec["volumes"].append({"name": "n", "emptyDir": {}}), "has no limit"),
        (lambda spec: _first(spec)["securityContext"].pop("readOnlyRootFilesystem"), "may write on its root"),
        (lambda spec: _first(spec)["securityContext"].update(capabilities={"add": ["NET_ADMIN"]}), "capabilities"),
        (lambda spec: _first(spec)["securityContext"].update(allowPrivilegeEscalation=True), "gain privileges"),
        (lambda spec: _first(spec)["resources"]["limits"].pop("memory"), "no limits for memory"),
        (lambda spec: _first(spec).pop("livenessProbe"), "no livenessProbe"),
        (lambda spec: _sidecar(spec).pop("startupProbe"), "web/indexer: has no startupProbe"),
        (lambda spec: _sidecar(spec).update(readinessProbe={}), "decides whether its pod is ready"),
        (lambda spec: _sidecar(spec)["resources"]["limits"].update({"ephemeral-storage": "1Gi"}), "evicted before"),
        (lambda spec: _first(spec)["env"].append({"name": "API_KEY", "value": "x"}), "API_KEY in plain text"),
        (lambda spec: _first(spec)["env"].append({"name": "A", "value": "redis://a:b@c"}), "A in plain text"),
    ],
)
def test_a_pod_that_breaks_a_rule_is_found(base: list[Document], spoil: Callable[[Any], None], said: str) -> None:
    web = copy.deepcopy(of_kind(base, "Deployment")["web"])
    spoil(web["spec"]["template"]["spec"])
    assert [one for one in violations([web]) if said in one]


def test_a_secret_that_is_written_down_is_found() -> None:
    assert violations([{"kind": "Secret", "metadata": {"name": "x"}}])


def test_drain_is_as_the_page_on_deploys_says(base: list[Document], settings: dict[str, str]) -> None:
    assert settings["DRAIN_SECONDS"] == "8"
    for name in ("web", "worker"):
        spec = of_kind(base, "Deployment")[name]["spec"]
        assert spec["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    assert {pod.spec["terminationGracePeriodSeconds"] for pod in pods(base)} == {45}
    assert not [pod.owner for pod in pods(base) for one in pod.containers if "lifecycle" in one]


def test_probes_ask_the_pages_of_the_process(base: list[Document]) -> None:
    asked = {
        pod.name: [
            pod.containers[0][f"{kind}Probe"]["httpGet"]["path"] for kind in ("startup", "readiness", "liveness")
        ]
        for pod in pods(base)
        if pod.kind == "Deployment"
    }
    inside = ["/health/startup", "/health/ready", "/health/live"]
    others = {name: inside for name in DEPLOYED if name != "web"}
    assert asked == {"web": [f"/api{path}" for path in inside], **others}


def test_one_leader_for_each_source(base: list[Document]) -> None:
    for name in ("ingest-camara", "ingest-senado"):
        spec = of_kind(base, "Deployment")[name]["spec"]
        assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})


def test_what_may_be_many_is_spread(base: list[Document]) -> None:
    for name in ("web", "worker"):
        spread = of_kind(base, "Deployment")[name]["spec"]["template"]["spec"]["topologySpreadConstraints"]
        assert {one["topologyKey"] for one in spread} == {"kubernetes.io/hostname", "topology.kubernetes.io/zone"}


def test_every_process_is_covered(base: list[Document]) -> None:
    assert sorted(of_kind(base, "PodDisruptionBudget")) == sorted(DEPLOYED)
    assert sorted(of_kind(base, "Service")) == sorted(OURS)
    assert [one["metadata"]["name"] for one in base if one["kind"] == "HorizontalPodAutoscaler"] == ["web"]
    assert all(one["automountServiceAccountToken"] is False for one in of_kind(base, "ServiceAccount").values())


def _sidecar(spec: Document) -> Document:
    sidecar: Document = spec["initContainers"][0]
    return sidecar


def _first(spec: Document) -> Document:
    first: Document = spec["containers"][0]
    return first
