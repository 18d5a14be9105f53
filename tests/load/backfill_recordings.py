"""Sends the real yearly files of the Câmara through the whole line and counts: rows in = bills stored + dead letters.

Run by `make backfill-recordings`. The files are read where they lie, from a folder of `proposicoes-YYYY.csv.gz`; a
small HTTP server plays the Câmara's file host, and a Câmara API in which nothing has moved.
"""

import argparse
import asyncio
import csv
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import aiohttp
import asyncpg
from aiohttp import web
from legis_launcher.servers.ports import free_port
from legis_launcher.servers.postgres_server import PostgresServer
from legis_launcher.servers.redis_server import RedisServer
from material_folder import RECORDINGS

DEFAULT_FOLDER = RECORDINGS / "camara/bulk_csv/full"
LIMIT_SECONDS = 600
NOT_RUN = 3
"""Exit status, as `make nightly` knows it."""


def rows_by_year(folder: Path) -> dict[int, int]:
    """Records of each yearly file, counted by the standard library's reader."""
    counts = {}
    for path in sorted(folder.glob("proposicoes-*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as text:
            counts[int(path.name[12:16])] = sum(1 for _ in csv.reader(text, delimiter=";")) - 1
    return counts


def file_host(folder: Path) -> web.Application:
    """`/arquivos/proposicoes/csv/proposicoes-YYYY.csv` from the folder; 404 for all else; an API where all is quiet."""

    async def bulk(request: web.Request) -> web.StreamResponse:
        path = folder / f"{request.match_info['name']}.gz"
        if request.match_info["set"] != "proposicoes" or not path.is_file():
            raise web.HTTPNotFound
        response = web.StreamResponse(headers={"Content-Type": "text/csv"})
        await response.prepare(request)
        with gzip.open(path, "rb") as source:
            while chunk := source.read(262_144):
                await response.write(chunk)
        await response.write_eof()
        return response

    async def quiet(_: web.Request) -> web.Response:
        return web.json_response({"dados": [], "links": []}, headers={"X-Total-Count": "0"})

    app = web.Application()
    app.router.add_get("/arquivos/{set}/csv/{name}", bulk)
    app.router.add_get("/api/v2/{tail:.*}", quiet)
    return app


async def listen(app: web.Application) -> tuple[web.AppRunner, int]:
    """Serves the application on a free loopback port."""
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    return runner, runner.addresses[0][1]


class Line:
    """The processes between the files and the API, as children."""

    def __init__(self, environment: dict[str, str], logs: Path) -> None:
        self.environment = {**os.environ, **environment}
        self._logs = logs
        self._children: list[subprocess.Popen[bytes]] = []

    def start(self, module: str) -> None:
        """Starts `python -m module`."""
        log = (self._logs / f"{module}.log").open("wb")
        command = [sys.executable, "-m", module]
        self._children.append(subprocess.Popen(command, env=self.environment, stdout=log, stderr=log))

    def stop(self) -> None:
        """Ends the children, the last one first."""
        for child in reversed(self._children):
            child.terminate()
        for child in self._children:
            try:
                child.wait(15)
            except subprocess.TimeoutExpired:
                child.kill()


async def until_read(database: asyncpg.Connection, oldest: int) -> None:
    """Waits until the backfill's checkpoint has passed the oldest year."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < deadline:
        position = await database.fetchval(
            "SELECT position FROM source_cursor WHERE source = 'camara' AND walk = 'BACKFILL'"
        )
        if position is not None and position >= -oldest + 1:
            return
        await asyncio.sleep(0.2)
    raise SystemExit(f"backfill did not finish within {LIMIT_SECONDS} s; position {position}")


async def served(base: str, sample: int) -> tuple[int, int]:
    """Bills that the API counts, and how many of the newest `sample` it serves one by one."""
    async with aiohttp.ClientSession(base) as session:
        async with session.get("/api/v1/bills", params={"count": "exact", "limit": 100}) as reply:
            body = await reply.json()
        found = 0
        for item in body["data"][:sample]:
            async with session.get(f"/api/v1/bills/{item['id']}") as reply:
                found += reply.status == 200
        return body["page"]["count"]["value"], found


async def main(folder: Path) -> int:
    """Runs everything once, then again from an emptied Redis; prints the counts; 0 when they agree, 3 without files."""
    if not folder.is_dir():
        sys.stdout.write(f"backfill-recordings: not run, there are no recordings at {folder}\n")
        return NOT_RUN
    expected = rows_by_year(folder)
    runner, port = await listen(file_host(folder))
    with tempfile.TemporaryDirectory(prefix="legis-recordings-", ignore_cleanup_errors=True) as name:
        work = Path(name)
        work.chmod(0o755)
        postgres, redis = PostgresServer(), RedisServer()
        postgres.start(work / "postgres")
        redis.start(work / "redis")
        web_port = free_port()
        line = Line(settings(postgres, redis, port, web_port, min(expected)), work)
        try:
            return await measure(line, postgres.url("legislativo"), f"http://127.0.0.1:{web_port}", expected)
        finally:
            line.stop()
            redis.stop()
            postgres.stop()
            await runner.cleanup()


def settings(postgres: PostgresServer, redis: RedisServer, port: int, web_port: int, oldest: int) -> dict[str, str]:
    """Environment of every process of the line."""
    postgres.create_database("legislativo")
    return {
        "DATABASE_URL": postgres.url("legislativo"),
        "REDIS_URL": redis.url(),
        "CAMARA_BASE_URL": f"http://127.0.0.1:{port}/api/v2",
        "CAMARA_FILES_URL": f"http://127.0.0.1:{port}/arquivos",
        "CAMARA_PORT": str(free_port()),
        "CAMARA_REQUESTS_PER_SECOND": "100",
        "WORKER_PORT": str(free_port()),
        "PORT": str(web_port),
        "BACKFILL_FROM_YEAR": str(oldest),
        "RATE_LIMIT_PER_MINUTE": "100000",
        "RATE_LIMIT_BURST": "100000",
    }


async def measure(line: Line, database_url: str, base: str, expected: dict[int, int]) -> int:
    """Backfills, counts, backfills again, compares."""
    environment = line.environment
    subprocess.run([sys.executable, "-m", "api_gateway.migrations"], env=environment, check=True, timeout=60)
    database = await asyncpg.connect(database_url)
    began = time.monotonic()
    for module in ("api_gateway.worker", "api_gateway.web", "ingest_camara"):
        line.start(module)
    await until_read(database, min(expected))
    seconds = time.monotonic() - began
    first = await counts(database)
    api_count, api_found = await served(base, 100)
    await replay(database)
    await until_read(database, min(expected))
    second = await counts(database)
    await database.close()
    rows = sum(expected.values())
    report = {
        "files": len(expected),
        "rows_in": rows,
        "bills_stored": first["bills"],
        "dead_letters": first["dead_letters"],
        "change_rows": first["changes"],
        "api_count": api_count,
        "api_details_served_of_100": api_found,
        "seconds": round(seconds, 1),
        "rows_per_second": round(rows / seconds),
        "change_rows_after_replay": second["changes"],
    }
    sys.stdout.write(json.dumps(report, indent=2) + "\n")
    agree = rows == first["bills"] + first["dead_letters"] and api_count == first["bills"] and second == first
    sys.stdout.write(
        "rows in = bills stored + dead letters; the replay changed nothing\n" if agree else "COUNTS DIFFER\n"
    )
    return 0 if agree and api_found == 100 else 1


async def replay(database: asyncpg.Connection) -> None:
    """Makes ingest read everything again: no checkpoint, and a new epoch so that nothing counts as seen."""
    await database.execute("DELETE FROM source_cursor WHERE walk = 'BACKFILL'")
    await database.execute("UPDATE store_epoch SET epoch = gen_random_uuid()")


async def counts(database: asyncpg.Connection) -> dict[str, int]:
    """Rows of the tables that must add up."""
    return {
        "bills": await database.fetchval("SELECT count(*) FROM bill"),
        "dead_letters": await database.fetchval("SELECT count(*) FROM dead_letter"),
        "changes": await database.fetchval("SELECT count(*) FROM bill_change"),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER)
    raise SystemExit(asyncio.run(main(parser.parse_args().folder)))
