"""Prometheus, Alertmanager, the collector and Loki: what their files name exists, and no secret is in them."""

import re
from typing import Any

import pytest
from monitoring.files import HOME, read, rule_expressions
from monitoring.promql import named

JOBS = {
    "web",
    "site",
    "worker",
    "indexer",
    "notifier",
    "exporter",
    "ingest-camara",
    "ingest-senado",
    "node",
    "postgres",
    "redis",
    "nginx",
    "nginx-log",
    "cadvisor",
} | {
    "blackbox",
    "prometheus",
    "alertmanager",
}
IN_KUBERNETES = {"cnpg", "kubelet", "kube-state-metrics"}
PROMETHEUS = read(HOME / "prometheus" / "prometheus.yml")
ALERTMANAGER = read(HOME / "alertmanager" / "alertmanager.yml")
COLLECTOR = read(HOME / "otel-collector" / "config.yml")
SCRAPES = {one["job_name"]: one for one in PROMETHEUS["scrape_configs"]}


def test_jobs_are_the_processes_names() -> None:
    assert set(SCRAPES) == JOBS


def test_rules_ask_for_jobs_that_are_scraped() -> None:
    asked = {
        job
        for text in rule_expressions().values()
        for one in named(text).selectors
        for job in one.values("job")
    }  # fmt: skip
    assert asked <= JOBS | IN_KUBERNETES
    assert asked == JOBS | IN_KUBERNETES


def test_a_scaled_web_is_found_by_name() -> None:
    (lookup,) = SCRAPES["web"]["dns_sd_configs"]
    assert (lookup["names"], lookup["type"], lookup["port"]) == (["web"], "A", 5000)


def test_the_health_check_is_asked_as_clients_ask() -> None:
    probe = SCRAPES["blackbox"]
    (module,) = probe["params"]["module"]
    (target,) = probe["static_configs"][0]["targets"]
    assert target.endswith("/api/health")
    assert read(HOME / "blackbox" / "blackbox.yml")["modules"][module]["http"]["valid_status_codes"] == [200]


def test_a_second_probe_asks_by_its_own_module() -> None:
    """Prometheus lets `params` win over labels of a target: only a rule that comes later can choose another module."""
    (probe,) = read(HOME / "prometheus" / "https-probe.yml")
    (name,) = probe["labels"]
    chosen = [one for one in SCRAPES["blackbox"]["relabel_configs"] if one.get("source_labels") == [name]]
    assert [one["target_label"] for one in chosen] == ["__param_module"]
    module = read(HOME / "blackbox" / "blackbox.yml")["modules"][probe["labels"][name]]
    assert module["http"]["fail_if_not_ssl"] is True


@pytest.mark.parametrize("file", ["prometheus/prometheus.yml", "alertmanager/alertmanager.yml", "loki/loki.yml"])
def test_secrets_are_in_files(file: str) -> None:
    """Every setting that could hold a secret is one that names a file under /run/secrets."""
    secret = re.compile(r"(password|token|secret|credentials|api_url|bearer|key)s?(_file)?$")
    wrong = []
    for name, value in _settings(read(HOME / file)):
        match = secret.search(name)
        if match and isinstance(value, str) and not (match[2] and value.startswith("/run/secrets/")):
            wrong.append(name)
    assert not wrong


def test_every_receiver_is_used_and_every_interval_too() -> None:
    routes = list(_routes(ALERTMANAGER["route"]))
    assert {route["receiver"] for route in routes} == {one["name"] for one in ALERTMANAGER["receivers"]}
    used = {name for route in routes for name in route.get("active_time_intervals", ())}
    assert used == {one["name"] for one in ALERTMANAGER["time_intervals"]}


def test_inhibition_names_alerts_that_exist() -> None:
    known = {where.split()[1] for where in rule_expressions()}
    for rule in ALERTMANAGER["inhibit_rules"]:
        for matcher in rule["source_matchers"] + rule["target_matchers"]:
            label, _, pattern = re.fullmatch(r'(\w+)(=~?)"(.+)"', matcher).groups()  # type: ignore[union-attr]
            if label == "alertname":
                for one in pattern.split("|"):
                    assert [name for name in known if re.fullmatch(one, name)], one


def test_the_collectors_pipelines_name_what_is_declared() -> None:
    for kind in ("receivers", "processors", "exporters"):
        named_there = {one for pipe in COLLECTOR["service"]["pipelines"].values() for one in pipe[kind]}
        assert named_there == set(COLLECTOR[kind])
    assert set(COLLECTOR["service"]["extensions"]) == set(COLLECTOR["extensions"])
    assert all(pipe["processors"][0] == "memory_limiter" for pipe in COLLECTOR["service"]["pipelines"].values())


def test_the_collector_sends_where_grafana_reads() -> None:
    sources = {
        one["uid"]: one["url"] for one in read(HOME / "grafana/provisioning/datasources/datasources.yml")["datasources"]
    }
    assert COLLECTOR["exporters"]["otlphttp/loki"]["endpoint"] == sources["loki"] + "/otlp"
    assert COLLECTOR["exporters"]["otlp/jaeger"]["endpoint"].split(":")[0] in sources["jaeger"]
    assert str(read(HOME / "loki" / "loki.yml")["server"]["http_listen_port"]) in sources["loki"]


def test_traces_stay_across_restarts() -> None:
    jaeger = read(HOME / "jaeger" / "config.yml")
    store = jaeger["exporters"]["jaeger_storage_exporter"]["trace_storage"]
    badger = jaeger["extensions"]["jaeger_storage"]["backends"][store]["badger"]
    assert jaeger["extensions"]["jaeger_query"]["storage"]["traces"] == store
    assert badger["ephemeral"] is False
    compose = read(HOME.parent / "compose" / "compose.observability.yaml")
    assert f"traces:{badger['directories']['keys'].removesuffix('/keys')}" in compose["services"]["jaeger"]["volumes"]
    assert jaeger["receivers"]["otlp"]["protocols"]["grpc"]["endpoint"].endswith(":4317")


def test_loki_forgets_after_thirty_days() -> None:
    loki = read(HOME / "loki" / "loki.yml")
    assert loki["limits_config"]["retention_period"] == "720h"
    assert loki["compactor"]["retention_enabled"] is True


def _routes(route: dict[str, Any]) -> Any:
    yield route
    for child in route.get("routes", ()):
        yield from _routes(child)


def _settings(tree: Any, name: str = "") -> Any:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _settings(value, key)
    elif isinstance(tree, list):
        for value in tree:
            yield from _settings(value, name)
    else:
        yield name, tree


def test_the_note_on_privacy_says_how_long_loki_keeps_addresses() -> None:
    kept = read(HOME / "loki" / "loki.yml")["limits_config"]["retention_period"]
    page = (HOME.parents[1] / "docs/deployment/nginx.md").read_text().partition("**Privacy.**")[2].partition("\n\n")[0]
    (days,) = re.findall(r"Loki\s+has them for (\d+) days", page)
    assert kept == f"{int(days) * 24}h"
