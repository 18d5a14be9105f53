"""For pytest: `-p chaos.mutants.mutant_plugin` with CHAOS_MUTANT=name breaks the product in the tests' own process."""

import os

import pytest

from chaos.mutants.chaos_mutants import MUTANTS

MODULES = (
    "api_gateway.worker", "api_gateway.indexer", "api_gateway.web", "api_gateway.notifier", "api_gateway.exporter",
    "ingest_camara", "ingest_senado",
)  # fmt: skip


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Patches before any test module is imported; `none` patches nothing."""
    mutant = MUTANTS.get(os.environ["CHAOS_MUTANT"])
    for module in MODULES if mutant else ():
        mutant.patch(module)
