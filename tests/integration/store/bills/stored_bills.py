"""What the writer has stored, as a test reads it back."""

from typing import Any

from api_gateway.store.bill_state.write_items import Outcome

INSERTED, UPDATED, UNCHANGED = Outcome.INSERTED, Outcome.UPDATED, Outcome.UNCHANGED
STALE, PENDING, DEAD = Outcome.STALE, Outcome.PENDING, Outcome.DEAD


def outcomes(result: Any) -> list[Outcome]:
    return [item.outcome for item in result.results]


async def bill(pool: Any, key: str = "camara-1") -> Any:
    return await pool.fetchrow("SELECT * FROM bill WHERE id = $1", key)


async def changes(pool: Any) -> list[Any]:
    return list(await pool.fetch("SELECT * FROM bill_change ORDER BY seq"))
