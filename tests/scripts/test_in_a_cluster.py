"""What the scripts type into `kubectl`, where the indexer is a part of the pods of `web`; nothing runs behind it."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from scripts.conftest import ROOT, Done, run

KUBECTL = """\
#!/bin/sh
printf '%s\\n' "$*" >>"$KUBECTL_CALLS"
case $* in
*initContainerStatuses*) printf '%b' "$KUBECTL_INDEXERS" ;;
*deployments,statefulsets*) printf 'web 2 2\\nworker 2 2\\n' ;;
*horizontalpodautoscaler*) [ "$KUBECTL_AUTOSCALER" = yes ] ;;
*'-- env') printf 'INDEX_FOLDER=/var/lib/legis/index\\nPATH=/bin\\n' ;;
esac
"""

Typed = Callable[..., tuple[Done, list[str]]]


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    """`typed(script, *words, indexers=…)`: what it said, and what it gave to kubectl, without the namespace."""
    program, calls = tmp_path / "kubectl", tmp_path / "calls"
    program.write_text(KUBECTL)
    program.chmod(0o755)

    def type_in(
        script: str, *words: str, indexers: str = "true\\ntrue\\n", autoscaler: str = "yes"
    ) -> tuple[Done, list[str]]:
        calls.write_text("")
        settings = {"PATH": f"{tmp_path}:/usr/bin:/bin", "KUBECTL_CALLS": str(calls), "KUBECTL_INDEXERS": indexers}
        settings["KUBECTL_AUTOSCALER"] = autoscaler
        done = run(
            [str(ROOT / "scripts" / script), *words], LEGIS_TARGET="k8s", LEGIS_PYTHON=sys.executable, **settings
        )
        return done, [line.removeprefix("--namespace legis ") for line in calls.read_text().splitlines()]

    return type_in


@pytest.mark.parametrize(
    ("indexers", "said"),
    [
        ("true\\ntrue\\n", "indexer ready"),
        ("true\\nfalse\\n", "indexer not-ready"),
        ("false\\n<none>\\n", "indexer dead"),
    ],
)
def test_the_indexers_of_all_pods_are_one_service(typed: Typed, indexers: str, said: str) -> None:
    done, _ = typed("legis.sh", "services", indexers=indexers)
    assert done.stdout.splitlines() == [said, "web ready", "worker ready"], done.stderr


def test_before_the_first_pod_there_is_no_indexer(typed: Typed) -> None:
    done, _ = typed("legis.sh", "services", indexers="")
    assert done.stdout.splitlines() == ["web ready", "worker ready"], done.stderr


def test_the_health_check_lists_the_indexer(typed: Typed) -> None:
    done, _ = typed("health_check.sh", "--json", indexers="false\\n")
    found = {one["name"]: one["level"] for one in json.loads(done.stdout)["checks"]}
    assert found["process indexer"] == "warning", "lists go on as they were"
    assert found["process web"] == "ok"


def test_each_process_is_looked_for_in_its_own_container(typed: Typed) -> None:
    done, calls = typed("legis.sh", "logs", "-n", "7", "web", "indexer")
    assert done.returncode == 0, done.stderr
    every_pod = "--selector app.kubernetes.io/name=web"
    assert calls == [f"logs {every_pod} --container {name} --prefix --tail 7" for name in ("web", "indexer")]
    done, calls = typed("legis.sh", "env", "indexer")
    assert calls == ["exec deployment/web --container indexer -- env"]
    assert done.stdout == "INDEX_FOLDER=/var/lib/legis/index\n"


def test_a_restart_waits_for_the_index_of_each_new_pod(typed: Typed) -> None:
    done, calls = typed("legis.sh", "restart", "web", "indexer", "worker")
    assert done.returncode == 0, done.stderr
    assert calls == [
        "rollout restart deployment/web",
        "rollout status deployment/web --timeout 900s",
        "rollout restart deployment/worker",
        "rollout status deployment/worker --timeout 900s",
    ]


def test_every_pod_of_nginx_says_who_asked(typed: Typed) -> None:
    _, calls = typed("legis.sh", "clients", "--minutes", "5")
    assert calls == ["logs --selector app.kubernetes.io/name=nginx --tail 200000"]
    done, calls = typed("legis.sh", "clients", "--minutes", "soon")
    assert (done.returncode, calls) == (2, [])


def test_web_is_scaled_by_what_decides_its_number(typed: Typed) -> None:
    done, calls = typed("legis.sh", "scale", "web", "3")
    assert done.returncode == 0, done.stderr
    assert calls[1:] == ['patch horizontalpodautoscaler web --type merge -p {"spec":{"minReplicas":3}}']
    done, calls = typed("legis.sh", "scale", "web", "3", autoscaler="no")
    assert done.returncode == 0, done.stderr
    assert calls[1:] == ["scale deployment/web --replicas 3", "rollout status deployment/web --timeout 900s"]


@pytest.mark.parametrize("page", sorted((ROOT / "docs/runbooks").rglob("*.md")), ids=lambda page: page.stem)
def test_no_page_looks_at_one_pod_of_several_or_fights_the_autoscaler(page: Path) -> None:
    for line in page.read_text().splitlines():
        if "kubectl" in line and " logs " in line:
            assert "--selector" in line or "--all-pods" in line, line
        assert "scale deployment/web" not in line, line
