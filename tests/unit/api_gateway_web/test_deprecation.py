"""An operation that goes away says so in the headers of RFC 9745 and RFC 8594."""

from datetime import UTC, datetime

import pytest
from api_gateway.web.responses.deprecation import Deprecation

SINCE = datetime(2027, 1, 1, tzinfo=UTC)


def test_since_when_until_when_and_what_replaces_it() -> None:
    told = Deprecation(SINCE, datetime(2027, 7, 1, 12, tzinfo=UTC), "/api/v2/bills").headers
    assert told == {
        "Deprecation": "@1798761600",
        "Sunset": "Thu, 01 Jul 2027 12:00:00 GMT",
        "Link": '</api/v2/bills>; rel="successor-version"',
    }


def test_an_end_that_is_not_decided_is_not_told() -> None:
    assert set(Deprecation(SINCE, None, "/api/v2/bills").headers) == {"Deprecation", "Link"}


def test_an_end_before_the_deprecation_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="before"):
        Deprecation(SINCE, datetime(2026, 1, 1, tzinfo=UTC), "/api/v2/bills")
