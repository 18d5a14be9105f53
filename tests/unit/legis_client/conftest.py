"""Servers on loopback for the client."""

from collections.abc import Iterator

import pytest
from unit.legis_client.loopback_desk import Desk, loopback_desk


@pytest.fixture
def desk() -> Iterator[Desk]:
    """The API."""
    with loopback_desk() as started:
        yield started


@pytest.fixture
def stranger() -> Iterator[Desk]:
    """Another origin."""
    with loopback_desk() as started:
        yield started
