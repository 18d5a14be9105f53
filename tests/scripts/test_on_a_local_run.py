"""What an operator types on a local run: the scripts, every local command of the runbook, the API guide's examples."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from e2e.conftest import Legis, running
from gameday.runbook import Block, blocks
from legis_launcher.servers.postgres_server import postgres_binaries
from scripts.conftest import ROOT, Done, run

RUNBOOK, GUIDE = ROOT / "docs/runbooks/README.md", ROOT / "docs/api/README.md"
HEALTHY, DEGRADED, DOWN = 0, 1, 2
SHOWN = {
    "redis-cli ping": r"PONG",
    "info memory": r"used_memory_human:\d",
    "flushall": r"OK",
    "SELECT 1;": r"\(1 row\)",
    "CREATE EXTENSION": r"CREATE EXTENSION",
    "total_exec_time": r"mean_exec_time",
    "pg_size_pretty": r"\d+ [kM]B",
    "pg_isready": r"accepting connections",
    "legis.sh ps\n": r"ready",
    "legis.sh services": r"web ready",
    "stats": r"worker +\d+",
    "api /api/health\n": r'"status":"ok"',
    "api /api/health ||": r'"status":"ok"',
    "/api/health checks": r'"database"',
    "api /api/metrics requests": r"{",
    "circuit_breakers": r'"state": "closed"',
    "api /api/v1/sources": r'"(?:FRESH|PARTIAL)"',  # PARTIAL for a moment after an ingest service was restarted
    "health_check.sh": r"\n(healthy|degraded)\n",
    "performance_check.sh": r"GET search +p50",
    "logs -n": r"\| \{",
    "env web": r"DATABASE_URL=postgresql://legis_web:\*\*\*@",
    "df -h": r"Filesystem",
    "free -h": r"Mem:",
    "pg_blocking_pids": r"\(\d+ rows?\)",
    "pg_terminate_backend": r"\(0 rows\)",
    "dead-letters list": r"dead letters",
    "ports.json": r"legis_index_seq [1-9]",
    "schema-*": r"indexer restarted: \d+ -> \d+",
    "backup_database.sh": r"legislativo-\d{8}T\d{6}Z\.dump\n",
    "restart postgres": r"postgres restarted: \d+ -> \d+",
}
"""Part of a command: what its output must show. Every local block of the runbook has at least one."""

Typed = Callable[..., Done]


@pytest.fixture(scope="module")
def system() -> Iterator[Legis]:
    """A small run of the launcher, read to its end."""
    with running({"LEGIS_SAMPLE_BILLS": "150", "BACKFILL_FROM_YEAR": "2022"}) as legis:
        legis.until(lambda: legis.get("/api/v1/bills?chamber=SENADO&limit=1").json()["data"], 60, "bills")
        legis.until(lambda: legis.get("/api/health").json()["status"] == "ok", 30, "good health")
        made = _type_in(legis, "scripts/backup_database.sh")
        assert made.returncode == 0, made.stderr
        yield legis


def _type_in(system: Legis, commands: str, **more: str) -> Done:
    settings = {"LEGIS_RUN_DIR": str(system.folder.path), "LEGIS_PG_BIN": str(postgres_binaries())}
    settings |= {"LEGIS_BACKUP_DIR": str(system.folder.path / "backups"), "LEGIS_PYTHON": sys.executable}
    return run(["bash", "-euo", "pipefail", "-c", commands], **{**settings, **more})


@pytest.fixture
def typed(system: Legis) -> Typed:
    """`typed(commands, **settings)`: a shell in the checkout that stops at the first command that fails."""

    def type_in(commands: str, **more: str) -> Done:
        return _type_in(system, commands, **more)

    return type_in


def test_health_names_every_part_and_finds_all_well(typed: Typed) -> None:
    done = typed("scripts/health_check.sh --json")
    assert done.returncode == HEALTHY, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert found["status"] == "healthy"
    names = {one["name"] for one in found["checks"]}
    assert {
        "api",
        "database",
        "redis",
        "backlog",
        "backup",
        "process web",
        "process worker",
        "process indexer",
        "process ingest-camara",
    } <= names
    assert {"freshness camara", "circuit senado", "dead letters senado"} <= names


def test_health_is_degraded_by_what_users_do_not_feel(system: Legis, typed: Typed, tmp_path: Path) -> None:
    done = typed("scripts/health_check.sh", LEGIS_BACKLOG_LIMIT="-1")
    assert done.returncode == DEGRADED, done.stdout
    assert "WARNING   backlog" in done.stdout
    done = typed("scripts/health_check.sh", LEGIS_BACKUP_DIR=str(tmp_path))
    assert "WARNING   backup" in done.stdout
    pid = system.pids["worker"]
    os.kill(pid, signal.SIGSTOP)
    try:
        done = typed("scripts/health_check.sh")
        assert done.returncode == DEGRADED, done.stdout
        assert re.search(r"WARNING   process worker +not-ready", done.stdout)
    finally:
        os.kill(pid, signal.SIGCONT)


def test_health_is_down_where_nobody_is_served(typed: Typed, tmp_path: Path) -> None:
    done = typed("scripts/health_check.sh", LEGIS_API_URL="http://127.0.0.1:1")
    assert done.returncode == DOWN, done.stdout
    assert "CRITICAL  api" in done.stdout
    done = typed("scripts/health_check.sh", LEGIS_RUN_DIR=str(tmp_path))
    assert done.returncode == DOWN
    assert typed("scripts/health_check.sh --sideways").returncode == 2


def test_performance_is_judged_by_the_thresholds(typed: Typed) -> None:
    done = typed("scripts/performance_check.sh --json", LEGIS_REQUESTS="5")
    assert done.returncode == 0, done.stdout
    names = {one["name"] for one in json.loads(done.stdout)["checks"]}
    assert {"GET list", "GET search", "cache", "transaction ids"} <= names
    assert typed("scripts/performance_check.sh", LEGIS_API_URL="http://127.0.0.1:1", LEGIS_REQUESTS="2").returncode == 2


def test_a_process_is_restarted_and_ready_again(system: Legis, typed: Typed) -> None:
    before = system.pids["web"]
    done = typed("scripts/legis.sh restart web")
    assert done.returncode == 0, done.stderr
    assert system.pids["web"] != before
    assert typed("scripts/legis.sh api /api/health/ready").returncode == 0
    assert typed("scripts/legis.sh restart nobody").returncode == 2
    assert typed("scripts/legis.sh stop web").returncode == 2
    assert typed("scripts/legis.sh reload web").returncode == 2
    assert typed("scripts/legis.sh reload nginx").returncode == 4  # none runs here; a game day has one
    assert typed("scripts/legis.sh ps", LEGIS_TARGET="moon").returncode == 2
    assert typed("scripts/legis.sh api /api/nothing").returncode == 22


@pytest.mark.timeout(240)
def test_every_example_of_the_api_guide(system: Legis, typed: Typed) -> None:
    bill = system.get("/api/v1/bills?limit=1").json()["data"][0]["id"]
    asked = [block for block in blocks(GUIDE) if block.words[0] == "api"]
    assert len(asked) >= 9
    script = "\n".join(block.commands for block in asked).replace("curl -s ", "echo; curl -s ")
    script = script.replace("$(echo; curl", "$(curl")
    read = """ -o /dev/null -w '{"document": %{http_code}}\\n'"""  # a document to read is not JSON
    script = script.replace('format=markdown"', 'format=markdown"' + read)
    done = typed(script, API=system.base_url, BILL=bill)
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.strip()]
    assert len(answers) == script.count("echo; curl -s ")
    wrong = [one for one in answers if "instance" in one]  # problems; the page about one kind of them has none
    assert [one["status"] for one in wrong] == [400, 400], wrong
    assert {"status": 304} in answers
    assert {"feed": 200} in answers
    assert {"document": 200} in answers


def _local() -> list[Block]:
    return [block for block in blocks(RUNBOOK) if block.words == ("local",)]


@pytest.mark.timeout(240)
def test_every_local_command_of_the_runbook(system: Legis, typed: Typed) -> None:
    """Those that resolve are the game day's; what restarts the database stands last in the page, as it must."""
    for block in _local():
        system.until(lambda: system.get("/api/health").json()["status"] == "ok", 60, f"well before {block.commands}")
        done = typed(block.commands, LEGIS_REQUESTS="5")
        assert done.returncode == 0, block.commands + done.stdout + done.stderr
        wanted = [shown for part, shown in SHOWN.items() if part in block.commands + "\n"]
        assert wanted, f"nothing is expected of {block.commands}"
        for pattern in wanted:
            assert re.search(pattern, done.stdout), f"{block.commands}: {pattern} not in {done.stdout[-2000:]}"
    system.until(lambda: system.get("/api/health").json()["status"] == "ok", 60, "well in the end")


def test_every_scenario_has_its_commands_for_each_target() -> None:
    found = blocks(RUNBOOK)
    for number in range(1, 9):
        words = {block.words for block in found if block.section.startswith(f"Scenario {number}:")}
        assert {("compose",), ("local", "resolve")} <= words, f"scenario {number}"
    assert {word for block in found for word in block.words} == {
        "compose",
        "local",
        "k8s",
        "resolve",
        "internet",
        "own",
        "servers",
    }


def test_every_block_is_good_shell() -> None:
    for block in blocks(RUNBOOK) + blocks(GUIDE):
        done = subprocess.run(["bash", "-n"], input=block.commands, capture_output=True, text=True, check=False)
        assert done.returncode == 0, block.commands + done.stderr
