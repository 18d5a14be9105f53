"""Breaks a local system in each of the runbook's ways, sees that an alert says so, and fixes it by the runbook.

Run by `make gameday`. The systems are the launcher's, with nginx in front, and for the loss of a primary the cluster
test's; a real Prometheus watches them by the product's own rules, whose times are shortened and whose thresholds are
not. Commands are read from the runbook. A scenario passes when one of its alerts fires, every command of the runbook
ends well, all its alerts fall silent, the system is well, and what the scenario itself asks for is true.
"""

import argparse
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))
sys.path.append(str(Path(__file__).resolve().parents[1] / "load"))

from ground import ROOT, Ground
from runbook import blocks
from scenarios import SCENARIOS, Scenario
from watching import FASTER, Watch

RUNBOOK = ROOT / "docs/runbooks/README.md"
RULES = ROOT / "deploy/monitoring/prometheus/rules"
DETECTED_SECONDS, RESOLVED_SECONDS, QUIET_SECONDS, WELL_SECONDS = 90.0, 200.0, 200.0, 60.0
TYPED_SECONDS = 300.0
"""For one block of commands: a restore, and four restarts of which each may take a minute."""


@dataclass(slots=True)
class Outcome:
    """What became of one scenario; `wrong` is empty when it was passed."""

    scenario: Scenario
    fired: str = "-"
    detected: float | None = None
    commands: int = 0
    resolved: float | None = None
    told: str = ""
    wrong: str = ""


def main() -> int:
    """Exit status 0 when every scenario was detected and resolved."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", type=Path, default=RULES, help="folder of Prometheus rule files")
    parser.add_argument("--only", default="", help="scenarios whose label holds one of these: `database,security`")
    parser.add_argument("--leave-broken", action="store_true", help="type no command: every scenario must then fail")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # a run that is ended cleans up, too
    wanted = [one for one in SCENARIOS if any(part in one.label for part in options.only.split(","))]
    say(f"the rules' `for:`, ranges and offsets ÷ {FASTER}, thresholds as they are; scraped every second")
    outcomes: list[Outcome] = []
    for ground in dict.fromkeys(one.ground for one in wanted):
        outcomes += game(ground(), [one for one in wanted if one.ground is ground], options)
    for outcome in outcomes if len(outcomes) > 1 else ():
        show(outcome)
    good = sum(not one.wrong for one in outcomes)
    say(f"gameday: {good} of {len(wanted)}")
    return 0 if wanted and good == len(wanted) else 1


def game(ground: Ground, scenarios: list[Scenario], options: argparse.Namespace) -> list[Outcome]:
    """These scenarios one after the other on one ground, which is closed in the end."""
    watch, outcomes = Watch(ground.folder, ground.texts), []
    try:
        ground.open()
        watch.start(options.rules, ground.targets)
        for scenario in scenarios:
            outcomes.append(played(ground, watch, scenario, mend=not options.leave_broken))
            show(outcomes[-1])
    finally:
        watch.close()
        ground.close()
    return outcomes


def played(ground: Ground, watch: Watch, scenario: Scenario, *, mend: bool) -> Outcome:
    """One scenario from quiet to quiet."""
    outcome = Outcome(scenario)
    here = [one for one in SCENARIOS if isinstance(ground, one.ground)]
    if seconds_until(lambda: not firing_of(watch, *here) and ground.is_well(), QUIET_SECONDS) is None:
        outcome.wrong = f"not quiet beforehand: {' '.join(sorted(firing_of(watch, *here))) or 'the system is not well'}"
        return outcome
    harm = scenario.begin(ground)
    try:
        outcome.detected = seconds_until(lambda: scenario.alerts & firing_of(watch, scenario), DETECTED_SECONDS)
        if outcome.detected is None:
            outcome.wrong = f"none fired of {' '.join(sorted(scenario.alerts))}"
            return outcome
        outcome.fired = " ".join(sorted(firing_of(watch, scenario)))
        harm.over()
        began = time.monotonic()
        if mend:
            outcome.wrong = typed(ground, scenario, outcome)
        outcome.wrong = outcome.wrong or unwell(ground, watch, scenario)
        outcome.resolved = None if outcome.wrong else time.monotonic() - began
        if not outcome.wrong:
            verdict = harm.verdict()
            outcome.told, outcome.wrong = verdict.told, verdict.wrong
    finally:
        harm.after()
    return outcome


def unwell(ground: Ground, watch: Watch, scenario: Scenario) -> str:
    """Waits until the scenario's alerts are silent and the system is well; what is not in time."""
    if seconds_until(lambda: not firing_of(watch, scenario), RESOLVED_SECONDS) is None:
        return f"still fires: {' '.join(sorted(firing_of(watch, scenario)))}"
    return "" if seconds_until(ground.is_well, WELL_SECONDS) is not None else "the system is not well"


def typed(ground: Ground, scenario: Scenario, outcome: Outcome) -> str:
    """Types the runbook's resolving commands; what went wrong, or nothing."""
    for block in blocks(RUNBOOK):
        if block.section.startswith(scenario.section) and block.words == ("local", "resolve"):
            try:
                ground.type(block.commands, within=TYPED_SECONDS)
            except subprocess.CalledProcessError as error:
                return f"`{block.commands}` ended with {error.returncode}: {(error.stdout + error.stderr)[-1500:]}"
            except subprocess.TimeoutExpired:
                return f"`{block.commands}` did not end"
            outcome.commands += 1
    return "" if outcome.commands else "the runbook has no command for it"


def firing_of(watch: Watch, *scenarios: Scenario) -> set[str]:
    """Names of the alerts of these scenarios that fire now. A cluster lacks processes whose absence is an alert of
    another ground's scenarios.
    """
    labels = {one.label for one in scenarios}
    return {one.name for one in watch.firing() if one.scenario in labels}


def seconds_until(true: Callable[[], object], within: float) -> float | None:
    """Seconds until it was true; None when it was not in time."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > within:
            return None
        time.sleep(0.25)
    return time.monotonic() - began


def show(outcome: Outcome) -> None:
    """One row of the table."""
    detected = "-" if outcome.detected is None else f"{outcome.detected:.0f} s"
    resolved = "-" if outcome.resolved is None else f"{outcome.resolved:.0f} s"
    say(
        f"{outcome.scenario.label:22} {'BROKEN' if outcome.wrong else 'passed':6} detected {detected:>5}"
        f"  resolved {resolved:>5}  {outcome.commands} blocks  {outcome.scenario.injected} -> {outcome.fired}"
        + (f"\n    {outcome.wrong or outcome.told}" if outcome.wrong or outcome.told else "")
    )


def say(line: str) -> None:
    """At once, for whoever watches."""
    print(line, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
