"""Runs the simulator on a loopback port."""

import argparse
from datetime import datetime
from pathlib import Path

from upstream_sim.scenario import Scenario
from upstream_sim.server import serve


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="upstream_sim", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free port")
    parser.add_argument("--port-file", type=Path, help="write the port here once it is known")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bills", type=int, default=1000, help="both chambers together, 100 to 1200000")
    parser.add_argument("--changes-per-minute", type=float, default=6.0)
    parser.add_argument("--oddities", choices=("on", "off"), default="on")
    parser.add_argument(
        "--starts-at", type=datetime.fromisoformat, help="simulated Brasília time, e.g. 2026-11-23T10:00:00"
    )
    parser.add_argument(
        "--former-deputies", type=int, default=20, help="deputies who left in each legislature since 1995"
    )
    return parser.parse_args()


def main() -> None:
    arguments = _arguments()
    scenario = Scenario(
        seed=arguments.seed,
        bills=arguments.bills,
        changes_per_minute=arguments.changes_per_minute,
        oddities=arguments.oddities == "on",
        starts_at=arguments.starts_at,
        former_deputies=arguments.former_deputies,
    )

    def announce(port: int) -> None:
        if arguments.port_file is not None:
            arguments.port_file.write_text(f"{port}\n")
        print(f"upstream-sim listening on http://{arguments.host}:{port}", flush=True)

    serve(scenario, arguments.host, arguments.port, announce)


if __name__ == "__main__":
    main()
