"""How many bills have a word, a filter's value or a date in a range, by PostgreSQL's own statistics of the table."""

import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from api_gateway.store.bill_filter import SortKey
from api_gateway.store.database import Database
from api_gateway.store.histogram import equal_parts

_UNKNOWN = 0.05
"""The share of whatever is asked for while the table was never analysed."""

_UNIQUE = ("=urn:", "=label:")
"""Terms that hardly two bills share."""

_BYTES_OF_A_BILL = 500
_SIZE = f"""
SELECT CASE WHEN reltuples > 0 THEN reltuples::float8
            ELSE pg_relation_size(oid) / {_BYTES_OF_A_BILL}::float8 END AS bills
FROM pg_class WHERE oid = 'bill'::regclass
"""
_WORDS = """
SELECT most_common_elems::text::text[] AS words, most_common_elem_freqs AS shares FROM pg_stats
WHERE schemaname = 'public' AND tablename = 'bill' AND attname = 'search'
"""
_DATES = """
SELECT attname, COALESCE(histogram_bounds::text::text[], '{}') AS bounds,
       COALESCE(most_common_vals::text::text[], '{}') AS common, COALESCE(most_common_freqs, '{}') AS shares
FROM pg_stats WHERE schemaname = 'public' AND tablename = 'bill' AND attname = ANY($1::text[])
"""
_SORTED = ("last_action_at", "introduced_on", "changed_at")


@dataclass(frozen=True, slots=True)
class Frequencies:
    """As of the last ANALYZE. A word that is not among the commonest counts as rare as the rarest of these."""

    bills: float = 0.0
    words: Mapping[str, float] = field(default_factory=dict)
    rare: float = 0.0
    bounds: Mapping[SortKey, Sequence[datetime]] = field(default_factory=dict)

    def share(self, word: str, beginning: bool = False) -> float:
        """The share of bills that have a word, or a word that begins so."""
        if beginning:
            return min(1.0, self.rare + sum(n for known, n in self.words.items() if known.startswith(word)))
        if word.startswith(_UNIQUE):
            return self.words.get(word, min(self.rare, 2 / max(self.bills, 1.0)))
        return self.words.get(word, self.rare)

    def within(self, key: SortKey, low: date | None, high: date | None) -> float:
        """The share of bills whose date is in a range, as near as a hundredth."""
        bounds = self.bounds.get(key)
        if not bounds:
            return 1.0
        first = 0 if low is None else bisect.bisect_left(bounds, as_instant(low))
        last = len(bounds) if high is None else bisect.bisect_right(bounds, as_instant(high))
        return max(last - first, 0.2) / len(bounds)


def as_instant(at: date) -> datetime:
    """A day as its first instant; an instant as it is."""
    return at if isinstance(at, datetime) else datetime(at.year, at.month, at.day, tzinfo=UTC)


async def load_frequencies(database: Database) -> Frequencies:
    """Reads the statistics. Three statements."""
    size = await database.row(_SIZE, fixed=True)
    words = await database.row(_WORDS, fixed=True)
    dates = await database.rows(_DATES, [list(_SORTED)], fixed=True)
    known = dict(zip(words["words"], words["shares"], strict=False)) if words and words["words"] else {}
    return Frequencies(
        bills=size["bills"] if size else 0.0,
        words=known,
        rare=min(known.values()) / 2 if known else _UNKNOWN,
        bounds={SortKey(row["attname"]): _equal_parts(row) for row in dates},
    )


def _equal_parts(row: Any) -> list[datetime]:
    return equal_parts([*map(_instant, row["bounds"])], [*map(_instant, row["common"])], row["shares"])


def _instant(text: Any) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
