"""What the launcher decides by itself: the port, whose bills, which database."""

import socket
from collections.abc import Iterator

import pytest
from legis.errors import ConfigurationError
from legis_launcher import system
from legis_launcher.plan import DATABASE_ROLES, Backends, environment_of, services
from legis_launcher.run_folder import RunFolder
from legis_launcher.servers.backends import database_url_of
from legis_launcher.system import web_port


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_port_that_was_asked_for_and_is_taken_is_an_error(taken_port: int) -> None:
    with pytest.raises(ConfigurationError, match=f"PORT: something else listens on {taken_port}"):
        web_port(str(taken_port), print)


def test_the_usual_port_gives_way_and_says_so(taken_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "WEB_PORT", taken_port)
    said: list[str] = []
    port = web_port(None, said.append)
    assert port not in (0, taken_port)
    assert f"port {taken_port} is taken; the API listens on {port}" in said[0]


def test_sample_data_have_a_database_beside_the_users() -> None:
    given = "postgresql://me:secret@127.0.0.1:5432/congress?sslmode=disable"
    assert database_url_of(given, "live") == given
    assert database_url_of(given, "sample") == "postgresql://me:secret@127.0.0.1:5432/congress_sample?sslmode=disable"


def test_children_see_what_they_need(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = RunFolder(tmp_path_factory.mktemp("run"))
    ports = {
        "worker": 1, "web": 2, "ingest-camara": 3, "ingest-senado": 4, "indexer": 5, "notifier": 6, "exporter": 7,
        "site": 10,
    }  # fmt: skip
    given = {"HOME": "/h", "POLL_INTERVAL_SECONDS": "7", "CAMARA_BASE_URL": "http://elsewhere", "DATASET": "live"}
    given["UPSTREAM_PROXY"] = "http://proxy:3128"
    sample = Backends("sample", "postgresql://d", "redis://r", "http://127.0.0.1:9")
    of = {one.name: environment_of(one, sample, given, folder) for one in services(sample, ports)}
    camara = of["ingest-camara"]
    assert camara["POLL_INTERVAL_SECONDS"] == "7"  # what the user says wins over our pace
    assert camara["CAMARA_BASE_URL"].startswith("http://127.0.0.1:9")  # but never the chamber in sample mode
    assert camara["UPSTREAM_PROXY"] == ""  # nor is the simulator on this machine asked through a proxy
    assert camara["DATASET"] == "sample"
    settings = {"worker": "WORKER_PORT", "web": "PORT", "indexer": "INDEXER_PORT"}
    assert {name: of[name][setting] for name, setting in settings.items()} == {
        "worker": "1",
        "web": "2",
        "indexer": "5",
    }
    assert of["web"]["INDEX_FOLDER"] == of["indexer"]["INDEX_FOLDER"]
    assert len({one["LEGIS_TRACE_FILE"] for one in of.values()}) == 8
    assert len(of["web"]["SIGNING_MASTER_KEY"]) >= 32
    assert of["web"]["SIGNING_MASTER_KEY"] == of["notifier"]["SIGNING_MASTER_KEY"] == folder.signing_master_key()
    assert [name for name, told in of.items() if "SIGNING_MASTER_KEY" in told] == ["notifier", "web"]
    live = Backends("live", "postgresql://d", "redis://r")
    camara = {one.name: environment_of(one, live, given, folder) for one in services(live, ports)}["ingest-camara"]
    assert camara["CAMARA_BASE_URL"] == "http://elsewhere"
    assert camara["UPSTREAM_PROXY"] == "http://proxy:3128"
    assert "CAMARA_REQUESTS_PER_SECOND" not in camara


def test_each_child_goes_to_our_own_database_as_its_role(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = RunFolder(tmp_path_factory.mktemp("run"))
    ports = {"worker": 1, "web-01": 2, "web-02": 6, "web": 7, "ingest-camara": 3, "ingest-senado": 4, "indexer": 5}
    ports |= {"notifier": 8, "exporter": 9, "site": 11}
    passwords = {role: f"{role}/secret" for role in DATABASE_ROLES}
    backends = Backends("live", "postgresql://postgres:owner@127.0.0.1:9/d", "redis://r", role_passwords=passwords)
    of = {
        one.name: environment_of(one, backends, {}, folder).get("DATABASE_URL") for one in services(backends, ports, 3)
    }
    web = "postgresql://legis_web:web%2Fsecret@127.0.0.1:9/d"
    assert of == {
        "worker": "postgresql://legis_worker:worker%2Fsecret@127.0.0.1:9/d",
        "indexer": "postgresql://legis_indexer:indexer%2Fsecret@127.0.0.1:9/d",
        "notifier": "postgresql://legis_notifier:notifier%2Fsecret@127.0.0.1:9/d",
        "exporter": "postgresql://legis_indexer:indexer%2Fsecret@127.0.0.1:9/d",
        "web-01": web,
        "web-02": web,
        "site": None,
        "ingest-camara": None,
        "ingest-senado": None,
    }
    migrating = backends.migration_environment
    assert migrating["DATABASE_URL"] == "postgresql://postgres:owner@127.0.0.1:9/d"
    assert migrating["WEB_DATABASE_PASSWORD"] == "web/secret"
