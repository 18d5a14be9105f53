"""A malformed setting stops each process at start: exit status 2, one line, naming the setting."""

import os
import subprocess
import sys

import pytest

CASES = [
    ("api_gateway.web", "PORT", "banana"),
    ("api_gateway.web", "DATASET", "pretend"),
    ("api_gateway.worker", "WORKER_PORT", "banana"),
    ("api_gateway.worker", "WORKER_BATCH_SIZE", "0"),
    ("api_gateway.migrations", "MIGRATION_LOCK_TIMEOUT_SECONDS", "soon"),
    ("ingest_camara", "POLL_INTERVAL_SECONDS", "-1"),
    ("ingest_camara", "CAMARA_PORT", "banana"),
    ("ingest_senado", "POLL_INTERVAL_SECONDS", "-1"),
    ("ingest_senado", "SENADO_PORT", "banana"),
]


@pytest.mark.parametrize(("module", "setting", "value"), CASES)
def test_the_process_ends_with_one_line_naming_the_setting(module: str, setting: str, value: str) -> None:
    done = _start(["-m", module], setting, value)
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert setting in done.stderr
    assert value in done.stderr


@pytest.mark.parametrize(("setting", "value"), [("PORT", "banana"), ("LEGIS_UPSTREAM", "perhaps")])
def test_the_launcher_says_so_before_it_starts_anything(
    setting: str, value: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("run")
    done = _start(["-m", "legis_launcher", "up", "--run-dir", str(folder)], setting, value)
    assert done.returncode == 2, done.stdout + done.stderr
    assert f"setting {setting}" in done.stdout + done.stderr
    assert not (folder / "data" / "postgres").exists()


def _start(arguments: list[str], setting: str, value: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, setting: value},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
