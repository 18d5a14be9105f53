"""How we treat a chamber that is unwell, and what its worst answers cost us.

Run by `make manners`: one real ingest service against a simulated Congress that answers 503 and 429, sends a gzip bomb,
a body without end and a good status with half a body; then 500 callers at a circuit that has just half opened.
"""

import asyncio
import contextlib
import json
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from legis.errors import BreakerOpen, UpstreamUnavailable
from legis.upstream import BreakerPolicy
from legis.upstream.breaker import GuardedBreaker
from legis.upstream.retry import Retrier, RetryBudget
from legis_launcher.processes.child_process import Child
from legis_launcher.servers.ports import free_port
from legis_launcher.servers.simulator import Simulator
from stage import Stage, until

MOST_A_SECOND, AMPLIFICATION, GROWTH_BYTES, CALLERS = 8, 1.1, 16 * 2**20, 500
BOMB_MEGABYTES = 1024
STORM_SECONDS, HOSTILE_SECONDS = 12.0, 5.0
SETTINGS = {
    "POLL_INTERVAL_SECONDS": "0.5",
    "BREAKER_OPEN_SECONDS": "1",
    "BREAKER_MAX_OPEN_SECONDS": "2",
    "BACKFILL_FROM_YEAR": "2024",
}


class Manners:
    """One ingest service, its chamber, and the figures."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._simulator = Simulator(stage.folder, bills=200, options=("--changes-per-minute", "6"))
        stage.also(self._simulator.stop)
        self._port = free_port()
        self._ingest: Child | None = None
        self.kept = self.said = 0

    def open(self) -> None:
        """Starts it and waits until it reads."""
        self._stage.open()
        self._simulator.start()
        url = self._simulator.url
        there = {"CAMARA_BASE_URL": f"{url}/camara/api/v2", "CAMARA_FILES_URL": f"{url}/camara/arquivos"}
        self._stage.child("worker", "api_gateway.worker", {"WORKER_PORT": str(free_port())})
        own = {"CAMARA_PORT": str(self._port), **there, **SETTINGS}
        self._ingest = self._stage.child("ingest-camara", "ingest_camara", own)
        until(lambda: self._requests()["total"] >= 20, 60, "requests at the simulator")

    def storm(self, kind: str, value: int | None, seconds: float) -> None:
        """Every answer is an error for a while: who counts the requests is the simulator."""
        self._forget()
        self._simulator.post("/control/faults", {"source": "camara", "kind": kind, "rate": 1, "value": value})
        time.sleep(seconds)
        seen = self._requests()
        self._heal()
        most = seen["max_in_one_second"]
        self._say(most <= MOST_A_SECOND, f"{kind} storm: {seen['total']} requests, at most {most} in any second (<= 8)")

    def hostile(self, kind: str, outcome: str, value: int | None = None) -> None:
        """Every answer is poisoned for a while: memory, and what was stored."""
        assert self._ingest is not None
        until(lambda: self._circuit() == "closed", 20, "the circuit closed")
        time.sleep(5)  # at rest, but for the polls
        before, counted = self._memory(), self._outcome(outcome)
        self._simulator.post("/control/faults", {"source": "camara", "kind": kind, "rate": 1, "value": value})
        until(lambda: self._outcome(outcome) > counted, 40, f"{kind} counted as {outcome}")
        time.sleep(2)  # what was read before it is stored by now
        stored = self._stored()
        time.sleep(HOSTILE_SECONDS)
        grown, more = self._memory(peak=True) - before, self._stored() - stored
        self._heal()
        seen = self._outcome(outcome) - counted
        good = grown <= GROWTH_BYTES and more == 0 and seen >= 1
        self._say(good, f"{kind}: memory +{grown / 2**20:.1f} MB, stored {more}, counted {seen:.0f} as {outcome}")

    def recovers(self) -> None:
        """After all of it the service reads again."""
        until(lambda: self._circuit() == "closed", 30, "the circuit closed")
        self._say(True, "afterwards: circuit closed, reading again")

    def _say(self, good: bool, what: str) -> None:
        self.kept += good
        self.said += 1
        print(f"{'kept' if good else 'BROKEN':8} {what}", flush=True)

    def _requests(self) -> Any:
        return self._simulator.get("/truth/requests").get("camara") or {"total": 0, "max_in_one_second": 0}

    def _forget(self) -> None:
        self._delete("/control/requests")

    def _heal(self) -> None:
        self._delete("/control/faults")

    def _delete(self, path: str) -> None:
        request = urllib.request.Request(self._simulator.url + path, method="DELETE")
        with urllib.request.urlopen(request, timeout=10) as reply:
            reply.read()

    def _circuit(self) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/internal/breaker", timeout=5) as reply:
            return str(json.load(reply)["circuit"]["state"])

    def _metric(self, name: str, *labels: str) -> float:
        with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/metrics", timeout=5) as reply:
            lines = reply.read().decode().splitlines()
        wanted = [line for line in lines if line.startswith(name + "{") and all(label in line for label in labels)]
        return sum(float(line.rsplit(" ", 1)[1]) for line in wanted)

    def _outcome(self, outcome: str) -> float:
        return self._metric("legis_upstream_requests_total", f'outcome="{outcome}"')

    def _memory(self, *, peak: bool = False) -> int:
        """Bytes the process holds; with `peak` the most it held since it was asked last without."""
        assert self._ingest is not None
        proc = Path(f"/proc/{self._ingest.pid}")
        if not peak:
            (proc / "clear_refs").write_text("5")  # forgets the peak
        name = "VmHWM" if peak else "VmRSS"
        line = next(line for line in (proc / "status").read_text().splitlines() if line.startswith(name))
        return int(line.split()[1]) * 1024

    def _stored(self) -> int:
        return int(self._stage.postgres.execute("SELECT coalesce(max(seq), 0) FROM bill_change", "legis"))


async def half_open() -> int:
    """Calls that reach upstream when 500 callers meet a circuit that has just half opened."""
    breaker = GuardedBreaker(BreakerPolicy(consecutive_failures=1, open_seconds=0.05, jitter=0.0))
    asked = 0

    async def call() -> None:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.2)
        raise UpstreamUnavailable("503")

    await asyncio.gather(breaker.call_async(call), return_exceptions=True)
    await asyncio.sleep(0.1)
    asked = 0
    found = await asyncio.gather(*(breaker.call_async(call) for _ in range(CALLERS)), return_exceptions=True)
    refused = sum(isinstance(error, BreakerOpen) for error in found)
    return asked if refused == CALLERS - asked else CALLERS


async def amplification() -> float:
    """Requests a call once an outage has lasted 30 s, by the budget's own clock; no circuit helps here."""
    now = 0.0
    budget = RetryBudget(clock=lambda: now)
    asked = 0

    async def no_wait(_: float) -> None:
        return None

    async def call(_: int) -> None:
        nonlocal asked
        asked += 1
        raise UpstreamUnavailable("503")

    retrier = Retrier(attempts=3, base=0.0, cap=0.0, budget=budget, sleep=no_wait)
    for turn in range(CALLERS * 2):
        if turn == CALLERS:
            now, asked = 31.0, 0
        with contextlib.suppress(UpstreamUnavailable):
            await retrier.run(call)
        if turn < CALLERS:
            budget.tokens = 500.0  # what is measured is the share, not an empty purse
    return asked / CALLERS


def main() -> None:
    stage = Stage()
    manners = Manners(stage)
    probes = asyncio.run(half_open())
    added = asyncio.run(amplification())
    manners._say(added <= AMPLIFICATION, f"outage over 30 s: {added:.3f} requests a call (<= 1.1)")
    manners._say(probes == 1, f"half open: {probes} probe of {CALLERS} callers reached upstream")
    try:
        manners.open()
        manners.storm("503", None, STORM_SECONDS)
        manners.storm("429", 1, STORM_SECONDS)
        manners.hostile("gzip_bomb", "too_large", BOMB_MEGABYTES)
        manners.hostile("endless", "too_large")
        manners.hostile("half_body", "malformed")
        manners.recovers()
    finally:
        stage.close()
    print(f"manners: {manners.kept} of {manners.said}")
    sys.exit(manners.kept != manners.said)


if __name__ == "__main__":
    main()
