"""A clock that moves when told."""

import pytest
from unit.legis.upstream.breaker.calls import Time


@pytest.fixture
def time() -> Time:
    return Time()
