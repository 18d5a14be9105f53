"""The text that `make run` prints once everything is ready: the pages first, addresses, and five requests to try."""

from pathlib import Path

from legis_launcher.run_folder import RunState

NOTICE = """\
############################################################################
#  SAMPLE DATA. The bills below are invented by the bundled simulator.     #
#  They are in a database of their own, and every reply says               #
#  "dataset": "sample". LEGIS_UPSTREAM=live reads the chambers instead.    #
############################################################################"""

PAGES = (
    ("bills", "/api/v1/bills"),
    ("documentation", "/docs"),
    ("freshness", "/api/v1/sources"),
    ("health", "/api/health"),
    ("metrics", "/api/metrics"),
)

EXAMPLES = (
    "/api/v1/bills?limit=3",
    "/api/v1/bills?q=educação&type=PL&sort=relevance",
    "/api/v1/bills?chamber=SENADO&in_progress=true",
    "/api/v1/changes?after=0&limit=5",
    "/api/v1/sources",
)


def welcome(state: RunState, logs: Path) -> str:
    """The whole text, with the addresses of this run."""
    lines = [NOTICE] if state.dataset == "sample" else []
    lines += [f"ATTENTION: {warning}" for warning in state.warnings]
    lines += ["", f"Legis is ready at {state.site_url}", "", f"The API is at {state.web_url}:", ""]
    lines += [f"  {name:<14} {state.web_url}{path}" for name, path in PAGES]
    lines += ["", "Try:"]
    lines += [f"  curl -s '{state.web_url}{path}'" for path in EXAMPLES]
    lines += ["", f"Logs: {logs}   Processes: make status   A bill's way through all of them: make trace"]
    return "\n".join(lines)
