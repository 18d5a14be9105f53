"""One system for every fault of a chamber: few years, and doubts about lists settled within seconds."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from e2e.conftest import Legis, running

SETTLE_SECONDS = 4


@pytest.fixture(scope="package")
def legis_with_faults() -> Iterator[Legis]:
    """A system of its own, whose bills move only when told to; every test leaves it as it was."""
    settings = {"LIST_SETTLE_SECONDS": str(SETTLE_SECONDS), "BACKFILL_FROM_YEAR": str(datetime.now(UTC).year - 3)}
    with running(settings) as system:
        yield system
