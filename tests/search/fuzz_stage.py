"""An API of its own for the fuzz: a database with invented bills, an indexer, and one web process."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from legis_launcher.servers.ports import free_port
from stage import Stage

from search.filling import fill
from search.fuzz import PATIENT


@contextmanager
def api_of_its_own(bills: int) -> Iterator[int]:
    """The port of an API that answers as long as the context lasts."""
    stage = Stage()
    try:
        stage.open()
        asyncio.run(fill(stage.postgres.url("legis"), bills))
        folder = {"INDEX_FOLDER": str(stage.folder / "index")}
        stage.child("indexer", "api_gateway.indexer", {**folder, "INDEXER_PORT": str(free_port())})
        yield stage.web(**folder, **PATIENT)[1]
    finally:
        stage.close()
