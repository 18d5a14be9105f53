"""Three and ten times more requests than can be answered, and one abusive client: what is answered, how fast, how the
rest is told.

Run by `make overload`. Capacity and the unloaded time are measured in the same run, against the same process, with
searches that no cache has; the requests come from a process of their own.

Clients are other machines where the product is in use. So web has a processor for itself, from the measurement of its
capacity on, and all the rest (the load, nginx, PostgreSQL, Redis) share the others: otherwise ten times the capacity
would be a load of which the greatest part is the client's own work.
"""

import argparse
import json
import os
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from abusive_client import abuse
from bench.system import cpu
from nginx_process import find_nginx, start_nginx
from stage import Stage, run, status
from toxics import Toxic

LOAD = str(Path(__file__).with_name("openloop.py"))
GOODPUT, P99_RATIO, SHED_SECONDS = 0.9, 2.0, 0.010
REFUSAL_SHARE = 0.1
"""Processor time of a refusal, at most, as a share of that of a list that is computed."""

UNLOADED_SHARE = 0.3
CONNECTIONS = 400


@dataclass(frozen=True, slots=True)
class Seen:
    """What one load run saw. Times in seconds."""

    elapsed: float
    good: list[float]
    shed: list[float]
    other: int
    untold: int
    late: list[float]

    @property
    def goodput(self) -> float:
        """Good answers a second."""
        return len(self.good) / self.elapsed


def quantile(found: list[float], share: float) -> float:
    """The value that `share` of the sorted values do not exceed; nan where there is none."""
    return found[min(len(found) - 1, int(share * len(found)))] if found else float("nan")


_seeds = iter(range(1, 10_000))


def load(
    port: int, seconds: float, *, rate: float = 0, clients: int = CONNECTIONS, address: str = "", more: str = ""
) -> Seen:
    """One load run in a process of its own; `address` is the client's, `more` what is put behind every query."""
    numbers = (port, seconds, rate, clients, next(_seeds))
    command = [sys.executable, LOAD, "127.0.0.1", *map(str, numbers), address, more]
    told = json.loads(run(command, seconds + 30))
    by_status = {int(code): found for code, found in told["seconds"].items()}
    good, shed = by_status.pop(200, []), by_status.pop(503, [])
    other = sum(len(found) for found in by_status.values()) + told["broken"] + told["unsent"]
    return Seen(told["elapsed"], good, shed, other, told["without_retry_after"], told["late"])


class Probe(threading.Thread):
    """Asks for health every 200 ms, as an orchestrator would, while the load runs."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self._url = f"http://127.0.0.1:{port}/api/health/live"
        self._over = threading.Event()
        self.bad = self.asked = 0

    def run(self) -> None:
        while not self._over.wait(0.2):
            self.asked += 1
            self.bad += status(self._url, 1) != 200

    def finish(self) -> None:
        """Stops asking."""
        self._over.set()
        self.join(3)


@dataclass(frozen=True, slots=True)
class Unloaded:
    """The web process while it is not overloaded: its id and port, the port that is asked (its own or nginx's), answers
    a second, p99 in seconds, and its processor seconds of an answer.
    """

    pid: int
    port: int
    asked: int
    capacity: float
    p99: float
    answer: float


def unloaded(pid: int, port: int, asked: int, seconds: float) -> Unloaded:
    """Capacity and a quiet time; prints its line."""
    load(asked, seconds / 10, clients=2, address="*")
    used = cpu.seconds(pid)
    runs = [load(asked, seconds / 3, clients=clients, address="*") for clients in (4, 8, 16)]
    answer = (cpu.seconds(pid) - used) / sum(len(one.good) for one in runs)
    capacity = max(one.goodput for one in runs)
    time.sleep(1)
    quiet = load(asked, seconds, rate=UNLOADED_SHARE * capacity, address="*")
    p99 = quantile(quiet.good, 0.99)
    print(
        f"capacity {capacity:.0f}/s, {answer * 1e6:.0f} µs of processor each; unloaded ({UNLOADED_SHARE:.0%}) "
        f"p50 {quantile(quiet.good, 0.5) * 1000:.0f} ms p99 {p99 * 1000:.0f} ms, "
        f"shed {len(quiet.shed)} of {len(quiet.good) + len(quiet.shed)}",
        flush=True,
    )
    return Unloaded(pid, port, asked, capacity, p99, answer)


def overload(factor: float, before: Unloaded, seconds: float) -> bool:
    """One overload, of a hundred and more clients; prints its line and says whether every figure holds."""
    capacity, pid = before.capacity, before.pid
    probe = Probe(before.port)
    probe.start()
    used, clients = cpu.seconds(pid), cpu.ended_children_seconds()
    seen = load(before.asked, seconds, rate=factor * capacity, address="*")
    used, clients = cpu.seconds(pid) - used, cpu.ended_children_seconds() - clients
    probe.finish()
    refusal = max(0.0, used - len(seen.good) * before.answer) / max(1, len(seen.shed))
    share = refusal / before.answer
    goodput, p99, shed = seen.goodput / capacity, quantile(seen.good, 0.99) / before.p99, quantile(seen.shed, 0.99)
    print(
        f"{factor:g}x: goodput {goodput:.2f} of capacity, admitted p50 {quantile(seen.good, 0.5) * 1000:.0f} ms "
        f"p99 {quantile(seen.good, 0.99) * 1000:.0f} ms = {p99:.2f}x unloaded, shed {len(seen.shed)} "
        f"p50 {quantile(seen.shed, 0.5) * 1000:.1f} ms p99 {shed * 1000:.1f} ms, without Retry-After {seen.untold}, "
        f"a refusal takes {refusal * 1e6:.0f} µs of processor = {share:.2f} of an answer, "
        f"processors used by web {used / seen.elapsed:.2f} and by the load {clients / seen.elapsed:.2f}, "
        f"sent late p99 {quantile(seen.late, 0.99) * 1000:.1f} ms, "
        f"other {seen.other}, health bad {probe.bad} of {probe.asked}",
        flush=True,
    )
    told = seen.untold == seen.other == probe.bad == 0
    return goodput >= GOODPUT and p99 <= P99_RATIO and shed < SHED_SECONDS and share <= REFUSAL_SHARE and told


def measure(stage: Stage, arguments: argparse.Namespace, processors: Sequence[int]) -> bool:
    """Capacity, unloaded, 3x, 10x, asked itself and behind nginx; and one abusive client. The first of the processors
    is web's.
    """
    extra = dict(pair.split("=", 1) for pair in arguments.set)
    if arguments.distance:
        proxy = stage.proxy(stage.postgres.port)
        proxy.spoil(Toxic("latency", arguments.distance / 1000))
        extra["DATABASE_URL"] = stage.through(proxy.port)
    stage.start_indexer(**extra)
    web, port = stage.web(FORWARDED_ALLOW_IPS="127.0.0.1", **extra)
    if len(processors) > 1:
        cpu.keep_to(web.pid or 0, processors[:1])
    doors = [port]
    if (program := find_nginx()) is not None:
        told = {"LEGIS_TRUSTED_PROXIES": "127.0.0.1", "LEGIS_CLIENT_RATE": "100000"}
        nginx, behind = start_nginx(program, Path(stage.folder, "nginx-many"), [f"127.0.0.1:{port}"], **told)
        stage.children.append(nginx)
        doors.append(behind)
    held = []
    for door in doors:
        print("asked itself:" if door == port else "behind nginx:", flush=True)
        before = unloaded(web.pid or 0, port, door, arguments.seconds)
        held += [overload(factor, before, arguments.seconds) for factor in (3, 10)]
    return all([*held, abuse(stage, port, arguments.seconds / 3, load, quantile)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bills", type=int, default=6000)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument(
        "--distance",
        type=float,
        default=25,
        metavar="MS",
        help="how far away PostgreSQL is; lists are answered from the index, so this does not bound them",
    )
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of the web process")
    arguments = parser.parse_args()
    processors = sorted(os.sched_getaffinity(0))
    if len(processors) > 1:
        cpu.keep_to(os.getpid(), processors[1:])
    stage = Stage()
    try:
        stage.open()
        stage.fill(arguments.bills)
        good = measure(stage, arguments, processors)
    finally:
        stage.close()
    print("overload: " + ("all figures hold" if good else "NOT all figures hold"))
    raise SystemExit(not good)


if __name__ == "__main__":
    main()
