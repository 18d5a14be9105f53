"""What a run says of itself: seed, faults, verdict of each invariant, time to be well again."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

INVARIANTS = {
    "I1": "everything is stored or parked, nothing invented, nothing vanishes",
    "I2": "what is stored is what the chambers show now",
    "I3": "version and read order of a bill never go back",
    "I4": "versions and change numbers have no gap, and a follower misses none",
    "I5": "parked is what was poisoned, exactly",
    "I6": "no checkpoint is ahead of the data",
    "I7": "the stream and what is pending on it become empty",
    "I8": "stream and memory stay within their bounds",
    "I9": "upstream is never asked more often than promised",
    "I10": "reads are answered through every fault but the database's own",
    "I11": "one change is one entry: no version without a difference",
    "I12": "the trace of an update begins where it was read",
    "I13": "all is well again soon after the last fault",
    "I14": "no program of ours ends by itself or meets what must not happen",
    "I16": "lists, counts and filtered changes are what the database says",
    "I17": "no list shows what the log never had, and none goes back",
    "I19": "no list of a bill loses what its source never took back, and no doubt is left",
    "I20": "meetings, votings and people are those that the chambers show now",
    "I21": "readers of every channel that are killed and resume have in the end what is stored",
    "I18": "lists are answered, and soon again after the index was harmed",
}


@dataclass(slots=True)
class Result:
    """One seed's run. `convergence` is None where it did not become well again."""

    seed: int
    patches: str
    skew: float
    faults: int
    log: list[str] = field(default_factory=list)
    violations: dict[str, list[str]] = field(default_factory=dict)
    convergence: float | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    folder: str | None = None

    @property
    def passed(self) -> bool:
        return not self.violations and self.convergence is not None

    def note(self, watch: Any, congress: Any) -> None:
        """Figures that tell whether the run was worth its time."""
        self.facts = {
            "looks": watch.looks,
            "reads": watch.reads,
            "moves": len(congress.moves),
            "agenda_orders": congress.agenda.given,
            "changes_followed": len(watch.followed),
            "most_on_stream": watch.most_entries,
            "late": watch.late,
            "windows_late": watch.latest,
            "poisoned": len(congress.poisoned),
            "deleted": len(congress.deleted),
            "busiest_second": congress.busiest_seconds(),
        }


def show(result: Result, *, whole: bool, again: str) -> None:
    """One line, or everything."""
    verdict = "pass" if result.passed else "FAIL " + " ".join(sorted(result.violations))
    took = "never" if result.convergence is None else f"{result.convergence:.1f} s"
    facts = " ".join(f"{key}={value}" for key, value in result.facts.items())
    print(
        f"seed {result.seed} [{result.patches}] {verdict}; {result.faults} faults, well again after {took}; {facts}",
        flush=True,
    )
    if whole:
        print("\n".join(f"  {line}" for line in result.log))
        for line in result.violations.get("run", []):
            print(f"  {line}")
        for name, text in INVARIANTS.items():
            wrong = result.violations.get(name, [])
            print(f"  {name:<4} {'FAIL' if wrong else 'ok'}  {text}")
            for line in wrong[:5]:
                print(f"         {line}")
        if result.folder:
            print(f"  logs: {result.folder}")
    if not result.passed:
        print(f"  again: python tests/chaos/run.py --seed {result.seed} {again}", flush=True)


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least this share of all does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.4999) - 1))]


def summarise(results: list[Result], path: Path) -> None:
    """The last line, and everything as JSON."""
    times = [result.convergence for result in results if result.convergence is not None]
    passed = sum(result.passed for result in results)
    summary = {
        "passed": passed,
        "seeds": len(results),
        "faults": sum(result.faults for result in results),
        "convergence_p50": round(percentile(times, 0.5), 2) if times else None,
        "convergence_p99": round(percentile(times, 0.99), 2) if times else None,
        "results": [asdict(result) for result in results],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(summary, indent=1) + "\n")
    print(
        f"chaos: {passed} of {len(results)} pass, {summary['faults']} faults, "
        f"well again p50 {summary['convergence_p50']} s, p99 {summary['convergence_p99']} s → {path}"
    )
