"""Four dependencies, eight toxics: every cell says what was promised, and whether it was kept.

Run by `make matrix`. Real processes of ours reach real servers and a simulated Congress through proxies that spoil what
they carry. In each cell one dependency is spoilt for a few seconds while readers go on reading and a bill moves at a
chamber; then it is healed, and what was promised for afterwards is waited for. At the end every bill is compared.
"""

import argparse
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from differing import differing
from legis_launcher.ports import free_port
from legis_launcher.simulator import Simulator
from stage import Stage, until
from toxics import KINDS, Kind, Proxy, Toxic

Dependency = Literal["postgres", "redis", "camara", "senado"]
DEPENDENCIES: tuple[Dependency, ...] = ("postgres", "redis", "camara", "senado")
AWAY: frozenset[Kind] = frozenset({"down", "timeout", "reset_peer", "limit_data"})
VALUES: dict[Kind, float] = {
    "latency": 0.05,
    "bandwidth": 200_000,
    "slow_close": 1.0,
    "slicer": 64,
    "limit_data": 100,
}
READ_SECONDS, HEALTH_SECONDS, RECOVERY_SECONDS, STALE_SECONDS, FRESH_SECONDS = 0.3, 5.0, 5.0, 6.0, 15.0
SPOILT_SECONDS = 2.0
KEPT_ADDRESS = "/api/v1/bills?limit=7"
PACE = {
    "POLL_INTERVAL_SECONDS": "1",
    "CAMARA_REQUESTS_PER_SECOND": "200",
    "SENADO_REQUESTS_PER_SECOND": "200",
    "BREAKER_CONSECUTIVE_FAILURES": "2",
    "BREAKER_OPEN_SECONDS": "1",
    "BREAKER_MAX_OPEN_SECONDS": "1",
    "FRESHNESS_GOAL_SECONDS": "4",
    "BACKFILL_FROM_YEAR": "1900",
    "WINDOW_CONFIRM_TIMEOUT_SECONDS": "3",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """Status (0: none came), headers in lower case, JSON, seconds."""

    status: int
    headers: dict[str, str]
    document: Any
    seconds: float


def ask(url: str, timeout: float = 6) -> Reply:
    """One GET, whatever comes of it."""
    began = time.monotonic()
    try:
        try:
            reply = urllib.request.urlopen(url, timeout=timeout)
        except urllib.error.HTTPError as error:
            reply = error
        with reply:
            headers = {name.lower(): value for name, value in reply.headers.items()}
            return Reply(int(reply.status), headers, json.loads(reply.read()), time.monotonic() - began)
    except (OSError, ValueError):
        return Reply(0, {}, None, time.monotonic() - began)


@dataclass(slots=True)
class Readers:
    """Readers that go on while something is spoilt: one of what is kept, one of what is not."""

    base: str
    kept: list[Reply] = field(default_factory=list)
    fresh: list[Reply] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _number: int = 0

    def start(self) -> None:
        for target in (self._read_kept, self._read_fresh):
            thread = threading.Thread(target=target, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Ends them; answers under way are waited for."""
        self._over.set()
        for thread in self._threads:
            thread.join(10)

    def _read_kept(self) -> None:
        while not self._over.wait(0.05):
            self.kept.append(ask(self.base + KEPT_ADDRESS))

    def _read_fresh(self) -> None:
        while not self._over.wait(0.05):
            self._number += 1
            self.fresh.append(ask(f"{self.base}/api/v1/bills?limit=3&q=lei%20-n{time.monotonic_ns()}"))


def slowest(replies: list[Reply]) -> float:
    """The 99th percentile of the times."""
    times = sorted(reply.seconds for reply in replies)
    return times[min(len(times) - 1, int(0.99 * len(times)))] if times else 0.0


class Matrix:
    """The system under test, and one method a row."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.simulator = Simulator(stage.folder, bills=200, options=("--changes-per-minute", "0"))
        self.base = ""
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
        }
        for name, module, port in (
            ("worker", "api_gateway.worker", "WORKER_PORT"),
            ("ingest-camara", "ingest_camara", "CAMARA_PORT"),
            ("ingest-senado", "ingest_senado", "SENADO_PORT"),
        ):
            self.stage.child(name, module, {port: str(free_port()), **there})
        _, port = self.stage.web(**there)
        self.base = f"http://127.0.0.1:{port}"
        until(self._in_order, 90, "both chambers read and everything well")
        until(lambda: not self.differing(), 90, "every bill stored")

    def differing(self) -> dict[str, Any]:
        """Bills that are not as their chamber has them."""
        return differing(self.simulator, self.stage.postgres.url("legis"))

    def cell(self, dependency: Dependency, kind: Kind) -> str:
        """One cell; what was seen, or what was broken."""
        self.failures = []
        self._expect(self._waits(self._in_order, FRESH_SECONDS), "not in good order beforehand")
        self._expect(ask(self.base + KEPT_ADDRESS).status == 200, "nothing kept")
        readers = Readers(self.base)
        self.proxies[dependency].spoil(Toxic(kind, VALUES.get(kind, 0)))
        began = time.monotonic()
        readers.start()
        for source in ("camara", "senado"):
            self.simulator.post("/control/change", {"source": source})
        row = {"postgres": self._postgres, "redis": self._redis}.get(dependency)
        said = row(kind) if row is not None else self._upstream(dependency, kind)
        time.sleep(max(0.0, SPOILT_SECONDS - (time.monotonic() - began)))
        readers.stop()
        self.proxies[dependency].heal()
        self._judge(readers, away=dependency == "postgres" and kind in AWAY)
        back = self._seconds_until(lambda: self._reads() and self._health()[0] == 200, RECOVERY_SECONDS)
        self._expect(back is not None, f"not back within {RECOVERY_SECONDS:g} s")
        self._expect(self._waits(lambda: not self.differing(), FRESH_SECONDS), "a change was lost")
        read = f"{len(readers.fresh)} reads p99 {slowest(readers.fresh) * 1000:.0f} ms"
        seen = f"{said}; {read}; back in {back or 0:.1f} s; nothing lost"
        return "; ".join(self.failures) or seen

    # --- the promises, by row ---------------------------------------------------------------------------------

    def _postgres(self, kind: Kind) -> str:
        if kind not in AWAY:
            self._expect(self._health()[0] == 200, "health is not 200")
            return "serves"
        seconds = self._seconds_until(lambda: self._health()[0] == 503, HEALTH_SECONDS)
        self._expect(seconds is not None, f"health not 503 within {HEALTH_SECONDS:g} s")
        self._expect(ask(f"{self.base}/api/health/live").status == 200, "not live")
        aged = self._waits(lambda: "x-data-age" in ask(self.base + KEPT_ADDRESS).headers, RECOVERY_SECONDS)
        self._expect(aged, "kept replies do not say their age")
        return f"health 503 after {seconds or 0:.1f} s, kept replies with their age, the rest 503"

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
        self._expect(self._health() == (200, "degraded"), "health does not say degraded")
        return f"STALE after {stale or 0:.1f} s, {other} FRESH"

    def _judge(self, readers: Readers, *, away: bool) -> None:
        """What readers got: answers, soon; without a database only what is kept, and an honest 503 for the rest."""
        kept, fresh = readers.kept, readers.fresh
        self._expect(len(kept) > 5, "readers of kept replies hang")
        self._expect(all(r.status == 200 for r in kept), f"kept: {sorted({r.status for r in kept})}")
        if away:
            bad = [r for r in fresh if r.status != 200 and (r.status != 503 or "retry-after" not in r.headers)]
            self._expect(not bad, f"not kept: {sorted({r.status for r in bad})}")
            self._expect(any(r.status == 503 for r in fresh), "nothing was refused")
            return
        self._expect(all(r.status == 200 for r in fresh), f"reads: {sorted({r.status for r in fresh})}")
        for name, replies in (("kept", kept), ("reads", fresh)):
            late = slowest(replies)
            self._expect(late < READ_SECONDS, f"{name}: p99 {late * 1000:.0f} ms")

    # --- looking ----------------------------------------------------------------------------------------------

    def _expect(self, kept: bool, broken: str) -> None:
        if not kept:
            self.failures.append(broken)

    def _health(self) -> tuple[int, str]:
        reply = ask(f"{self.base}/api/health")
        return reply.status, str((reply.document or {}).get("status"))

    def _reads(self) -> bool:
        return ask(f"{self.base}/api/v1/bills?limit=3&q=lei%20-n{time.monotonic_ns()}").status == 200

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
            if time.monotonic() - began > within:
                return None
            time.sleep(0.05)
        return time.monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="cells whose name holds this, such as `redis` or `postgres/down`")
    arguments = parser.parse_args()
    stage = Stage()
    matrix = Matrix(stage)
    stage.also(matrix.simulator.stop)
    good = cells = 0
    try:
        matrix.open()
        for dependency in DEPENDENCIES:
            for kind in KINDS:
                if arguments.only not in f"{dependency}/{kind}":
                    continue
                cells += 1
                began = time.monotonic()
                said = matrix.cell(dependency, kind)
                good += not matrix.failures
                verdict = "BROKEN" if matrix.failures else "kept"
                print(f"{dependency:8} x {kind:10} {verdict:6} {time.monotonic() - began:4.1f} s  {said}", flush=True)
    finally:
        stage.close()
    print(f"matrix: {good} of {cells}")
    raise SystemExit(good != cells)


if __name__ == "__main__":
    main()
