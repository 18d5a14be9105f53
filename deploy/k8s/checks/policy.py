"""What every pod of ours must be: restricted, bounded, watched, told its secrets by reference."""

import re
from collections.abc import Iterator
from typing import Any

from checks.documents import LONG_RUNNING, Document, Pod, is_sidecar, pods

SECRET_NAME = re.compile(r"PASSWORD|SECRET|TOKEN|KEY|DATABASE_URL|REDIS_URL|_AUTH$")
SECRET_VALUE = re.compile(r"://[^/\s:@]*:[^/\s@]+@")
PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
RESOURCES = ("cpu", "memory", "ephemeral-storage")
UNITS = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30}
LEAST_UID = 10_000
LEAST_GRACE_SECONDS = 45


def violations(documents: list[Document]) -> list[str]:
    """One line for each rule that is broken."""
    found = [
        f"Secret/{one['metadata']['name']}: a secret is written down" for one in documents if one["kind"] == "Secret"
    ]
    for pod in pods(documents):
        found += [f"{pod.owner}: {what}" for what in _of_pod(pod)]
        for container in pod.containers:
            found += [f"{pod.owner}/{container['name']}: {what}" for what in _of_container(pod, container)]
    return found


def _of_pod(pod: Pod) -> Iterator[str]:
    spec = pod.spec
    security = spec.get("securityContext", {})
    wanted: list[tuple[str, bool]] = [
        ("has not the account of its name", spec.get("serviceAccountName") == pod.labels["app.kubernetes.io/name"]),
        ("mounts a token", spec.get("automountServiceAccountToken") is False),
        ("may run as root", security.get("runAsNonRoot") is True),
        (f"runs as a user below {LEAST_UID}", security.get("runAsUser", 0) >= LEAST_UID),
        ("has no seccomp profile", security.get("seccompProfile") == {"type": "RuntimeDefault"}),
        ("shares the node's namespaces", not {"hostNetwork", "hostPID", "hostIPC"} & set(spec)),
        ("is killed too early", spec.get("terminationGracePeriodSeconds", 30) >= LEAST_GRACE_SECONDS),
    ]
    yield from (what for what, good in wanted if not good)
    for volume in spec.get("volumes", []):
        if "hostPath" in volume:
            yield f"mounts a folder of the node: {volume['name']}"
        if "emptyDir" in volume and "sizeLimit" not in volume["emptyDir"]:
            yield f"volume {volume['name']} has no limit"
    if _room_of_volumes(spec) > sum(_size(_limit(one, "ephemeral-storage")) for one in pod.containers):
        yield "is evicted before its volumes are full"


def _of_container(pod: Pod, container: Document) -> Iterator[str]:
    security: dict[str, Any] = container.get("securityContext", {})
    if security.get("allowPrivilegeEscalation") is not False:
        yield "may gain privileges"
    if security.get("readOnlyRootFilesystem") is not True:
        yield "may write on its root"
    if security.get("capabilities") != {"drop": ["ALL"]}:
        yield "keeps capabilities"
    if security.get("privileged"):
        yield "is privileged"
    for bound in ("requests", "limits"):
        missing = set(RESOURCES) - set(container.get("resources", {}).get(bound, {}))
        yield from (f"has no {bound} for {one}" for one in sorted(missing))
    if pod.kind in LONG_RUNNING:
        wanted = ("startupProbe", "livenessProbe") if is_sidecar(container) else PROBES
        yield from (f"has no {one}" for one in wanted if one not in container)
    if is_sidecar(container) and "readinessProbe" in container:
        yield "decides whether its pod is ready"
    yield from _secrets(container)


def _room_of_volumes(spec: Document) -> int:
    """Bytes that the volumes on the node's disk may hold: the node counts them with what the containers write."""
    folders = [one["emptyDir"] for one in spec.get("volumes", []) if "emptyDir" in one]
    return sum(_size(one.get("sizeLimit", "0")) for one in folders if one.get("medium") != "Memory")


def _limit(container: Document, resource: str) -> str:
    return str(container.get("resources", {}).get("limits", {}).get(resource, "0"))


def _size(quantity: str) -> int:
    """Bytes of `64Mi`. Raises KeyError for a unit that is not used here."""
    return int(quantity) if quantity.isdigit() else int(quantity[:-2]) * UNITS[quantity[-2:]]


def _secrets(container: Document) -> Iterator[str]:
    for one in container.get("env", []):
        name, value = one["name"], one.get("value")
        if value is not None and (
            SECRET_VALUE.search(value) or (SECRET_NAME.search(name) and not name.endswith("_FILE"))
        ):
            yield f"is told {name} in plain text"
    for source in container.get("envFrom", []):
        if "secretRef" in source:
            yield "takes a whole Secret for environment"
