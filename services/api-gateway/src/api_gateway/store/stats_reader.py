"""Counts over all bills, for charts."""

from dataclasses import dataclass
from typing import Any

from api_gateway.store.database import Database

DIMENSIONS = ("type", "status", "year", "chamber", "month")


@dataclass(frozen=True, slots=True)
class Stats:
    """How many bills there are in all and by each dimension; `month` is that of introduction, as `2026-11`."""

    total: int
    counts: dict[str, list[tuple[Any, int]]]


_COUNTS = """
SELECT CASE grouping(type_code, status, year, chamber, month)
           WHEN 15 THEN 'type' WHEN 23 THEN 'status' WHEN 27 THEN 'year' WHEN 29 THEN 'chamber'
           WHEN 30 THEN 'month' ELSE 'total' END AS dimension,
       coalesce(type_code, status, year::text, chamber, month) AS value, count(*) AS n
FROM (
    SELECT type_code, status, year, chamber,
           CASE WHEN introduced_on > '1000-01-01' THEN to_char(introduced_on, 'YYYY-MM') END AS month
    FROM bill WHERE removed_at IS NULL
) AS b
GROUP BY GROUPING SETS ((type_code), (status), (year), (chamber), (month), ())
"""


async def load_stats(database: Database) -> Stats:
    """All counts, commonest first, years and months newest first. One statement, which reads the whole table."""
    rows = await database.rows(_COUNTS)
    counts: dict[str, list[tuple[Any, int]]] = {name: [] for name in DIMENSIONS}
    total = 0
    for row in rows:
        if row["dimension"] == "total":
            total = row["n"]
        else:
            value = int(row["value"]) if row["dimension"] == "year" and row["value"] else row["value"]
            counts[row["dimension"]].append((value, row["n"]))
    for name, pairs in counts.items():
        pairs.sort(key=_newest_first if name in ("year", "month") else _commonest_first)
    return Stats(total, counts)


def _commonest_first(pair: tuple[Any, int]) -> tuple[int, str]:
    return (-pair[1], str(pair[0]))


def _newest_first(pair: tuple[Any, int]) -> tuple[bool, int]:
    return (pair[0] is None, -int(str(pair[0] or 0).replace("-", "")))
