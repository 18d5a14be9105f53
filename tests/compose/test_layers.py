"""Every deployment that the compose files can make keeps to the same rules; read here, without Docker."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from compose.layers import (
    BACKUP,
    BASE,
    DEPLOYMENTS,
    FOLDER,
    OBSERVABILITY,
    OFFLINE,
    REPLICAS,
    ROOT,
    TLS,
    merged,
    mounts,
    secrets_of,
    variables,
)

OURS = {
    "web",
    "site",
    "worker",
    "indexer",
    "notifier",
    "exporter",
    "migrate",
    "ingest-camara",
    "ingest-senado",
    "simulator",
}
PINNED = re.compile(r"^[\w./-]+:v?\d+\.\d+(\.\d+)?[\w.-]*(@sha256:[0-9a-f]{64})?$")
PUBLISHED = {"nginx"}
FOR_PEOPLE = {"grafana", "prometheus", "alertmanager", "jaeger"}
WITHOUT_CHECK = {
    "migrate": "it ends, and its exit status is waited for",
    "otel-collector": "its image has no program that could ask; Prometheus does",
    "jaeger": "the same",
    "redis-exporter": "the same",
    "nginx-exporter": "the same",
}
AS_ROOT = {
    "otel-collector": "Docker's log files are root's; it has no capability and a read-only view",
    "cadvisor": "the containers' control groups, the same",
}


@pytest.fixture(params=DEPLOYMENTS, ids="+".join)
def deployment(request: pytest.FixtureRequest) -> dict[str, Any]:
    return merged(request.param)


def wrong(deployment: dict[str, Any], good: Any) -> list[str]:
    """The services for which `good` does not hold."""
    assert len(deployment["services"]) >= 8
    return [name for name, service in deployment["services"].items() if not good(name, service)]


def test_nothing_has_a_fixed_name(deployment: dict[str, Any]) -> None:
    assert not wrong(deployment, lambda _, service: "container_name" not in service)


def test_images_are_pinned(deployment: dict[str, Any]) -> None:
    assert not wrong(deployment, lambda _, service: PINNED.match(service["image"]))


def test_nobody_is_root(deployment: dict[str, Any]) -> None:
    rooted = wrong(deployment, lambda _, service: service.get("user", "0").split(":")[0] not in ("0", "root"))
    assert set(rooted) <= set(AS_ROOT)


def test_everything_is_denied_what_it_does_not_need(deployment: dict[str, Any]) -> None:
    def denied(_: str, service: dict[str, Any]) -> bool:
        return (
            service["read_only"] is True
            and service["cap_drop"] == ["ALL"]
            and "cap_add" not in service
            and "privileged" not in service
            and service["security_opt"] == ["no-new-privileges:true"]
        )

    assert not wrong(deployment, denied)


def test_everything_has_limits_and_bounded_logs(deployment: dict[str, Any]) -> None:
    def bounded(_: str, service: dict[str, Any]) -> bool:
        limits = service["deploy"]["resources"]["limits"]
        return set(limits) == {"cpus", "memory", "pids"} and set(service["logging"]["options"]) == {
            "max-size",
            "max-file",
        }

    assert not wrong(deployment, bounded)


def test_everything_comes_back_but_what_ends(deployment: dict[str, Any]) -> None:
    assert not wrong(
        deployment, lambda name, service: service["restart"] == ("no" if name == "migrate" else "unless-stopped")
    )


def test_everything_is_asked_how_it_is(deployment: dict[str, Any]) -> None:
    unasked = wrong(deployment, lambda _, service: service.get("healthcheck", {}).get("test"))
    assert set(unasked) == set(WITHOUT_CHECK) & set(deployment["services"])


def test_dependencies_are_waited_for(deployment: dict[str, Any]) -> None:
    services = deployment["services"]
    for name, service in services.items():
        for needed, how in service.get("depends_on", {}).items():
            wanted = "service_completed_successfully" if needed == "migrate" else "service_healthy"
            assert how == {"condition": wanted}, f"{name} on {needed}"
            assert services[needed]["healthcheck"]
    for name in ("web", "indexer"):  # neither on the other: one that is made again takes with it those that wait for it
        assert {"db", "redis", "migrate"} == set(services[name]["depends_on"])


def test_only_nginx_is_open_to_the_world(deployment: dict[str, Any]) -> None:
    services = deployment["services"]
    with_tls = ["443:8443", "80:8081"] if "LEGIS_TLS_LISTEN" in services["nginx"]["environment"] else []
    assert services["nginx"]["ports"] == ["5000:8080", *with_tls]
    for name, service in services.items():
        if name in FOR_PEOPLE:
            assert all(port.startswith("127.0.0.1:") for port in service["ports"]), name
        elif name not in PUBLISHED:
            assert "ports" not in service, name


def test_db_and_redis_are_off_the_edge(deployment: dict[str, Any]) -> None:
    services, networks = deployment["services"], deployment["networks"]
    for name in ("db", "redis"):
        to_s3 = ["outside"] if name == "db" and "backup" in services else []
        assert services[name]["networks"] == ["data", *to_s3]
    assert networks["data"]["internal"] is True
    assert networks["edge"]["internal"] is True
    assert not {"data"} & {*services["nginx"]["networks"], *services["site"]["networks"]}
    assert [n for n, s in services.items() if "edge" in s["networks"]] == ["nginx", "web", "site"], (
        "may say whom it speaks for"
    )
    assert services["web"]["environment"]["FORWARDED_ALLOW_IPS"] == networks["edge"]["ipam"]["config"][0]["subnet"]


def test_offline_nothing_of_ours_has_a_way_out() -> None:
    deployment = merged((BASE, OFFLINE))
    open_networks = {name for name, one in deployment["networks"].items() if not one.get("internal")}
    assert not wrong(deployment, lambda name, one: name == "nginx" or not open_networks & set(one["networks"]))
    assert deployment["name"] != merged((BASE,))["name"], "sample data would meet live data"


def test_our_environment_is_settings_that_exist(deployment: dict[str, Any]) -> None:
    known = set(re.findall(r"^#(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    for name in OURS & set(deployment["services"]):
        assert set(deployment["services"][name].get("environment", {})) <= known, name


def test_every_variable_is_in_the_example_with_its_default() -> None:
    example = dict(re.findall(r"^#(\w+)=(.*)$", (FOLDER / ".env.example").read_text(), re.MULTILINE))
    used: dict[str, set[str]] = {}
    for file in (BASE, TLS, BACKUP, REPLICAS, OBSERVABILITY, OFFLINE):
        for name, defaults in variables(file).items():
            used[name] = used.get(name, set()) | defaults
    assert {name: {value} for name, value in example.items() if name != "COMPOSE_FILE"} == used


def test_nginx_is_told_every_setting_of_its_page() -> None:
    page = (ROOT / "docs/deployment/nginx.md").read_text().partition("| setting |")[2].partition("\n\n")[0]
    settings = _settings_of(page)
    assert len(settings) > 10
    assert settings <= set(merged((BASE, TLS))["services"]["nginx"]["environment"])


def test_every_setting_of_nginx_is_on_its_page() -> None:
    page = (ROOT / "docs/deployment/nginx.md").read_text()
    assert set(merged((BASE, TLS))["services"]["nginx"]["environment"]) <= _settings_of(page)


def test_passwords_are_files_and_nothing_else(deployment: dict[str, Any]) -> None:
    made = set(re.findall(r"^(?:given|keep) (\w+)|\| put (\w+)$|^put (\w+)", _script(), re.MULTILINE))
    listed = set(re.findall(r"^for name in (.*?); do", _script().replace("\\\n", ""), re.MULTILINE)[0].split())
    files = {name for names in made for name in names if name} | listed
    for name, secret in deployment["secrets"].items():
        assert secret["file"] == f"./secrets/{name}"
        assert name in files, f"make-secrets.sh does not make {name}"
    for name, service in deployment["services"].items():
        assert set(secrets_of(service).values()) <= set(deployment["secrets"]), name
        said = [key for key in service.get("environment", {}) if re.search("PASSWORD|SECRET|TOKEN", key)]
        assert not [key for key in said if not key.endswith("FILE")], name


def test_what_is_mounted_exists_and_stays_as_it_is(deployment: dict[str, Any]) -> None:
    for name, source, mode in _bound(deployment):
        if source.startswith("/"):
            assert mode.startswith("ro"), f"{name}: {source}"
            continue
        path = (FOLDER / source).resolve()
        assert mode == "ro", f"{name}: {source}"
        monitoring = ROOT / "deploy" / "monitoring"
        assert path.exists() or (path.is_relative_to(monitoring) and not monitoring.exists()), f"{name}: {source}"


def test_the_layer_of_https_has_its_certificate_watched(deployment: dict[str, Any]) -> None:
    """In whatever order the layers are named: the base has an empty list of probes, and that layer another."""
    probes = yaml.safe_load((FOLDER / deployment["configs"]["https_probe"]["file"]).read_text())
    asked = [target for one in probes for target in one["targets"]]
    nginx = deployment["services"]["nginx"]["environment"]
    assert asked == ([f"https://nginx:{nginx['LEGIS_TLS_LISTEN']}/api/health"] if "LEGIS_TLS_LISTEN" in nginx else [])
    if "prometheus" in deployment["services"]:
        (config,) = deployment["services"]["prometheus"]["configs"]
        assert config["source"] == "https_probe"
        scraped = yaml.safe_load((ROOT / "deploy/monitoring/prometheus/prometheus.yml").read_text())["scrape_configs"]
        (blackbox,) = [one for one in scraped if one["job_name"] == "blackbox"]
        assert config["target"] in blackbox["file_sd_configs"][0]["files"]


def test_a_collector_that_restarts_goes_on_where_it_was(deployment: dict[str, Any]) -> None:
    if "otel-collector" not in deployment["services"]:
        return
    told = yaml.safe_load((ROOT / "deploy/monitoring/otel-collector/config.yml").read_text())
    storage = told["receivers"]["filelog"]["storage"]
    assert storage in told["service"]["extensions"]
    folder = told["extensions"][storage]["directory"]
    assert ("log-places", folder, "rw") in mounts(deployment["services"]["otel-collector"])
    assert "log-places" in deployment["volumes"]


def test_writable_volumes_are_declared(deployment: dict[str, Any]) -> None:
    named = {s for one in deployment["services"].values() for s, _, _ in mounts(one) if not s.startswith((".", "/"))}
    assert named == set(deployment["volumes"])


def _bound(deployment: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, service in deployment["services"].items():
        for source, _, mode in mounts(service):
            if source.startswith((".", "/")):
                yield name, source, mode


def _settings_of(page: str) -> set[str]:
    """The settings in the first column of its tables."""
    cells = re.findall(r"^\| (`LEGIS[^|]*)", page, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"\w+", cell)}


def _script() -> str:
    return (FOLDER / "make-secrets.sh").read_text()
