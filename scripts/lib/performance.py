"""Measures key endpoints of the public API and common causes of a slow database; run by performance_check.sh."""

import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http import HTTPStatus

from check_results import CheckResult, graded, show
from legis_command import legis, rows

WORDS = {"ok": "fast", "warning": "slow", "critical": "too slow"}
SECONDS = (2.0, 5.0)
"""The thresholds of the runbook for the 95th percentile: warning, critical."""

MEAN_MILLISECONDS = (1000.0, float("inf"))
MISSES = (0.10, 0.50)
DEAD_SHARE = (0.20, 0.50)
SMALL_ROWS = 10_000
FROZEN_AGE = (500e6, 1500e6)
MOST_REFUSALS, LONGEST_WAIT_SECONDS = 10, 5.0
ENDPOINTS = {
    "list": "/api/v1/bills?limit=20&year={year}",
    "search": "/api/v1/bills?q=lei+{year}&sort=relevance&limit=20",
    "facets": "/api/v1/bills?facets=type,status&limit=1&year={year}",
    "changes": "/api/v1/changes?limit={size}",
    "sources": "/api/v1/sources",
}
"""`{year}` and `{size}` differ between requests, so that a cached reply does not hide the database's time."""


STATEMENTS = """
SELECT round(mean_exec_time::numeric, 1), calls, round(total_exec_time::numeric),
       left(regexp_replace(query, '\\s+', ' ', 'g'), 60)
FROM pg_stat_statements JOIN pg_database AS d ON d.oid = dbid
WHERE datname = current_database() AND calls > 4 AND query ~* '^\\s*(SELECT|WITH|INSERT|UPDATE|DELETE)'
ORDER BY mean_exec_time DESC LIMIT 3
"""
TABLES = """
SELECT relname, n_live_tup, n_dead_tup,
       coalesce(round(extract(epoch FROM now() - greatest(last_vacuum, last_autovacuum)) / 3600, 1)::text, 'never')
FROM pg_stat_user_tables ORDER BY n_dead_tup DESC
"""


def main(arguments: list[str]) -> int:
    """Exit status 0 within every threshold, 1 above a warning threshold, 2 above a critical one or
    without an answer.
    """
    results = [*endpoints(), *statements(), *cache(), *tables(), *transaction_ids()]
    return show(results, WORDS, as_json="--json" in arguments)


def endpoints() -> Iterator[CheckResult]:
    """Median and 95th percentile of each endpoint, over the network, without the cost of starting a program."""
    base, count = os.environ.get("LEGIS_BASE", ""), int(os.environ.get("LEGIS_REQUESTS", "20"))
    for name, path in ENDPOINTS.items():
        taken, bad = [], ""
        for number in range(count):
            seconds, error_line = timed_get(base, path.format(year=2026 - number % 40, size=50 - number % 40))
            taken.append(seconds)
            bad = error_line or bad
        if bad:
            yield CheckResult(f"GET {name}", "critical", bad)
            continue
        middle, high = quantile(taken, 0.5), quantile(taken, 0.95)
        said = f"p50 {middle * 1000:.0f} ms, p95 {high * 1000:.0f} ms of {count} requests"
        yield graded(f"GET {name}", high, SECONDS, said)


def timed_get(base: str, path: str) -> tuple[float, str]:
    """Seconds of one GET, and its error; without LEGIS_BASE the request goes through the cluster's API server.

    A request that is above the limit of this client is asked again when the reply says so: that is no slowness.
    """
    began = time.monotonic()
    if not base:
        said = legis("api", path)
        return time.monotonic() - began, "" if said.ok else said.error_line
    for _ in range(MOST_REFUSALS):
        began = time.monotonic()
        try:
            with urllib.request.urlopen(base + path, timeout=15) as reply:
                reply.read()
            return time.monotonic() - began, ""
        except urllib.error.HTTPError as error:
            if error.code != HTTPStatus.TOO_MANY_REQUESTS:
                return time.monotonic() - began, str(error)
            time.sleep(min(float(error.headers.get("Retry-After", "1")), LONGEST_WAIT_SECONDS))
        except OSError as error:
            return time.monotonic() - began, str(error)
    return time.monotonic() - began, f"refused {MOST_REFUSALS} times: too many requests from this address"


def statements() -> Iterator[CheckResult]:
    """The slowest statements, where pg_stat_statements is installed in the database."""
    found = rows(STATEMENTS)
    if found is None:
        yield CheckResult(
            "statements", "ok", "pg_stat_statements is not installed here: CREATE EXTENSION pg_stat_statements"
        )
    for mean, calls, total, text in found or []:
        said = f"mean {mean} ms, {calls} calls, {total} ms in all: {text}"
        yield graded("statement", float(mean), MEAN_MILLISECONDS, said)


def cache() -> Iterator[CheckResult]:
    """The share of pages that PostgreSQL found in memory. With few reads it is not meaningful."""
    found = rows("SELECT blks_hit, blks_read FROM pg_stat_database WHERE datname = current_database()")
    if not found:
        yield CheckResult("cache", "critical", "the database does not answer")
        return
    hits, reads = (int(value) for value in found[0])
    share = reads / (hits + reads) if hits + reads > SMALL_ROWS else 0.0
    yield graded("cache", share, MISSES, f"{100 * (1 - share):.1f} % of {hits + reads} pages were in memory")


def tables() -> Iterator[CheckResult]:
    """Dead rows and the last vacuum of every table that is large enough to matter."""
    found = rows(TABLES)
    for name, live, dead, hours in found or []:
        if int(live) + int(dead) > SMALL_ROWS:
            share = int(dead) / (int(live) + int(dead))
            said = (
                f"{100 * share:.0f} % dead of {live} rows, vacuumed {hours if hours == 'never' else f'{hours} h ago'}"
            )
            yield graded(f"table {name}", share, DEAD_SHARE, said)


def transaction_ids() -> Iterator[CheckResult]:
    """Age of the oldest unfrozen transaction id; at 2.1 thousand million the database stops writing."""
    found = rows("SELECT age(datfrozenxid) FROM pg_database WHERE datname = current_database()")
    if found:
        age = int(found[0][0])
        yield graded("transaction ids", age, FROZEN_AGE, f"{age / 1e6:.1f} million since the oldest frozen one")


def quantile(values: list[float], share: float) -> float:
    """The value below which this share of the values lies, by nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
