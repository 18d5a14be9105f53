"""Every kubectl command of the page is one that kubectl takes to the door of an API server, which is not there."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest
from checks.documents import PROCESSES

CLOSED = "http://127.0.0.1:1"
STDIN = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"
RUNBOOK = (
    "docker compose ps", "logs -f web", "logs -f worker", "--tail=100 web", "--tail=100 worker",
    "docker stats", "df -h", "free -h", "/api/health", "/api/metrics", "SELECT 1", "pg_isready",
    "redis-cli ping", "redis-cli info memory", "redis-cli flushall", "exec web python", "printenv",
    "restart web worker", "--scale web=3", "stop nginx", "incident_logs",
)  # fmt: skip


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "deployment" / "kubernetes.md").read_text()


@pytest.fixture(scope="module")
def commands(page: str) -> list[list[str]]:
    """Each command's words: of a pipe the part that is kubectl's, without what becomes of the output."""
    blocks = [line for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL) for line in block.splitlines()]
    lines = [*blocks, *re.findall(r"`(kubectl [^`]*)`", page)]
    found = []
    for line in lines:
        words = shlex.split(re.sub(r" > incident_logs\S*.*", "", line))
        for start in [at for at, word in enumerate(words) if word == "kubectl"]:
            end = words.index("|", start) if "|" in words[start:] else len(words)
            found.append(words[start + 1 : end])
    return found


def test_every_command_reaches_the_door(kubectl: Path, commands: list[list[str]], root: Path, tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text(
        f"apiVersion: v1\nkind: Config\nclusters: [{{name: c, cluster: {{server: '{CLOSED}'}}}}]\n"
        "contexts: [{name: c, context: {cluster: c, user: u}}]\nusers: [{name: u, user: {}}]\ncurrent-context: c\n"
    )
    assert len(commands) > 60
    refused = [
        " ".join(words) for words in commands if "…" not in words and not _understood(kubectl, words, root, config)
    ]
    assert refused == []


def test_a_command_that_kubectl_does_not_know_is_found(kubectl: Path, root: Path, tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text("")
    assert not _understood(kubectl, ["logs", "--folow", "deployment/web"], root, config)
    assert not _understood(kubectl, ["scales", "deployment/web"], root, config)


def test_the_tree_is_in_the_page_of_its_folder(k8s: Path) -> None:
    """Every component, and every process of base."""
    table = (k8s / "README.md").read_text()
    components = {path.name for path in (k8s / "components").iterdir()}
    assert components == set(re.findall(r"`components/([\w-]+)/`", table))
    (base,) = re.findall(r"^\| `base/` \| (.*) \|$", table, re.MULTILINE)
    assert set(PROCESSES) - {"migrate"} == set(re.findall(r"`([\w-]+)`", base))


@pytest.mark.parametrize(
    "path",
    [
        "deploy/k8s/base/kustomization.yaml",
        "deploy/k8s/components/monitoring/kustomization.yaml",
        "docs/deployment/README.md",
        "docs/deployment/kubernetes.md",
    ],
)
def test_processes_are_counted_right(root: Path, path: str) -> None:
    """`migrate`, which ends, is not one of them."""
    said = re.findall(r"\b(five|six|seven|eight|nine)(?: small)? (?:processes|programs)", (root / path).read_text())
    assert len(PROCESSES) - 1 == 8
    assert said == ["eight"]


@pytest.mark.parametrize("command", RUNBOOK)
def test_every_command_of_the_runbook_has_its_equivalent(command: str, page: str) -> None:
    table = page.partition("## The runbook's commands")[2].partition("## Monitoring")[0]
    rows = [line for line in table.splitlines() if line.startswith("|") and command in line.split(" | ")[0]]
    assert rows
    assert all("kubectl" in row.split(" | ")[1] for row in rows)


def _understood(kubectl: Path, words: list[str], root: Path, config: Path) -> bool:
    environment = {"KUBECONFIG": str(config), "HOME": str(config.parent), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [kubectl, *words],
        cwd=root,
        env=environment,
        input=STDIN,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    said = done.stderr
    missing_file = "secrets/" in " ".join(words) and "no such file" in said
    return done.returncode == 0 or "connection refused" in said or "was refused" in said or missing_file
