"""An API of its own for the fuzz: a database with invented bills, an indexer, and one web process."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from legis_launcher.servers.ports import free_port
from stage import Stage

from search.filling import fill
from search.fuzz import PATIENT


@dataclass(frozen=True, slots=True)
class FuzzedApi:
    """An API at a port of this machine, and its database."""

    port: int
    database_url: str


@contextmanager
def api_of_its_own(bills: int, also: Callable[[Stage], Mapping[str, str]] = lambda _: {}) -> Iterator[FuzzedApi]:
    """An API that answers as long as the context lasts. It signs webhooks, and nobody sends them.

    `also` stores more than bills, and returns the settings that the API then needs.
    """
    stage = Stage()
    try:
        stage.open()
        asyncio.run(fill(stage.postgres.url("legis"), bills))
        more = also(stage)
        folder = {"INDEX_FOLDER": str(stage.folder / "index"), "SIGNING_MASTER_KEY": "k" * 32}
        stage.child("indexer", "api_gateway.indexer", {**folder, "INDEXER_PORT": str(free_port())})
        yield FuzzedApi(stage.web(**folder, **more, **PATIENT)[1], stage.postgres.url("legis"))
    finally:
        stage.close()
