"""Processor time and memory of processes, as the kernel counts them."""

import os
import resource
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident memory of a process in MiB: what is its own, and what of files is mapped, which is the page cache's."""

    own_mib: float
    mapped_mib: float


def _fields(pid: int) -> list[int]:
    """The numbers of /proc/PID/stat from the parent's id on; empty for a process that has ended."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return []
    return [int(field) for field in text.rpartition(")")[2].split()[1:]]


def seconds(pid: int) -> float:
    """Processor seconds that a process has used."""
    found = _fields(pid)
    return (found[10] + found[11]) / _TICKS if found else 0.0


def family_seconds(pid: int) -> float:
    """Processor seconds of a process and its children, those that ended included: PostgreSQL is such a family."""
    found = _fields(pid)
    ended = (found[12] + found[13]) / _TICKS if found else 0.0
    return seconds(pid) + ended + sum(seconds(child) for child in children(pid))


def ended_children_seconds() -> float:
    """Processor seconds of this process's children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def children(pid: int) -> list[int]:
    """Ids of the children that live."""
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def keep_to(pid: int, processors: Iterable[int]) -> None:
    """Runs all threads of a process on these processors alone; threads and children that it starts later too."""
    for thread in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(thread.name), processors)


def resident_mib(pid: int) -> float:
    """Resident memory in MiB; 0 for a process that has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE / 2**20
    except OSError:
        return 0.0


def memory(pid: int) -> Memory:
    """Resident memory told apart; nothing for a process that has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return Memory(0.0, 0.0)
    kib = {
        name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines) if rest[-3:] == " kB"
    }
    return Memory(kib.get("RssAnon", 0) / 1024, (kib.get("RssFile", 0) + kib.get("RssShmem", 0)) / 1024)


def family_private_mib(pid: int) -> float:
    """Memory of a family without what its members share: of PostgreSQL, all but the buffers."""
    return sum(_private_mib(one) for one in (pid, *children(pid)))


def _private_mib(pid: int) -> float:
    try:
        resident, shared = (int(word) for word in Path(f"/proc/{pid}/statm").read_text().split()[1:3])
    except OSError:
        return 0.0
    return (resident - shared) * _PAGE / 2**20
