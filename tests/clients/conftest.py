"""A system of its own for the clients, whose limit of requests they reach; and a proxy before it."""

import itertools
from collections.abc import Iterator

import pytest
from clients.changing_proxy import ChangingProxy, changing_proxy
from e2e.conftest import Legis as System
from e2e.conftest import running

PER_MINUTE = 600
BURST = 60
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    """The system with all bills of the sample read; bills move only where a test moves one."""
    limits = {"RATE_LIMIT_PER_MINUTE": str(PER_MINUTE), "RATE_LIMIT_BURST": str(BURST)}
    with running(limits) as started:
        started.simulator("/control/freeze", {"frozen": True})
        started.until(lambda: _states(started) == {"FRESH"}, 120, "both sources read once")
        yield started


def _states(system: System) -> set[str]:
    reply = system.get("/api/v1/sources")
    return {one["state"] for one in reply.json()["data"]} if reply.status == 200 else set()


@pytest.fixture
def proxy(system: System) -> Iterator[ChangingProxy]:
    """A proxy whose client has made no request yet."""
    with changing_proxy(system.base_url, f"192.0.2.{next(_numbers)}") as started:
        yield started
