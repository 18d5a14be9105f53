"""Reads YAML documents of Kubernetes and finds the pods that they describe."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

Document = dict[str, Any]
LONG_RUNNING = ("Deployment", "StatefulSet")
PROCESSES = ("web", "site", "indexer", "worker", "notifier", "exporter", "ingest-camara", "ingest-senado", "migrate")
"""Each is a container of its name, in a pod of its name; but `indexer`, which is beside `web`."""


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod as its owner describes it. `owner` is `kind/name`; `labels` are those that its pods will have."""

    owner: str
    labels: dict[str, str]
    spec: Document

    @property
    def kind(self) -> str:
        return self.owner.partition("/")[0]

    @property
    def name(self) -> str:
        return self.owner.partition("/")[2]

    @property
    def containers(self) -> list[Document]:
        """The main one first; init containers and sidecars too."""
        return [*self.spec["containers"], *self.spec.get("initContainers", [])]


def load(text: str) -> list[Document]:
    """Every document that is an object of Kubernetes; not a kustomization, not a list of rules. Not to be changed."""
    found = [_parsed(part) for part in text.split("\n---\n")]
    return [one for one in found if isinstance(one, dict) and {"kind", "metadata"} <= set(one)]


@lru_cache(maxsize=10_000)  # a thousand wholes are made of a hundred different objects
def _parsed(text: str) -> Any:
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def load_folder(folder: Path) -> list[Document]:
    """The objects of every `.yaml` below the folder, as they are written."""
    return [one for path in sorted(folder.rglob("*.yaml")) for one in load(path.read_text())]


def name_of(document: Document) -> str:
    """`kind/name`."""
    return f"{document['kind']}/{document['metadata']['name']}"


def pods(documents: Iterable[Document]) -> Iterator[Pod]:
    """The pods of Deployments, StatefulSets, Jobs and CronJobs."""
    for document in documents:
        spec = document.get("spec", {})
        if document["kind"] == "CronJob":
            spec = spec["jobTemplate"]["spec"]
        if document["kind"] in (*LONG_RUNNING, "Job", "CronJob"):
            template = spec["template"]
            yield Pod(name_of(document), template["metadata"]["labels"], template["spec"])


def of_kind(documents: Iterable[Document], kind: str) -> dict[str, Document]:
    """By name."""
    return {one["metadata"]["name"]: one for one in documents if one["kind"] == kind}


def process(documents: Iterable[Document], name: str) -> tuple[Pod, Document]:
    """The pod in which a process runs, and its container there. Raises ValueError unless it is there exactly once."""
    (found,) = [(pod, one) for pod in pods(documents) for one in pod.containers if one["name"] == name]
    return found


def is_sidecar(container: Document) -> bool:
    """Whether it is an init container that goes on running beside the main ones."""
    return bool(container.get("restartPolicy") == "Always")


def told(container: Document, maps: dict[str, dict[str, str]]) -> dict[str, str | None]:
    """Environment variables of a container, None for a secret's value; `maps` are the data of ConfigMaps by name."""
    found: dict[str, str | None] = {}
    for source in container.get("envFrom", []):
        found.update(maps[source["configMapRef"]["name"]])
    found.update({one["name"]: one.get("value") for one in container.get("env", [])})
    return found


def environment(pod: Pod, maps: dict[str, dict[str, str]]) -> dict[str, str | None]:
    """Environment variables of all containers of a pod together."""
    return {name: value for container in pod.containers for name, value in told(container, maps).items()}
