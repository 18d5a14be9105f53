"""The processes of a local run: their order, environment, ports and ready checks."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit, urlunsplit

from legis_launcher.run_folder import RunFolder

WEB_PORT = 5000

SOURCES = ("camara", "senado")
"""Sources that run on one machine: those whose settings `system.SETTINGS` reads and whose simulator there is."""

DATABASES = {"live": "legislativo", "sample": "legislativo_sample"}
"""Database name by dataset: sample and live data are never in the same database."""

DATABASE_ROLES = ("web", "worker", "indexer", "notifier")
"""Processes with a role of their own in the database, `legis_<process>`; migrations make it."""

ROLE_OF_ANOTHER = {"exporter": "indexer"}
"""Processes that go to the database as another one's role: both only read, and the same tables."""

SIGNERS = ("web", "notifier")
"""Processes that need SIGNING_MASTER_KEY; the run folder keeps one where the environment has none."""

BEHIND_READERS = ("worker", "indexer", "exporter", "ingest")
"""Processes that fetch, write and prepare: where processors are short, those that answer readers come before them."""

BEHIND_READERS_NICE = 6
"""A quarter of the share of others, as in compose (`cpu_shares`) and Kubernetes (requests of CPU)."""

REDIS_NUMBERS = {"live": 0, "sample": 1}

SAMPLE_PACE: Mapping[str, str] = {
    # The simulator is on this machine: rate limits for a public API would only slow it down.
    "CAMARA_REQUESTS_PER_SECOND": "200",
    "CAMARA_MAX_IN_FLIGHT": "8",
    "SENADO_REQUESTS_PER_SECOND": "200",
    "SENADO_MAX_IN_FLIGHT": "8",
    "SENADO_AGENDA_POLL_SECONDS": "10",
    "SENADO_VOTINGS_POLL_SECONDS": "30",
    "SENADO_PEOPLE_SECONDS": "60",
    "POLL_INTERVAL_SECONDS": "15",
    "CAMARA_PEOPLE_SECONDS": "30",
    "CAMARA_VOTINGS_POLL_SECONDS": "15",
    "CAMARA_AGENDA_POLL_SECONDS": "15",
    "CAMARA_AGENDAS_FROM_YEAR": "2020",
}
"""Settings of the ingest services with sample data only, unless the environment sets them."""


@dataclass(frozen=True, slots=True)
class Service:
    """One of our processes. Times in seconds; `tier` as in `supervisor.ManagedChild`."""

    name: str
    module: str
    port_setting: str
    port: int
    ready_path: str = "/health/ready"
    stop_within: float = 15
    tier: int = 2
    environment: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    """Settings that our environment may decide otherwise."""
    descriptors: tuple[int, ...] = ()

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-m", self.module]


@dataclass(frozen=True, slots=True)
class Backends:
    """Addresses of the servers that the services use. `database_url` is the owner's, for migrations and operators.

    `role_passwords` of DATABASE_ROLES on a database of our own; on somebody else's all go as its owner.
    """

    dataset: str
    database_url: str
    redis_url: str
    simulator_url: str | None = None
    role_passwords: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url, "DATASET": self.dataset}

    @property
    def migration_environment(self) -> dict[str, str]:
        """The same for the process that makes the roles."""
        passwords = {f"{role.upper()}_DATABASE_PASSWORD": value for role, value in self.role_passwords.items()}
        return {**self.environment, **passwords}

    def environment_of(self, service: str) -> dict[str, str]:
        """The same for one service: it goes to the database as its own role, and without a role nowhere near it."""
        role = _role_of(service)
        if not self.role_passwords:
            return self.environment
        if role not in self.role_passwords:
            return {name: value for name, value in self.environment.items() if name != "DATABASE_URL"}
        parts = urlsplit(self.database_url)
        login = f"legis_{role}:{quote(self.role_passwords[role], safe='')}@{parts.hostname}:{parts.port}"
        return {**self.environment, "DATABASE_URL": urlunsplit(parts._replace(netloc=login))}

    @property
    def upstream(self) -> dict[str, str]:
        """Addresses of the simulated chambers; empty when the real chambers are read."""
        if self.simulator_url is None:
            return {}
        return {
            "CAMARA_BASE_URL": f"{self.simulator_url}/camara/api/v2",
            "CAMARA_FILES_URL": f"{self.simulator_url}/camara/arquivos",
            "SENADO_BASE_URL": f"{self.simulator_url}/senado/dadosabertos",
            "UPSTREAM_PROXY": "",
        }


MIGRATE = "api_gateway.migrations"
"""Module that runs to its end after the servers are ready and before any service starts."""


def services(backends: Backends, ports: Mapping[str, int], web_socket: int | None = None) -> tuple[Service, ...]:
    """Our processes in order of start; they are stopped by tiers from the highest, servers (tier 0) last.

    `web_socket` is the descriptor of a listening socket that all web processes (`web-1`, `web-2` …) share.
    """
    pace = SAMPLE_PACE if backends.dataset == "sample" else {}
    read = {**pace, **backends.upstream}
    return (
        Service(
            "worker", "api_gateway.worker", "WORKER_PORT", ports["worker"], tier=1
        ),  # stopped after ingest, to store the last events
        Service("indexer", "api_gateway.indexer", "INDEXER_PORT", ports["indexer"], tier=1),
        Service("notifier", "api_gateway.notifier", "NOTIFIER_PORT", ports["notifier"], tier=1),
        Service("exporter", "api_gateway.exporter", "EXPORTER_PORT", ports["exporter"], tier=1),
        *web_processes(ports, web_socket),
        site_process(ports),
        *(
            Service(
                f"ingest-{source}",
                f"ingest_{source}",
                f"{source.upper()}_PORT",
                ports[f"ingest-{source}"],
                environment=read,
            )
            for source in SOURCES
        ),
    )


def site_process(ports: Mapping[str, int]) -> Service:
    """The pages, which read the API over HTTP; browsers do so at the same address."""
    api = _local(ports["web"])
    return Service(
        "site",
        "api_gateway.site",
        "SITE_PORT",
        ports["site"],
        environment={"API_URL": api},
        defaults={"API_PUBLIC_URL": api, "SITE_DESIGN": "true"},
    )


def web_processes(ports: Mapping[str, int], web_socket: int | None) -> tuple[Service, ...]:
    """One web process on its port; or several that share a listening socket, each with its own port for probes and
    metrics.
    """
    names = ["web"] if web_socket is None else sorted(name for name in ports if name.startswith("web-"))
    return tuple(
        Service(
            name,
            "api_gateway.web",
            "PORT",
            ports[name],
            ready_path="/api/health/ready",
            environment={} if web_socket is None else {"LISTEN_FD": str(web_socket)},
            defaults={"SITE_URL": _local(ports["site"])},
            descriptors=() if web_socket is None else (web_socket,),
        )
        for name in names
    )


def environment_of(
    service: Service, backends: Backends, inherited: Mapping[str, str], folder: RunFolder
) -> dict[str, str]:
    """The environment of a process: sample defaults, our environment, and settings that the launcher decides. A
    simulator address of our environment never gets through.
    """
    chosen = {name: value for name, value in service.environment.items() if name in SAMPLE_PACE}
    decided = {name: value for name, value in service.environment.items() if name not in SAMPLE_PACE}
    key = {"SIGNING_MASTER_KEY": folder.signing_master_key()} if _role_of(service.name) in SIGNERS else {}
    return {
        **chosen,
        **service.defaults,
        **key,
        **inherited,
        **decided,
        **backends.environment_of(service.name),
        service.port_setting: str(service.port),
        "INDEX_FOLDER": str(folder.data / f"index-{backends.dataset}"),
        "EXPORTS_FOLDER": str(folder.exports(backends.dataset)),
        "LEGIS_TRACE_FILE": str(folder.trace(service.name)),
        "PYTHONUNBUFFERED": "1",
    }


def nice_of(service: str) -> int:
    """Priority of a service's process for a processor, 0 to 19, the highest number last."""
    return BEHIND_READERS_NICE if service.partition("-")[0] in BEHIND_READERS else 0


def _local(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def _role_of(service: str) -> str:
    """`web` of `web-01`, which is one of several web processes."""
    name = service.partition("-")[0]
    return ROLE_OF_ANOTHER.get(name, name)
