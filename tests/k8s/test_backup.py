"""The script of the backup CronJob against a real server: what it writes comes back, what it keeps, how it fails."""

import asyncio
import hashlib
import os
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from api_gateway.migrations.migration_runner import upgrade
from checks.documents import load, pods
from legis_launcher.servers.postgres_server import PostgresServer, postgres_binaries, psql

NAME = re.compile(r"legislativo-\d{8}T\d{6}Z\.dump")
COUNTS = "SELECT count(*), sum(hashtextextended(t::text, 0)) FROM kept AS t"


OWNER = "plain_owner"


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "deployment" / "kubernetes.md").read_text()


@pytest.fixture
def owned_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A migrated database of an owner without any right of a superuser, with an extension that the superuser made."""
    postgres_server.execute(f"CREATE ROLE {OWNER} LOGIN PASSWORD 'plain'")
    postgres_server.execute(f"CREATE DATABASE {OWNER} OWNER {OWNER}")
    postgres_server.execute("CREATE EXTENSION pg_stat_statements", OWNER)
    url = f"postgresql://{OWNER}:plain@127.0.0.1:{postgres_server.port}/{OWNER}"
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(upgrade(url))).result(60)
    yield url
    postgres_server.drop_database(OWNER)
    postgres_server.execute(f"DROP ROLE {OWNER}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "backups"
    made.mkdir()
    return made


def test_a_backup_comes_back_whole(k8s: Path, folder: Path, database_url: str, empty_database_url: str) -> None:
    psql(database_url, "CREATE TABLE kept AS SELECT n, md5(n::text) FROM generate_series(1, 5000) AS n")
    assert _backup(k8s, folder, database_url).returncode == 0
    (dump,) = folder.glob("*.dump")
    assert NAME.fullmatch(dump.name)
    assert sorted(path.name for path in folder.iterdir()) == [dump.name, f"{dump.name}.sha256"]
    subprocess.run(["sha256sum", "--status", "-c", f"{dump.name}.sha256"], cwd=folder, check=True)
    _run([postgres_binaries() / "pg_restore", "--no-owner", "--exit-on-error", "-d", empty_database_url, dump])
    assert psql(empty_database_url, COUNTS) == psql(database_url, COUNTS)


def test_the_restore_of_the_page_brings_back_what_was(k8s: Path, page: str, folder: Path, owned_url: str) -> None:
    """Typed in as the owner of the database, who is no superuser: as an operator of PostgreSQL makes him."""
    psql(owned_url, "CREATE TABLE kept AS SELECT n FROM generate_series(1, 500) AS n")
    before, epoch = psql(owned_url, COUNTS), psql(owned_url, "SELECT epoch FROM store_epoch")
    assert _backup(k8s, folder, owned_url).returncode == 0
    psql(owned_url, "DELETE FROM kept WHERE n > 20")
    commands = re.findall(r"kubectl exec job/backup-shell -- (sh -c '[^']+')", page)
    restoring = [one for one in commands if "pg_restore" in one or "psql" in one]
    assert len(restoring) == 4
    for command in restoring:
        command = command.replace("legislativo-20261125T061700Z.dump", next(folder.glob("*.dump")).name)
        _run(["sh", "-c", command.replace("/tmp/", f"{folder}/")], cwd=folder, env=_environment(owned_url, folder))
    assert psql(owned_url, COUNTS) == before
    assert psql(owned_url, "SELECT epoch FROM store_epoch") != epoch, "ingest must forget what it has seen stored"
    assert psql(owned_url, "SELECT count(*) FROM pg_extension WHERE extname = 'pg_stat_statements'") == "1"


def test_the_page_grants_anew_before_anybody_comes_back(page: str) -> None:
    """The dump has no privileges, and a table that was dropped has lost its own."""
    block = page[page.index("pg_restore --use-list") :]
    order = ["UPDATE store_epoch", "delete job migrate", "job/migrate", "deployment/worker --replicas=2"]
    places = [block.index(one) for one in order]
    assert places == sorted(places)


def test_old_backups_go_and_nothing_else(k8s: Path, folder: Path, database_url: str) -> None:
    old = folder / "legislativo-20200101T000000Z.dump"
    for path in (old, folder / f"{old.name}.sha256", folder / ".legislativo-20200101T000000Z.dump.partial"):
        path.write_text("x")
    (folder / "notes.txt").write_text("x")
    recent = _backup(k8s, folder, database_url, LEGIS_BACKUP_KEEP_DAYS="3650")
    assert recent.returncode == 0
    assert old.exists(), "younger than ten years"
    for path in folder.glob("legislativo-2[1-9]*"):
        path.unlink()
    assert _backup(k8s, folder, database_url, LEGIS_BACKUP_KEEP_DAYS="14").returncode == 0
    left = sorted(path.name for path in folder.iterdir() if "legislativo-202001" in path.name or path.suffix == ".txt")
    assert left == ["notes.txt"]
    assert list(folder.glob("*.dump"))


def test_the_volume_holds_two_weeks_of_dumps_and_the_one_that_is_made(k8s: Path) -> None:
    """3 GB each for the whole Congress, as docs/deployment/kubernetes.md says."""
    (claim,) = [
        one for one in load((k8s / "base" / "backup.yaml").read_text()) if one["kind"] == "PersistentVolumeClaim"
    ]
    size = claim["spec"]["resources"]["requests"]["storage"]
    assert int(size.removesuffix("Gi")) * 1.0737 > 3 * (14 + 2), "one more is kept than there are days, and one is made"


def test_nothing_is_left_of_a_backup_that_failed(k8s: Path, folder: Path, database_url: str) -> None:
    kept = folder / "legislativo-20200101T000000Z.dump"
    kept.write_text("x")
    assert _backup(k8s, folder, f"{database_url}_that_is_not_there").returncode != 0
    assert [path.name for path in folder.iterdir()] == [kept.name], "and the old ones stay"


def test_a_full_volume_loses_what_is_too_old_before_the_dump_but_never_the_newest_whole_one(
    k8s: Path, folder: Path, database_url: str, tmp_path: Path
) -> None:
    """Else no later run would get through either: old ones were removed only after a new one was whole."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    recent, whole, older = (
        f"legislativo-{stamp}.dump"
        for stamp in (yesterday.strftime("%Y%m%dT%H%M%SZ"), "20200102T000000Z", "20200101T000000Z")
    )
    for name in (whole, older):
        _whole_backup(folder, name)
    cut = _whole_backup(folder, "legislativo-20200103T000000Z.dump")
    cut.write_text("cut")
    failing, full = f"{database_url}_that_is_not_there", _free_space(tmp_path, 0)

    assert _backup(k8s, folder, failing, PATH=_free_space(tmp_path, 1000)).returncode != 0
    assert {path.name for path in folder.glob("*.dump")} == {whole, older, cut.name}, "there is room"
    assert _backup(k8s, folder, failing, PATH=full).returncode != 0
    assert sorted(path.name for path in folder.iterdir()) == [whole, f"{whole}.sha256"]
    _whole_backup(folder, recent)
    _whole_backup(folder, older)
    assert _backup(k8s, folder, failing, PATH=full).returncode != 0
    assert {path.name for path in folder.glob("*.dump")} == {recent}, "what is young enough stays, however little room"


@pytest.mark.parametrize("days", ["two", "-1", ""])
def test_a_wrong_number_of_days_is_refused(k8s: Path, folder: Path, database_url: str, days: str) -> None:
    done = _backup(k8s, folder, database_url, LEGIS_BACKUP_KEEP_DAYS=days)
    assert done.returncode == (0 if days == "" else 2), "empty is the default"


def test_the_job_tells_the_script_all_it_needs(k8s: Path) -> None:
    (pod,) = pods(load((k8s / "base" / "backup.yaml").read_text()))
    told = {one["name"] for one in pod.containers[0]["env"]}
    asked = set(re.findall(r"\$\{?(DATABASE_URL|LEGIS_\w+)", (k8s / "base" / "backup.sh").read_text()))
    assert told == asked


def _whole_backup(folder: Path, name: str) -> Path:
    dump = folder / name
    dump.write_text(name * 100)
    (folder / f"{name}.sha256").write_text(f"{hashlib.sha256(dump.read_bytes()).hexdigest()}  {name}\n")
    return dump


def _free_space(tmp_path: Path, kilobytes: int) -> str:
    """A PATH with a `df` that says this much is free."""
    folder = tmp_path / f"df-{kilobytes}"
    folder.mkdir()
    program = folder / "df"
    program.write_text(f"#!/bin/sh\necho Avail\necho {kilobytes}\n")
    program.chmod(0o755)
    return f"{folder}:{postgres_binaries()}:{os.environ['PATH']}"


def _backup(k8s: Path, folder: Path, url: str, **more: str) -> "subprocess.CompletedProcess[str]":
    environment = {**_environment(url, folder), **more}
    return subprocess.run(
        ["sh", k8s / "base" / "backup.sh"], env=environment, capture_output=True, text=True, timeout=240, check=False
    )


def _environment(url: str, folder: Path) -> dict[str, str]:
    path = f"{postgres_binaries()}:{os.environ['PATH']}"
    return {"PATH": path, "DATABASE_URL": url, "LEGIS_BACKUP_DIR": str(folder)}


def _run(command: list[object], **options: object) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stderr
