"""Checks every process, the database, Redis, the sources, the stream and the dead letters; run by health_check.sh."""

import os
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from check_results import CheckResult, graded, show
from legis_command import legis, rows

WORDS = {"ok": "healthy", "warning": "degraded", "critical": "down"}
BACKLOG_LIMIT = float(os.environ.get("LEGIS_BACKLOG_LIMIT", "10000"))
BACKUP_HOURS = float(os.environ.get("LEGIS_BACKUP_HOURS", "26"))
NEVER = float("inf")


def main(arguments: list[str]) -> int:
    """Exit status 0 healthy, 1 degraded, 2 down."""
    results = [*api(), *processes(), *database(), redis(), *backup()]
    return show(results, WORDS, as_json="--json" in arguments)


def api() -> Iterator[CheckResult]:
    """The public API's own health report, then its data about sources, stream and dead letters."""
    health = legis("api", "/api/health")
    document = health.document or {}
    status = str(document.get("status", "no answer"))
    failing = [
        f"{name}: {one.get('error') or 'failing'}"
        for name, one in document.get("checks", {}).items()
        if one.get("status") != "ok"
    ]
    level = "ok" if status == "ok" else "warning" if status == "degraded" else "critical"
    yield CheckResult("api", level, "; ".join([status, *failing]) if document else f"no answer: {health.error_line}")
    known = legis("api", "/api/metrics").document
    if known is None:
        return
    yield from sources(known)
    backlog = known["queue"]["backlog"]
    if backlog is not None:
        yield graded("backlog", backlog, (BACKLOG_LIMIT, NEVER), f"{backlog} entries on the stream")


def sources(known: dict[str, Any]) -> Iterator[CheckResult]:
    """Freshness, circuit and dead letters of each chamber; none of them makes the service `down`."""
    for name, source in known["sources"].items():
        lag = source["lag_seconds"]
        age = "never read" if lag is None else f"read {lag} s ago"
        level = "ok" if source["state"] in ("FRESH", "PARTIAL") else "warning"
        yield CheckResult(f"freshness {name}", level, f"{source['state']}, {age}", lag)
        circuit = known["circuit_breakers"][name]["state"]
        yield CheckResult(f"circuit {name}", "ok" if circuit == "closed" else "warning", circuit)
        letters = source["dead_letters_open"]
        yield graded(
            f"dead letters {name}", letters or 0, (0, NEVER), "unknown" if letters is None else f"{letters} open"
        )


def processes() -> Iterator[CheckResult]:
    """The state of every process from its supervisor (launcher, compose or Kubernetes); without `web` the service is
    down.
    """
    said = legis("services")
    found = [line.split() for line in said.text.splitlines() if len(line.split()) == 2]
    if not said.ok or not found:
        if not os.environ.get("DATABASE_URL"):  # with the user's own database there may be no launcher
            yield CheckResult("processes", "critical", f"cannot be listed: {said.error_line}")
        return
    serving = [state for name, state in found if _is_web(name) and state in ("ready", "running")]
    for name, state in found:
        level = "ok" if state in ("ready", "running") else "critical" if _is_web(name) and not serving else "warning"
        yield CheckResult(f"process {name}", level, state)


def database() -> Iterator[CheckResult]:
    """Whether it answers and has our tables."""
    began = time.monotonic()
    found = rows("SELECT last_seq, (SELECT count(*) FROM pg_stat_activity) FROM change_counter")
    if not found:
        yield CheckResult("database", "critical", "does not answer, or holds no tables of ours")
        return
    took = (time.monotonic() - began) * 1000
    yield CheckResult(
        "database", "ok", f"answers in {took:.0f} ms, change {found[0][0]}, {found[0][1]} sessions", round(took)
    )


def redis() -> CheckResult:
    """A warning at most: reads work without Redis."""
    said = legis("redis-cli", "ping")
    good = said.ok and said.text.strip() == "PONG"
    return CheckResult(
        "redis", "ok" if good else "warning", "answers" if good else f"does not answer: {said.error_line}"
    )


def backup() -> Iterator[CheckResult]:
    """Age of the newest backup, from its file name, where LEGIS_BACKUP_DIR is set."""
    folder = os.environ.get("LEGIS_BACKUP_DIR")
    if folder is None:
        return
    names = sorted(path.name for path in Path(folder).glob("legislativo-*.dump"))
    if not names:
        yield CheckResult("backup", "warning", f"none in {folder}")
        return
    taken = datetime.strptime(names[-1], "legislativo-%Y%m%dT%H%M%SZ.dump").replace(tzinfo=timezone.utc)  # noqa: UP017
    hours = (datetime.now(timezone.utc) - taken).total_seconds() / 3600  # noqa: UP017
    yield graded("backup", hours, (BACKUP_HOURS, NEVER), f"{names[-1]}, {hours:.1f} h old")


def _is_web(name: str) -> bool:
    return name == "web" or name.startswith("web-")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
