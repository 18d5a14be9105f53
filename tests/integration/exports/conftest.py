"""A database with records of every kind, and exports of it: three of them, with changes between."""

import asyncio
import gzip
import json
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from api_gateway.exporter.build import TUNED, BuildEnd
from api_gateway.exports.export_shapes import ExportManifest
from api_gateway.settings import StoreSettings
from api_gateway.store.bills.bill_writer import apply
from api_gateway.store.database.pool import open_pool
from integration.bills import make_bill, observed
from integration.store.records.record_readings import agenda, event, legislator, reading, store, votes, voting
from legis.domain.bill import Action
from legis.domain.records.organization_record import Classification, OrganizationRecord
from legis.domain.vocabulary import ActionKind, Chamber, Source

BILLS = 30
FORMULA = '=HYPERLINK("https://example.org")'


@dataclass(frozen=True, slots=True)
class Exports:
    """A database, and the folder that its exports are in, oldest first."""

    database_url: str
    folder: Path
    manifests: list[ExportManifest]

    @property
    def newest(self) -> ExportManifest:
        return self.manifests[-1]

    def path(self, manifest: ExportManifest, name: str) -> Path:
        return self.folder / manifest.id / name


@pytest.fixture(scope="session")
async def exported(database_copies: Any, tmp_path_factory: Any) -> AsyncIterator[Exports]:
    """Two exports: between them bills and votings changed, one voting lost its votes, and new records came."""
    folder = tmp_path_factory.mktemp("exports")
    with database_copies.one() as url:
        pool = await open_pool(StoreSettings(database_url=url), name="test", statement_timeout=10)
        await fill(pool)
        first = await built(url, folder)
        await change(pool)
        second = await built(url, folder)
        await pool.close()
        yield Exports(url, folder, [first, second])


async def fill(pool: Any) -> None:
    """Stores records of every kind; the title of bill 1 is a formula."""
    bills = [make_bill(n, title=FORMULA if n == 1 else f"Ementa {n}", actions=actions(n)) for n in range(1, BILLS + 1)]
    await apply(pool, [observed(one) for one in bills], confirm_seconds=0)
    body = OrganizationRecord(
        id="camara-org-1", source=Source.CAMARA, upstream_id="1", house=Chamber.CAMARA, name="Comissão",
        classification=Classification.PERMANENT,
    )  # fmt: skip
    people = [legislator(1, name="Ana", birth_date=date(1970, 1, 2)), legislator(2)]
    things = [body, *people, event(1, agenda=agenda("camara-1")), voting(1, bill="camara-1", votes=votes("YN"))]
    await store(pool, *(reading(one, seq) for seq, one in enumerate(things, 1)))


async def change(pool: Any) -> None:
    """Changes two bills and a voting, adds a bill, an event and a voting that repeats the first one's votes."""
    changed = [make_bill(2, title="Outra ementa", actions=actions(2)), make_bill(3, actions=actions(5))]
    await apply(pool, [observed(one) for one in (*changed, make_bill(900, actions=()))], confirm_seconds=0)
    again = [voting(2, bill="camara-2", votes=votes("YN")), event(2), legislator(2, name="Bia", party="PT")]
    await store(pool, *(reading(one, seq) for seq, one in enumerate(again, 100)))


def actions(count: int) -> tuple[Action, ...]:
    first = date(2026, 1, 1)
    return tuple(
        Action(date=first + timedelta(n), order=n + 1, kind=ActionKind.TRANSFERRED, description=f"Passo {n}")
        for n in range(count % 7)
    )


async def built(database_url: str, folder: Path, **settings: str) -> ExportManifest:
    """Builds an export by the command, and returns its manifest."""
    before = set(folder.iterdir()) if folder.exists() else set()
    ended = await build_process(database_url, folder, **settings)
    said, _ = await ended.communicate()
    assert ended.returncode == BuildEnd.BUILT, said.decode()
    (made,) = {path for path in set(folder.iterdir()) - before if path.is_dir()}
    await asyncio.sleep(1.0)  # ids are instants in whole seconds
    return ExportManifest.model_validate_json((made / "manifest.json").read_bytes())


async def build_process(database_url: str, folder: Path, **settings: str) -> asyncio.subprocess.Process:
    """The command, as a process that runs."""
    environment = {
        **TUNED,
        "DATABASE_URL": database_url,
        "EXPORTS_FOLDER": str(folder),
        "DATASET": "sample",
        **settings,
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "api_gateway.exporter.build",
        env={**os.environ, **environment}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip


def lines(path: Path) -> list[bytes]:
    """The lines of an NDJSON file."""
    return gzip.decompress(path.read_bytes()).splitlines()


def rows(path: Path) -> list[dict[str, Any]]:
    """The rows of an NDJSON file."""
    return [json.loads(line) for line in lines(path)]
