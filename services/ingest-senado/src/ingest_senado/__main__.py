"""Builds the settings, the source and the service of `ingest-senado` and connects them (composition root)."""

import argparse
import sys

from legis.clock import utc_now
from legis.domain.brasilia_time import local_day
from legis.ingest.app import run_ingest
from legis.ingest.budget_report import table
from legis.settings import load_or_exit

from ingest_senado import budget
from ingest_senado.legacy.legacy_adapter import LegacySenadoSource
from ingest_senado.settings import SenadoSettings
from ingest_senado.source.adapter import SenadoSource


def make_source(settings: SenadoSettings) -> SenadoSource | LegacySenadoSource:
    """The source for the family of services in the settings."""
    return LegacySenadoSource(settings) if settings.senado_family == "materia" else SenadoSource(settings)


def main(arguments: list[str] | None = None) -> None:
    """Runs the service, or prints its request budget and exits."""
    parser = argparse.ArgumentParser(prog="ingest-senado", description="Reads the Senado and publishes its bills")
    parser.add_argument("--budget", action="store_true", help="print what each walk costs, and exit")
    options = parser.parse_args(arguments)
    settings = load_or_exit(SenadoSettings)
    if options.budget:
        plans = budget.plans(settings, local_day(utc_now()).year)
        sys.stdout.write(table(plans, settings.senado_requests_per_second) + "\n")
        return
    run_ingest(settings, "ingest-senado", lambda: make_source(settings), settings.senado_port)


if __name__ == "__main__":
    main()
