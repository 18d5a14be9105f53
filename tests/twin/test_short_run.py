"""A hundred seeds of the twin on every run of the tests: seconds, where `make twin` takes minutes."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

sys.path.insert(0, str(Path(__file__).parents[1]))

from twin.mutants import ALL
from twin.quiet import quiet
from twin.world import run_seed

SEEDS = range(1, 101)
QUICK = "window closed without counting"
WITHIN = 60


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    before = structlog.get_config()
    quiet()
    yield
    logging.disable(logging.NOTSET)
    structlog.configure(**before)


def test_no_seed_breaks_a_promise() -> None:
    broken = {verdict.seed: verdict.violations for verdict in map(run_seed, SEEDS) if verdict.violations}
    assert not broken, "replay with `make twin SEED=n`"


def test_a_seed_always_runs_the_same() -> None:
    assert run_seed(7) == run_seed(7)


def test_a_defect_is_noticed() -> None:
    mutant = next(one for one in ALL if one.name == QUICK)
    with mutant.applied():
        assert any(run_seed(seed).violations for seed in range(1, WITHIN))
