"""Starts the servers that our services use: PostgreSQL, Valkey, and the simulator where needed."""

import secrets
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from legis_launcher.plan import DATABASE_ROLES, DATABASES, REDIS_NUMBERS, Backends
from legis_launcher.processes.supervisor import ManagedChild, Supervisor
from legis_launcher.run_folder import RunFolder
from legis_launcher.servers.ports import answers, free_port, is_free
from legis_launcher.servers.postgres_server import PostgresServer, psql
from legis_launcher.servers.redis_server import RedisServer
from legis_launcher.servers.simulator import Simulator

Dataset = Literal["live", "sample"]


def start_backends(
    folder: RunFolder,
    supervisor: Supervisor,
    environment: Mapping[str, str],
    bills: int,
    decide: Callable[[], Dataset],
) -> Backends:
    """Starts the servers whose addresses `environment` does not set, and returns the addresses of all.

    `decide` chooses the dataset once the servers run; the servers are the same for both. Sample data are valid as long
    as the simulator that generated them: their database and Redis number start empty, except on the user's own servers,
    which are never emptied.
    """
    postgres = None if environment.get("DATABASE_URL") else _postgres(folder, supervisor)
    redis = None if environment.get("REDIS_URL") else _valkey(folder, supervisor)
    dataset = decide()
    return Backends(
        dataset,
        _database(postgres, dataset, environment.get("DATABASE_URL", "")),
        _redis(redis, dataset, environment.get("REDIS_URL", "")),
        _simulator(folder, supervisor, bills) if dataset == "sample" else None,
        {} if postgres is None else {role: secrets.token_urlsafe(24) for role in DATABASE_ROLES},
    )


def remembered_or_free(folder: RunFolder, name: str) -> int:
    """The port of the last run if it is free, so that bookmarks and psql commands stay valid; else a free one."""
    port = folder.remembered_port(name)
    return port if port and is_free(port) and not answers(port) else free_port()


def _postgres(folder: RunFolder, supervisor: Supervisor) -> PostgresServer:
    server = PostgresServer()
    server.start(folder.data / "postgres", remembered_or_free(folder, "postgres"), log_path=folder.log("postgres"))
    supervisor.add(ManagedChild(server.child, stop_within=30, port=server.port))
    return server


def _valkey(folder: RunFolder, supervisor: Supervisor) -> RedisServer:
    server = RedisServer()
    server.start(folder.data / "redis", remembered_or_free(folder, "redis"), log_path=folder.log("redis"))
    supervisor.add(ManagedChild(server.child, stop_within=15, port=server.port))
    return server


def _database(server: PostgresServer | None, dataset: Dataset, given: str) -> str:
    if server is None:
        url = database_url_of(given, dataset)
        if dataset == "sample":
            _create_if_missing(given, _path(url))
        return url
    if dataset == "sample":
        server.drop_database(DATABASES[dataset])
    server.create_database(DATABASES[dataset])
    return server.url(DATABASES[dataset])


def _redis(server: RedisServer | None, dataset: Dataset, given: str) -> str:
    number = REDIS_NUMBERS[dataset]
    if server is None:
        return given if dataset == "live" else _with_path(given, str(_redis_number(given) + number))
    if dataset == "sample":
        server.execute("FLUSHDB", database=number)
    return server.url(number)


def _simulator(folder: RunFolder, supervisor: Supervisor, bills: int) -> str:
    simulator = Simulator(folder.logs, bills=bills)
    simulator.start()
    supervisor.add(ManagedChild(simulator.child, stop_within=5, port=simulator.port))
    return simulator.url


def database_url_of(database_url: str, dataset: Dataset) -> str:
    """The user's database for live data; for sample data one on the same server whose name ends in `_sample`."""
    name = _path(database_url) or DATABASES["live"]
    return database_url if dataset == "live" else _with_path(database_url, f"{name}_sample")


def _create_if_missing(server_url: str, name: str) -> None:
    """Creates the sample database on the user's own server, connecting through the database of the given URL."""
    if not psql(server_url, f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
        psql(server_url, f'CREATE DATABASE "{name}"')


def _path(url: str) -> str:
    return PurePosixPath(urlsplit(url).path).name


def _redis_number(url: str) -> int:
    return int(_path(url)) if _path(url).isdigit() else 0


def _with_path(url: str, path: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{path}"))
