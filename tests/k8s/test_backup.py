"""The script of the backup CronJob against a real server: what it writes comes back, what it keeps, how it fails."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from checks.documents import load, pods
from legis_launcher.servers.postgres_server import postgres_binaries, psql

NAME = re.compile(r"legislativo-\d{8}T\d{6}Z\.dump")
COUNTS = "SELECT count(*), sum(hashtextextended(t::text, 0)) FROM kept AS t"


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


def test_the_restore_of_the_page_brings_back_what_was(k8s: Path, root: Path, folder: Path, database_url: str) -> None:
    psql(database_url, "CREATE TABLE kept AS SELECT n FROM generate_series(1, 500) AS n")
    before, epoch = psql(database_url, COUNTS), psql(database_url, "SELECT epoch FROM store_epoch")
    assert _backup(k8s, folder, database_url).returncode == 0
    psql(database_url, "DELETE FROM kept WHERE n > 20")
    page = (root / "docs" / "deployment" / "kubernetes.md").read_text()
    commands = re.findall(r"kubectl exec job/backup-shell -- (sh -c '[^']+')", page)
    restoring = [one for one in commands if "pg_restore" in one or "psql" in one]
    assert len(restoring) == 3
    for command in restoring:
        command = command.replace("legislativo-20261125T061700Z.dump", next(folder.glob("*.dump")).name)
        _run(["sh", "-c", command], cwd=folder, env=_environment(database_url, folder))
    assert psql(database_url, COUNTS) == before
    assert psql(database_url, "SELECT epoch FROM store_epoch") != epoch, "ingest must forget what it has seen stored"


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


def test_nothing_is_left_of_a_backup_that_failed(k8s: Path, folder: Path, database_url: str) -> None:
    kept = folder / "legislativo-20200101T000000Z.dump"
    kept.write_text("x")
    assert _backup(k8s, folder, f"{database_url}_that_is_not_there").returncode != 0
    assert [path.name for path in folder.iterdir()] == [kept.name], "and the old ones stay"


@pytest.mark.parametrize("days", ["two", "-1", ""])
def test_a_wrong_number_of_days_is_refused(k8s: Path, folder: Path, database_url: str, days: str) -> None:
    done = _backup(k8s, folder, database_url, LEGIS_BACKUP_KEEP_DAYS=days)
    assert done.returncode == (0 if days == "" else 2), "empty is the default"


def test_the_job_tells_the_script_all_it_needs(k8s: Path) -> None:
    (pod,) = pods(load((k8s / "base" / "backup.yaml").read_text()))
    told = {one["name"] for one in pod.containers[0]["env"]}
    asked = set(re.findall(r"\$\{?(DATABASE_URL|LEGIS_\w+)", (k8s / "base" / "backup.sh").read_text()))
    assert told == asked


def _backup(k8s: Path, folder: Path, url: str, **more: str) -> "subprocess.CompletedProcess[str]":
    environment = {**_environment(url, folder), **more}
    return subprocess.run(
        ["sh", k8s / "base" / "backup.sh"], env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def _environment(url: str, folder: Path) -> dict[str, str]:
    path = f"{postgres_binaries()}:{os.environ['PATH']}"
    return {"PATH": path, "DATABASE_URL": url, "LEGIS_BACKUP_DIR": str(folder)}


def _run(command: list[object], **options: object) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stderr
