"""Opens the database that web reads: of one server, or of standbys with their primary."""

from collections.abc import Callable

from legis.streams.log_heads import LogHead

from api_gateway.settings import WebSettings
from api_gateway.store.database.connections import Pool
from api_gateway.store.database.hosts import Role, hosts_of
from api_gateway.store.database.pool import PlanMode, open_pool
from api_gateway.store.database.reader import Database

_POOLS: tuple[tuple[str, PlanMode], ...] = (
    ("legis-web", "force_custom_plan"),
    ("legis-web-fixed", "force_generic_plan"),
)


async def open_database(settings: WebSettings, announced: Callable[[], LogHead]) -> tuple[Database, Pool]:
    """Opens the pools without a connection; returns the database and one of the pools that it reads from.

    `announced` gives the head of the change log that standbys must have.
    """
    primary, pool = await _open(settings, "primary", settings.database_url)
    if settings.database_read_url is None:
        return primary, pool
    return await _open(settings, "standby", settings.database_read_url, primary, announced)


async def _open(
    settings: WebSettings,
    role: Role,
    url: str,
    primary: Database | None = None,
    announced: Callable[[], LogHead] = LogHead,
) -> tuple[Database, Pool]:
    size = max(1, settings.database_pool_size // 2)
    pools = [await _pool(settings, role, name, plans, size) for name, plans in _POOLS]
    database = Database(
        *pools,
        limit=size,
        acquire_timeout=settings.database_acquire_timeout_seconds,
        hosts=len(hosts_of(url)),
        primary=primary,
        announced=announced,
    )
    return database, pools[0]


async def _pool(settings: WebSettings, role: Role, name: str, plans: PlanMode, size: int) -> Pool:
    return await open_pool(
        settings,
        name=name,
        statement_timeout=settings.database_statement_timeout_seconds,
        size=size,
        stateless=True,
        plans=plans,
        role=role,
    )
