"""Compresses the waits that no setting reaches, so that minutes of trouble fit into one.

Nothing but durations is touched: what is waited for, and what happens then, is the product's own. A build of the index
alone is made longer, so that it can be met by trouble: a few hundred bills would be there in a blink.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Any

EXPORT_SECONDS = 10.0
"""Time between two exports; a day in earnest."""


def compress(module: str) -> None:
    """Shortens the patience of ingest, indexer, notifier and exporter; others wait as they always do."""
    if module == "api_gateway.indexer":
        _indexer()
    if module == "api_gateway.notifier":
        _notifier()
    if module == "api_gateway.exporter":
        _exporter()
    if module.startswith("ingest_"):
        _engine()
        _manners()
    if module == "ingest_camara":
        from ingest_camara.client import upstream_policy
        from ingest_camara.source import changes

        changes.STALE_PAUSE_SECONDS = 0.3
        upstream_policy.TOTAL_TIMEOUT = 4.0
    if module == "ingest_senado":
        from ingest_senado.client import api
        from ingest_senado.client import upstream_policy as senado_policy
        from ingest_senado.source.adapter import SenadoSource

        api.LIST_TIMEOUT = senado_policy.LIST_TIMEOUT = 4.0
        _defaults(SenadoSource.__init__).update(stale_wait=0.1)


def _engine() -> None:
    from legis.ingest import runner

    runner.FIRST_BACKOFF_SECONDS = 0.2
    runner.LONGEST_BACKOFF_SECONDS = 1.0
    runner.FIRST_PERMANENT_BACKOFF_SECONDS = 0.5
    runner.PERMANENT_BACKOFF_SECONDS = 1.0
    runner.IDLE_SECONDS = 0.2


def _indexer() -> None:
    from api_gateway.indexer import index_loop, rebuild
    from api_gateway.store.changes.index_feed import IndexFeed

    index_loop.LONGEST_WAIT_SECONDS = 1.0
    rebuild.PAGE = 100
    page = IndexFeed.page

    async def slow_page(self: IndexFeed, after_ordinal: int, limit: int) -> Any:
        await asyncio.sleep(0.05)
        return await page(self, after_ordinal, limit)

    IndexFeed.page = slow_page  # type: ignore[method-assign]


def _notifier() -> None:
    """A failure is tried again after half a second; and a receiver may be on this machine, as never in earnest."""
    from api_gateway.notifier import app

    guard = app.socket_guard
    app.socket_guard = lambda own_networks=(): guard(own_networks, is_allowed=lambda host: True)  # type: ignore[assignment]
    _defaults(app.make_app).update(delay=lambda failures, asked: timedelta(seconds=0.5))


def _exporter() -> None:
    from api_gateway.exporter import app

    app.LOOK_SECONDS = 0.5

    def is_due(now: datetime, hour: int, newest: datetime | None) -> bool:
        return newest is None or now - newest >= timedelta(seconds=EXPORT_SECONDS)

    app.is_due = is_due


def _manners() -> None:
    from legis.upstream.policy import BreakerPolicy, UpstreamPolicy

    _defaults(UpstreamPolicy.__init__).update(retry_base_seconds=0.05, retry_cap_seconds=0.5, default_retry_after=1.0)
    _defaults(BreakerPolicy.__init__).update(open_seconds=1.0, max_open_seconds=2.0)


def _defaults(function: Any) -> dict[str, Any]:
    found: dict[str, Any] = function.__kwdefaults__
    return found
