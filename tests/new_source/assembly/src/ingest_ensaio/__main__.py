"""Settings, source, service: the composition root of `ingest-ensaio`."""

import argparse
import sys

from legis.clock import utc_now
from legis.domain.brasilia_time import local_day
from legis.ingest.app import run_ingest
from legis.ingest.budget_report import table
from legis.settings import load_or_exit

from ingest_ensaio import budget
from ingest_ensaio.settings import EnsaioSettings
from ingest_ensaio.source.adapter import EnsaioSource


def main(arguments: list[str] | None = None) -> None:
    """Runs the service, or prints its request budget and exits."""
    parser = argparse.ArgumentParser(prog="ingest-ensaio", description="Reads its chamber and publishes its bills")
    parser.add_argument("--budget", action="store_true", help="print what each walk costs, and exit")
    options = parser.parse_args(arguments)
    settings = load_or_exit(EnsaioSettings)
    if options.budget:
        plans = budget.plans(settings, local_day(utc_now()).year)
        sys.stdout.write(table(plans, settings.ensaio_requests_per_second) + "\n")
        return
    run_ingest(settings, "ingest-ensaio", lambda: EnsaioSource(settings), settings.ensaio_port)


if __name__ == "__main__":
    main()
