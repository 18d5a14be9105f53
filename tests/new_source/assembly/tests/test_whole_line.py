"""The whole line as processes: bills of the pretend upstream are read, published, stored, indexed and served."""

import asyncio
import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from integration.ingest_ensaio.pretend_upstream import THIS_YEAR, running
from legis.domain.bill import Bill, Provenance
from legis.domain.vocabulary import Chamber, ReadingPart, Source
from legis.events import BillObserved, Walk, WindowRef
from legis.streams.connection import connect
from legis.streams.publisher import Publisher

TITLE = "Institui a política de dados abertos das assembleias e cria o seu conselho"


@asynccontextmanager
async def process(module: str, log: Path, **environment: str) -> AsyncIterator[None]:
    """A process of ours, told to end when the test is over."""
    with log.open("wb") as output:
        found = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, env={**os.environ, **environment}, stdout=output, stderr=output
        )
        try:
            yield
        finally:
            if found.returncode is None:
                found.terminate()
            await found.wait()


async def until(check: Callable[[], Awaitable[Any]], log: Path) -> Any:
    """What the check gives, once it gives something; the processes' logs are in the failure."""
    for _ in range(1800):
        if found := await check():
            return found
        await asyncio.sleep(0.1)
    logs = "\n".join(f"{path.name}: {path.read_text()[-1500:]}" for path in log.glob("*.log"))
    raise AssertionError(f"did not happen within three minutes\n{logs}")


def observed(source: Source, upstream_id: str, **claims: Any) -> BillObserved:
    """A record that one of the houses of Congress has of a bill with the same number and title."""
    facts = {"type": "PL", "type_code": "PL", "number": 1, "year": THIS_YEAR, "identifier": f"PL 1/{THIS_YEAR}"}
    now = datetime.now(UTC)
    return BillObserved(
        source=source, published_at=now, window=WindowRef(window_id=f"w-{source}", walk=Walk.INCREMENTAL, index=0),
        read_seq=1, bill=Bill(source=source, upstream_id=upstream_id, title=TITLE, **facts, **claims),
        provenance=Provenance(url="https://example.test", fetched_at=now, payload_sha256="0" * 64, parser_version="1"),
        part=ReadingPart.DETAIL, marks={ReadingPart.DETAIL: "mark"},
    )  # fmt: skip


async def test_its_bills_are_served(
    database_url: str, redis_url: str, unused_tcp_port_factory: Any, tmp_path: Path
) -> None:
    ports = {name: str(unused_tcp_port_factory()) for name in ("WORKER_PORT", "INDEXER_PORT", "PORT", "ENSAIO_PORT")}
    common = {
        "DATABASE_URL": database_url, "REDIS_URL": redis_url, "INDEX_FOLDER": str(tmp_path / "index"),
        "POLL_INTERVAL_SECONDS": "0.3", "BACKFILL_FROM_YEAR": str(THIS_YEAR), "ENSAIO_REQUESTS_PER_SECOND": "500",
        "RATE_LIMIT_PER_MINUTE": "100000", **ports,
    }  # fmt: skip

    def get(path: str) -> Any:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{ports['PORT']}{path}", timeout=5) as reply:
                return json.loads(reply.read())
        except urllib.error.HTTPError as error:
            if error.code not in (404, 503):  # not there yet
                raise
        except OSError:  # not up yet
            pass
        return None

    async def document(path: str) -> Any:
        return await asyncio.to_thread(get, path)

    async with running() as assembly, AsyncExitStack() as line:
        assembly.put(1, ementa=TITLE)
        common["ENSAIO_BASE_URL"] = assembly.base_url
        redis = connect(redis_url, client_name="test")
        line.push_async_callback(redis.aclose)
        houses = [
            observed(Source.CAMARA, "11", chamber=Chamber.CAMARA),
            observed(Source.SENADO, "22", chamber=Chamber.SENADO, originating_chamber=Chamber.CAMARA),
        ]
        await Publisher(redis, capacity=100).publish([(event, None) for event in houses])
        for module in ("api_gateway.worker", "api_gateway.indexer", "api_gateway.web", "ingest_ensaio"):
            await line.enter_async_context(process(module, tmp_path / f"{module}.log", **common))

        async def all_listed() -> Any:
            page = await document("/api/v1/bills?chamber=ENSAIO")
            return page if page and len(page["data"]) == 3 else None

        page = await until(all_listed, tmp_path)
        assert sorted(row["id"] for row in page["data"]) == ["ensaio-1", "ensaio-2", "ensaio-3"]

        async def houses_linked() -> Any:
            bill = await document("/api/v1/bills/camara-11")
            return bill if bill and bill["data"]["counterparts"] else None

        camara = await until(houses_linked, tmp_path)
        assert [other["id"] for other in camara["data"]["counterparts"]] == ["senado-22"]
        bill = (await document("/api/v1/bills/ensaio-1"))["data"]
        assert (bill["source"], bill["chamber"], bill["title"]) == ("ensaio", "ENSAIO", TITLE)
        assert (bill["urn_lex"], bill["urn_status"], bill["counterparts"]) == (None, "NONE", [])
        sources = {row["source"]: row for row in (await document("/api/v1/sources"))["data"]}
        assert list(sources) == [source.value for source in Source]
        assert sources["ensaio"]["dead_letters_open"] == 0

        assembly.put(2, situacao="Aprovado")

        async def approved() -> Any:
            found = await document("/api/v1/bills/ensaio-2")
            return found and found["data"]["status"] == "APPROVED"

        await until(approved, tmp_path)
