"""A backup brings back what was there, row for row; what is damaged or would do harm is refused."""

import asyncio
import subprocess
import time
from pathlib import Path

import pytest
from api_gateway.migrations.database_roles import settle_roles
from legis_launcher.servers.postgres_server import postgres_binaries, psql

FAILED, USAGE, BUSY, UNREACHABLE, DAMAGED, NOT_EMPTY = 1, 2, 3, 4, 5, 6
CHECKSUM = "SELECT count(*), sum(hashtextextended(t::text, 0)) FROM {} t"
TABLES = ("bill", "bill_change", "bill_history", "change_counter", "source_cursor", "dead_letter")


def contents(url: str) -> dict[str, str]:
    return {table: psql(url, CHECKSUM.format(table)) for table in TABLES}


def backup(script, *arguments: str, **settings: str) -> Path:
    done = script("backup_database.sh", *arguments, **settings)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


def databases(url: str) -> str:
    """All names but those of copies that the session makes ahead for tests, which may appear meanwhile."""
    return psql(
        url, "SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database WHERE datname !~ '^test_[0-9]+$'"
    )


def test_what_was_destroyed_comes_back_equal_under_a_new_epoch(script, filled: str, tmp_path: Path) -> None:
    before, epoch = contents(filled), psql(filled, "SELECT epoch FROM store_epoch")
    assert before["bill"].startswith("120|")
    began = time.time()
    dump = backup(script)
    there = databases(filled)
    psql(filled, "DELETE FROM bill WHERE number % 2 = 0")
    psql(filled, "DROP TABLE bill_change CASCADE")

    refused = script("restore_database.sh", str(dump))
    assert refused.returncode == NOT_EMPTY, refused.stderr
    assert "bill_change" not in psql(filled, "SELECT string_agg(tablename, ' ') FROM pg_tables").split()

    restored = script("restore_database.sh", "--force", "latest")
    assert restored.returncode == 0, restored.stderr
    assert contents(filled) == before
    assert psql(filled, "SELECT epoch FROM store_epoch") != epoch
    assert databases(filled) == there, "no scratch and no old database is left"
    figures = dict(line.split() for line in (tmp_path / "legis_backup.prom").read_text().splitlines() if line[0] != "#")
    assert began - 1 <= float(figures["legis_backup_last_success_timestamp_seconds"]) <= time.time()
    assert float(figures["legis_backup_size_bytes"]) == dump.stat().st_size


def test_the_roles_of_the_processes_may_afterwards_what_they_might_before(script, filled: str) -> None:
    asyncio.run(settle_roles(filled, {"web": "tests"}, lock_timeout=10))
    may = (
        "SELECT has_table_privilege('legis_web', 'bill', 'SELECT'), has_table_privilege('legis_web', 'bill', 'UPDATE')"
    )
    assert psql(filled, may) == "t|f"
    backup(script)
    restored = script("restore_database.sh", "--force")
    assert restored.returncode == 0, restored.stderr
    assert psql(filled, may) == "t|f"


def test_a_database_that_is_gone_is_made_anew(script, filled: str) -> None:
    before = contents(filled)
    backup(script)
    server, _, name = filled.rpartition("/")
    psql(f"{server}/postgres", f'DROP DATABASE "{name}" WITH (FORCE)')
    restored = script("restore_database.sh")
    assert restored.returncode == 0, restored.stderr
    assert contents(filled) == before


def test_the_old_database_can_be_kept(script, filled: str) -> None:
    backup(script)
    psql(filled, "DELETE FROM bill")
    restored = script("restore_database.sh", "--force", "--keep-old")
    assert restored.returncode == 0, restored.stderr
    server, _, name = filled.rpartition("/")
    (old,) = [one for one in databases(filled).split() if one.startswith(f"{name}_old_")]
    try:
        assert psql(f"{server}/{old}", "SELECT count(*) FROM bill") == "0"
    finally:
        psql(f"{server}/postgres", f'DROP DATABASE "{old}"')


def test_a_writer_in_between_changes_nothing(script, filled: str) -> None:
    """Rows are counted in the snapshot that is dumped, so a busy database compares equal."""
    loop = (
        "DO $$ BEGIN FOR i IN 1..100000 LOOP UPDATE bill SET last_seen_at = clock_timestamp(); COMMIT; END LOOP; END $$"
    )
    writer = subprocess.Popen([str(postgres_binaries() / "psql"), "-Xq", "-c", loop, filled], stderr=subprocess.DEVNULL)
    try:
        seen = psql(filled, "SELECT max(last_seen_at) FROM bill")
        backup(script)
        assert psql(filled, "SELECT max(last_seen_at) FROM bill") != seen, "the writer did write"
    finally:
        writer.kill()
        writer.wait()


def test_a_damaged_dump_is_refused_and_nothing_is_touched(script, filled: str) -> None:
    dump = backup(script)
    before = contents(filled)
    whole = dump.read_bytes()
    dump.write_bytes(whole[:-100] + bytes(100))
    assert script("restore_database.sh", "--force", str(dump)).returncode == DAMAGED
    assert script("restore_database.sh", "--force", "latest").returncode == DAMAGED
    assert contents(filled) == before


def test_a_dump_of_other_contents_is_found_out(script, filled: str) -> None:
    """A checksum of the file says that it is whole, not that it holds what was there."""
    dump = backup(script)
    listed = dump.with_name(f"{dump.name}.tables")
    listed.write_text(listed.read_text().replace("bill 120 ", "bill 121 "))
    sums = subprocess.run(
        ["sha256sum", listed.name, dump.name], cwd=dump.parent, capture_output=True, text=True, check=True
    )
    dump.with_name(f"{dump.name}.sha256").write_text(sums.stdout)
    there = databases(filled)
    done = script("restore_database.sh", "--force", str(dump))
    assert done.returncode == DAMAGED
    assert "bill 121" in done.stderr
    assert databases(filled) == there


def test_old_backups_go_but_never_the_last_good_one(script, backups: Path, filled: str) -> None:
    fresh = backup(script)
    names = [f"legislativo-2026010{day}T000000Z.dump" for day in (1, 2, 3)]
    for name in names:
        (backups / name).write_bytes(b"not a dump")
        (backups / f"{name}.sha256").write_text(f"{'0' * 64}  {name}\n")
    assert script("backup_database.sh", "--prune-only", "--keep-days", "20000").returncode == 0
    assert len(list(backups.glob("*.dump"))) == 4
    assert script("backup_database.sh", "--prune-only", "--keep-days", "0").returncode == 0
    assert [path.name for path in backups.glob("*.dump")] == [fresh.name]
    assert {path.suffix for path in backups.glob("legislativo-*")} == {".dump", ".tables", ".sha256"}

    old = backups / names[0]
    for path in list(backups.glob("legislativo-*")):
        path.rename(backups / path.name.replace(fresh.name, old.name))
    sums = subprocess.run(["sha256sum", old.name], cwd=backups, capture_output=True, text=True, check=True)
    (backups / f"{old.name}.sha256").write_text(sums.stdout)
    assert script("backup_database.sh", "--prune-only", "--keep-days", "0").returncode == 0
    assert old.exists(), "the only good one, however old"


def test_exit_statuses(script, backups: Path, filled: str) -> None:
    assert script("backup_database.sh", "--keep-days", "soon").returncode == USAGE
    assert script("backup_database.sh", LEGIS_TARGET="moon").returncode == USAGE
    assert script("restore_database.sh", "no-such-file").returncode == USAGE
    assert script("restore_database.sh", "latest").returncode == DAMAGED
    away = filled.rpartition("@")[0] + "@127.0.0.1:1/legislativo"
    assert script("backup_database.sh", DATABASE_URL=away).returncode == UNREACHABLE
    lock = subprocess.Popen(["flock", "--no-fork", str(backups / ".lock"), "sleep", "60"])
    try:
        deadline = time.monotonic() + 10
        while not (backups / ".lock").exists() or script("backup_database.sh", "--prune-only").returncode == 0:
            assert time.monotonic() < deadline
        assert script("backup_database.sh").returncode == BUSY
        assert script("restore_database.sh").returncode == BUSY
    finally:
        lock.kill()
        lock.wait(10)
    assert not list(backups.glob("legislativo-*")), "what failed leaves nothing"


@pytest.mark.parametrize("name", ["backup_database.sh", "restore_database.sh"])
def test_help_tells_every_exit_status(script, name: str) -> None:
    done = script(name, "--help")
    assert done.returncode == 0
    assert done.stdout.splitlines()[2].startswith(f"Usage: {name}")
    assert "Exit status: 0 " in done.stdout
    assert all(f" {status} " in done.stdout for status in range(1, 6))
