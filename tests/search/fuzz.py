"""Asks a running API anything: `python -m search.fuzz --requests 100000 --seed 1`. No 5xx, and each 4xx says why.

503 of overload is no failure. `--only n` asks one request again.
"""

import argparse
import http.client
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from api_gateway.indexer.bill_rows import indexed_bill

from search.corpus import row
from search.questions import Pool
from search.requests import BILLS, KNOWN, Seen, target

PATIENT = {
    "ADMISSION_SLOTS": "32", "ADMISSION_QUEUE": "1000", "ADMISSION_WAIT_SECONDS": "10",
    "REQUEST_TIMEOUT_SECONDS": "30", "DATABASE_ACQUIRE_TIMEOUT_SECONDS": "10",
    "DATABASE_STATEMENT_TIMEOUT_SECONDS": "20", "RATE_LIMIT_PER_MINUTE": "100000000",
    "RATE_LIMIT_BURST": "1000000",
}  # fmt: skip
"""Settings of an API that refuses nobody because it is busy."""

_SECONDS = 60
_SLOW_SECONDS = 2.0
_SHOWN = 10
_BUSY = "Too busy"
_SHARE_OF_HEADS = 20


@dataclass(slots=True)
class Tally:
    """What came back: how many of each status, the slowest, and what is wrong, by the request's number."""

    statuses: Counter[int] = field(default_factory=Counter)
    slow: list[tuple[float, int, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Asker:
    """One client after another in a thread of its own, over one connection."""

    port: int
    seed: int
    pool: Pool
    tally: Tally
    seen: Seen = field(default_factory=Seen)

    def ask(self, numbers: Iterator[int]) -> None:
        """Sends the requests of these numbers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_SECONDS)
        for number in numbers:
            dice = random.Random(f"{self.seed}:{number}")
            asked = target(dice, self.pool, self.seen)
            began = time.monotonic()
            method = "HEAD" if number % _SHARE_OF_HEADS == 0 else "GET"
            try:
                connection.request(method, asked)
                reply = connection.getresponse()
                body = reply.read()
            except (http.client.HTTPException, OSError) as error:
                self.tally.wrong.append(f"ONLY={number} {asked}: {error!r}")
                connection.close()
                continue
            took = time.monotonic() - began
            if took > _SLOW_SECONDS:
                self.tally.slow.append((took, number, asked))
            self.tally.statuses[reply.status] += 1
            problem = complaint(asked, reply, body if method == "GET" else None)
            if problem is not None:
                self.tally.wrong.append(f"ONLY={number} {asked}: {problem}")
            elif reply.status == 200 and method == "GET" and urlsplit(asked).path == BILLS:
                self._learn(json.loads(body))
        connection.close()

    def _learn(self, told: dict[str, object]) -> None:
        page: dict[str, str] = told["page"]  # type: ignore[assignment]
        if page["next_cursor"]:
            self.seen.cursors = [*self.seen.cursors[-50:], page["next_cursor"]]
        data: list[dict[str, str]] = told["data"]  # type: ignore[assignment]
        self.seen.ids = [*self.seen.ids[-50:], *(one["id"] for one in data[:2])]


def complaint(asked: str, reply: http.client.HTTPResponse, body: bytes | None) -> str | None:
    """What is wrong with a reply; None for nothing."""
    if reply.status < 400:
        return None
    if reply.headers.get_content_type() != "application/problem+json":
        return f"{reply.status} is no problem document"
    if body is None:
        return None if reply.status < 500 else f"{reply.status} of a HEAD"
    told = json.loads(body)
    if reply.status >= 500:
        return None if reply.status == 503 and told["title"] == _BUSY else f"{reply.status}: {told}"
    if reply.status != 400:
        return None if told["detail"] else f"{reply.status} says nothing"
    named = {one["parameter"] for one in told.get("errors", ())}
    given = {name[:60] for name, _ in parse_qsl(urlsplit(asked).query, keep_blank_values=True)} | {"q"}
    return None if named and named <= given | KNOWN else f"400 names {named}: {told['detail']}"


def fuzz(port: int, seed: int, numbers: range, threads: int = 2) -> Tally:
    """Asks the requests of these numbers, each thread its share."""
    tally, pool, dice = Tally(), Pool(), random.Random(seed)
    for number in range(1, 301):
        pool.add(indexed_bill(row(dice, number, number)))
    with ThreadPoolExecutor(threads) as workers:
        askers = [Asker(port, seed, pool, tally) for _ in range(threads)]
        done = [workers.submit(one.ask, iter(numbers[place::threads])) for place, one in enumerate(askers)]
    for one in done:
        one.result()
    return tally


def main() -> int:
    """0 when nothing was wrong."""
    parser = argparse.ArgumentParser(prog="search.fuzz")
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="ask this one request only; its cursor is not one of an earlier reply")
    parser.add_argument("--bills", type=int, default=2000)
    parser.add_argument("--port", type=int, help="of an API on this machine; without it one is started")
    given = parser.parse_args()
    numbers = range(given.requests) if given.only is None else range(given.only, given.only + 1)
    began = time.monotonic()
    if given.port:
        tally = fuzz(given.port, given.seed, numbers)
    else:
        from search.fuzz_stage import api_of_its_own

        with api_of_its_own(given.bills) as api:
            tally = fuzz(api.port, given.seed, numbers)
    for line in tally.wrong[:_SHOWN]:
        print(f"SEED={given.seed} {line}")
    for took, number, asked in sorted(tally.slow, reverse=True)[:_SHOWN]:
        print(f"slow: {took:.1f} s ONLY={number} {asked[:300]}")
    statuses = ", ".join(f"{count} x {status}" for status, count in sorted(tally.statuses.items()))
    print(f"seed {given.seed}: {statuses}; {len(tally.wrong)} wrong, {time.monotonic() - began:.0f} s")
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
