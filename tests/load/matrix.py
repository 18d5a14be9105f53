"""Four dependencies, eight toxics: every cell says what was promised, and whether it was kept.

Run by `make matrix`. Real processes of ours reach real servers and a simulated Congress through proxies that spoil what
they carry. In each cell one dependency is spoilt for a few seconds while readers go on reading and a bill moves at each
chamber; then it is healed, and what was promised for afterwards is waited for: answers, every bill as its chamber has
it, good order. Should good order not come, the cell is broken, and our processes start again before the next one.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Literal

from asking import KEPT_ADDRESS, Readers, ask, never_asked, percentile, slowest, times_of
from differing import differing
from legis_launcher.servers.ports import free_port
from legis_launcher.servers.simulator import Simulator
from stage import Stage, until
from toxics import KINDS, Kind, Proxy, Toxic

Dependency = Literal["postgres", "redis", "camara", "senado"]
DEPENDENCIES: tuple[Dependency, ...] = ("postgres", "redis", "camara", "senado")
AWAY: frozenset[Kind] = frozenset({"down", "timeout", "reset_peer", "limit_data"})
VALUES: dict[Kind, float] = {
    "latency": 0.05, "bandwidth": 200_000, "slow_close": 1.0, "slicer": 64, "limit_data": 100,
}  # fmt: skip
READ_SECONDS, HEALTH_SECONDS, RECOVERY_SECONDS, FRESH_SECONDS = 0.3, 5.0, 5.0, 15.0
GOAL_SECONDS = 4
STALE_SECONDS = GOAL_SECONDS + 2.0 + 2.0
"""The goal, the picture's renewal, and the window that was under way and is still stored."""

SPOILT_SECONDS = 2.0
ADDED_SECONDS, ROUNDS, READS = 0.005, 6, 50
PACE = {
    "POLL_INTERVAL_SECONDS": "1",
    "CAMARA_REQUESTS_PER_SECOND": "200",
    "SENADO_REQUESTS_PER_SECOND": "200",
    "BREAKER_CONSECUTIVE_FAILURES": "2",
    "BREAKER_OPEN_SECONDS": "1",
    "BREAKER_MAX_OPEN_SECONDS": "1",
    "SET_ASIDE_WAIT_SECONDS": "1",
    "YEARS_RETRY_SECONDS": "2",
    "WINDOW_CONFIRM_TIMEOUT_SECONDS": "3",
} | {f"{house}_{walk}_POLL_SECONDS": "1" for house in ("CAMARA", "SENADO") for walk in ("AGENDA", "VOTINGS")}


class Matrix:
    """The system under test, and one method a row."""

    def __init__(self, stage: Stage, *, bills: int = 200, from_year: int = 1900, patience: int = 1) -> None:
        """`patience` multiplies every time limit, for a machine that is busy with other things."""
        self.stage = stage
        self.patience = patience
        self.simulator = Simulator(stage.folder, bills=bills, options=("--changes-per-minute", "0"))
        self.from_year = from_year
        self.unread: frozenset[str] = frozenset()
        self.port = 0
        self.base = ""
        self._detail = self._other_detail = ""
        self.seconds: dict[str, list[float]] = {}
        self.proxies: dict[Dependency, Proxy] = {}
        self.failures: list[str] = []

    def open(self) -> None:
        """Starts everything and waits until it is in good order."""
        self.stage.open()
        self.simulator.start()
        ports = {"postgres": self.stage.postgres.port, "redis": self.stage.redis.port}
        for name in DEPENDENCIES:
            self.proxies[name] = self.stage.proxy(ports.get(name, self.simulator.port))
        there = {
            "DATABASE_URL": self.stage.through(self.proxies["postgres"].port),
            "REDIS_URL": self.stage.redis.url().replace(
                f":{self.stage.redis.port}/", f":{self.proxies['redis'].port}/"
            ),
            "CAMARA_BASE_URL": f"http://127.0.0.1:{self.proxies['camara'].port}/camara/api/v2",
            "CAMARA_FILES_URL": f"http://127.0.0.1:{self.proxies['camara'].port}/camara/arquivos",
            "SENADO_BASE_URL": f"http://127.0.0.1:{self.proxies['senado'].port}/senado/dadosabertos",
            **PACE,
            "FRESHNESS_GOAL_SECONDS": str(GOAL_SECONDS * self.patience),
            "BACKFILL_FROM_YEAR": str(self.from_year),
        }
        for name, module, port in (
            ("worker", "api_gateway.worker", "WORKER_PORT"),
            ("indexer", "api_gateway.indexer", "INDEXER_PORT"),
            ("ingest-camara", "ingest_camara", "CAMARA_PORT"),
            ("ingest-senado", "ingest_senado", "SENADO_PORT"),
        ):
            self.stage.child(name, module, {port: str(free_port()), **there})
        _, self.port = self.stage.web(**there)
        self.base = f"http://127.0.0.1:{self.port}"
        until(self._in_order, 90 * self.patience, "both chambers read and everything well")
        if self.from_year > 1900:
            self.unread = frozenset(self.differing())
        until(lambda: not self.differing(), 90 * self.patience, "every bill stored")
        until(self._index_follows, 30 * self.patience, "the index at the head of the log")
        first, second = ask(f"{self.base}/api/v1/bills?limit=2").document["data"]
        self._detail, self._other_detail = (f"/api/v1/bills/{one['id']}" for one in (first, second))

    def differing(self) -> set[str]:
        """Bills that are not as their chamber has them; those of years that are not read are left out."""
        return differing(self.simulator, self.stage.postgres.url("legis")).keys() - self.unread

    def cell(self, dependency: Dependency, kind: Kind) -> str:
        """One cell; what was seen, or what was broken."""
        self.failures = []
        self._expect(ask(self.base + KEPT_ADDRESS).status == 200, "nothing kept")
        self._expect(ask(self.base + self._detail).status == 200, "no detail kept")
        readers, proxy = Readers(self.base), self.proxies[dependency]
        proxy.spoil(Toxic(kind, VALUES.get(kind, 0)))
        began = time.monotonic()
        readers.start()
        for source in ("camara", "senado"):
            self.simulator.post("/control/change", {"source": source})
            self.simulator.post("/control/create", {"source": source})  # its absence could not be overlooked
        row = {"postgres": self._postgres, "redis": self._redis}.get(dependency)
        said = row(kind) if row is not None else self._upstream(dependency, kind)
        time.sleep(max(0.0, SPOILT_SECONDS - (time.monotonic() - began)))
        readers.stop()
        proxy.heal()
        self._judge(readers)
        back = self._seconds_until(lambda: self._reads() and self._health()[0] == 200, RECOVERY_SECONDS)
        self._expect(back is not None, f"not back within {RECOVERY_SECONDS:g} s")
        self._note(f"{dependency} back", back)
        self._expect(self._waits(lambda: not self.differing(), FRESH_SECONDS), "a change was lost")
        self._expect(self._waits(self._in_order, FRESH_SECONDS), "not in good order afterwards")
        self._expect(self._waits(self._index_follows, FRESH_SECONDS), "the index stays behind the log")
        ended = [child.name for child in self.stage.children if not child.alive]
        self._expect(not ended, f"ended: {' '.join(ended)}")
        read = f"{len(readers.fresh)} reads p99 {slowest(readers.fresh) * 1000:.0f} ms"
        seen = f"{said}; {read}; back in {back or 0:.1f} s; nothing lost"
        return "; ".join(self.failures) or seen

    def restore(self) -> None:
        """Good order before the next cell, whatever the last one left behind. SystemExit where it does not come."""
        if self._in_order():
            return
        print("our processes are started again", flush=True)
        for child in self.stage.children:
            child.stop(10)
            child.start()
        until(self._in_order, 60 * self.patience, "good order after a new start")
        until(lambda: not self.differing(), 60 * self.patience, "every bill stored after a new start")

    def added_without_redis(self) -> bool:
        """Prints what reads take longer while Redis refuses connections, by turns with it; whether that is little."""
        there: list[float] = []
        gone: list[float] = []
        for _ in range(ROUNDS):
            until(self._in_order, FRESH_SECONDS, "good order")
            there += times_of("127.0.0.1", self.port, READS)
            self.proxies["redis"].spoil(Toxic("down"))
            gone += times_of("127.0.0.1", self.port, READS)
            self.proxies["redis"].heal()
        middle = statistics.median(gone) - statistics.median(there)
        tail = percentile(gone, 0.99) - percentile(there, 0.99)
        good = max(middle, tail) < ADDED_SECONDS
        figures = " and ".join(
            f"{name} {before * 1000:.1f} -> {after * 1000:.1f} ms ({(after - before) * 1000:+.1f})"
            for name, before, after in (
                ("median", statistics.median(there), statistics.median(gone)),
                ("p99", percentile(there, 0.99), percentile(gone, 0.99)),
            )
        )
        said = f"Redis down adds < {ADDED_SECONDS * 1000:g} ms to {len(gone)} reads: {figures}"
        print(f"{'kept' if good else 'BROKEN':6} {said}")
        return good

    def say_figures(self) -> None:
        """Prints the longest of what was timed in all cells."""
        for name, found in self.seconds.items():
            print(f"{name}: after at most {max(found):.1f} s in {len(found)} cells (<= {HEALTH_SECONDS:g} s)")

    # --- the promises, by row ---------------------------------------------------------------------------------

    def _postgres(self, kind: Kind) -> str:
        if kind not in AWAY:
            self._expect(self._health()[0] == 200, "health is not 200")
            return "serves"
        seconds = self._seconds_until(self._told_away, HEALTH_SECONDS)
        self._expect(seconds is not None, f"health does not tell of the database within {HEALTH_SECONDS:g} s")
        self._note("postgres away: told", seconds)
        for probe in ("ready", "live"):
            self._expect(ask(f"{self.base}/api/health/{probe}").status == 200, f"not {probe}")
        aged = self._waits(lambda: "x-data-age" in ask(self.base + self._detail).headers, RECOVERY_SECONDS)
        self._expect(aged, "kept details do not say their age")
        reply = ask(self.base + self._other_detail)
        self._expect(reply.status == 503 and "retry-after" in reply.headers, f"a detail not kept: {reply.status}")
        return f"health degraded after {seconds or 0:.1f} s, lists as ever, kept details with their age, the rest 503"

    def _redis(self, kind: Kind) -> str:
        if kind in AWAY:
            told = self._waits(lambda: self._health() == (200, "degraded"), HEALTH_SECONDS)
            self._expect(told, "health does not say degraded")
            return "health degraded"
        self._expect(self._health()[0] == 200, "health is not 200")
        return "serves"

    def _upstream(self, source: Dependency, kind: Kind) -> str:
        other = "senado" if source == "camara" else "camara"
        if kind not in AWAY:
            self._expect(self._states()[other] == "FRESH", f"{other} is touched")
            return "serves"
        stale = self._seconds_until(lambda: self._states()[source] == "STALE", STALE_SECONDS)
        self._expect(stale is not None, f"not STALE within {STALE_SECONDS:g} s")
        self._expect(self._states()[other] == "FRESH", f"{other} is touched")
        told = self._waits(lambda: self._health() == (200, "degraded"), HEALTH_SECONDS)
        self._expect(told, "health does not say degraded")
        return f"STALE after {stale or 0:.1f} s, {other} FRESH"

    def _judge(self, readers: Readers) -> None:
        """What readers of lists got: answers, soon, whatever is away: the index is on this machine."""
        self._expect(len(readers.kept) > 5, "readers of kept replies hang")
        for name, replies in (("kept", readers.kept), ("reads", readers.fresh)):
            self._expect(all(r.status == 200 for r in replies), f"{name}: {sorted({r.status for r in replies})}")
            late = slowest(replies)
            self._expect(
                late < READ_SECONDS * self.patience, f"{name}: p99 {late * 1000:.0f} ms of {READ_SECONDS * 1000:.0f}"
            )

    # --- looking ----------------------------------------------------------------------------------------------

    def _expect(self, kept: bool, broken: str) -> None:
        if not kept:
            self.failures.append(broken)

    def _told_away(self) -> bool:
        reply = ask(f"{self.base}/api/health")
        return self._health() == (200, "degraded") and "'database': {'status': 'failing'" in str(reply.document)

    def _health(self) -> tuple[int, str]:
        reply = ask(f"{self.base}/api/health")
        return reply.status, str((reply.document or {}).get("status"))

    def _reads(self) -> bool:
        return ask(self.base + never_asked()).status == 200

    def _index_follows(self) -> bool:
        """Whether lists are answered from all that the log has."""
        head = int(self.stage.postgres.execute("SELECT last_seq FROM change_counter", "legis"))
        return int(ask(self.base + never_asked()).headers.get("legis-index-seq", -1)) == head

    def _note(self, name: str, seconds: float | None) -> None:
        if seconds is not None:
            self.seconds.setdefault(name, []).append(seconds)

    def _states(self) -> dict[str, str]:
        reply = ask(f"{self.base}/api/v1/sources")
        return {one["source"]: str(one["state"]) for one in reply.document["data"]} if reply.document else {}

    def _in_order(self) -> bool:
        return set(self._states().values()) == {"FRESH"} and self._health() == (200, "ok") and self._reads()

    def _waits(self, true: Callable[[], bool], within: float) -> bool:
        return self._seconds_until(true, within) is not None

    def _seconds_until(self, true: Callable[[], bool], within: float) -> float | None:
        began = time.monotonic()
        while not true():
            if time.monotonic() - began > within * self.patience:
                return None
            time.sleep(0.05)
        return time.monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--only", default="", help="cells whose name holds one of these: `redis`, `postgres/down,redis`"
    )
    parser.add_argument("--short", action="store_true", help="few years read, no figures, limits of a busy machine")
    arguments = parser.parse_args()
    wanted = arguments.only.split(",")
    stage = Stage()
    matrix = Matrix(stage, bills=100, from_year=2025, patience=5) if arguments.short else Matrix(stage)
    stage.also(matrix.simulator.stop)
    cells = [(d, k) for d in DEPENDENCIES for k in KINDS if any(part in f"{d}/{k}" for part in wanted)]
    good, added = 0, True
    try:
        matrix.open()
        for dependency, kind in cells:
            matrix.restore()
            began = time.monotonic()
            said = matrix.cell(dependency, kind)
            good += not matrix.failures
            verdict = "BROKEN" if matrix.failures else "kept"
            print(f"{dependency:8} x {kind:10} {verdict:6} {time.monotonic() - began:4.1f} s  {said}", flush=True)
        if not arguments.short and any(dependency == "redis" for dependency, _ in cells):
            matrix.restore()
            added = matrix.added_without_redis()
        matrix.say_figures()
    finally:
        stage.close()
    print(f"matrix: {good} of {len(cells)}")
    raise SystemExit(not cells or good != len(cells) or not added)


if __name__ == "__main__":
    main()
