"""Backup, destruction and restore of a large corpus, timed, until the public API answers equal byte for byte.

Run by `make backup-test`. The corpus is the benchmarks', in a durable PostgreSQL sized to the machine. Before and
after, every bill is listed by the API, one in a hundred is asked for whole with its proceedings and versions, and the
change log is read to its end. That every row of every table is equal, the scripts themselves have proved.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from bench.system.arena import Arena
from legis_launcher.servers.postgres_server import postgres_binaries, psql

ROOT = Path(__file__).resolve().parents[2]
LIMIT_SECONDS = 300.0
PAGE = 100
ONE_IN = 100


def main() -> int:
    """Exit status 0 when the API is equal and everything took less than five minutes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bills", type=int, default=100_000)
    options = parser.parse_args()
    arena = Arena(options.bills)
    try:
        arena.open()
        return measured(arena)
    finally:
        arena.close()


def measured(arena: Arena) -> int:
    """The whole way, one line a step."""
    server, name = arena.postgres.url("postgres"), "legis"
    child, port = arena.web()
    bills, before = checksum(port)
    print(f"{bills} bills and their change log by the API: {before[:16]}", flush=True)
    arena.end(child)
    spent: dict[str, float] = {}
    began = time.monotonic()
    dump = Path(script(arena, "backup_database.sh", "--keep-days", "0").splitlines()[-1])
    spent["backup, restored and compared"] = time.monotonic() - began
    began = time.monotonic()
    psql(server, f'DROP DATABASE "{name}" WITH (FORCE)', within=120)
    spent["destroy"] = time.monotonic() - began
    began = time.monotonic()
    script(arena, "restore_database.sh", str(dump))
    spent["restore, compared"] = time.monotonic() - began
    began = time.monotonic()
    folder = arena.folder / "index"  # the kept one is of the epoch before
    arena.following(folder, within=LIMIT_SECONDS)
    spent["index built"] = time.monotonic() - began
    began = time.monotonic()
    _, port = arena.web(INDEX_FOLDER=str(folder))
    spent["web ready"] = time.monotonic() - began
    _, after = checksum(port)
    for step, seconds in spent.items():
        print(f"{step:32} {seconds:6.1f} s")
    total = sum(spent.values())
    good = after == before and bills == arena.bills and total < LIMIT_SECONDS
    size = dump.stat().st_size / 1e6
    print(f"dump {size:.0f} MB; API {'equal' if after == before else 'DIFFERS'}: {after[:16]}")
    print(f"backup-test: {'kept' if good else 'BROKEN'}: {total:.1f} s of {LIMIT_SECONDS:.0f} s at {bills} bills")
    return 0 if good else 1


def checksum(port: int) -> tuple[int, str]:
    """Bills that the API lists, and the hash of all of them and of every entry of the change log.

    `meta` is left out: it says how old the data are, which is not the data.
    """
    base, digest, bills = f"http://127.0.0.1:{port}", hashlib.sha256(), 0
    for page in pages(base, f"/api/v1/bills?sort=introduced_on&limit={PAGE}"):
        bills += len(page["data"])
        digest.update(orjson.dumps(page["data"]))
        for bill in page["data"][::ONE_IN]:
            for part in ("", "/actions", "/versions"):
                digest.update(orjson.dumps(ask(f"{base}/api/v1/bills/{bill['id']}{part}")["data"]))
    path = f"/api/v1/changes?after=0&limit={PAGE}"
    while path:  # its own links carry the epoch
        page = ask(base + path)
        digest.update(orjson.dumps(page["data"]))
        path = page["page"]["next"] if page["page"]["has_more"] else ""
    return bills, digest.hexdigest()


def pages(base: str, path: str) -> Iterator[Any]:
    """Every page of a list, by its own links."""
    while path:
        page = ask(base + path)
        yield page
        path = page["page"]["next"] or ""


def ask(url: str) -> Any:
    """The JSON of a GET; HTTPError for anything but 200."""
    with urllib.request.urlopen(url, timeout=30) as reply:
        return orjson.loads(reply.read())


def script(arena: Arena, name: str, *arguments: str) -> str:
    """What a script printed. CalledProcessError when it failed; what it says goes to our own standard error."""
    settings = {
        "LEGIS_TARGET": "local",
        "DATABASE_URL": arena.postgres.url("legis"),
        "LEGIS_BACKUP_DIR": str(arena.folder / "backups"),
        "LEGIS_PG_BIN": str(postgres_binaries()),
        "LEGIS_PYTHON": sys.executable,
    }
    command = [str(ROOT / "scripts" / name), *arguments]
    done = subprocess.run(
        command, env={**os.environ, **settings}, stdout=subprocess.PIPE, text=True, timeout=900, check=True
    )
    return done.stdout.strip()


if __name__ == "__main__":
    raise SystemExit(main())
