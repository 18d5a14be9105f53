"""A snapshot of the sources, the event stream and the change log, renewed every two seconds in a background task."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import orjson
from legis.clock import Clock, utc_now
from legis.domain.vocabulary import Source
from legis.errors import StoreUnavailable
from legis.events import ServiceState
from legis.streams.names import BILLS_STREAM, STORE_GROUP
from legis.streams.service_states import read_service_states
from legis.telemetry.traces import suppressed
from legis.waiting import wait_or_stop
from redis.exceptions import ResponseError

from api_gateway.documents.render import instant
from api_gateway.store.database.reader import Database, StoreBusy
from api_gateway.store.sources.record_freshness import KindFreshness
from api_gateway.store.sources.source_state import Assessment, Evidence, SourceState, assess
from api_gateway.store.sources.source_status import StoreStatus, load_status
from api_gateway.web.background.data_version import DataState
from api_gateway.web.background.redis_fail_fast import RedisAway, RedisFailFast

RENEW_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Freshness:
    """How current one source is, and why it is not FRESH; rendered in `meta.freshness` of every reply."""

    source: Source
    state: SourceState
    last_success_at: datetime | None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StatusSnapshot:
    """The last known state of everything that the monitor reads.

    `meta` is the JSON object that every reply contains. `validator` is the part of it that enters an ETag: the states
    of the sources, without the times of their last reading, which change without any news. `lags` are the seconds since
    each source's last complete reading of what changed. `modified_at` is the time of the last change of the data or of
    `validator`. `epoch` is the identity of the database's contents, None until it is known. `away_since` is the time at
    which the store was first found not to answer, None while it answers.
    """

    status: StoreStatus | None = None
    epoch: str | None = None
    away_since: datetime | None = None
    services: dict[Source, ServiceState] = field(default_factory=dict)
    backlog: int | None = None
    pending: int | None = None
    freshness: tuple[Freshness, ...] = ()
    lags: tuple[int | None, ...] = ()
    standings: tuple[Assessment, ...] = ()
    record_kinds: tuple[tuple[KindFreshness, ...], ...] = ()
    meta: bytes = b"{}"
    validator: bytes = b""
    modified_at: datetime | None = None

    @property
    def undated(self) -> "StatusSnapshot":
        """The same for replies without `Last-Modified`: those whose content may change without a change of the data,
        because the day does, or because it is computed now and then. Their ETag tells.
        """
        return replace(self, modified_at=None)


class StatusMonitor:
    """Holds the current snapshot and renews it."""

    def __init__(
        self,
        database: Database,
        gate: RedisFailFast,
        *,
        dataset: str,
        freshness_goal: float,
        on_log: Callable[[str | None, int], None],
        state: DataState | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._gate = gate
        self._dataset = dataset
        self._goal = freshness_goal
        self._on_log = on_log
        self._clock = clock
        self._state = DataState() if state is None else state
        self.snapshot = StatusSnapshot()
        self._show(self._drawn(self.snapshot, None))

    async def run(self, stop: asyncio.Event) -> None:
        """Renews the snapshot every two seconds until `stop` is set. The store's part of it stays unchanged while it
        cannot be read.
        """
        while not stop.is_set():
            with suppressed():
                await self.renew()
            await wait_or_stop(stop, RENEW_SECONDS)

    async def renew(self) -> None:
        """Queries the store and Redis once, each with its own short timeout."""
        known = self.snapshot
        try:
            status = await load_status(self._database)
            self._on_log(status.epoch, status.last_seq)
            known = replace(known, status=status, epoch=status.epoch, away_since=None)
        except StoreBusy:
            known = replace(known, away_since=None)
        except StoreUnavailable:
            known = replace(known, away_since=known.away_since or self._clock())
        try:
            services, backlog, pending = await self._gate.look(self._ask_redis)
            known = replace(known, services=services, backlog=backlog, pending=pending)
        except RedisAway:
            known = replace(known, services={}, backlog=None, pending=None)
        self._show(self._drawn(known, self.snapshot))

    def _show(self, snapshot: StatusSnapshot) -> None:
        self.snapshot = snapshot
        self._state.validator, self._state.store_away = snapshot.meta, snapshot.away_since is not None

    async def _ask_redis(self) -> tuple[dict[Source, ServiceState], int, int]:
        client = self._gate.client
        services = await read_service_states(client)
        backlog = int(await client.xlen(BILLS_STREAM))
        try:
            pending = int((await client.xpending(BILLS_STREAM, STORE_GROUP))["pending"])
        except ResponseError:
            pending = 0  # the stream or its consumer group does not exist yet
        return services, backlog, pending

    def _drawn(self, known: StatusSnapshot, before: StatusSnapshot | None) -> StatusSnapshot:
        now = self._clock()
        all_evidence = [self._evidence(known, source, now) for source in Source]
        standings = tuple(assess(evidence) for evidence in all_evidence)
        freshness = tuple(
            Freshness(evidence.source, found.state, evidence.last_success_at, found.codes)
            for evidence, found in zip(all_evidence, standings, strict=True)
        )
        validator = orjson.dumps([self._dataset, [(f.source, f.state) for f in freshness], known.away_since])
        changed_at = before.modified_at if before is not None and before.validator == validator else now
        return replace(
            known,
            standings=standings,
            freshness=freshness,
            lags=tuple(evidence.lag for evidence in all_evidence),
            record_kinds=tuple(evidence.record_kinds for evidence in all_evidence),
            meta=orjson.dumps(_meta(self._dataset, freshness, known.away_since), option=orjson.OPT_UTC_Z),
            validator=validator,
            modified_at=_modified(known, changed_at),
        )

    def _evidence(self, known: StatusSnapshot, source: Source, now: datetime) -> Evidence:
        away = known.away_since is not None
        return Evidence(source, known.status, known.services.get(source), away, self._goal, now)


def _modified(known: StatusSnapshot, otherwise: datetime | None) -> datetime | None:
    changed = known.status.last_changed_at if known.status else None
    return max((at for at in (changed, otherwise) if at is not None), default=None)


def _meta(dataset: str, freshness: tuple[Freshness, ...], away_since: datetime | None) -> dict[str, Any]:
    meta: dict[str, Any] = {"dataset": dataset, "freshness": list(freshness)}
    stale = [f.source.value for f in freshness if f.state in (SourceState.STALE, SourceState.BLOCKED)]
    partial = [f.source.value for f in freshness if f.state is SourceState.PARTIAL]
    notices = []
    if dataset == "sample":
        notices.append("These are generated sample data, not the record of the Congress.")
    if away_since is not None:
        notices.append(f"The database is away since {instant(away_since)}: lists are as they were then.")
    elif stale:
        notices.append(f"Data of {' and '.join(stale)} may be out of date: the source has not been read lately.")
    if partial and away_since is None:
        notices.append(f"Data of {' and '.join(partial)} are not complete: /api/v1/sources says what is missing.")
    if notices:
        meta["notice"] = " ".join(notices)
    return meta
