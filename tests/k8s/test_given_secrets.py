"""What an operator gives before the first start, and what the page says of it: every Secret, in time, rotated."""

import copy
import re
from pathlib import Path

import pytest
import yaml
from checks.documents import Document, load_folder, of_kind, pods
from checks.wiring import GIVEN_SECRETS, faults

ROTATED = ("legis-database-roles", "legis-redis")


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "deployment" / "kubernetes.md").read_text()


@pytest.fixture
def backed_up(k8s: Path) -> list[Document]:
    """The Cluster of CloudNativePG with what the component of its backups adds."""
    found = copy.deepcopy([one for name in ("", "-backup") for one in _component(k8s, f"cloudnative-pg{name}")])
    told = yaml.safe_load((k8s / "components/cloudnative-pg-backup/kustomization.yaml").read_text())
    added = {one["path"]: one["value"] for patch in told["patches"] for one in yaml.safe_load(patch["patch"])}
    of_kind(found, "Cluster")["legis-database"]["spec"]["plugins"] = added["/spec/plugins"]
    return found


def test_the_store_of_backups_is_there_as_early_as_the_database(backed_up: list[Document]) -> None:
    assert not _of_store(backed_up)
    store = of_kind(backed_up, "ObjectStore")["legis-backup"]
    del store["metadata"]["labels"]
    assert _of_store(backed_up) == ["Cluster/legis-database: is applied before ObjectStore legis-backup"]
    backed_up.remove(store)
    assert _of_store(backed_up) == ["Cluster/legis-database: no ObjectStore legis-backup"]


def test_the_page_says_what_is_in_every_secret(page: str) -> None:
    table = page.partition("## Secrets")[2].partition("## Install")[0]
    assert set(re.findall(r"^\| `([\w-]+)`", table, re.MULTILINE)) == GIVEN_SECRETS


def test_the_page_makes_every_secret_that_something_names(everything: list[Document], page: str) -> None:
    install = page.partition("## Install")[2].partition("## Upgrade")[0]
    named = {name for pod in _told(everything).values() for name in pod} | {
        "legis-backup",
        "legis-alerting",
        "legis-sms",
    }
    assert named - {"legis-exports"} <= set(re.findall(r"create secret \w+ ([\w-]+)", install))


def test_a_rotation_replaces_the_secret_and_restarts_whoever_was_told(base: list[Document], page: str) -> None:
    block = page.partition("## Rotate secrets")[2].partition("```sh\n")[2].partition("```")[0]
    made = {words[0]: rest for line in block.splitlines() for words, rest in _created(line)}
    assert set(made) == set(ROTATED)
    assert all("--dry-run=client -o yaml | kubectl apply -f -" in rest for rest in made.values()), "it exists already"
    (restarted,) = re.findall(r"rollout restart (.*)", block)
    told = {owner for owner, names in _told(base).items() if set(ROTATED) & names and owner.startswith("Deployment/")}
    assert set(restarted.split()) == {one.lower() for one in told}
    assert block.index("job/migrate") < block.index("rollout restart"), "it gives the roles their passwords"


def _created(line: str) -> list[tuple[list[str], str]]:
    found = re.findall(r"kubectl create secret generic ([\w-]+) (.*)", line)
    return [([name], rest) for name, rest in found]


def _told(documents: list[Document]) -> dict[str, set[str]]:
    """Names of the Secrets of each pod's environment."""
    return {
        pod.owner: {
            one["valueFrom"]["secretKeyRef"]["name"]
            for container in pod.containers
            for one in container.get("env", [])
            if "secretKeyRef" in one.get("valueFrom", {})
        }
        for pod in pods(documents)
    }


def _of_store(documents: list[Document]) -> list[str]:
    return [one for one in faults(documents) if "ObjectStore" in one]


def _component(k8s: Path, name: str) -> list[Document]:
    return load_folder(k8s / "components" / name)
