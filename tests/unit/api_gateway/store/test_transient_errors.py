"""Which errors of the database pass by themselves, so that the same work is tried again."""

import pytest
from api_gateway.store.database.postgres_errors import is_transient
from legis.errors import StoreUnavailable


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (ConnectionRefusedError(), True),
        (TimeoutError(), True),
        (StoreUnavailable("away"), True),
        (ValueError("bad record"), False),
    ],
    ids=["refused", "timeout", "away", "wrong value"],
)
def test_what_counts_as_passing(error: Exception, passes: bool) -> None:
    assert is_transient(error) == passes
