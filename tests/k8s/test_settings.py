"""What pods are told exists, secrets come by reference, and the database has room for all of them."""

import re
from pathlib import Path

import yaml
from api_gateway.migrations.database_roles import ROLES
from api_gateway.web.container import WRITING_CONNECTIONS
from checks.documents import PROCESSES, Document, environment, of_kind, pods, process, told

SECRET_SETTINGS = {"DATABASE_URL", "REDIS_URL"}
ROLE_PASSWORDS = {f"{process.upper()}_DATABASE_PASSWORD" for process in ("web", "worker", "indexer", "notifier")}
BACKUP = {"DATABASE_URL", "LEGIS_BACKUP_DIR", "LEGIS_BACKUP_KEEP_DAYS"}
SURGE, RESERVED, LATEST_CONNECTIONS_OF_JOBS, CONNECTIONS_OF_AN_INDEXER = 1, 3, 3, 2
CONNECTIONS_OF_THE_NOTIFIER = 5  # four of its pool and its lease; it is replaced, never two at once
CONNECTIONS_OF_THE_EXPORTER = 1  # of its builder, while one is built


def test_every_variable_is_a_setting(
    base: list[Document], settings: dict[str, str], known_settings: dict[str, str]
) -> None:
    for pod in pods(base):
        names = set(environment(pod, {"settings": settings, "backup": {}}))
        assert names <= (BACKUP if pod.name == "backup" else set(known_settings)), pod.owner


def test_components_tell_settings_only(k8s: Path, known_settings: dict[str, str]) -> None:
    names = set()
    for path in [*k8s.glob("components/*/kustomization.yaml"), *k8s.glob("overlays/*/kustomization.yaml")]:
        for made in yaml.safe_load(path.read_text()).get("configMapGenerator", []):
            if made["name"] == "settings":
                assert made["behavior"] == "merge"
                names |= {line.partition("=")[0] for line in made["literals"]}
    assert {"DATASET", "OTEL_EXPORTER_OTLP_ENDPOINT"} <= names <= set(known_settings)


def test_secrets_come_by_reference_and_to_whom_they_serve(base: list[Document], settings: dict[str, str]) -> None:
    for pod in pods(base):
        for container in pod.containers:
            secrets = {name for name, value in told(container, {"settings": settings}).items() if value is None}
            wanted = {
                "migrate": {"DATABASE_URL"} | ROLE_PASSWORDS,
                "backup": {"DATABASE_URL"},
                "ingest-camara": {"REDIS_URL"},
                "ingest-senado": {"REDIS_URL"},
                "web": SECRET_SETTINGS | {"SIGNING_MASTER_KEY", "SMTP_URL"},
                "notifier": {"DATABASE_URL", "SIGNING_MASTER_KEY", "SMTP_URL"},
                "exporter": {"DATABASE_URL"},
                "site": set(),
            }.get(container["name"], SECRET_SETTINGS)
            assert secrets == wanted, container["name"]


def test_without_a_mail_server_pods_start_all_the_same(base: list[Document]) -> None:
    """`web` and `notifier` must agree on whether there is one."""
    references = {
        container["name"]: one["valueFrom"]["secretKeyRef"]
        for pod in pods(base)
        for container in pod.containers
        for one in container.get("env", ())
        if one["name"] == "SMTP_URL"
    }
    wanted = {"name": "legis-mail", "key": "smtp-url", "optional": True}
    assert references == {"web": wanted, "notifier": wanted}


def test_each_process_goes_to_the_database_as_its_own_role(base: list[Document]) -> None:
    """And only the migration and the backup as the database's owner."""
    told = {
        container["name"]: "{name} {key}".format(**one["valueFrom"]["secretKeyRef"])
        for pod in pods(base)
        for container in pod.containers
        for one in container.get("env", ())
        if one["name"] == "DATABASE_URL"
    }
    owner = "legis-database-app uri"
    roles = {process: f"legis-database-roles {process}-uri" for process in ("web", "worker", "indexer", "notifier")}
    roles["exporter"] = roles["indexer"]  # it reads the same tables
    assert told == {**roles, "migrate": owner, "backup": owner}


def test_every_secret_is_in_the_page_and_made_for_development(
    k8s: Path, root: Path, everything: list[Document]
) -> None:
    page = (root / "docs" / "deployment" / "kubernetes.md").read_text()
    made = (k8s / "dev-secrets.sh").read_text()
    for name, key in _secret_keys(everything):
        assert f"`{name}`" in page
        assert f"`{key}`" in page
        assert re.search(rf"name: {name}$.*?^  {key}: ", made, re.MULTILINE | re.DOTALL), (name, key)


def test_processes_listen_where_they_are_looked_for(
    base: list[Document], settings: dict[str, str], known_settings: dict[str, str]
) -> None:
    doors = {"web": ("HOST", "PORT")}
    doors |= {
        one: (f"{one.upper()}_HOST", f"{one.upper()}_PORT")
        for one in ("worker", "indexer", "notifier", "exporter", "site")
    }
    doors |= {f"ingest-{one}": ("INGEST_HOST", f"{one.upper()}_PORT") for one in ("camara", "senado")}
    for name, (host, port) in doors.items():
        _, container = process(base, name)
        said = known_settings | told(container, {"settings": settings})
        assert said[host] == "0.0.0.0"
        assert [one["containerPort"] for one in container["ports"]] == [int(str(said[port]))]


def test_the_database_has_room_for_every_pod(
    root: Path, base: list[Document], everything: list[Document], known_settings: dict[str, str]
) -> None:
    """As the table of the page on scaling counts them, line by line."""
    most = of_kind(base, "HorizontalPodAutoscaler")["web"]["spec"]["maxReplicas"]
    workers = of_kind(everything, "ScaledObject")["worker"]["spec"]["maxReplicaCount"]
    pool = int(known_settings["DATABASE_POOL_SIZE"])
    indexers = (most + SURGE) * CONNECTIONS_OF_AN_INDEXER
    parts = {
        "web": (most + SURGE) * (pool + WRITING_CONNECTIONS),
        "worker": (workers + SURGE) * pool,
        "indexer": indexers,
        "notifier": CONNECTIONS_OF_THE_NOTIFIER,
        "exporter": CONNECTIONS_OF_THE_EXPORTER,
        "jobs": LATEST_CONNECTIONS_OF_JOBS,
    }
    limits = {"web": "web", "worker": "worker", "notifier": "notifier", "indexer": "indexer", "exporter": "indexer"}
    for role in ROLES:
        assert sum(parts[name] for name, one in limits.items() if one == role) <= ROLES[role].connections, role
    needed = sum(parts.values())
    (arguments,) = [pod.containers[0]["args"] for pod in pods(everything) if pod.name == "db"]
    (given,) = [int(one.partition("=")[2]) for one in arguments if one.startswith("-cmax_connections=")]
    operators = of_kind(everything, "Cluster")["legis-database"]["spec"]["postgresql"]["parameters"]
    assert int(operators["max_connections"]) == given
    assert needed <= given - RESERVED
    table = (root / "docs" / "scaling.md").read_text().partition("## Connections")[2].partition("\n\nSo ")[0]
    lines = re.findall(r"^\| `?(\w+)`?[^|]*\| [^|]*?\**(\d+)\**(?:, if[^|]*)? \|", table, re.MULTILINE)
    assert {name: int(count) for name, count in lines} == {**parts, "together": needed}


def test_postgres_runs_with_the_settings_of_one_machine(everything: list[Document]) -> None:
    from legis_launcher.servers.postgres_settings import DURABLE

    (arguments,) = [pod.containers[0]["args"] for pod in pods(everything) if pod.name == "db"]
    given = dict(one.removeprefix("-c").split("=", 1) for one in arguments)
    assert {name: given.get(name) for name in DURABLE} == DURABLE


def test_keda_counts_the_stream_of_the_product(everything: list[Document], known_settings: dict[str, str]) -> None:
    from legis.streams.names import BILLS_STREAM

    spec = of_kind(everything, "ScaledObject")["worker"]["spec"]
    (trigger,) = spec["triggers"]
    assert trigger["metadata"]["stream"] == BILLS_STREAM
    assert "consumerGroup" not in trigger["metadata"], "with it KEDA counts what is pending, not what waits"
    full = int(trigger["metadata"]["streamLength"]) * spec["maxReplicaCount"]
    assert full < int(known_settings["STREAM_CAPACITY"]), "the last worker must come before ingest waits"


def test_commands_start_the_modules_of_the_processes(base: list[Document]) -> None:
    wanted = {
        "web": "api_gateway.web", "indexer": "api_gateway.indexer", "worker": "api_gateway.worker",
        "notifier": "api_gateway.notifier", "exporter": "api_gateway.exporter", "site": "api_gateway.site",
        "migrate": "api_gateway.migrations", "ingest-camara": "ingest_camara", "ingest-senado": "ingest_senado",
    }  # fmt: skip
    started = {name: process(base, name)[1]["command"] for name in PROCESSES}
    assert started == {name: ["python", "-m", module] for name, module in wanted.items()}


def _secret_keys(documents: list[Document]) -> set[tuple[str, str]]:
    found = set()
    for pod in pods(documents):
        for container in pod.containers:
            references = [one["valueFrom"]["secretKeyRef"] for one in container.get("env", []) if "valueFrom" in one]
            found |= {(one["name"], one["key"]) for one in references}
        for volume in pod.spec.get("volumes", []):
            if "secret" in volume:
                found |= {(volume["secret"]["secretName"], item["key"]) for item in volume["secret"]["items"]}
            sources = [one["secret"] for one in volume.get("projected", {}).get("sources", [])]
            found |= {(one["name"], item["key"]) for one in sources for item in one["items"]}
    for one in of_kind(documents, "TriggerAuthentication").values():
        found |= {(ref["name"], ref["key"]) for ref in one["spec"]["secretTargetRef"]}
    return found
