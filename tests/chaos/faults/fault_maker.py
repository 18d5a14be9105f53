"""What goes wrong: one function for each kind. Whatever takes time is finished later, by the calendar."""

import heapq
import itertools
import os
import signal
import time
import urllib.error
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Thread

from chaos.faults.index_fault_maker import IndexTrouble
from chaos.faults.timelines import Timelines
from chaos.plan import Fault
from chaos.system.cast import Cast
from chaos.system.congress import Congress
from chaos.system.programs import Programs

WORKERS = ("worker-1", "worker-2")


@dataclass(slots=True)
class Calendar:
    """Acts that are still to be done, each at its moment."""

    entries: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _count: "itertools.count[int]" = field(default_factory=itertools.count)

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        heapq.heappush(self.entries, (time.monotonic() + seconds, next(self._count), act))

    def run_due(self) -> None:
        while self.entries and self.entries[0][0] <= time.monotonic():
            heapq.heappop(self.entries)[2]()

    def finish(self, meanwhile: Callable[[], object]) -> None:
        """Does everything that is left, each at its moment."""
        while self.entries:
            self.run_due()
            meanwhile()
            time.sleep(0.02)


class Trouble:
    """Makes faults happen, and remembers since when which process was hit, to forgive what follows from it."""

    def __init__(self, cast: Cast, congress: Congress) -> None:
        self._cast = cast
        self._congress = congress
        self.programs = Programs(cast, self.hit)
        self.timelines = Timelines(cast)
        self.index = IndexTrouble(cast, congress, self, self.timelines)
        self.calendar = Calendar()
        self.hits: dict[str, list[float]] = {}
        self.upstream_faults = 0
        self.bad_messages = 0

    def make(self, fault: Fault) -> None:
        """Begins one fault."""
        act = getattr(self, f"_{fault.kind}", None) or getattr(self.index, fault.kind)
        act(fault)

    def hit(self, name: str) -> None:
        """Something happens to it now."""
        self.hits.setdefault(name, []).append(time.time())

    def take_down(self, name: str) -> None:
        """Kills it; it stays down until it is brought back."""
        self.hit(name)
        self.programs.taken_down(name)
        if name == "postgres":
            self._cast.postgres.stop("immediate")
        else:
            self._cast.child(name).kill()

    def _kill(self, fault: Fault) -> None:
        self.take_down(fault.target)
        self.calendar.later(fault.detail["back_after"], lambda: self.bring_back(fault.target))

    def bring_back(self, name: str) -> None:
        """Starts it again, unless it is back already."""
        self.hit(name)
        if not self._cast.child(name).alive:
            self._cast.bring_back(name)
        self.programs.back(name)

    def _sigstop(self, fault: Fault) -> None:
        self.hold(fault.target)
        self.calendar.later(fault.detail["seconds"], lambda: self.let_go(fault.target))

    def hold(self, name: str) -> None:
        """Has it stand still."""
        self.hit(name)
        self._signal(name, signal.SIGSTOP)

    def let_go(self, name: str) -> None:
        """Has it go on."""
        self.hit(name)
        self._signal(name, signal.SIGCONT)

    def _signal(self, name: str, number: signal.Signals) -> None:
        child = self._cast.child(name)
        if child.alive and child.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(child.pid, number)

    def _flushall(self, _: Fault) -> None:
        self.hit("redis")
        self._tell_redis("FLUSHALL")

    def _drop_group(self, _: Fault) -> None:
        self._tell_redis("XGROUP", "DESTROY", "legis.bills.v1", "store")

    def _lose_in_flight(self, fault: Fault) -> None:
        """What was published and is not stored yet is lost: nobody reads for a while, then all of it goes."""
        for name in WORKERS:
            self.hold(name)

        def lose() -> None:
            if fault.detail["how"] == "flushall":
                self._flushall(fault)
            for name in WORKERS:
                if fault.detail["how"] == "kill":
                    self.take_down(name)
                self.bring_back(name)
                self.let_go(name)

        self.calendar.later(fault.detail["seconds"], lose)

    def _postgres_crash(self, fault: Fault) -> None:
        self.take_down("postgres")
        self.calendar.later(fault.detail["back_after"], lambda: self.bring_back("postgres"))

    def _upstream(self, fault: Fault) -> None:
        self.upstream_faults += 1
        self.hit(str(fault.detail["kind"]))
        # an order without a limit of its own must not outlive the run
        order = {"seconds": 4, **fault.detail, "source": fault.target}
        with suppress(urllib.error.URLError):
            self._cast.simulator.post("/control/faults", order)

    def _hollow(self, fault: Fault) -> None:
        """A list that belongs to bills is not found, empty or short, for all of them."""
        self.hit("hollow")
        with suppress(urllib.error.URLError):
            self._cast.simulator.post("/control/faults", {**fault.detail, "source": fault.target})

    def _poison(self, fault: Fault) -> None:
        self._congress.create_poisoned(fault.target, str(fault.detail["variant"]))

    def _delete(self, fault: Fault) -> None:
        self._congress.delete_one(fault.target)

    def _bad_message(self, _: Fault) -> None:
        """Something on the stream that is no event of ours."""
        self.bad_messages += 1
        self._tell_redis("XADD", "legis.bills.v1", "*", "payload", f'{{"what": {self.bad_messages}}}')

    def _tell_redis(self, *words: str) -> None:
        """Sends a command, without waiting for a server that stands still: it is this thread that has to wake it up."""

        def tell() -> None:
            with suppress(OSError):
                self._cast.redis.execute(*words)

        telling = Thread(target=tell, daemon=True)
        telling.start()
        telling.join(0.5)
