"""Starts the Senado's ingest service, or prints its request budget."""

import argparse
import sys
from datetime import timedelta
from urllib.parse import urlsplit

from legis.clock import utc_now
from legis.domain.brasilia_time import local_day
from legis.domain.vocabulary import Source
from legis.ingest.app import run_ingest
from legis.ingest.budget_report import table
from legis.settings import load_or_exit
from legis.upstream import UpstreamClient, UpstreamPolicy

from ingest_senado import budget
from ingest_senado.client import LIST_TIMEOUT
from ingest_senado.legacy.source import LegacySenadoSource
from ingest_senado.schedule import Schedule
from ingest_senado.settings import SenadoSettings
from ingest_senado.source import SenadoSource

SERVICE = "ingest-senado"
MAX_BODY = 64 * 1024 * 1024
SENADO_HOSTS = frozenset({"legis.senado.leg.br", "legis.senado.gov.br"})
SENADO_DOMAINS = frozenset({"senado.leg.br", "senado.gov.br"})
"""A redirect within the chamber's own domains is followed, whatever name it gives its servers."""


def make_upstream(settings: SenadoSettings) -> UpstreamClient:
    """The door to the Senado, with its manners. Reference tables redirect to static files on the same host."""
    host = urlsplit(settings.senado_base_url).hostname or ""
    return UpstreamClient(
        UpstreamPolicy(
            source=Source.SENADO,
            user_agent=settings.signature,
            proxy=settings.upstream_proxy,
            requests_per_second=settings.senado_requests_per_second,
            max_in_flight=settings.senado_max_in_flight,
            total_timeout=LIST_TIMEOUT,
            max_body_bytes=MAX_BODY,
            redirect_hosts=SENADO_DOMAINS | {host},
            probe_url=f"{settings.senado_base_url.rstrip('/')}/processo/siglas",
            blocked_pause_seconds=settings.block_seconds,
            longest_block_seconds=settings.block_max_seconds,
            breaker=settings.breaker,
        )
    )


def make_source(settings: SenadoSettings) -> SenadoSource | LegacySenadoSource:
    """The source for the family of services that the settings name. Only the real Senado is spared at round hours."""
    schedule = Schedule(
        poll_interval=timedelta(seconds=settings.poll_interval_seconds),
        backfill=settings.backfill,
        backfill_from_year=settings.backfill_from_year,
        reconcile_every=timedelta(seconds=settings.reconcile_interval_seconds),
        retry_years_every=timedelta(seconds=settings.years_retry_seconds),
        avoid_round_hours=urlsplit(settings.senado_base_url).hostname in SENADO_HOSTS,
        details=settings.senado_detail_on_backfill,
    )
    family = LegacySenadoSource if settings.senado_family == "materia" else SenadoSource
    return family(settings, make_upstream(settings), schedule)


def main(arguments: list[str] | None = None) -> None:
    """Runs until SIGTERM; with `--budget` prints the request budget and returns."""
    parser = argparse.ArgumentParser(prog="ingest_senado", description=__doc__)
    parser.add_argument("--budget", action="store_true", help="print what each walk costs, and exit")
    options = parser.parse_args(arguments)
    settings = load_or_exit(SenadoSettings)
    if options.budget:
        rows = budget.plans(settings, local_day(utc_now()).year)
        sys.stdout.write(table(rows, settings.senado_requests_per_second) + "\n")
        return
    run_ingest(settings, SERVICE, lambda: make_source(settings), settings.senado_port)


if __name__ == "__main__":
    main()
