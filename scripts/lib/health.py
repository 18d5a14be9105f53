"""Looks at every process, the database, Redis, the sources, the stream and the dead letters; run by health_check.sh."""

import os
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from through import legis, rows
from verdicts import Verdict, graded, show

WORDS = {"ok": "healthy", "warning": "degraded", "critical": "down"}
BACKLOG_LIMIT = float(os.environ.get("LEGIS_BACKLOG_LIMIT", "10000"))
BACKUP_HOURS = float(os.environ.get("LEGIS_BACKUP_HOURS", "26"))
NEVER = float("inf")


def main(arguments: list[str]) -> int:
    """Exit status 0 healthy, 1 degraded, 2 down."""
    verdicts = [*api(), *processes(), *database(), redis(), *backup()]
    return show(verdicts, WORDS, as_json="--json" in arguments)


def api() -> Iterator[Verdict]:
    """The public API's own word, then what it knows of sources, stream and letters."""
    health = legis("api", "/api/health")
    document = health.document or {}
    status = str(document.get("status", "no answer"))
    failing = [
        f"{name}: {one.get('error') or 'failing'}"
        for name, one in document.get("checks", {}).items()
        if one.get("status") != "ok"
    ]
    level = "ok" if status == "ok" else "warning" if status == "degraded" else "critical"
    yield Verdict("api", level, "; ".join([status, *failing]) if document else f"no answer: {health.complaint}")
    known = legis("api", "/api/metrics").document
    if known is None:
        return
    yield from sources(known)
    backlog = known["queue"]["backlog"]
    if backlog is not None:
        yield graded("backlog", backlog, (BACKLOG_LIMIT, NEVER), f"{backlog} entries on the stream")


def sources(known: dict[str, Any]) -> Iterator[Verdict]:
    """Freshness, circuit and dead letters of each chamber; none of them makes the service down."""
    for name, source in known["sources"].items():
        lag = source["lag_seconds"]
        age = "never read" if lag is None else f"read {lag} s ago"
        level = "ok" if source["state"] in ("FRESH", "PARTIAL") else "warning"
        yield Verdict(f"freshness {name}", level, f"{source['state']}, {age}", lag)
        circuit = known["circuit_breakers"][name]["state"]
        yield Verdict(f"circuit {name}", "ok" if circuit == "closed" else "warning", circuit)
        letters = source["dead_letters_open"]
        yield graded(
            f"dead letters {name}", letters or 0, (0, NEVER), "unknown" if letters is None else f"{letters} open"
        )


def processes() -> Iterator[Verdict]:
    """Every process by the word of whoever runs it; without `web` nobody is served."""
    said = legis("services")
    found = [line.split() for line in said.text.splitlines() if len(line.split()) == 2]
    if not said.ok or not found:
        if not os.environ.get("DATABASE_URL"):  # beside a server of the user's there may be no launcher to ask
            yield Verdict("processes", "critical", f"cannot be listed: {said.complaint}")
        return
    serving = [state for name, state in found if _is_web(name) and state in ("ready", "running")]
    for name, state in found:
        level = "ok" if state in ("ready", "running") else "critical" if _is_web(name) and not serving else "warning"
        yield Verdict(f"process {name}", level, state)


def database() -> Iterator[Verdict]:
    """Whether it answers, with the tables of ours in it."""
    began = time.monotonic()
    seen = rows("SELECT last_seq, (SELECT count(*) FROM pg_stat_activity) FROM change_counter")
    if not seen:
        yield Verdict("database", "critical", "does not answer, or holds no tables of ours")
        return
    took = (time.monotonic() - began) * 1000
    yield Verdict(
        "database", "ok", f"answers in {took:.0f} ms, change {seen[0][0]}, {seen[0][1]} sessions", round(took)
    )


def redis() -> Verdict:
    """Reads go on without it, so its absence only degrades."""
    said = legis("redis-cli", "ping")
    good = said.ok and said.text.strip() == "PONG"
    return Verdict("redis", "ok" if good else "warning", "answers" if good else f"does not answer: {said.complaint}")


def backup() -> Iterator[Verdict]:
    """Age of the newest backup by its name, where LEGIS_BACKUP_DIR says where backups are."""
    folder = os.environ.get("LEGIS_BACKUP_DIR")
    if folder is None:
        return
    names = sorted(path.name for path in Path(folder).glob("legislativo-*.dump"))
    if not names:
        yield Verdict("backup", "warning", f"none in {folder}")
        return
    taken = datetime.strptime(names[-1], "legislativo-%Y%m%dT%H%M%SZ.dump").replace(tzinfo=timezone.utc)  # noqa: UP017
    hours = (datetime.now(timezone.utc) - taken).total_seconds() / 3600  # noqa: UP017
    yield graded("backup", hours, (BACKUP_HOURS, NEVER), f"{names[-1]}, {hours:.1f} h old")


def _is_web(name: str) -> bool:
    return name == "web" or name.startswith("web-")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
