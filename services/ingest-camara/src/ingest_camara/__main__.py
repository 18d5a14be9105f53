"""Builds the settings, the source and the service of `ingest-camara` and connects them (composition root)."""

import argparse
import sys

from legis.clock import utc_now
from legis.domain.brasilia_time import local_day
from legis.ingest.app import run_ingest
from legis.ingest.budget_report import table
from legis.settings import load_or_exit

from ingest_camara import budget
from ingest_camara.settings import CamaraSettings
from ingest_camara.source.adapter import CamaraSource


def main(arguments: list[str] | None = None) -> None:
    """Runs the service, or prints its request budget and exits."""
    parser = argparse.ArgumentParser(prog="ingest-camara", description="Reads the Câmara and publishes its bills")
    parser.add_argument("--budget", action="store_true", help="print what each walk costs, and exit")
    options = parser.parse_args(arguments)
    settings = load_or_exit(CamaraSettings)
    if options.budget:
        plans = budget.plans(settings, local_day(utc_now()).year)
        sys.stdout.write(table(plans, settings.camara_requests_per_second) + "\n")
        return
    run_ingest(settings, "ingest-camara", lambda: CamaraSource(settings), settings.camara_port)


if __name__ == "__main__":
    main()
