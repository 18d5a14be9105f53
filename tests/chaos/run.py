"""One run: the real processes against the simulated chambers, while everything that can fail does."""

import asyncio
import shutil
import tempfile
import time
import traceback
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import asyncpg
from redis import Redis
from redis.exceptions import RedisError

from chaos import report
from chaos.faults.fault_maker import Trouble
from chaos.plan import Deed, Fault, Plan, make_plan
from chaos.readers.reader_lives import Readers
from chaos.system.cast import Cast, wait_until
from chaos.system.congress import Congress
from chaos.verdicts.final_verdicts import difference, judge
from chaos.verdicts.index_verdicts import NOT_READ
from chaos.watch.continuous_watch import Watch
from chaos.watch.list_watch import ListWatch

QUIET_LIMIT_SECONDS = 60.0
"""Longest time after the last fault in which all must be well again; reaching it is a failure of I13. As every limit
that the processors decide it grows with what the first start took.
"""

START_SECONDS = 6.0
"""What all programs take to start on two quiet cores."""

COMPARE_SECONDS = 1.0
"""Time between two comparisons. One costs the harness and the chambers about half a second of a core: made without a
pause they took the cores from the reading that they waited for.
"""

SETTLE_SECONDS = 2.0
BEHIND_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Options:
    """How a run is made. `patches` are names out of `chaos_mutants.py`; `only` restricts the kinds of faults."""

    duration: float = 60.0
    bills: int = 200
    patches: str = "none"
    gap: float = 0.7
    only: tuple[str, ...] = ()
    keep: bool = False
    limit: float = QUIET_LIMIT_SECONDS
    years: int = 0
    """Years of backfill; 0: one for every eight seconds of trouble. A window takes half a second on two quiet cores,
    and two and a half on busy ones; each chamber has about six for each year, of bills, votings, people and agendas:
    the backfill does not end in the trouble, and ends soon after it."""
    until: frozenset[str] = frozenset()
    """The run may end as soon as one of these invariants is broken: a mutant need not be killed twice."""


def run_once(seed: int, options: Options) -> report.Result:
    """One seed from empty servers to its verdict."""
    plan = make_plan(seed, options.duration, gap=options.gap, only=options.only)
    folder = Path(tempfile.mkdtemp(prefix=f"legis-chaos-{seed}-"))
    folder.chmod(0o755)  # as root the database runs as another user
    from_year = date.today().year - (options.years or max(5, round(options.duration / 8)))
    cast = Cast(folder, plan, bills=options.bills, from_year=from_year, patches=options.patches)
    try:
        cast.start_servers()
        congress = Congress(cast.simulator)
        congress.look_around(range(from_year, date.today().year + 1))
        began = time.monotonic()
        cast.start_services()
        _wait_for_web(cast)  # dying at import is no art
        cast.slowness = max(1.0, (time.monotonic() - began) / START_SECONDS)
        result = _run(cast, congress, plan, options)
    finally:
        cast.stop()
    if options.keep or not result.passed:
        result.folder = str(folder)
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return result


def _run(cast: Cast, congress: Congress, plan: Plan, options: Options) -> report.Result:
    trouble = Trouble(cast, congress)
    watch = Watch(cast, congress, trouble.hits)
    result = report.Result(plan.seed, options.patches, plan.skew, len(plan.faults))
    lists = ListWatch(cast, trouble.hits)
    readers = Readers(cast, plan.seed, watch.broken, trouble.hits)
    trouble.index.blind = watch.turn_away
    watch.start()
    lists.start()
    readers.start()
    _follow(plan, trouble, congress, result, lambda: watch.has_broken(options.until))
    trouble.calendar.finish(trouble.programs.look)
    if watch.has_broken(options.until):
        readers.finish(compare=False)
        watch.stop()
        lists.stop()
        result.violations = watch.violations
        return result
    ended = time.monotonic()
    limit = options.limit * cast.slowness
    left, last = _wait_until_well(cast, congress, trouble, ended + limit)
    if left:
        result.violations = {name: wrong[:5] for name, wrong in left.items()}
        result.violations["I13"] = [f"not well {limit:.0f} s after the last fault"]
    else:
        result.convergence = time.monotonic() - ended
        time.sleep(SETTLE_SECONDS)
        left = _settled_difference(cast, congress)
        result.violations.update({name: wrong[:5] for name, wrong in left.items()})
    if stuck := _stream_left(cast):
        result.violations["I7"] = [stuck]
    trouble.programs.look()
    readers.finish()
    watch.stop()
    lists.stop()
    asyncio.run(judge(cast, congress, trouble, watch, lists))
    for name, wrong in watch.violations.items():
        result.violations.setdefault(name, []).extend(wrong)
    result.note(watch, congress)
    result.facts |= readers.facts
    result.facts["slowness"] = round(cast.slowness, 1)
    result.facts["lists"] = len(lists.answers)
    result.facts["longest_without_lists"] = round(lists.longest_outage, 1)
    result.facts["last"] = last
    return result


def _wait_for_web(cast: Cast) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(f"{cast.web_url}/api/v1/bills?limit=1", timeout=3):
            return
        time.sleep(0.05)
    raise RuntimeError(f"web did not answer within 30 s:\n{cast.child('web').log_tail()}")


def _follow(
    plan: Plan, trouble: Trouble, congress: Congress, result: report.Result, enough: Callable[[], bool]
) -> None:
    """Makes each fault and each deed at its moment, until it is enough."""
    began = time.monotonic()
    acts: list[Fault | Deed] = sorted([*plan.faults, *plan.deeds], key=lambda act: act.at)
    for act in acts:
        while time.monotonic() < began + act.at:
            trouble.calendar.run_due()
            trouble.programs.look()
            if enough():
                return
            wait_until(min(began + act.at, time.monotonic() + 0.05))
        if isinstance(act, Fault):
            result.log.append(f"{time.monotonic() - began:6.2f} | {act}")
            trouble.make(act)
        else:
            congress.do(act)
        trouble.calendar.run_due()
    wait_until(began + plan.duration)


def _wait_until_well(
    cast: Cast, congress: Congress, trouble: Trouble, until: float
) -> tuple[dict[str, list[str]], str]:
    """What is wrong in the end, and what was the last to become right."""
    last = ""
    while left := _difference(cast, congress):
        last = "; ".join(f"{name}: {len(wrong)}, as {wrong[0]}" for name, wrong in left.items())
        trouble.programs.look()
        if time.monotonic() > until:
            return left, last
        time.sleep(COMPARE_SECONDS)
    return {}, last


def _settled_difference(cast: Cast, congress: Congress) -> dict[str, list[str]]:
    """The difference, asked for again while lists are a moment behind: old years of records are still being read."""
    deadline = time.monotonic() + BEHIND_SECONDS * cast.slowness
    left = _difference(cast, congress)
    while left.keys() == {"I16"} and all(NOT_READ in line for line in left["I16"]) and time.monotonic() < deadline:
        time.sleep(0.1)
        left = _difference(cast, congress)
    return left


def _difference(cast: Cast, congress: Congress) -> dict[str, list[str]]:
    try:
        return asyncio.run(difference(cast, congress))
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:  # a machine that is busy; asked again
        return {"I13": [f"could not be compared: {error!r}"]}


def _stream_left(cast: Cast) -> str | None:
    """I7: the stream must be seen empty, with nothing pending, within a few seconds."""
    deadline = time.monotonic() + 8
    found: tuple[str, str] = ("", "")
    while time.monotonic() < deadline:
        found = cast.redis.execute("XLEN", "legis.bills.v1"), _pending(cast)
        if found == (":0", "0"):
            return None
        time.sleep(0.05)
    return f"{found[0]} entries and {found[1]} pending ones are left on the stream"


def _pending(cast: Cast) -> str:
    try:
        with Redis.from_url(cast.redis.url(), socket_timeout=2) as redis:
            return str(redis.xpending("legis.bills.v1", "store")["pending"])
    except RedisError as error:  # without a group nobody reads: no less wrong than entries that nobody takes
        return f"({error})"


def run_safely(seed: int, options: Options) -> report.Result:
    """A run that breaks off has failed; the seeds after it are run all the same."""
    try:
        return run_once(seed, options)
    except Exception as error:
        traceback.print_exc()
        plan = make_plan(seed, options.duration, gap=options.gap, only=options.only)
        result = report.Result(seed, options.patches, plan.skew, len(plan.faults))
        result.violations["run"] = [f"broke off: {error!r}"[:500]]
        return result
