"""Nobody talks to anybody but as it is said, and what is said fits together."""

import copy
import json
import re
from pathlib import Path

import pytest
from api_gateway.web.pipeline.route_policy import POLICIES
from checks.documents import Document, of_kind, pods
from checks.wiring import faults, selects


def test_everything_is_denied_first(base: list[Document]) -> None:
    spec = of_kind(base, "NetworkPolicy")["default-deny"]["spec"]
    assert spec == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_no_policy_lets_everybody_in(everything: list[Document]) -> None:
    for name, policy in of_kind(everything, "NetworkPolicy").items():
        for rule in policy["spec"].get("ingress", []):
            assert rule["from"], name
            assert rule["ports"], name


def test_only_who_must_leaves_the_cluster(everything: list[Document]) -> None:
    """And never for private addresses, the cloud's metadata among them."""
    for name, policy in of_kind(everything, "NetworkPolicy").items():
        for block in _blocks(policy):
            if block["cidr"] == "0.0.0.0/0":
                assert name in ("ingest-to-chambers", "notifier-to-webhooks", "sms-gateway-to-provider")
                assert {"10.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"} <= set(block["except"])


def test_nobody_outside_reaches_web_without_the_ingress_component(base: list[Document]) -> None:
    rules = [rule for one in of_kind(base, "NetworkPolicy").values() for rule in one["spec"].get("ingress", [])]
    assert rules == [{"from": [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "site"}}}],
                      "ports": [{"protocol": "TCP", "port": 5000}]}]  # fmt: skip


def test_metrics_are_open_on_every_port_of_ours(everything: list[Document], base: list[Document]) -> None:
    (rule,) = of_kind(everything, "NetworkPolicy")["metrics-from-monitoring"]["spec"]["ingress"]
    ports = {p["containerPort"] for pod in pods(base) for c in pod.containers for p in c.get("ports", [])}
    assert {one["port"] for one in rule["ports"]} == ports


def test_ingress_shows_what_is_public_and_nothing_else(everything: list[Document], root: Path) -> None:
    described = json.loads((root / "tests" / "contract" / "golden" / "openapi.json").read_text())["paths"]
    paths = of_kind(everything, "Ingress")["web"]["spec"]["rules"][0]["http"]["paths"]
    exact = {one["path"] for one in paths if one["pathType"] == "Exact"}
    below = tuple(one["path"] for one in paths if one["pathType"] == "Prefix")

    def shown(path: str) -> bool:
        return path in exact or any(path == one or path.startswith(f"{one}/") for one in below)

    assert len(described) > 15
    public = [*described, "/docs", "/redoc", "/openapi.json", "/llms.txt", "/static/redoc/redoc.standalone.js"]
    assert [path for path in public if not shown(path)] == []
    assert not shown("/metrics")
    assert not shown("/internal/breaker")


@pytest.mark.parametrize("template", sorted(set(POLICIES) - {"/", "/metrics"}))
def test_ingress_leads_every_address_of_web_there(everything: list[Document], template: str) -> None:
    """By the rules of Kubernetes: an exact path first, then the longest prefix of whole parts."""
    paths = of_kind(everything, "Ingress")["web"]["spec"]["rules"][0]["http"]["paths"]
    asked = re.sub(r"\{[^}]*\}", "x", template)
    matching = [one for one in paths if one["path"] == asked or _below(asked, one)]
    best = max(matching, key=lambda one: (one["pathType"] == "Exact", len(one["path"])))
    assert best["backend"]["service"] == {"name": "web", "port": {"name": "http"}}


def _below(asked: str, path: Document) -> bool:
    return bool(path["pathType"] == "Prefix" and asked.startswith(path["path"].rstrip("/") + "/"))


def test_selectors() -> None:
    assert selects({}, {"a": "b"})
    assert selects({"matchExpressions": [{"key": "a", "operator": "In", "values": ["b", "c"]}]}, {"a": "b"})
    assert not selects({"matchLabels": {"a": "c"}}, {"a": "b"})
    with pytest.raises(ValueError, match="NotIn"):
        selects({"matchExpressions": [{"key": "a", "operator": "NotIn", "values": ["b"]}]}, {})


@pytest.mark.parametrize(
    ("part", "change", "said"),
    [
        ("Service/web", {"selector": {"app.kubernetes.io/name": "wep"}}, "selects no pod"),
        ("Service/web", {"ports": [{"targetPort": "https"}]}, "leads to no port https"),
        ("Service/indexer", {"ports": [{"targetPort": 5009}]}, "leads to no port 5009"),
        ("Service/indexer", {"ports": [{"targetPort": "indexer"}]}, "leads to no port indexer"),
        ("HorizontalPodAutoscaler/web", {"scaleTargetRef": {"name": "wep"}}, "no Deployment wep"),
        ("HorizontalPodAutoscaler/web", {"scaleTargetRef": {"name": "worker"}}, "says `replicas` too"),
        ("NetworkPolicy/ingest-to-chambers", {"podSelector": {"matchLabels": {"a": "b"}}}, "selects no pod a=b"),
        ("PersistentVolumeClaim/backups", None, "no PersistentVolumeClaim backups"),
        ("ServiceAccount/web", None, "no account web"),
    ],
)
def test_a_thread_that_leads_nowhere_is_found(
    base: list[Document], part: str, change: Document | None, said: str
) -> None:
    spoilt = copy.deepcopy(base)
    (found,) = [one for one in spoilt if f"{one['kind']}/{one['metadata']['name']}" == part]
    if change is None:
        spoilt.remove(found)
    else:
        found["spec"].update(change)
    assert [one for one in faults(spoilt) if said in one]


def test_who_is_told_of_a_store_must_reach_it(base: list[Document]) -> None:
    """Base alone opens no way to a database; the components of the stores do."""
    said = faults(base)
    assert "Deployment/worker: is told of the database and has no way there" in said
    assert "Deployment/ingest-senado: is told of Redis and has no way there" in said


def _blocks(policy: Document) -> list[Document]:
    rules = policy["spec"].get("egress", [])
    return [to["ipBlock"] for rule in rules for to in rule.get("to", []) if "ipBlock" in to]
