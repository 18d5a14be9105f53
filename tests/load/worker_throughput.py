"""Prints how many bulk-like bills a second one worker takes from the stream into PostgreSQL, and at what CPU cost.

    python tests/load/worker_throughput.py [bills]

Not collected by pytest: on a shared machine the wall clock measures the neighbours, so CPU time is printed beside it.
"""

import asyncio
import gc
import random
import resource
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import uvloop
from api_gateway.migrations import migration_runner
from api_gateway.settings import WorkerSettings
from api_gateway.worker.app import make_app
from legis.domain.bill import Bill, Provenance
from legis.domain.vocabulary import ReadingPart, Source
from legis.events import BillObserved, Walk, WindowEnded, WindowRef, encode
from legis.streams.connection import connect
from legis.streams.names import BILLS_STREAM
from legis.telemetry.traces import configure
from legis_launcher.servers.postgres_server import PostgresServer
from legis_launcher.servers.redis_server import RedisServer

TEXT = (
    "institui dispõe sobre altera lei educação saúde pública nacional programa federal direitos criança adolescente"
    " meio ambiente trabalho previdência social código penal tributário municípios estados união segurança alimentar"
    " transporte rodoviário energia elétrica consumidor defesa mulher idoso deficiência acesso internet dados proteção"
)
WORDS = TEXT.split()
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def observed(n: int, rng: random.Random) -> BillObserved:
    """A row as a yearly bulk file gives it: about 25 fields, one signatory, eight keywords."""
    year, number = 2000 + n % 26, n // 26 + 1
    code = rng.choice(["PL", "PEC", "REQ", "PLP", "INC", "RIC"])
    day = date(year, 1 + n % 12, 1 + n % 28)
    at = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)
    facts: dict[str, Any] = {
        "chamber": "CAMARA", "type": code, "type_code": code, "type_text": "Projeto de Lei", "number": number,
        "number_text": str(number), "year": year, "identifier": f"{code} {number}/{year}",
        "title": " ".join(rng.choices(WORDS, k=30)), "introduced_on": day, "introduced_at": at,
        "status": "IN_COMMITTEE", "status_code": "924", "status_text": "Pronta para Pauta",
        "regime_text": "Ordinário (Art. 151, III, RICD)", "keywords": rng.choices(WORDS, k=8),
        "organization": {"code": "180", "acronym": "PLEN", "name": "Plenário", "chamber": "CAMARA"},
        "latest_action": {"date": day, "at": at, "order": 12, "kind": "REFERRED", "kind_code": "100",
                          "kind_text": "Despacho", "description": " ".join(rng.choices(WORDS, k=20))},
        "sponsorships": [{"name": f"Deputado {rng.choice(WORDS)}", "role": "AUTHOR", "kind": "LEGISLATOR", "order": 1,
                          "legislator_id": str(rng.randrange(900)), "party": "PT", "state": "SP"}],
        "subjects": [{"code": "40", "name": "Direitos Humanos e Minorias"}],
        "documents": [{"kind": "FULL_TEXT", "url": f"https://www.camara.leg.br/proposicoesWeb/prop?codteor={n}"}],
        "url": f"https://www.camara.leg.br/propostas-legislativas/{n}",
    }  # fmt: skip
    return BillObserved(
        source=Source.CAMARA,
        published_at=datetime.now(UTC),
        window=WindowRef(window_id="load", walk=Walk.BACKFILL, index=n),
        read_seq=n + 1,
        bill=Bill(source=Source.CAMARA, upstream_id=str(n), **facts),
        provenance=Provenance(
            url="https://dadosabertos.camara.leg.br/arquivos/",
            fetched_at=NOW,
            payload_sha256="0" * 64,
            parser_version="1",
        ),
        part=ReadingPart.BULK,
        marks={ReadingPart.BULK: "a" * 64},
    )


async def fill(url: str, payloads: list[bytes], end: WindowEnded) -> None:
    """Puts everything on the stream before the worker starts, so that only the worker is measured."""
    redis = connect(url, client_name="load", socket_timeout=60)
    for start in range(0, len(payloads), 500):
        async with redis.pipeline(transaction=False) as pipeline:
            for payload in payloads[start : start + 500]:
                pipeline.xadd(BILLS_STREAM, {"kind": "bill_observed", "payload": payload})
            await pipeline.execute()
    await redis.xadd(BILLS_STREAM, {"kind": "window_ended", "payload": encode(end)})
    await redis.aclose()


async def drain(settings: WorkerSettings) -> float:
    """Runs the worker until the stream is empty; seconds it took."""
    redis = connect(settings.redis_url, client_name="load")
    app = make_app(settings, configure("load", endpoint=None, ratio=0, file=None))
    began = time.perf_counter()
    async with app.router.lifespan_context(app), asyncio.timeout(600):
        while await redis.xlen(BILLS_STREAM):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        seconds = time.perf_counter() - began
    await redis.aclose()
    return seconds


def main(bills: int) -> None:
    """First the bills are new, then all of them come a second time."""
    gc.set_threshold(50_000, 20, 50)
    rng = random.Random(1)
    payloads = [encode(observed(n, rng)) for n in range(bills)]
    end = WindowEnded(
        source=Source.CAMARA, published_at=NOW, window_id="load", walk=Walk.BACKFILL, lo=-9999, hi=1, items=bills,
        max_read_seq=bills,
    )  # fmt: skip
    print(f"{bills} bills, {sum(map(len, payloads)) // bills} bytes each")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        postgres, valkey = PostgresServer(), RedisServer()
        postgres.start(Path(folder) / "postgres", durable=True)
        valkey.start(Path(folder) / "redis", durable=False)
        try:
            postgres.create_database("load")
            url, redis_url = postgres.url("load"), valkey.url(0)
            uvloop.run(migration_runner.upgrade(url))
            settings = WorkerSettings(database_url=url, redis_url=redis_url)
            for name in ("new", "replayed"):
                uvloop.run(fill(redis_url, payloads, end))
                before = resource.getrusage(resource.RUSAGE_SELF)
                seconds = uvloop.run(drain(settings))
                after = resource.getrusage(resource.RUSAGE_SELF)
                cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
                print(f"{name}: {bills / seconds:.0f} bills/s, worker CPU {cpu / bills * 1e6:.0f} µs a bill")
            print(f"largest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB, payloads included")
        finally:
            valkey.stop()
            postgres.stop("immediate")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
