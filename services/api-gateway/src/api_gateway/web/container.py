"""The resources that requests use; the lifespan opens them, and closes them in reverse order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from legis.service.health import Health, Unfit
from legis.service.run import background

from api_gateway.exports.export_library import ExportLibrary
from api_gateway.exports.object_store import open_store
from api_gateway.search.index.folder import IndexNotReady
from api_gateway.search.index.live import LiveIndex
from api_gateway.search.results import type_codes
from api_gateway.settings import WebSettings
from api_gateway.store.database.connections import Pool
from api_gateway.store.database.open_database import open_database
from api_gateway.store.database.pool import open_pool
from api_gateway.store.database.reader import Database, StoreBusy
from api_gateway.store.database.schema_version import SchemaGate
from api_gateway.store.keys.api_key_rows import find_key
from api_gateway.store.sources.source_state import SourceState
from api_gateway.web.background.data_version import DataVersion
from api_gateway.web.background.key_usage import KeyUsage
from api_gateway.web.background.redis_fail_fast import RedisFailFast
from api_gateway.web.background.status_monitor import StatusMonitor
from api_gateway.web.pipeline.authentication import Authenticator
from api_gateway.web.pipeline.limits.admission import Admission
from api_gateway.web.pipeline.limits.client_slots import ClientSlots
from api_gateway.web.pipeline.limits.gcra import LocalGcra, SharedGcra
from api_gateway.web.pipeline.request_context import RequestContext
from api_gateway.web.pipeline.request_metrics import RequestStats
from api_gateway.web.pipeline.response_cache import ReplyCache
from api_gateway.web.responses.filtered_changes import FilteredChanges
from api_gateway.web.stats_cache import StatsCache

CLOSE_SECONDS = 3.0
STREAMS, STREAMS_OF_A_CLIENT = 100, 20
"""Most readers of the change stream at the same time: in all, and of one client."""

WAITERS, WAITERS_OF_A_CLIENT = 200, 40
"""Most long polls (`wait`) at the same time: in all, and of one client."""

INDEX_WAITERS, INDEX_WAITERS_OF_A_CLIENT = 200, 4
"""Most requests that wait for the index (`min_seq`) at the same time: in all, and of one client."""

FILES, FILES_OF_A_CLIENT = 20, 2
"""Most files (CSV, NDJSON, XLSX) that are sent at the same time: in all, and to one client."""

WORKBOOKS, WORKBOOKS_OF_A_CLIENT = 2, 1
"""Most XLSX files that are built or sent at the same time: in all, and for one client. Each takes up to 90 MB of the
folder of temporary files (`TMPDIR`): 1.5 kB a row, and the compressed file.
"""

WRITING_CONNECTIONS = 2
"""Connections for the few requests that write: subscriptions. What they may write are the role's grants."""


@dataclass(frozen=True, slots=True)
class Resources:
    """Everything that routes and layers share. `stop` is set when the process begins to shut down."""

    settings: WebSettings
    database: Database
    writing_pool: Pool
    index: LiveIndex
    filtered_changes: FilteredChanges
    gate: RedisFailFast
    data_version: DataVersion
    status_monitor: StatusMonitor
    cache: ReplyCache
    authenticator: Authenticator
    key_usage: KeyUsage
    gcra: SharedGcra
    admission: Admission
    stats: StatsCache
    requests: RequestStats
    health: Health
    streams: ClientSlots
    waiters: ClientSlots
    index_waiters: ClientSlots
    files: ClientSlots
    workbooks: ClientSlots
    exports: ExportLibrary
    stop: asyncio.Event

    @asynccontextmanager
    async def slot_after_waiting(self, context: RequestContext) -> AsyncIterator[None]:
        """A slot for the work of a request that waits on purpose, which has none of the pipeline; nothing for any
        other. Not to be held while the request waits. Raises Overloaded.
        """
        if not context.waits or context.file_format is not None:
            yield
            return
        async with self.admission.slot(context.client, context.units):
            yield

    def types_met(self) -> frozenset[str]:
        """The official type codes in the index; filters accept them in addition to the type codes of our vocabulary.
        Raises IndexNotReady.
        """
        state = self.index.state
        return frozenset() if state is None else self.index.ask_here(type_codes, state)


@asynccontextmanager
async def open_resources(settings: WebSettings, health: Health, requests: RequestStats) -> AsyncIterator[Resources]:
    """Opens all resources without waiting for any of them to answer: the process serves what it can from the start."""
    writing_pool = await open_pool(
        settings,
        name="legis-web-writes",
        statement_timeout=settings.database_statement_timeout_seconds,
        size=WRITING_CONNECTIONS,
        stateless=True,
    )
    gate = RedisFailFast(settings.redis_url)
    data_version = DataVersion(gate)
    database, pool = await open_database(settings, lambda: data_version.state.head)
    resources = _joined(settings, database, writing_pool, gate, data_version, health, requests)
    _add_checks(health, resources, SchemaGate(pool))
    stop = resources.stop
    tasks = (
        resources.status_monitor.run(stop),
        resources.data_version.run(stop),
        resources.index.run(stop),
        resources.key_usage.run(stop),
        database.run(stop),
        health.run(stop),
    )
    try:
        async with background(stop, *tasks):
            yield resources
    finally:
        await gate.close()
        await database.close(CLOSE_SECONDS)
        writing_pool.terminate()


def _joined(
    settings: WebSettings,
    database: Database,
    writing_pool: Pool,
    gate: RedisFailFast,
    data_version: DataVersion,
    health: Health,
    requests: RequestStats,
) -> Resources:
    key_usage = KeyUsage(gate)
    status_monitor = StatusMonitor(
        database.newest(),
        gate,
        dataset=settings.dataset,
        freshness_goal=settings.freshness_goal_seconds,
        on_log=data_version.log_stands_at,
        state=data_version.state,
    )
    index = LiveIndex(settings.index_folder, threads=settings.search_threads, on_change=data_version.advance)
    return Resources(
        settings=settings,
        database=database,
        writing_pool=writing_pool,
        index=index,
        filtered_changes=FilteredChanges(database),
        gate=gate,
        data_version=data_version,
        status_monitor=status_monitor,
        cache=ReplyCache(settings.response_cache_entries, data_version.state),
        authenticator=_authenticator(settings, database, key_usage),
        key_usage=key_usage,
        gcra=SharedGcra(gate, LocalGcra()),
        admission=Admission(
            settings.admission_slots,
            settings.admission_queue,
            longest_wait=settings.admission_wait_seconds,
        ),
        stats=StatsCache(index),
        requests=requests,
        health=health,
        streams=ClientSlots(STREAMS_OF_A_CLIENT, STREAMS),
        waiters=ClientSlots(WAITERS_OF_A_CLIENT, WAITERS),
        index_waiters=ClientSlots(INDEX_WAITERS_OF_A_CLIENT, INDEX_WAITERS),
        files=ClientSlots(FILES_OF_A_CLIENT, FILES),
        workbooks=ClientSlots(WORKBOOKS_OF_A_CLIENT, WORKBOOKS),
        exports=ExportLibrary(open_store(settings)),
        stop=asyncio.Event(),
    )


def _authenticator(settings: WebSettings, database: Database, key_usage: KeyUsage) -> Authenticator:
    return Authenticator(
        partial(find_key, database),
        grace_seconds=settings.api_key_grace_seconds,
        used=key_usage.note,
        mail_master=settings.signing_master_key.get_secret_value().encode(),
    )


class IndexMissing(Unfit):
    """There is no search index, so lists cannot be answered."""


class SourceNotFresh(Exception):
    """A source has not met its freshness goal, blocks our requests, or was never read."""


_GOOD_ENOUGH = (SourceState.FRESH, SourceState.PARTIAL)
"""States of a source for which the health check passes. PARTIAL informs readers of missing data, but the service itself
works: during the first complete reading, a source stays PARTIAL for days.
"""


def _add_checks(health: Health, resources: Resources, schema: SchemaGate) -> None:
    async def database() -> None:
        try:
            await resources.database.rows("SELECT 1")
        except StoreBusy:
            return  # a busy database is not unreachable

    async def redis() -> None:
        await resources.gate.client.ping()

    async def sources() -> None:
        behind = [f.source.value for f in resources.status_monitor.snapshot.freshness if f.state not in _GOOD_ENOUGH]
        if behind:
            raise SourceNotFresh(", ".join(behind))

    async def index() -> None:
        try:
            resources.index.require(resources.status_monitor.snapshot.epoch)
        except IndexNotReady as error:
            raise IndexMissing(str(error)) from error

    # Lists come from the index and kept replies stay, so a started process goes on without its database.
    health.add("database", database, required=False, for_start=True)
    health.add("index", index, required=True, for_start=False)  # a first build may take minutes, which is no fault
    health.add("schema", schema.check, required=True)
    health.add("redis", redis, required=False)
    health.add("sources", sources, required=False)
