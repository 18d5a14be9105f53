"""The six scenarios of the runbook: how each is brought about, and which alert must say so."""

import os
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from asking import ask, never_asked_detail
from legis_launcher.servers.postgres_server import postgres_binaries, psql
from stage import status
from system import System

SCANNER = "127.0.0.66"
LOCKED_SECONDS = 2.2
_HOG = f"""
DO $$ BEGIN LOOP
    LOCK TABLE bill IN ACCESS EXCLUSIVE MODE;
    PERFORM pg_sleep({LOCKED_SECONDS});
    COMMIT;
    PERFORM pg_sleep(0.2);
END LOOP; END $$
"""
_PROBED = ("/.env", "/wp-login.php", "/admin", "/api/v1/bills?id=1%20OR%201=1", "/.git/config")

Undo = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Scenario:
    """`label` is that of its alerts, `section` its heading in the runbook. `begin` gives what ends a harm that no
    command of ours could end: a chamber's outage is over when the chamber says so. `after` cleans up in any case."""

    label: str
    section: str
    alerts: frozenset[str]
    injected: str
    begin: Callable[[System], tuple[Undo, Undo]]


def nothing() -> None:
    """There is nothing to end."""


def _down(system: System) -> tuple[Undo, Undo]:
    os.kill(system.state.processes["web"].pid, signal.SIGSTOP)
    return nothing, nothing


def _slow(system: System) -> tuple[Undo, Undo]:
    command = [str(postgres_binaries() / "psql"), "-Xq", "-c", _HOG, system.state.database_url]
    hog = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    some_bill = ask(f"{system.state.web_url}/api/v1/bills?limit=1").document["data"][0]["id"]
    readers = [
        system.often(0.4, lambda: status(system.state.web_url + never_asked_detail(some_bill), 5)) for _ in range(3)
    ]

    def after() -> None:
        hog.kill()
        hog.wait(10)
        for reader in readers:
            reader.set()

    return nothing, after


def _outage(system: System) -> tuple[Undo, Undo]:
    system.simulator("POST", "/control/faults", b'{"source": "camara", "kind": "503", "seconds": 3600, "rate": 1}')

    def heal() -> None:
        system.simulator("DELETE", "/control/faults")

    return heal, heal


def _lost(system: System) -> tuple[Undo, Undo]:
    server, _, name = system.state.database_url.rpartition("/")
    psql(f"{server}/postgres", f'DROP DATABASE "{name}" WITH (FORCE)')
    return nothing, nothing


def _scanned(system: System) -> tuple[Undo, Undo]:
    """Commands are told no address: the runbook must find it in the access log."""
    scanners = [system.often(0.05, lambda path=path: system.ask_from(SCANNER, path)) for path in _PROBED]

    def after() -> None:
        for scanner in scanners:
            scanner.set()

    return nothing, after


def _expired(system: System) -> tuple[Undo, Undo]:
    """One that ends tomorrow: nobody can make one that has ended and wait for less."""
    system.type("deploy/compose/make-certificate.sh --force --days 1 localhost && scripts/legis.sh restart nginx")
    return nothing, nothing


SCENARIOS = (
    Scenario(
        "application-down",
        "Scenario 1",
        frozenset({"HealthCheckFailing", "ServiceDown"}),
        "the process `web` stopped (SIGSTOP)",
        _down,
    ),
    Scenario(
        "high-response-times",
        "Scenario 2",
        frozenset({"LatencyHigh", "LatencyCritical"}),
        f"a job that locks `bill` for {LOCKED_SECONDS:g} s again and again",
        _slow,
    ),
    Scenario(
        "external-api-failures",
        "Scenario 3",
        frozenset({"BreakerOpen"}),
        "the Câmara answers 503, until it does not",
        _outage,
    ),
    Scenario(
        "database-issues",
        "Scenario 4",
        frozenset({"PostgresDown", "WorkerStalled"}),
        "the database dropped",
        _lost,
    ),
    Scenario(
        "security-incident",
        "Scenario 5",
        frozenset({"UnusualAccessPattern"}),
        f"a scanner at {SCANNER}, 100 probes a second",
        _scanned,
    ),
    Scenario(
        "certificate-expired",
        "Scenario 6",
        frozenset({"CertificateEnds"}),
        "a certificate that ends tomorrow",
        _expired,
    ),
)
