"""Databases that begin empty, at the newest schema."""

import asyncio
import itertools
from collections.abc import Iterator
from contextlib import contextmanager

from api_gateway.migrations.migration_runner import upgrade

from bench.system.arena import Arena

_TEMPLATE = "bench_empty"
_numbers = itertools.count()


@contextmanager
def template(arena: Arena) -> Iterator[None]:
    """Keeps a migrated database to copy from, for as long as the context lasts."""
    arena.postgres.drop_database(_TEMPLATE)
    arena.postgres.create_database(_TEMPLATE)
    asyncio.run(upgrade(arena.postgres.url(_TEMPLATE)))
    try:
        yield
    finally:
        arena.postgres.drop_database(_TEMPLATE)


@contextmanager
def database(arena: Arena) -> Iterator[str]:
    """Address of an empty database, beside an empty Redis; inside `template`."""
    name = f"bench_{next(_numbers)}"
    arena.redis.execute("FLUSHALL")
    arena.postgres.drop_database(name)
    arena.postgres.create_database(name, template=_TEMPLATE)
    try:
        yield arena.postgres.url(name)
    finally:
        arena.postgres.drop_database(name)
