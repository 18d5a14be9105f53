"""Every bill that is not stored as its simulated chamber has it."""

import asyncio
from typing import Any

import asyncpg
import orjson
from legis_launcher.servers.simulator import Simulator

Known = dict[str, tuple[str, str]]


def differing(simulator: Simulator, database_url: str) -> dict[str, tuple[Any, Any]]:
    """Label and title as the chamber knows them and as they are stored, where these are not the same."""
    known, ours = _truth(simulator), asyncio.run(_stored(database_url))
    keys = known.keys() | ours.keys()
    return {key: (known.get(key), ours.get(key)) for key in keys if known.get(key) != ours.get(key)}


async def _stored(url: str) -> Known:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("SELECT id, identifier, summary FROM bill WHERE removed_at IS NULL")
    finally:
        await connection.close()
    return {row["id"]: (row["identifier"], _folded(orjson.loads(row["summary"])["title"])) for row in rows}


def _truth(simulator: Simulator) -> Known:
    found: Known = {}
    for source in ("camara", "senado"):
        after: int | None = 0
        while after is not None:
            page = simulator.get(f"/truth/bills?source={source}&after={after}&limit=1000")
            for bill in page["bills"]:
                if not bill["deleted"]:
                    found[f"{source}-{bill['id']}"] = (bill["identifier"].removesuffix("/0"), _folded(bill["title"]))
            after = page["next"]
    return found


def _folded(text: str | None) -> str:
    return " ".join((text or "").split())
