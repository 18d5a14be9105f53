"""PostgreSQL and Redis in containers have the settings of the launcher, which every other test runs with."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from api_gateway.migrations.database_roles import ROLES
from compose.layers import BASE, FOLDER, OBSERVABILITY, REPLICAS, ROOT, merged, secrets_of
from legis_launcher.servers.postgres_settings import DURABLE
from legis_launcher.servers.redis_server import CONFIGURATION, RedisServer, valkey_binary
from legis_launcher.servers.redis_server import DURABLE as REDIS_DURABLE

PROCESSES = tuple(ROLES)
REDIS_OWN = {"bind", "port", "dir", "databases", "protected-mode", "requirepass", "daemonize", "maxmemory"}
"""Where it listens and how much it holds is a container's own business."""


def test_postgresql_is_set_as_the_launcher_sets_it() -> None:
    said = dict(re.findall(r"^(\w+) = '?([^'#\n]*?)'?\s*(?:#.*)?$", _postgres(), re.MULTILINE))
    assert {name: said.get(name) for name in DURABLE} == DURABLE


def test_redis_is_set_as_the_launcher_sets_it() -> None:
    wanted = {words[0]: words[1:] for words in map(str.split, f"{CONFIGURATION}{REDIS_DURABLE}".splitlines()) if words}
    said = {words[0]: words[1:] for words in map(str.split, _redis().splitlines()) if words and words[0] != "#"}
    assert {name: said.get(name) for name in wanted if name not in REDIS_OWN} == {
        name: value for name, value in wanted.items() if name not in REDIS_OWN
    }
    assert said["maxmemory"] == ["512mb"], "half of what compose.yaml gives it: the other half is for rewriting"


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """A folder of secrets, made by the script."""
    folder = tmp_path / "secrets"
    _make(folder)
    return folder


def test_secrets_are_made_once_and_kept(secrets: Path) -> None:
    before = {path.name: path.read_bytes() for path in secrets.iterdir()}
    assert secrets.stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o777 == 0o444 for path in secrets.iterdir())
    _make(secrets)
    assert {path.name: path.read_bytes() for path in secrets.iterdir()} == before
    passwords = [value for name, value in before.items() if name.endswith("_password") and name != "smtp_password"]
    assert len(set(passwords)) == len(passwords) >= 6
    assert all(len(value) == 48 for value in passwords)


def test_the_mail_server_is_a_secret_that_may_be_empty(secrets: Path) -> None:
    """Its address holds a password. Without one the file is there too: compose starts no service whose file is not."""
    services = merged((BASE,))["services"]
    assert [name for name, one in services.items() if "smtp_url" in secrets_of(one)] == ["web", "notifier"]
    assert (secrets / "smtp_url").read_bytes() == b""
    (secrets / "smtp_url").unlink()
    (secrets / "smtp_url").write_text("smtps://legis:known@mail.example:465")
    _make(secrets)
    assert (secrets / "smtp_url").read_text() == "smtps://legis:known@mail.example:465"


def test_an_empty_secret_is_an_empty_setting(tmp_path: Path) -> None:
    """And a setting of the environment goes before a secret: both may be used for one of them."""
    (tmp_path / "smtp_url").touch()
    (tmp_path / "mail_from").write_text("file@legis.example")
    script = (ROOT / "deploy/images/entry/python").read_text()
    script = script.replace("/run/secrets", str(tmp_path)).replace("/opt/legis/bin/python", sys.executable)
    ask = "from api_gateway.settings import NotifierSettings as S; s = S(); print(s.sends_mail, s.mail_from)"
    told = {"PATH": "/usr/bin:/bin", "MAIL_FROM": "ours@legis.example", "PUBLIC_BASE_URL": "https://legis.example"}
    command = ["sh", "-c", script, "python", "-c", ask]
    ran = subprocess.run(command, env=told, capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout == "False ours@legis.example\n"


@pytest.mark.parametrize(
    ("password", "address"),
    [
        ("redis_app_password", "redis_url"),
        *((f"{name}_database_password", f"{name}_database_url") for name in PROCESSES),
        ("web_database_password", "web_database_read_url"),
    ],
)
def test_addresses_follow_a_new_password(secrets: Path, password: str, address: str) -> None:
    (secrets / password).unlink()
    _make(secrets)
    assert (secrets / password).read_text() in (secrets / address).read_text()


def test_each_process_goes_to_the_database_as_its_own_role(secrets: Path) -> None:
    """And only `migrate` as the database's owner."""
    services = merged((BASE,))["services"]
    users = {
        name: re.match(r"postgresql://(\w+):", (secrets / secrets_of(one)["database_url"]).read_text())[1]  # type: ignore[index]
        for name, one in services.items()
        if "database_url" in secrets_of(one)
    }
    own = {process: role.name for process, role in ROLES.items()}
    assert users == {**own, "exporter": own["indexer"], "migrate": "postgres"}, (
        "the exporter reads what the indexer reads"
    )
    assert {f"{process}_database_password" for process in ROLES} < set(secrets_of(services["migrate"]))


def test_a_rotation_makes_anew_whoever_has_a_password() -> None:
    """But the database, whose own copy counts only when it is made, and `migrate`, which has ended."""
    script = (FOLDER / "rotate-secrets.sh").read_text()
    (patterns,) = re.findall(r"grep -x (.*?) \| tr", script)
    known = re.compile("|".join(re.findall(r"-e '?([^' ]+)'?", patterns)))
    rotated = {f"{name}{suffix}" for name in re.findall(r"\w+_password", script) for suffix in ("", "s")}
    rotated |= {"database_url", "redis_url", "redis_acl"} | {f"{name}_database_url" for name in PROCESSES}
    services = merged((BASE, REPLICAS, OBSERVABILITY))["services"]
    using = {name for name, one in services.items() if rotated & set(secrets_of(one).values())}
    assert {name for name in using if not known.fullmatch(name)} == {"db", "migrate"}


def test_our_processes_may_use_redis_and_not_empty_it(secrets: Path, tmp_path: Path) -> None:
    """The made rules of access, on a real server."""
    server = _server_with_rules(secrets / "redis_acl", tmp_path / "redis")
    try:
        password = (secrets / "redis_app_password").read_text()
        for words, allowed in (
            (("PING",), True),
            (("XADD", "stream", "*", "a", "b"), True),
            (("INFO",), True),
            (("EVAL", "return 1", "0"), True),
            (("SCAN", "0", "MATCH", "legis:seen:*"), True),
            (("FLUSHALL",), False),
            (("CONFIG", "SET", "maxmemory", "1"), False),
            (("KEYS", "*"), False),
        ):
            assert server.ask("legis", password, *words) is allowed, words
        assert server.ask("default", (secrets / "redis_password").read_text(), "FLUSHALL")
        exporter = (secrets / "redis_exporter_password").read_text()
        assert server.ask("exporter", exporter, "INFO")
        assert not server.ask("exporter", exporter, "GET", "key")
        assert not server.ask("legis", "wrong", "PING")
    finally:
        server.stop()


class _Ruled(RedisServer):
    """The launcher's server, asked as one of several users."""

    def ask(self, user: str, password: str, *words: str) -> bool:
        """Whether the user may."""
        import redis

        client = redis.Redis(port=self.port, username=user, password=password, socket_timeout=5)
        try:
            client.execute_command(*words)
        except (redis.exceptions.NoPermissionError, redis.exceptions.AuthenticationError):
            return False
        finally:
            client.close()
        return True


def _server_with_rules(rules: Path, folder: Path) -> _Ruled:
    assert valkey_binary().is_file()
    server = _Ruled()
    server.start(folder, durable=False)
    for line in rules.read_text().splitlines():
        words = line.split()[1:]
        assert server.execute("ACL", "SETUSER", *words) == "+OK", line
    return server


def test_the_owners_address_is_kept_until_its_password_is_new(tmp_path: Path) -> None:
    _make(tmp_path)
    password, address = tmp_path / "postgres_password", tmp_path / "database_url"
    made = f"postgresql://postgres:{password.read_text()}@db:5432/legislativo"
    assert address.read_text() == made
    address.chmod(0o600)
    address.write_text("postgresql://legis:known@elsewhere:5432/legislativo")
    _make(tmp_path)
    assert "elsewhere" in address.read_text()
    password.unlink()
    _make(tmp_path)
    assert address.read_text() == f"postgresql://postgres:{password.read_text()}@db:5432/legislativo" != made


ENV = {
    "LEGIS_SECRETS_DIR=./keys": "keys",
    "LEGIS_SECRETS_DIR = 'my keys'  # ours": "my keys",
    'export LEGIS_SECRETS_DIR="{outside}"': "{outside}",
    "LEGIS_SECRETS_DIR=before\nLEGIS_SECRETS_DIR=keys # the last one counts": "keys",
    "#LEGIS_SECRETS_DIR=./keys\nLEGIS_SECRETS_DIR=": "secrets",
    "OTHER_LEGIS_SECRETS_DIR=keys": "secrets",
}


@pytest.mark.parametrize("written", ENV)
def test_secrets_are_made_where_compose_reads_them(scripts: Path, tmp_path: Path, written: str) -> None:
    """The folder that `.env` beside the scripts names, as compose reads it: beside them too, wherever one stands."""
    outside = tmp_path / "outside"
    (scripts / ".env").write_text(f"LEGIS_PORT=5001\n{written.format(outside=outside)}\n")
    _run("make-secrets.sh", scripts, tmp_path)
    assert (scripts / ENV[written].format(outside=outside) / "database_url").is_file()
    assert len(list(tmp_path.rglob("database_url"))) == 1


def test_the_environment_goes_before_the_file(scripts: Path, tmp_path: Path) -> None:
    (scripts / ".env").write_text("LEGIS_SECRETS_DIR=./keys\nLEGIS_TLS_DIR=./certificates\n")
    _run("make-secrets.sh", scripts, tmp_path, LEGIS_SECRETS_DIR=str(tmp_path / "ours"))
    assert (tmp_path / "ours/database_url").is_file()
    assert not (scripts / "keys").exists()
    _run("make-certificate.sh localhost", scripts, tmp_path)
    assert (scripts / "certificates/tls.crt").is_file()


def test_a_value_that_only_compose_can_read_is_refused(scripts: Path, tmp_path: Path) -> None:
    (scripts / ".env").write_text("LEGIS_SECRETS_DIR=${HOME}/keys\n")
    with pytest.raises(subprocess.CalledProcessError):
        _run("make-secrets.sh", scripts, tmp_path)
    assert not list(tmp_path.rglob("database_url"))


def test_what_is_rotated_is_what_compose_reads(scripts: Path, tmp_path: Path) -> None:
    (scripts / ".env").write_text("LEGIS_SECRETS_DIR=./keys\n")
    _run("make-secrets.sh", scripts, tmp_path)
    docker = tmp_path / "bin/docker"
    docker.parent.mkdir()
    docker.write_text("#!/bin/sh\ncase $* in *services) echo web;; *'exec -T db'*) cat >told;; esac\n")
    docker.chmod(0o755)
    before = (scripts / "keys/postgres_password").read_text()
    _run("rotate-secrets.sh", scripts, tmp_path, PATH=f"{docker.parent}:/usr/bin:/bin")
    after = (scripts / "keys/postgres_password").read_text()
    assert after != before
    assert f"ALTER ROLE postgres PASSWORD '{after}'" in (scripts / "told").read_text()
    assert not (scripts / "secrets").exists()


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """A copy of the folder of the deployment's scripts, beside which there may be an `.env`."""
    copy = tmp_path / "deploy"
    copy.mkdir()
    for path in FOLDER.glob("*.sh"):
        shutil.copy(path, copy)
    return copy


def _run(command: str, scripts: Path, stand_in: Path, **environment: str) -> None:
    subprocess.run(
        f"{scripts}/{command}",
        shell=True, cwd=stand_in, env={"PATH": "/usr/bin:/bin", **environment}, check=True, timeout=240,
    )  # fmt: skip


def _make(folder: Path) -> None:
    script = FOLDER / "make-secrets.sh"
    subprocess.run(
        ["sh", str(script)], env={"PATH": "/usr/bin:/bin", "LEGIS_SECRETS_DIR": str(folder)}, check=True, timeout=240
    )


def _postgres() -> str:
    return (FOLDER / "postgres" / "postgresql.conf").read_text()


def _redis() -> str:
    return (FOLDER / "redis" / "redis.conf").read_text()
